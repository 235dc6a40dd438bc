# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende, and their private part: where it is, where it never is, how it goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.kinds.model import Draft, Query, Record
from lage.language.errors import KeysError
from lage.station import Station
from lage.volunteers import desk as volunteers
from lage.volunteers import envelope, private
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal

NAME, PHONE, STREET = "Jörg Dreckmann", "0171 5550123", "Emsufer 7, Rheine"
PRIVATE = ("--name", NAME, "--telefon", PHONE, "--adresse", STREET, "--jahrgang", "1985")


def take_down(lage: Terminal, *more: str) -> None:
    """A helper who can drive and carry, for six hours."""
    skills = "Fahrer Kl. C, Möbel tragen"
    lage("helfer", "melden", skills, "--ort", "Rheine", "--stunden", "6", *PRIVATE, *more)


def traces(folder: Path) -> list[str]:
    """Files below a folder that hold name, number or street in clear, in any usual coding."""
    words = [NAME, PHONE, STREET, NAME.split()[1], PHONE.split()[1], STREET.split()[0]]
    forms = {w.encode(c) for w in words for c in ("utf8", "latin-1", "utf-16-le")}
    forms |= {w.replace(" ", "").encode() for w in words} | {w.lower().encode() for w in words}
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [path.name for form in forms if form in data or form in data.lower()]
    return found


def person_of(station: Station) -> private.Person | None:
    """The first helper's private part as that station may see it."""
    return envelope.read(station, helper_of(station))


def settle(county: list[Station]) -> None:
    """Let every node do its part until nobody has any more to say."""
    share(*county)
    while sum(map(envelope.tend, county)):
        share(*county)


def helper_of(station: Station) -> Record:
    """The first helper as that station sees it."""
    (record,) = station.reader.select(Query("helper"))
    return record


def test_registration_and_search(station: Station, lage: Terminal, clock: FixedClock) -> None:
    """Found by part of a skill, by place and by time; not when gone, not when planned."""
    take_down(lage)
    assert len(lage.json("helfer", "suchen", "--kann", "fahrer", "--ort", "rhein")) == 1
    assert lage.json("helfer", "suchen", "--kann", "Arzt") == []
    assert len(lage.json("helfer", "suchen", "--zeit", "in 5 h")) == 1
    assert lage.json("helfer", "suchen", "--zeit", "in 7 h") == []
    lage("helfer", "planen", "1")
    assert lage.json("helfer", "suchen") == []
    assert "Sandsäcke füllen" in lage("helfer", "kategorien")


def test_private_part_is_readable_here_and_in_clear_nowhere(
    county: list[Station], lage: Terminal, tmp_path: Path
) -> None:
    """The registering node shows it; no file of any node, not even its own, holds it in clear."""
    take_down(lage)
    share(*county)
    assert person_of(county[1]) == private.Person(NAME, PHONE, STREET, 1985)
    assert NAME in lage("helfer", "person", "1")
    assert person_of(county[0]) is None
    assert traces(tmp_path) == []
    assert NAME not in lage("helfer", "zeigen", "1") + lage("helfer", "liste", "--json")


def test_key_files_are_the_owners_only(station: Station, lage: Terminal) -> None:
    """One key file for each record, readable by its owner alone."""
    take_down(lage)
    take_down(lage)
    paths = sorted((station.folder / "privat").iterdir())
    assert len(paths) == 2
    assert {os.stat(path).st_mode & 0o777 for path in paths} == {0o600}
    assert os.stat(station.folder / "privat").st_mode & 0o777 == 0o700
    assert paths[0].read_bytes() != paths[1].read_bytes()


