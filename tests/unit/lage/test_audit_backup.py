# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proving the log, backing it up, and going on after a restore without using a number twice."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.archive import audit
from lage.archive.audit import check
from lage.archive.backup import back_up, restore, successor_request
from lage.cli import cli
from lage.county import decrees, membership
from lage.kinds.model import Draft, Query
from lage.language.errors import KeysError, StoreError, UsageError
from lage.station import Station
from lage.store import keys
from lage.volunteers import desk as volunteers
from lage.volunteers import private
from sync.feed.records import Reason
from tests.fixtures import FixedClock, picture, replicate, share
from tests.unit.lage.conftest import Terminal

ERIKA = private.Person("Erika Muster")


def fill(county: list[Station]) -> None:
    """Something of every sort, known everywhere."""
    kst, rhe, gre = county
    (fire,) = kst.write([Draft("incident", {"type": "Brand", "status": "offen"})])
    rhe.write([Draft("message", {"text": "Wort " * 100, "priority": "sofort", "to": (1, 3)})])
    share(*county)
    gre.write([Draft("incident", {"status": "erledigt"}, fire)])
    share(*county)


def test_a_sound_log(county: list[Station], lage: Terminal) -> None:
    """Every chain, signature, certificate and row holds, on every node; islands too."""
    fill(county)
    for station in county:
        found = check(station)
        assert found.problems == []
    assert found.feeds == 4
    assert found.operations == county[2].store.situation.operation_count()
    assert "Alles in Ordnung" in lage("pruefen")


SABOTAGE: dict[str, tuple[str, str]] = {
    "text": (
        "UPDATE operation SET bytes = x'03000000' WHERE author = 3",
        "Kettenwert",
    ),
    "signature": ("UPDATE signature SET signature = zeroblob(64) WHERE author = 3", "Unterschrift"),
    "unsigned": ("DELETE FROM signature WHERE author = 3", "fehlt die Unterschrift"),
    "cache": ("UPDATE operation SET time = time + 1 WHERE author = 3", "Zwischenspeicher"),
    "picture": ("UPDATE k_incident SET f_affected = 99", "k_incident"),
    "words": ("UPDATE search SET text = 'anders'", "search"),
    "gap": ("DELETE FROM operation WHERE author = 2 AND number = 1", "fehlt ein Eintrag"),
    "stranger": (
        """INSERT INTO operation (author, number, bytes, chain, standing, received)
        VALUES (9, 1, x'0100', zeroblob(16), 0, 0); INSERT INTO feed VALUES (9, 1, NULL)""",
        "kein Zertifikat",
    ),
}


@pytest.mark.parametrize("fault", SABOTAGE)
def test_every_fault_is_found(county: list[Station], lage: Terminal, fault: str) -> None:
    """Whatever somebody changes in the file is said, with exit code 1."""
    fill(county)
    statement, word = SABOTAGE[fault]
    county[1].store.connection.executescript(statement)
    result = CliRunner().invoke(
        cli, ["--daten", str(lage.folder), "pruefen", "--json"], standalone_mode=False
    )
    assert result.return_value == 1
    said = json.loads(result.stdout)
    assert said["in_ordnung"] is False
    assert any(word in problem for problem in said["maengel"]), said


def test_checking_changes_nothing(station: Station, county: list[Station]) -> None:
    """The check folds anew in a copy; the log itself stays as it is."""
    fill(county)
    station.store.connection.execute("UPDATE k_incident SET f_affected = 99")
    before = picture(station.store, arrival=True)
    check(station)
    assert picture(station.store, arrival=True) == before


def test_backup_while_writing(county: list[Station], lage: Terminal, tmp_path: Path) -> None:
    """A backup holds what was there, is the owner's only, and holds no node key."""
    fill(county)
    target = tmp_path / "sicherung.lage"
    lage("helfer", "melden", "Pflege", "--ort", "Rheine", "--name", "Erika Musterfrau")
    lage("sichern", str(target))
    county[1].write([Draft("journal", {"text": "danach"})])
    assert os.stat(target).st_mode & 0o777 == 0o600
    data = target.read_bytes()
    node = keys.load_node(county[1].folder)
    for secret in (node.sign.private_bytes_raw(), node.seal.private_bytes_raw()):
        assert secret not in data
        assert secret.hex().encode() not in data
    (key,) = (county[1].folder / "privat").iterdir()
    assert key.read_bytes() not in data
    assert b"Musterfrau" not in data
    assert "gibt es schon" in str(lage.refusal("sichern", str(target)))


def test_restored_log_is_never_continued(
    county: list[Station], lage: Terminal, tmp_path: Path, clock: FixedClock
) -> None:
    """After a restore reading goes on, writing is refused until there is a successor."""
    fill(county)
    station = county[1]
    target = tmp_path / "sicherung.lage"
    back_up(station, target)
    station.write([Draft("journal", {"text": "nach der Sicherung, schon gesendet"})])
    assert "schon ein Lagebuch" in str(lage.refusal("wiederherstellen", str(target)))
    assert "noch geöffnet" in str(lage.refusal("wiederherstellen", str(target), "--ersetzen"))
    station.close()
    assert "lage.db.alt1" in lage("wiederherstellen", str(target), "--ersetzen")
    again = Station.open(station.folder, clock=clock)
    assert again.reader.count(Query("message")) == 1
    assert again.reader.count(Query("journal")) == 0
    with pytest.raises(KeysError, match="nachfolge"):
        again.write([Draft("journal", {"text": "verboten"})])
    assert check(again).problems == []
    again.close()


