# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what: refused here with a sentence; without effect where others wrote it."""

from __future__ import annotations

import pytest

from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Query, Where
from lage.kinds.rights import RIGHTS
from lage.kinds.schema import SCHEMA
from lage.language.errors import NotAllowed, UsageError
from lage.station import Station
from lage.views.detail import detail
from lage.volunteers import envelope, private
from sync.schema.definition import Change, Choice, EntityId, Merge
from tests.fixtures import share
from tests.unit.lage.conftest import Terminal


def force(station: Station, *drafts: Draft) -> None:
    """Append what this version of Lage would refuse, as another one might."""
    station.store.log.append(drafts, station.signer(), station.now)


def history_words(station: Station, entity: EntityId) -> list[str]:
    """What was done to an entry, in words."""
    shown = detail(entity, station.context())
    assert shown is not None
    return [line.what for line in shown.history]


def test_the_table_speaks_of_fields_that_exist() -> None:
    """Every right is on a register; what ends an entry is one of its values."""
    for (kind, name), right in RIGHTS.items():
        field = SCHEMA.by_name[kind].by_name[name]
        assert field.merge is Merge.REGISTER
        if right.ends:
            assert isinstance(field.type, Choice)
            assert set(right.ends) <= set(field.type.values)


def test_who_ends_a_kind_has_been_decided() -> None:
    """A new kind that can end is in the table, or ended by anybody on purpose."""
    by_anybody = {
        "incident",
        "notice",
    }  # who is on the spot closes it; what is wrong in public goes at once
    ending = {kind for kind, card in CARDS.items() if card.closed}
    assert {kind for kind in ending if (kind, "status") not in RIGHTS} == by_anybody
    for (kind, _), right in RIGHTS.items():
        assert set(right.ends) <= set(CARDS[kind].closed)


def test_nobody_erases_another_staffs_helper(county: list[Station]) -> None:
    """Seen: the registering node destroyed its key at any member's word."""
    krisenstab, rheine, _ = county
    (helper,) = rheine.write(
        [Draft("helper", {"skills": ("Pflege",), "place": "Rheine", "status": "gemeldet"})]
    )
    private.keep(rheine, helper, private.Person("Jutta Vogt"), rheine.now() + 1000)
    share(*county)
    erased = Draft("helper", {"erased": True}, helper)
    with pytest.raises(NotAllowed, match="darf nur SAE Rheine") as refused:
        krisenstab.write([erased])
    assert refused.value.field == "erased"
    force(krisenstab, erased, Draft("helper", {"delete_at": 0}, helper))
    share(*county)
    record = rheine.reader.get(helper)
    assert record is not None
    assert not {"erased", "delete_at"} & record.values.keys()
    assert private.sweep(rheine) == 0
    assert private.read_own(rheine, record) == private.Person("Jutta Vogt")
    assert any("ohne Wirkung: das darf nur SAE Rheine" in w for w in history_words(rheine, helper))


def test_an_orders_status_is_its_parties(county: list[Station], terminals: list[Terminal]) -> None:
    """Seen: SAE Greven set an order of the Krisenstab to SAE Rheine to „abgelehnt“."""
    krisenstab, rheine, greven = county
    (task,) = krisenstab.write([Draft("task", {"text": "Pumpe", "to": (2,), "status": "offen"})])
    share(*county)
    refused = terminals[2].refusal("auftrag", "aendern", "KST-A1", "--status", "abgelehnt")
    assert "nur Krisenstab Steinfurt und die Stellen" in str(refused)
    assert refused.exit_code == 2
    force(greven, Draft("task", {"status": "abgelehnt", "feedback": "keine Lust"}, task))
    share(*county)
    for station in county:
        record = station.reader.get(task)
        assert record is not None
        assert (record.values["status"], record.values["feedback"]) == ("offen", "keine Lust")
    (_, word) = history_words(rheine, task)
    assert "abgelehnt (ohne Wirkung: das dürfen nur Krisenstab Steinfurt" in word
    terminals[1]("auftrag", "aendern", "KST-A1", "--status", "erledigt")
    terminals[2]("auftrag", "aendern", "KST-A1", "--rueckmeldung", "gesehen")