def test_assignment_seals_to_the_receiver_alone(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """The receiving staff reads it, everybody else only relays it."""
    kst, rhe, gre = terminals
    take_down(rhe)
    said = rhe(
        "helfer", "zuweisen", "1", "--an", "Greven", "--treffpunkt", "Rathaus", "--zeit", "1700"
    )
    assert "folgen versiegelt" in said
    share(*county)
    assert person_of(county[2]) is None
    settle(county)
    assert person_of(county[2]) == private.Person(NAME, PHONE, STREET, 1985)
    assert gre.json("helfer", "person", "RHE-1")["Telefon"] == PHONE
    assert person_of(county[0]) is None
    assert "keine persönlichen Angaben" in str(kst.refusal("helfer", "person", "RHE-1"))
    assert traces(tmp_path) == []
    log = county[1].store.log
    operations = [
        data for author in (1, 2, 3) for data in log.operations(author, 1, log.head(author))
    ]
    assert not any(word.encode() in data for data in operations for word in (NAME, PHONE))
    assert max(map(len, operations)) <= 140
    assert helper_of(county[0]).values["status"] == "im Einsatz"


def test_parts_in_any_order_and_missing(county: list[Station], terminals: list[Terminal]) -> None:
    """Until the last part has come there is nothing to read, and nothing breaks."""
    from tests.fixtures import cut_run

    _, rhe, _ = terminals
    take_down(rhe, "--adresse", "Sternstraße 7, hinterm Deich, zweiter Hof links, 48432 Rheine")
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    envelope.tend(county[2])
    share(*county)
    log, target = county[1].store.log, county[2].store.log
    before, sealed = log.head(2), envelope.tend(county[1])
    assert sealed >= 2
    for number in range(before + sealed, before, -1):
        run = cut_run(log, 2, number, number)
        assert run is not None
        assert person_of(county[2]) is None
        target.store([run])
    assert person_of(county[2]) is not None


def test_only_the_registering_staff_assigns(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """Others are told whom to ask."""
    take_down(terminals[1])
    share(*county)
    reason = str(terminals[2].refusal("helfer", "zuweisen", "RHE-1", "--an", "KST"))
    assert "hat SAE Rheine aufgenommen" in reason
    assert "hat SAE Rheine" in str(terminals[2].refusal("helfer", "loeschen", "RHE-1", "--ja"))


def test_dismissal_and_hours(county: list[Station], terminals: list[Terminal]) -> None:
    """After dismissal the receiver can no longer read the name; the hours stay."""
    _, rhe, gre = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    rhe("helfer", "rueckmeldung", "1", "Danke, gute Arbeit")
    settle(county)
    assert person_of(county[2]) is not None
    assert "Danke, gute Arbeit" in gre("helfer", "zeigen", "RHE-1")
    rhe("helfer", "entlassen", "1", "--stunden", "5")
    share(*county)
    assert helper_of(county[0]).values["worked"] == 5
    assert person_of(county[2]) is None
    assert person_of(county[1]) is not None
    assert "schon entlassen" in str(rhe.refusal("helfer", "zuweisen", "1", "--an", "KST"))


def test_erasing_destroys_the_key_everywhere(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """After deletion neither registering nor receiving staff can read it; a second time is said."""
    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    settle(county)
    content = county[1].store.local.private(helper_of(county[1]).id)
    assert len(list((county[2].folder / "privat").iterdir())) == 1
    rhe("helfer", "loeschen", "1", "--ja")
    settle(county)
    assert content is not None
    assert list((county[1].folder / "privat").iterdir()) == []
    assert list((county[2].folder / "privat").iterdir()) == []
    assert county[1].store.local.private(helper_of(county[1]).id) is None
    assert [person_of(station) for station in county] == [None] * 3
    assert helper_of(county[0]).values["erased"] is True
    assert "schon gelöscht" in str(rhe.refusal("helfer", "loeschen", "1", "--ja"))


def test_a_backup_of_the_log_tells_nothing_after_deletion(station: Station, lage: Terminal) -> None:
    """The encrypted content alone, as a backup may hold it, cannot be read without its key."""
    take_down(lage)
    helper = helper_of(station)
    content = station.store.local.private(helper.id)
    assert content is not None
    private.destroy(station, helper.id)
    station.store.local.keep_private(helper.id, content, None)
    assert private.read_own(station, helper) is None


def test_deletion_date(county: list[Station], lage: Terminal, clock: FixedClock) -> None:
    """When the date has come the private part goes by itself, and everybody learns it."""
    take_down(lage, "--loeschen-nach", "2")
    clock.advance(86_400)
    assert private.sweep(county[1]) == 0
    clock.advance(86_400)
    assert lage("helfer", "aufraeumen").startswith("1 ")
    assert person_of(county[1]) is None
    share(*county)
    assert helper_of(county[0]).values["erased"] is True
    assert private.sweep(county[1]) == 0


def test_disclosure(county: list[Station], terminals: list[Terminal]) -> None:
    """Everything stored about one person, with where it went."""
    import json

    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven", "--treffpunkt", "Rathaus")
    assert json.loads(rhe("helfer", "auskunft", "1", "--json"))["versiegelt übermittelt an"] == []
    settle(county)
    told = json.loads(rhe("helfer", "auskunft", "1"))
    assert told["persönliche Angaben"]["Name"] == NAME
    sent = {"stelle": "SAE Greven", "dort gelöscht": False}
    assert told["versiegelt übermittelt an"] == [sent]
    received = json.loads(terminals[2]("helfer", "auskunft", "RHE-1"))
    assert received["persönliche Angaben"]["Name"] == NAME
    assert received["Löschung vorgesehen"] == told["Löschung vorgesehen"] is not None
    assert told["Zuweisungen"][0]["meeting_point"] == "Rathaus"
    assert told["allen Stellen bekannt"]["place"] == "Rheine"
    assert len(told["Verlauf"]) == 2


def test_bad_input_writes_nothing(station: Station, lage: Terminal) -> None:
    """A private part that cannot be kept is refused before anything is written."""
    place = ("--ort", "Rheine")
    for extra in (("--telefon", "1"), ("--name", "x" * 61), ("--name", "A", "--jahrgang", "85")):
        lage.refusal("helfer", "melden", "Pflege", *place, *extra)
    assert station.reader.count(Query("helper")) == 0
    assert not (station.folder / "privat").exists()


def test_damaged_key(station: Station, lage: Terminal) -> None:
    """A key file that does not fit is said, not guessed around."""
    take_down(lage)
    (path,) = (station.folder / "privat").iterdir()
    path.write_bytes(b"x" * 32)
    with pytest.raises(KeysError, match="passt nicht"):
        person_of(station)


def test_what_remains_after_deletion_opens_for_nobody(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """With every key that either staff still has, the sealed bytes in the log stay closed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from lage.store import keys, sealing

    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    settle(county)
    (path,) = (county[2].folder / "privat").iterdir()
    one_time = X25519PrivateKey.from_private_bytes(path.read_bytes())
    rows = county[0].reader.select(Query("sealed"))
    parts = {row.values["part"]: row.values["content"] for row in rows}
    sealed = b"".join(part for _, part in sorted(parts.items()) if isinstance(part, bytes))
    assert private.Person.unpack(sealing.open_sealed(sealed, one_time)).name == NAME
    rhe("helfer", "entlassen", "1")
    settle(county)
    assert not path.exists()
    for station in county:
        with pytest.raises(InvalidTag):
            sealing.open_sealed(sealed, keys.load_node(station.folder).seal)
    told = volunteers.everything_about(county[1], helper_of(county[1]))
    assert told.sealed_to == ((3, True),)


def test_the_day_of_deletion_counts_at_the_receiver_too(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """Without another word from the registering staff, which may be cut off."""
    _, rhe, _ = terminals
    take_down(rhe, "--loeschen-nach", "2")
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    settle(county)
    assert person_of(county[2]) is not None
    clock.advance(2 * 86_400)
    assert person_of(county[2]) is None
    assert envelope.tend(county[2]) == 1
    assert list((county[2].folder / "privat").iterdir()) == []
    assert envelope.tend(county[2]) == 0


def test_a_lost_key_is_replaced_and_sealed_to_anew(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """A receiver whose disk was lost asks again; a key of somebody else is never sealed to."""
    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    (assignment,) = county[0].reader.select(Query("assignment"))
    intruder = {"assignment": assignment.id, "key": bytes(range(32))}
    county[0].write([Draft("sealing_key", intruder)])
    share(*county)
    assert envelope.tend(county[1]) == 0
    settle(county)
    (path,) = (county[2].folder / "privat").iterdir()
    path.unlink()
    assert person_of(county[2]) is None
    settle(county)
    assert person_of(county[2]) == private.Person(NAME, PHONE, STREET, 1985)


def test_dismissed_by_status_alone(county: list[Station], terminals: list[Terminal]) -> None:
    """The status alone ends the receiver's access as well; set back, it is renewed."""
    _, rhe, gre = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    settle(county)
    assert "setzt nur SAE Rheine" in str(
        gre.refusal("helfer", "aendern", "RHE-H1", "--status", "entlassen")
    )
    rhe("helfer", "aendern", "1", "--status", "entlassen")
    settle(county)
    assert list((county[2].folder / "privat").iterdir()) == []
    assert person_of(county[2]) is None
    rhe("helfer", "aendern", "1", "--status", "im Einsatz")
    settle(county)
    assert person_of(county[2]) == private.Person(NAME, PHONE, STREET, 1985)


def test_only_its_own_staff_says_that_a_key_is_destroyed(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """Another staff's word neither keeps a key alive nor makes anybody believe it is gone."""
    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    envelope.tend(county[2])
    share(*county)
    (key,) = county[0].reader.select(Query("sealing_key"))
    county[0].store.log.append(
        [Draft("sealing_key", {"destroyed": True}, key.id)], county[0].signer(), county[0].now
    )
    settle(county)
    assert person_of(county[2]) is not None
    told = volunteers.everything_about(county[1], helper_of(county[1]))
    assert told.sealed_to == ((3, False),)
    rhe("helfer", "entlassen", "1")
    settle(county)
    assert list((county[2].folder / "privat").iterdir()) == []
    told = volunteers.everything_about(county[1], helper_of(county[1]))
    assert told.sealed_to == ((3, True),)


def test_without_a_name_nothing_is_asked_for(
    county: list[Station], terminals: list[Terminal]
) -> None:
    """Helpers taken down without a private part cost no keys and no airtime."""
    rhe = terminals[1]
    rhe("helfer", "melden", "Pflege", "--ort", "Rheine")
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    assert [envelope.tend(station) for station in county] == [0, 0, 0]
    assert not (county[2].folder / "privat").exists()


def test_a_name_may_be_asked_for(station: Station, lage: Terminal) -> None:
    """Typed into a question, a name stands in no shell's history; an empty answer is nothing."""
    call = ["--daten", str(lage.folder), "helfer", "melden", "Küche, Jonglieren", "--ort", "Rheine"]
    asked = CliRunner().invoke(cli, [*call, "--fragen"], input=f"{NAME}\n{PHONE}\n\n1985\n")
    assert asked.exit_code == 0, asked.output
    assert "Keine vorbereitete Fähigkeit: Jonglieren;" in asked.output
    assert person_of(station) == private.Person(NAME, PHONE, "", 1985)


@pytest.mark.parametrize("key", [bytes(32), b"\1" + bytes(31), b"short"])
def test_a_key_that_keeps_nothing_secret_is_passed_over(
    county: list[Station], terminals: list[Terminal], key: bytes
) -> None:
    """Seen: an all-zero sealing key of the receiving staff ended the registering node, again and
    again. It is passed over, and what the receiver's true key makes possible still happens."""
    _, rhe, _ = terminals
    take_down(rhe)
    rhe("helfer", "zuweisen", "1", "--an", "Greven")
    share(*county)
    (assignment,) = county[2].reader.select(Query("assignment"))
    county[2].write([Draft("sealing_key", {"assignment": assignment.id, "key": key})])
    share(*county)

    assert envelope.tend(county[1]) == 0
    settle(county)
    person = person_of(county[2])
    assert person is not None
    assert person.name == NAME
