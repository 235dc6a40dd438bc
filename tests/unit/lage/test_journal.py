# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Einsatztagebuch, Nachweisungen, change of shifts, groups: from the keyboard to the list."""

from __future__ import annotations

from lage.kinds.model import Draft, Query
from lage.station import Station
from lage.views.journal import journal, latest
from lage.views.journal_line import Period
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal


def test_automatic_lines_cost_no_operation(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """Sent, received, confirmed, threshold, members: all there, marked auto, none in the log."""
    kst, rhe, _ = terminals
    rhe("tagebuch", "eintragen", "Stab arbeitet", "--zeichen", "Me")
    clock.advance(60)
    kst("nachricht", "senden", "Lage melden", "--an", "Rheine", "--vorrang", "sofort")
    share(*county)
    clock.advance(60)
    rhe("nachricht", "quittieren", "1", "--name", "Meyer")
    rhe("nachricht", "senden", "Kommt", "--an", "KST")
    rhe("pegel", "anlegen", "Greven", "--info1", "300")
    rhe("pegel", "melden", "Greven", "310")
    share(*county)
    own = county[1].store.log.head(2)
    lines = journal(county[1].context())
    texts = [line.text for line in reversed(lines) if line.automatic]
    assert county[1].store.log.head(2) == own
    assert "Stelle SAE Rheine ins Netz aufgenommen" in texts
    assert "Eingang 1: Nachricht KST-N1 (sofort) von Krisenstab Steinfurt" in texts
    assert "Quittung KST-N1 durch Meyer (SAE Rheine)" in texts
    assert "Ausgang Nachricht RHE-N1 (einfach) an Krisenstab Steinfurt" in texts
    assert "Pegel Greven 310 cm: Informationswert 1 erreicht" in texts
    assert [line.nr for line in lines if not line.automatic] == ["1"]
    at_sender = [line.text for line in journal(county[0].context())]
    assert "Quittung KST-N1 durch Meyer (SAE Rheine)" in at_sender


def test_deeds_stand_there_by_themselves(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """Orders, incidents, requests, forces: begun, changed with what was before, merged; at the
    staff that did it at its time, at those whom it concerns when it arrived, nowhere else."""
    (kst, rhe, gre), second = terminals, county[1]
    kst("auftrag", "erteilen", "Pumpen stellen", "--an", "Rheine", "--bis", "1700")
    rhe("vorfall", "melden", "Keller", "--art", "Überflutung", "--betroffene", "3")
    kst("vorfall", "melden", "Keller voll", "--art", "Überflutung")
    gre("anforderung", "stellen", "Deich", "--was", "Sandsäcke", "--menge", "500", "--an", "KST")
    rhe("kraefte", "melden", "LZ 1", "--staerke", "1/3/12")
    share(*county)
    clock.advance(60)
    rhe("auftrag", "aendern", "KST-A1", "--status", "erledigt", "--rueckmeldung", "läuft")
    rhe("vorfall", "aendern", "1", "--betroffene", "10")
    rhe("vorfall", "zusammenfuehren", "1", "KST-1")
    own = second.store.log.head(2)
    clock.advance(60)
    share(*county)
    told = [
        {line.text: line.entered - second.now() for line in journal(each.context())}
        for each in county
    ]

    assert second.store.log.head(2) == own
    order = "Auftrag KST-A1 an SAE Rheine: Pumpen stellen; Bis 241700nov26"
    assert (
        told[1].items()
        >= {
            f"{order} (Krisenstab Steinfurt)": -120,
            "Vorfall RHE-1: Überflutung; Keller; Betroffene 3": -120,
            "Einheit LZ 1: Stärke 1/3/12//16; Bereitstellung": -120,
            "Auftrag KST-A1 erledigt: Rückmeldung läuft": -60,
            "Vorfall RHE-1 geändert: Betroffene 10 (vorher 3)": -60,
            "Vorfall RHE-1 zusammengeführt mit KST-1: Keller": -60,
        }.items()
    )
    assert (
        told[0].items()
        >= {
            order: -120,
            "Auftrag KST-A1 erledigt: Rückmeldung läuft (SAE Rheine)": 0,
            "Vorfall RHE-1 zusammengeführt mit KST-1: Keller (SAE Rheine)": 0,
        }.items()
    )
    assert any("Anforderung GRE-F1 an Krisenstab Steinfurt: Sandsäcke" in text for text in told[0])
    assert not any("Auftrag" in text or "Vorfall" in text for text in told[2])


def test_lines_about_one_thing(lage: Terminal) -> None:
    """Automatic lines are told apart by what they are about."""
    lage("tagebuch", "eintragen", "Stab arbeitet")
    lage("vorfall", "melden", "Keller", "--art", "Überflutung")
    lage("kraefte", "melden", "LZ 1", "--staerke", "1/3/12")

    def topics(*words: str) -> set[str]:
        chosen = [part for word in words for part in ("--art", word)]
        return {line["topic"] for line in lage.json("tagebuch", "auszug", *chosen)}

    assert topics("vorfaelle") == {"incident"}
    assert topics("kraefte", "eintraege") == {"unit", "journal"}
    assert topics("netz") == {"system"}
    assert topics() == {"incident", "unit", "journal", "system"}


def test_period_and_order(station: Station, clock: FixedClock, lage: Terminal) -> None:
    """Newest first, only what lies in the period."""
    for text in ("eins", "zwei", "drei"):
        lage("tagebuch", "eintragen", text)
        clock.advance(3600)
    now = station.now()
    found = journal(station.context(), Period(now - 2 * 3600, now), automatic=False)
    assert [line.text for line in found] == ["drei", "zwei"]
    shown = lage.json("tagebuch", "auszug", "--ohne-auto", "--seit", "vor 100 min")
    assert [entry["text"] for entry in shown] == ["drei"]


def test_correction(lage: Terminal) -> None:
    """The corrected entry stays, struck, and each names the other."""
    lage("tagebuch", "eintragen", "Deich gebrochen", "--zeit", "1510")
    said = lage("tagebuch", "berichtigen", "1", "Deich überströmt", "--zeichen", "Me")
    assert "RHE-T2 berichtigt RHE-T1" in said
    first, second = lage.json("tagebuch", "auszug", "--ohne-auto")
    assert first["struck_by"] == "RHE-T2"
    assert first["entered"] != first["happened"]
    assert second["text"] == "Berichtigung zu RHE-T1: Deich überströmt"
    assert "[gestrichen" in lage("tagebuch", "auszug")
    assert "braucht einen Text" in str(lage.refusal("tagebuch", "berichtigen", "1"))


def test_nobody_corrects_for_others(county: list[Station], terminals: list[Terminal]) -> None:
    """A staff's Tagebuch is its own."""
    terminals[0]("tagebuch", "eintragen", "x")
    share(*county)
    assert "geschrieben hat" in str(terminals[1].refusal("tagebuch", "berichtigen", "KST-T1", "y"))


def test_registers(county: list[Station], terminals: list[Terminal]) -> None:
    """In and out are numbered registers with Quittung and distribution as remarks."""
    kst, rhe, gre = terminals
    kst("nachricht", "senden", "Pegel melden", "--an", "Rheine,Greven", "--vorrang", "sofort")
    share(*county)
    rhe("nachricht", "quittieren", "1", "--name", "Meyer")
    rhe("nachricht", "verteilen", "1", "--an", "S2, S3", "--zeichen", "Si")
    share(*county)
    (line,) = rhe.json("nachricht", "eingang")
    assert (line["nr"], line["other"], line["priority"]) == (1, "Krisenstab Steinfurt", "sofort")
    assert "quittiert SAE Rheine: Meyer" in line["remark"]
    assert "verteilt an S2, S3" in line["remark"]
    (sent,) = kst.json("nachricht", "ausgang")
    assert sent["other"] == "SAE Rheine, SAE Greven"
    assert "verteilt" not in sent["remark"]
    assert rhe.json("nachricht", "ausgang") == []
    assert "Pegel melden" in gre("nachricht", "eingang")


def test_answers_and_forwarding(county: list[Station], terminals: list[Terminal]) -> None:
    """An answer and a forwarded message name the message they are about."""
    kst, rhe, gre = terminals
    kst("nachricht", "senden", "Wie ist die Lage?", "--an", "Rheine")
    share(*county)
    rhe("nachricht", "antworten", "1", "Ruhig")
    rhe("nachricht", "weiterleiten", "KST-N1", "--an", "Greven")
    share(*county)
    shown = kst.json("nachricht", "zeigen", "KST-N1")
    assert shown["empfangen"] == ["Krisenstab Steinfurt", "SAE Rheine"]  # who answered has it
    assert "RHE-N1: Ruhig" in kst("nachricht", "zeigen", "KST-N1")
    (forwarded,) = gre.json("nachricht", "eingang")
    assert forwarded["text"] == "Wie ist die Lage?"
    assert "Weiterleitung von" in gre("nachricht", "zeigen", "1")


def test_groups(county: list[Station], terminals: list[Terminal]) -> None:
    """A group is filled, emptied and sent to; concurrent additions survive a removal."""
    kst, rhe, gre = terminals
    kst("verteiler", "anlegen", "Ems", "--stellen", "Rheine,Greven")
    share(*county)
    assert "an Ems" not in gre("verteiler", "entfernen", "Ems", "Rheine")
    rhe("verteiler", "aufnehmen", "Ems", "KST")
    share(*county)
    (group,) = kst.json("verteiler", "liste")
    assert group["members"] == [1, 3]
    kst("nachricht", "senden", "An die Ems", "--verteiler", "Ems", "--frist", "7")
    share(*county)
    (message,) = county[0].reader.select(Query("message"))
    assert message.values["to"] == (3,)
    assert message.values["receipt_minutes"] == 7
    assert county[2].reader.incoming_number(message.id) == 1
    twice = kst.refusal("nachricht", "senden", "x", "--verteiler", "Ems", "--an", "Greven")
    assert "nicht beides" in str(twice)
    assert "nicht im Verteiler" in str(kst.refusal("verteiler", "entfernen", "Ems", "Rheine"))


def test_overdue_quittung_is_an_alarm(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """After the set time the sender sees who has not confirmed."""
    from lage.views.overview import overview

    terminals[0]("nachricht", "senden", "Bitte", "--an", "Rheine", "--frist", "7")
    clock.advance(6 * 60)
    assert not overview(county[0].context()).alarms
    clock.advance(2 * 60)
    (alarm,) = overview(county[0].context()).alarms
    assert alarm.text == "KST-N1: Quittung fehlt von SAE Rheine"


def test_handover(county: list[Station], terminals: list[Terminal], clock: FixedClock) -> None:
    """What is open is summed up, shown in full, and stored short enough for the radio."""
    kst, rhe, _ = terminals
    kst("nachricht", "senden", "Deich!", "--an", "Rheine", "--vorrang", "blitz")
    kst("auftrag", "erteilen", "Pumpen stellen", "--an", "Rheine", "--bis", "1700")
    rhe("vorfall", "melden", "Keller unter Wasser", "--art", "Überflutung", "--ort", "Elte")
    share(*county)
    plan = rhe.json("schicht", "uebergeben", "--von", "Meyer", "--an", "Kurz", "--probe")
    assert plan["text"].startswith(
        "Nur SAE Rheine, nicht der ganze Kreis; Zu tun: KST-N1, KST-A1; Quittung offen: nichts"
    )
    assert "KST-A1 bis 17:00" in plan["text"]
    assert county[1].reader.count(Query("handover")) == 0
    shown = rhe("schicht", "uebergeben", "--von", "Meyer", "--an", "Kurz", "--text", "Ruhig")
    assert "BLITZ KST-N1 von Krisenstab Steinfurt: Deich!" in shown
    assert "RHE-1 Überflutung, offen, Elte: Keller unter Wasser" in shown
    (entry,) = rhe.json("schicht", "liste")
    assert entry["text"].startswith("Ruhig. Nur SAE Rheine")


def test_a_long_handover_stays_short(station: Station, lage: Terminal) -> None:
    """However much is open, the log gets the short summary, with a count of what is left out."""
    from lage.kinds.model import Draft
    from lage.views.handover import SHORT_MAX

    many = [Draft("task", {"text": f"Nr {n}", "to": (2,), "status": "offen"}) for n in range(200)]
    station.write(many)
    plan = lage.json("schicht", "uebergeben", "--von", "A", "--an", "B", "--probe")
    assert len(plan["text"]) <= SHORT_MAX
    assert "weitere" in plan["text"]
    assert len([line for line in plan["offen"] if "RHE-A" in line]) == 200


def test_merging_duplicates(county: list[Station], terminals: list[Terminal]) -> None:
    """Two reports of one flood become one, and two again; coordinates in three notations."""
    kst, rhe, _ = terminals
    kst("vorfall", "melden", "Keller", "--art", "Überflutung", "--koordinate", "52.2790, 7.4400")
    rhe("vorfall", "melden", "Keller voll", "--art", "Überflutung")
    share(*county)
    kst("vorfall", "zusammenfuehren", "RHE-1", "KST-1")
    share(*county)
    assert "= KST-1" in rhe("vorfall", "liste")
    shown = rhe("vorfall", "zeigen", "KST-1")
    assert "32U LC 9357 9321; 32U 393575 5793216; 52.2790, 7.4400" in shown
    assert "Vorfall RHE-1" in shown
    rhe("vorfall", "trennen", "RHE-1")
    share(*county)
    assert "= KST-1" not in kst("vorfall", "liste")
    assert "selbst" in str(kst.refusal("vorfall", "zusammenfuehren", "1", "1"))


def test_a_glance_reads_only_what_is_new(county: list[Station], clock: FixedClock) -> None:
    """The newest lines, from the entries about which something arrived last."""
    _, rhe, gre = county
    for number in range(60):
        clock.advance(60)
        author = rhe if number % 2 else gre
        values = {"type": "Brand", "text": f"Hof {number}", "status": "offen"}
        author.write([Draft("incident", values), Draft("journal", {"text": f"Notiz {number}"})])
        share(*county)
    context = rhe.context()
    assert latest(context, 10) == journal(context, limit=10)
    assert len({line.text for line in latest(context, 10)}) > 5
