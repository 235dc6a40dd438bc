# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for a staff: who sees it, how bad it is, and what ends it."""

from __future__ import annotations

from dataclasses import replace

from lage.kinds.model import Draft
from lage.station import Station
from lage.views.alarm import Answer, Sort, Weight
from lage.views.alarms import TAKEN
from lage.views.around import RELAY_S, Around, around_alarms
from lage.views.handover import full_text, handover
from lage.views.lasting import UNHEARD_FAR_S, UNHEARD_S
from lage.views.network import NodeRow, RadioRow, RadioView
from lage.views.status import ReadMarks, unread_count
from lage.write import commands
from sync.schema.definition import EntityId
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal


def write(station: Station, kind: str, **typed: str) -> EntityId:
    """As somebody types it."""
    return station.write(commands.enter(kind, typed, station.parse_context()))[0]


def change(station: Station, entity: EntityId, **typed: str) -> None:
    """The same of a change."""
    record = station.reader.get(entity)
    assert record is not None
    station.write(commands.edit(record, typed, station.parse_context()))


def sorts(station: Station) -> list[Sort]:
    """Of what waits there."""
    return [alarm.sort for alarm in station.queue()]


def test_a_request_waits_for_those_it_concerns_until_somebody_accepts(
    county: list[Station], clock: FixedClock
) -> None:
    """To all it waits for all; to one for that one; its author learns that nobody has answered."""
    kst, rhe, gre = county
    to_all = write(rhe, "request", item="Aggregate", amount="2", place="Klinik", priority="sofort",
                   text="Dialysestation läuft voll")  # fmt: skip
    write(rhe, "request", item="Decken", to="Greven")
    share(*county)
    (seen,) = kst.queue()
    assert (seen.sort, seen.weight, seen.answer) == (Sort.REQUEST, Weight.SOON, Answer.ACCEPT)
    assert seen.text == ("Anforderung RHE-F1: 2 Aggregate nach Klinik: Dialysestation läuft voll")
    assert sorts(gre) == [Sort.REQUEST, Sort.REQUEST]
    assert sorts(rhe) == []
    assert unread_count(kst.context(), ReadMarks()) == 1
    clock.advance(31 * 60)
    assert sorts(rhe) == [Sort.UNANSWERED]
    change(kst, to_all, status="angenommen")
    share(*county)
    assert sorts(kst) == []
    assert unread_count(kst.context(), ReadMarks()) == 0
    (told,) = rhe.queue()
    assert (told.sort, told.weight) == (Sort.REPORTED, Weight.NOTICE)
    assert told.text == (
        "Anforderung RHE-F1 angenommen (Krisenstab Steinfurt): 2 Aggregate nach Klinik:"
        " Dialysestation läuft voll"
    )


def test_an_order_waits_to_be_accepted_and_its_refusal_to_be_read(
    county: list[Station], clock: FixedClock
) -> None:
    """Lateness of what was accepted wants a report; no note of it takes it away."""
    kst, rhe, _ = county
    order = write(kst, "task", text="Pumpen stellen", to="Rheine", due="in 60 min")
    share(*county)
    (alarm,) = rhe.queue()
    assert (alarm.sort, alarm.weight, alarm.answer) == (Sort.ORDER, Weight.OPEN, Answer.ACCEPT)
    assert alarm.since == rhe.now()
    clock.advance(61 * 60)
    (alarm,) = rhe.queue()
    assert (alarm.weight, alarm.answer) == (Weight.SOON, Answer.ACCEPT)
    assert "überfällig seit" in alarm.text
    change(rhe, order, status="angenommen")
    (alarm,) = rhe.queue()
    assert (alarm.sort, alarm.answer) == (Sort.TASK, Answer.REPORT)
    rhe.keep(TAKEN, (alarm.key,))
    assert sorts(rhe) == [Sort.TASK]
    change(rhe, order, status="abgelehnt", feedback="keine Pumpen")
    share(*county)
    assert sorts(rhe) == []
    (refused,) = kst.queue()
    assert (refused.sort, refused.weight) == (Sort.REFUSED, Weight.SOON)
    assert refused.text.startswith("Auftrag KST-A1 abgelehnt, keine Pumpen (SAE Rheine)")
    clock.advance(3 * 24 * 3600)
    assert sorts(kst) == [Sort.REFUSED], "a refusal waits until somebody has read it"
    kst.keep(TAKEN, (refused.key,))
    assert sorts(kst) == []
    assert [alarm.key for alarm in kst.queue(taken=True)] == [refused.key]


def test_the_last_shift_s_words_wait_for_the_next(county: list[Station], lage: Terminal) -> None:
    """For the staff itself, not for the others that get a copy."""
    lage("schicht", "uebergeben", "--von", "Kro", "--an", "Mey", "--text", "Ruhig")
    share(*county)
    assert sorts(county[0]) == []
    (alarm,) = county[1].queue()
    assert alarm.sort is Sort.HANDOVER
    assert alarm.text.startswith("Schichtübergabe Kro an Mey: Ruhig")