def test_what_its_issuer_ended_stays_ended(county: list[Station]) -> None:
    """Nobody else ends a shelter, and nobody else opens it again; all else is open to all."""
    _, rheine, greven = county
    (shelter,) = rheine.write([Draft("shelter", {"name": "Halle", "status": "in Betrieb"})])
    share(*county)
    with pytest.raises(NotAllowed, match="„geschlossen“ setzt nur SAE Rheine"):
        greven.write([Draft("shelter", {"status": "geschlossen"}, shelter)])
    greven.write([Draft("shelter", {"status": "voll", "occupied": 90}, shelter)])
    share(*county)
    rheine.write([Draft("shelter", {"status": "geschlossen"}, shelter)])
    share(*county)
    with pytest.raises(NotAllowed, match="SAE Rheine hat den Eintrag auf „geschlossen“ gesetzt"):
        greven.write([Draft("shelter", {"status": "in Betrieb"}, shelter)])
    force(greven, Draft("shelter", {"status": "in Betrieb"}, shelter))
    share(*county)
    record = rheine.reader.get(shelter)
    assert record is not None
    assert record.values["status"] == "geschlossen"
    assert "ohne Wirkung: von SAE Rheine beendet" in history_words(greven, shelter)[-1]
    rheine.write([Draft("shelter", {"status": "in Betrieb"}, shelter)])
    share(*county)
    greven.write([Draft("shelter", {"status": "voll"}, shelter)])


def test_without_effect_moves_nothing_up_the_lists(county: list[Station]) -> None:
    """Neither the time of the last change nor the order of arrival tells of it."""
    krisenstab, rheine, _ = county
    (area,) = rheine.write([Draft("unit", {"name": "LZ Rheine", "status": "in Ruhe"})])
    share(*county)
    before = rheine.reader.get(area)
    force(krisenstab, Draft("unit", {"status": "außer Dienst", "name": None}, area))
    share(*county)
    assert rheine.reader.get(area) == before
    assert "Name: unbekannt (ohne Wirkung: die Angabe ist nötig)" in history_words(rheine, area)[1]


def test_a_change_that_means_another_kind_is_shown_and_harmless(county: list[Station]) -> None:
    """An order of the Krisenstab, changed as if it were an incident."""
    krisenstab, rheine, greven = county
    (task,) = krisenstab.write([Draft("task", {"text": "Pumpe", "to": (2,), "status": "offen"})])
    share(*county)
    force(greven, Draft("incident", {"merged_into": task, "injured": 3}, task))
    share(*county)
    record = rheine.reader.get(task)
    assert record is not None
    assert record.kind == "task"
    assert "andere Art von Eintrag" in history_words(rheine, task)[1]


def test_a_required_field_stays(county: list[Station]) -> None:
    """Seen: an incident without its type ended every screen of the county at start."""
    _, rheine, greven = county
    (incident,) = rheine.write([Draft("incident", {"type": "Brand", "status": "offen"})])
    cleared = Draft("incident", {"type": None, "injured": 2}, incident)
    with pytest.raises(UsageError, match="„Art“ ist leer"):
        rheine.write([cleared])
    force(rheine, cleared)
    share(*county)
    for station in (rheine, greven):
        record = station.reader.get(incident)
        assert record is not None
        assert (record.values["type"], record.values["injured"]) == ("Brand", 2)


def test_nobody_strikes_what_another_staff_wrote(county: list[Station]) -> None:
    """A correction of another's journal entry is an entry, and strikes nothing."""
    krisenstab, rheine, _ = county
    (entry,) = rheine.write([Draft("journal", {"text": "Deich hält"})])
    share(*county)
    wrong = Draft("journal", {"text": "Deich bricht", "strikes": entry})
    with pytest.raises(NotAllowed, match="nur SAE Rheine berichtigen"):
        krisenstab.write([wrong])
    force(krisenstab, wrong)
    share(*county)
    for station in county:
        struck = station.reader.count(Query("journal", (Where("strikes", "=", entry),)))
        assert struck == 0
    (other,) = rheine.reader.select(Query("journal", (Where("author", "=", 1),)))
    assert other.text("text") == "Deich bricht"
    assert "ohne Wirkung: das darf nur, wer jenen" in history_words(rheine, other.id)[0]


def test_only_who_registered_a_helper_makes_others_hand_out_keys(county: list[Station]) -> None:
    """An assignment by a third staff asks the receiver for nothing."""
    krisenstab, rheine, greven = county
    values: dict[str, Change] = {"skills": ("Pflege",), "place": "Rheine", "delete_at": 2**30}
    (helper,) = rheine.write([Draft("helper", values)])
    share(*county)
    krisenstab.write([Draft("assignment", {"helper": helper, "to": 3})])
    share(*county)
    assert envelope.tend(greven) == 0
    rheine.write([Draft("assignment", {"helper": helper, "to": 3})])
    share(*county)
    assert envelope.tend(greven) == 1