def test_successor_goes_on(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New keys, a new number, the same name; what the old number wrote stays readable."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    holder, folder = tmp_path / "kreis", tmp_path / "rheine"
    membership.found_county(holder, "Kreis Steinfurt", "rote Ampel 7")

    def admitted(request: str, before: int = 0) -> str:
        return membership.admit(
            holder, request, "sae", "rote Ampel 7", successor_of=before, clock=clock
        )

    membership.join(folder, admitted(membership.request(folder, "SAE Rheine")), clock=clock)
    station = Station.open(folder, clock=clock)
    station.write([Draft("journal", {"text": "gesichert"})])
    helper = Draft("helper", {"skills": ("Pflege",), "place": "Rheine"})
    volunteers.register(station, helper, ERIKA, 30)
    back_up(station, tmp_path / "s.lage")
    station.write([Draft("journal", {"text": "verloren"})])
    station.close()
    with pytest.raises(UsageError, match="kann weiterschreiben"):
        successor_request(folder)
    restore(folder, tmp_path / "s.lage", replace=True)
    old = keys.load_node(folder).sign_public
    asked = successor_request(folder)
    stranger = admitted(asked)
    with pytest.raises(KeysError, match="zweimal geht nicht"):
        membership.join(folder, stranger, clock=clock)
    restore(tmp_path / "leer", tmp_path / "s.lage")
    invitation = admitted(successor_request(tmp_path / "leer"), before=1)
    membership.join(tmp_path / "leer", invitation, clock=clock)
    successor = Station.open(tmp_path / "leer", clock=clock)
    successor.write([Draft("journal", {"text": "weiter"})])
    texts = [r.values["text"] for r in successor.reader.select(Query("journal", order="arrival"))]
    assert texts == ["weiter", "gesichert"]
    assert successor.me is not None
    assert successor.me.number == 3
    assert [staff.active for staff in successor.directory.staffs] == [False, True, True]
    assert successor.directory.line(3) == {1, 3}
    (helper,) = successor.reader.select(Query("helper"))
    volunteers.erase(successor, helper)
    assert keys.load_node(folder).sign_public != old
    assert list(folder.glob("knoten-alt-*.json"))
    assert check(successor).problems == []
    successor.close()


def test_bad_backups(station: Station, tmp_path: Path) -> None:
    """A file that is no backup, a damaged one, one of another staff: refused, nothing replaced."""
    good = tmp_path / "gut.lage"
    back_up(station, good)
    text = tmp_path / "text.lage"
    text.write_bytes(b"kein SQLite" * 200)
    log = tmp_path / "log.lage"
    shutil.copy(station.folder / "lage.db", log)
    cut = tmp_path / "kurz.lage"
    cut.write_bytes(good.read_bytes()[:-8192] + b"\x00" * 4096)
    for source in (text, log, cut):
        with pytest.raises((StoreError, KeysError)):
            restore(tmp_path / "neu", source)
        assert not (tmp_path / "neu" / "lage.db").exists()
    with pytest.raises(UsageError, match="gibt es nicht"):
        restore(tmp_path / "neu", tmp_path / "fehlt.lage")


def test_backup_of_another_staff(county: list[Station], tmp_path: Path) -> None:
    """Rheine's backup does not go into Greven's folder."""
    back_up(county[1], tmp_path / "rhe.lage")
    county[2].close()
    with pytest.raises(KeysError, match="Nummer 2"):
        restore(county[2].folder, tmp_path / "rhe.lage", replace=True)
    assert not list(county[2].folder.glob("*.neu*"))


def test_revoked_but_shown_is_found(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operations beyond a revocation that still count are a fault of the log."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    holder, folder = tmp_path / "kreis", tmp_path / "rheine"
    membership.found_county(holder, "Kreis", "rote Ampel 7")
    asking = membership.request(folder, "SAE Rheine")
    membership.join(folder, membership.admit(holder, asking, "sae", "rote Ampel 7", clock=clock))
    station = Station.open(folder, clock=clock)
    station.write([Draft("journal", {"text": "vorher"})])
    county = Station.open(holder, clock=clock)
    replicate(station.store.log, county.store.log)
    county.close()
    station.write([Draft("journal", {"text": "nachher"})])
    last = decrees.Position(1)
    decrees.revoke(holder, 1, "rote Ampel 7", Reason.LOST, last, clock=clock)
    county = Station.open(holder, clock=clock)
    replicate(county.store.log, station.store.log)
    assert any("widerrufen" in problem for problem in check(station).problems)
    station.store.log.quarantine(1, 1)
    assert check(station).problems == []
    county.close()
    station.close()


def test_checking_shows_progress(station: Station, county: list[Station]) -> None:
    """All long parts tell how far they are, up to the end."""
    fill(county)
    calls: dict[str, list[tuple[int, int]]] = {}

    def progress(label: str) -> Callable[[int, int], None]:
        return lambda done, total: calls.setdefault(label, []).append((done, total))

    check(station, progress)
    assert len(calls) == 3
    assert all(seen[-1][0] == seen[-1][1] for seen in calls.values())


def test_a_big_log_is_read_by_several_processes(
    station: Station, county: list[Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shared out to processes the check finds the same, each entry named."""
    fill(county)
    monkeypatch.setattr(audit, "BATCH", 2)
    station.store.connection.execute("UPDATE operation SET time = time + 1 WHERE author = 3")
    alone = check(station).problems
    monkeypatch.setattr(audit, "SHARED_MIN", 1)
    assert check(station).problems == alone
    assert alone[0] == "SAE Greven, Eintrag 1: Zwischenspeicher und Eintrag widersprechen sich"