def test_a_krisenstab_hands_over_the_whole_county(county: list[Station]) -> None:
    """What two towns have between them as well; a town says that its own is a part."""
    kst, rhe, gre = county
    write(rhe, "incident", type="Überflutung", text="Keller", place="Elte")
    write(rhe, "task", text="Deich sichern", to="Greven")
    write(rhe, "request", item="Decken", to="Greven")
    share(*county)

    def told(station: Station) -> list[str]:
        context = station.context()
        return full_text(handover(context, station.queue()), context)

    assert told(kst)[0] == "Umfang: Ganzer Kreis"
    assert {"Offene Aufträge: 1", "Offene Anforderungen: 1", "Offene Vorfälle: 1"} <= {*told(kst)}
    assert told(gre)[0] == "Umfang: Nur SAE Greven, nicht der ganze Kreis"
    assert "Offene Vorfälle: nichts" in told(gre)


def test_status_begins_with_what_is_to_be_done(county: list[Station], lage: Terminal) -> None:
    """With its severity and age."""
    county[0].write([Draft("task", {"text": "Pumpen", "to": (2,), "status": "offen"})])
    share(*county)
    shown = lage("status").splitlines()
    assert shown[1] == "Zu tun: 1"
    assert shown[2] == "  !   gerade: Auftrag KST-A1: Pumpen"
    (todo,) = lage.json("status")["zu_tun"]
    assert (todo["art"], todo["schwere"], todo["entity"]) == ("annehmen", 2, "1:1")


NOW = 10_000_000
RADIO = RadioView(running=True, connected=True, airtime_hour_ms=100_000)


def node(member: int, ago: int, hops: int = 0, role: str = "sae") -> NodeRow:
    """A staff heard so many seconds ago."""
    return NodeRow(member, f"S{member}", f"S{member}", role, True, NOW - ago, 5.0, hops, 0, 0)


def texts(radio: RadioView = RADIO, *nodes: NodeRow, battery: int | None = None) -> list[str]:
    """Alarms around the log."""
    return [alarm.text for alarm in around_alarms(Around(radio, nodes, (), battery), NOW)]


def test_a_staff_that_is_not_heard_is_named_and_a_relay_where_it_explains_more() -> None:
    """Only while a radio is connected; everybody silent is our own antenna."""
    near, far, far2 = node(1, UNHEARD_S + 60), node(2, UNHEARD_FAR_S + 60, 1), node(3, 60, 2)
    assert texts(RADIO, near, node(4, 60)) == ["Stelle S1 seit 2 h nicht gehört"]
    assert texts(replace(RADIO, connected=False), near, node(4, 60)) == []
    assert texts(RADIO, node(1, UNHEARD_S - 60), node(2, UNHEARD_S + 60, 1), node(4, 60)) == []
    assert texts(RADIO, far, far2, node(4, 60)) == ["Stelle S2 seit 8 h nicht gehört"]
    (text,) = texts(RADIO, far, node(3, UNHEARD_FAR_S + 5, 2), node(4, 60))
    assert text.startswith("Relais schweigt seit")
    assert text.endswith("nicht mehr zu hören sind S2, S3")
    (text,) = texts(RADIO, near, far)
    assert "niemand zu hören" in text
    assert texts(RADIO, node(1, UNHEARD_S + 60, role="technik"), node(4, 60)) == [
        "Relais S1 seit 2 h nicht gehört"
    ]


def test_a_relay_without_a_staff_is_missed_and_its_battery_watched() -> None:
    """One that stands at a place for others, not a radio in a pocket."""
    relay = RadioRow(7, "!7", "Wasserturm", NOW - RELAY_S - 60, role="ROUTER", battery_percent=12)

    def told(*relays: RadioRow) -> list[str]:
        return [alarm.text for alarm in around_alarms(Around(RADIO, (), relays), NOW)]

    assert told(relay) == [
        "Relais Wasserturm seit 7 h nicht gehört", "Akku des Relais Wasserturm bei 12 %",
    ]  # fmt: skip
    assert told(replace(relay, role="CLIENT")) == []
    assert told(replace(relay, heard=NOW - 3600, on_mains=True)) == []


def test_battery_and_airtime_tell_before_they_are_used_up() -> None:
    """Unknown is no alarm, and neither is a battery that is being charged."""
    assert texts(battery=None) == texts(battery=21) == []
    assert texts(battery=20) == ["Akku dieses Rechners bei 20 %: Strom anschließen"]
    assert list(around_alarms(Around(RADIO, (), (), 5, on_mains=True), NOW)) == []
    used = replace(RADIO, airtime_hour_ms=330_000, unsent=4)
    assert texts(used) == [
        "Sendezeit fast aufgebraucht: 330 von 360 s dieser Stunde, 4 Einträge warten"
    ]
