# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county's key in the safe: what it decides, how it gets out, what two copies of it do."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.archive.notice import take_notice, what_came, write_notice
from lage.cli import cli
from lage.county import decrees, membership, position, safe
from lage.county.decrees import Position
from lage.county.holder import HOME_MAX, place_of
from lage.kinds.model import Draft, Query
from lage.language.errors import KeysError, LageError, UsageError
from lage.station import Station
from lage.store import keys
from lage.store.report import REPORT, NodeReport
from lage.store.timebase import Timebase
from sync.feed.records import Reason
from tests.fixtures import FixedClock, replicate
from tests.unit.lage.conftest import Terminal

WORD = "rote Ampel 7"


class Place:
    """One folder, used through the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lage = Terminal.__new__(Terminal)
        self.lage.folder = folder

    def open(self, clock: FixedClock) -> Station:
        """Its station."""
        return Station.open(self.folder, clock=clock)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, clock: FixedClock, tmp_path: Path) -> None:
    """Cheap passphrases, the test's clock, files in the test's folder."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    monkeypatch.setattr(Timebase, "unix", lambda _: clock())
    monkeypatch.setenv("LAGE_KENNWORT", WORD)
    monkeypatch.setenv("LAGE_DATEN", str(tmp_path / "keiner"))
    (tmp_path / "hier").mkdir()
    monkeypatch.chdir(tmp_path / "hier")


@pytest.fixture
def vault(quick: None, tmp_path: Path) -> Place:
    """The county's folder."""
    membership.found_county(tmp_path / "kreis", "Kreis Steinfurt", WORD)
    return Place(tmp_path / "kreis")


@pytest.fixture
def admitted(vault: Place, tmp_path: Path, clock: FixedClock) -> Callable[..., Place]:
    """Admit a staff, at the vault or at a copy of it."""

    def admit(name: str, at: Place = vault) -> Place:
        folder = tmp_path / name
        asking = membership.request(folder, f"SAE {name}")
        invitation = membership.admit(at.folder, asking, "sae", WORD, clock=clock)
        membership.join(folder, invitation, clock=clock)
        return Place(folder)

    return admit


def write(place: Place, clock: FixedClock, *texts: str) -> None:
    """Journal entries of a staff."""
    station = place.open(clock)
    for text in texts:
        station.write([Draft("journal", {"text": text})])
    station.close()


def texts(place: Place, clock: FixedClock) -> list[str]:
    """What stands in a staff's journal."""
    station = place.open(clock)
    found = station.reader.select(Query("journal", descending=False))
    station.close()
    return sorted(str(record.values["text"]) for record in found)


def hear_all(to: Place, of: Place, clock: FixedClock) -> None:
    """One staff gets everything that another holds."""
    one, other = of.open(clock), to.open(clock)
    replicate(one.store.log, other.store.log)
    one.close()
    other.close()


def notices(folder: str = ".") -> list[Path]:
    """The files that lie there, newest state last."""
    found = Path(folder).glob("*.mitteilung")
    return sorted(found, key=lambda path: int(path.stem.split("-")[-2]))


def test_revoking_from_the_safe(
    vault: Place, admitted: Callable[..., Place], clock: FixedClock
) -> None:
    """The safe has seen no entry: it asks which one is the last, takes its code from a node, and
    its decree leaves as a file that any node reads; old and new nodes then show the same."""
    greven, rheine = admitted("Greven"), admitted("Rheine")
    write(greven, clock, "eins", "zwei", "gestohlen")
    hear_all(rheine, greven, clock)
    asked = str(vault.lage.refusal("kreis", "widerrufen", "SAE Greven"))
    assert "keinen Eintrag" in asked
    assert "lage kreis stand" in asked

    said = rheine.lage.json("kreis", "stand", "SAE Greven", "--eintrag", "2")
    named = ("--bis", "2", "--kennung", said["kennung"])
    wrong = vault.lage.refusal("kreis", "widerrufen", "SAE Greven", "--bis", "3", *named[2:])
    assert "gehört nicht zu Eintrag 3" in str(wrong)
    assert "nach Eintrag 2" in vault.lage("kreis", "widerrufen", "SAE Greven", *named)

    (file,) = notices()
    assert "1 neuer Eintrag" in rheine.lage("kreis", "einlesen", str(file))
    assert texts(rheine, clock) == ["eins", "zwei"]
    assert rheine.lage.json("pruefen")["in_ordnung"]

    recke = admitted("Recke")
    hear_all(recke, greven, clock)
    recke.lage("kreis", "einlesen", str(file))
    assert texts(recke, clock) == ["eins", "zwei"]
    assert recke.lage.json("pruefen")["in_ordnung"]


def test_a_second_decree_mends_a_wrong_one(
    vault: Place, admitted: Callable[..., Place], clock: FixedClock
) -> None:
    """Too early, too late, or the wrong staff: the last decree counts."""
    greven, rheine = admitted("Greven"), admitted("Rheine")
    write(greven, clock, "eins", "zwei", "drei")
    hear_all(rheine, greven, clock)

    def decree(*arguments: str) -> list[str]:
        vault.lage("kreis", *arguments)
        rheine.lage("kreis", "einlesen", str(notices()[-1]))
        assert rheine.lage.json("pruefen")["in_ordnung"]
        return texts(rheine, clock)

    assert decree("widerrufen", "SAE Greven", "--bis", "0") == []
    assert "ändert das" in str(vault.lage.refusal("kreis", "widerrufen", "SAE Greven"))
    there = ("--aus", str(rheine.folder))
    assert decree("widerrufen", "SAE Greven", "--bis", "2", *there) == ["eins", "zwei"]
    assert decree("widerrufen", "SAE Greven", "--bis", "1", *there) == ["eins"]
    needed = str(vault.lage.refusal("kreis", "fortsetzen", "SAE Greven"))
    assert "--bis NUMMER --kennung" in needed
    assert 'lage kreis stand "SAE Greven"' in needed
    assert "Zweig" not in needed
    everything = ["drei", "eins", "zwei"]
    assert decree("fortsetzen", "SAE Greven", "--bis", "1", *there) == everything


def test_two_copies_of_the_key_folder(
    vault: Place, admitted: Callable[..., Place], tmp_path: Path, clock: FixedClock
) -> None:
    """Each admits somebody: the numbers differ, the lists are told apart, and after the root has
    chosen one all are members, with what they wrote."""
    rheine = admitted("Rheine")
    shutil.copytree(vault.folder, tmp_path / "kopie")
    copy = Place(tmp_path / "kopie")
    greven, recke = admitted("Greven"), admitted("Recke", copy)
    write(recke, clock, "aus Recke")
    numbers = [place.open(clock).network_keys.author for place in (greven, recke)]
    assert numbers[0] == 2
    assert numbers[1] is not None
    assert numbers[1] > HOME_MAX

    hear_all(rheine, greven, clock)
    recke.lage("kreis", "mitteilung")
    (theirs,) = notices()
    for place in (rheine, vault, vault):
        assert "zwei Mitgliederlisten" in place.lage("kreis", "einlesen", str(theirs))
    with pytest.raises(UsageError, match="zwei Mitgliederlisten"):
        admitted("Lotte")
    theirs.unlink()

    # Until the root has chosen, members, what counts and what is said of it are the same.
    write(greven, clock, "aus Greven")
    hear_all(rheine, greven, clock)
    rows = rheine.lage.json("kreis", "zeigen")["mitglieder"]
    assert [row["name"] for row in rows if row["aktiv"]] == ["SAE Rheine", "SAE Greven"]
    assert texts(rheine, clock) == ["aus Greven"]
    not_valid = [row["inhalt"] for row in rheine.lage.json("kreis", "ungueltig")]
    assert not_valid == [f"Nummer {numbers[1]}: SAE Recke aufgenommen"]
    status = rheine.lage.json("status")
    assert [fork["void"] for fork in status["forks"]] == [1]
    (alarm,) = status["alarme"]
    assert "Zwei Mitgliederlisten, verschieden ab Eintrag 2" in alarm["text"]
    assert not rheine.lage.json("pruefen")["in_ordnung"]

    assert "übernommen: SAE Recke" in vault.lage("kreis", "entscheiden")
    (file,) = notices()
    for place in (rheine, greven, recke):
        assert "neue" in place.lage("kreis", "einlesen", str(file))
        names = [row["name"] for row in place.lage.json("kreis", "zeigen")["mitglieder"]]
        assert sorted(names) == ["SAE Greven", "SAE Recke", "SAE Rheine"]
    hear_all(rheine, recke, clock)
    hear_all(recke, rheine, clock)
    assert texts(rheine, clock) == texts(recke, clock) == ["aus Greven", "aus Recke"]
    assert rheine.lage.json("status")["alarme"] == []
    assert all(place.lage.json("pruefen")["in_ordnung"] for place in (rheine, greven, recke))
    assert "SAE Recke aufgenommen" in rheine.lage("kreis", "ungueltig")
    admitted("Laer")


def test_who_lost_his_number_joins_again(
    vault: Place,
    admitted: Callable[..., Place],
    tmp_path: Path,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where two copies gave one number (a copy made before places were noted), the one whose list
    does not count is admitted anew with the same request."""
    monkeypatch.setattr("lage.county.holder.place_of", lambda _folder: b"nowhere.")
    monkeypatch.setattr(keys, "county_place", lambda _folder: None)
    shutil.copytree(vault.folder, tmp_path / "kopie")
    copy = Place(tmp_path / "kopie")
    greven, recke = admitted("Greven"), admitted("Recke", copy)
    write(recke, clock, "unter Nummer 1")
    recke.lage("kreis", "mitteilung")
    (theirs,) = notices()
    vault.lage("kreis", "einlesen", str(theirs))
    assert "neu aufgenommen" in " ".join(vault.lage("kreis", "entscheiden").split())
    recke.lage("knoten", "anfrage")
    vault.lage("kreis", "aufnehmen", "sae-recke.anfrage", "--rolle", "sae")
    recke.lage("knoten", "beitreten", "sae-recke.einladung")

    write(recke, clock, "unter Nummer 2")
    hear_all(greven, recke, clock)
    assert texts(greven, clock) == texts(recke, clock) == ["unter Nummer 2"]
    assert "unter Nummer 1" in " ".join(recke.lage("kreis", "ungueltig").split())
    assert recke.lage.json("pruefen")["in_ordnung"]


def test_backup_of_the_key_folder(
    vault: Place, admitted: Callable[..., Place], tmp_path: Path, clock: FixedClock
) -> None:
    """A restored key folder adds nothing before it has seen what the net knows by then."""
    rheine = admitted("Rheine")
    vault.lage("kreis", "sichern", "sicherung.kreissicherung")
    greven = admitted("Greven")
    back = Place(tmp_path / "zurück")
    back.lage("kreis", "wiederherstellen", "sicherung.kreissicherung")
    with pytest.raises(UsageError, match="aus einer Sicherung"):
        admitted("Recke", back)
    assert "demselben Stand" in back.lage("kreis", "einlesen", str(rheine.folder))
    with pytest.raises(UsageError, match="aus einer Sicherung"):
        admitted("Laer", back)  # that node was never on the net either
    with pytest.raises(KeysError, match="leeren Ordner"):
        safe.restore_safe(vault.folder, Path("sicherung.kreissicherung").read_text("utf8"))

    knows = rheine.open(clock)
    knows.store.local.save_peers([], {2: {0: 2}})
    knows.close()
    back.lage("kreis", "einlesen", str(rheine.folder))
    with pytest.raises(UsageError, match="aus einer Sicherung"):
        admitted("Hopsten", back)  # it has heard of a newer list
    knows = greven.open(clock)
    knows.store.local.save_peers([], {1: {0: 2}})
    knows.close()
    back.lage("kreis", "einlesen", str(greven.folder))
    station = admitted("Lotte", back).open(clock)
    assert sorted(member.name for member in station.roster.members.values()) == [
        "SAE Greven",
        "SAE Lotte",
        "SAE Rheine",
    ]
    station.close()


def test_a_file_that_lay_about_does_not_unlock_a_restored_folder(
    vault: Place, admitted: Callable[..., Place], tmp_path: Path, clock: FixedClock
) -> None:
    """It is longer than the backup and shorter than the net's list: admitting would fork it."""
    vault.lage("kreis", "sichern", "sicherung.kreissicherung")
    rheine = admitted("Rheine")
    rheine.lage("kreis", "mitteilung")
    (stale,) = notices()
    stale = stale.rename("alt.txt")
    greven = admitted("Greven")
    back = Place(tmp_path / "zurück")
    back.lage("kreis", "wiederherstellen", "sicherung.kreissicherung")
    said = " ".join(back.lage("kreis", "einlesen", str(stale)).split())
    assert "Stand 1 vom " in said
    assert "--aktuell" in said
    assert back.lage.json("kreis", "einlesen", str(stale))["gesperrt"].startswith("Stand 1 vom ")
    with pytest.raises(UsageError, match="--aktuell"):
        admitted("Recke", back)

    greven.lage("kreis", "mitteilung")
    (file,) = notices()
    back.lage("kreis", "einlesen", str(file), "--aktuell")
    admitted("Lotte", back)


def test_a_name_without_latin_letters_gives_a_file_that_is_seen(
    quick: None, tmp_path: Path
) -> None:
    """It was called ``.anfrage``, which a listing does not show and every such name shared."""
    for name in ("日本語", "Київ"):
        Place(tmp_path / name).lage("knoten", "anlegen", "--name", name)
    found = sorted(path.name for path in Path().iterdir())
    assert len(found) == 2
    assert all(re.fullmatch(r"name-[0-9a-f]{4}\.anfrage", each) for each in found)


@pytest.mark.parametrize("days", ["-3", "0", "367"])
def test_an_invitation_is_valid_for_a_day_at_least(
    vault: Place, admitted: Callable[..., Place], days: str
) -> None:
    """One that has ended before it is written, or never ends, is refused and no file is left."""
    admitted("Rheine")
    arguments = ["--daten", str(vault.folder), "kreis", "einladung", "SAE Rheine", "--gilt", days]
    assert CliRunner().invoke(cli, arguments).exit_code == 2
    assert not list(Path().glob("*.einladung"))
    vault.lage("kreis", "einladung", "SAE Rheine", "--gilt", "1")


@pytest.mark.parametrize("text", ["", "LAGE-KREISSICHERUNG-1:AAAA", "LAGE-KREISSICHERUNG-1:kA=="])
def test_damaged_backup_leaves_nothing(quick: None, tmp_path: Path, text: str) -> None:
    """What is no backup of a county is refused in a sentence, and no folder is begun."""
    with pytest.raises(KeysError):
        safe.restore_safe(tmp_path / "neu", text)
    assert not (tmp_path / "neu").exists()


def test_admitting_asks_what_is_in_reach(
    vault: Place,
    admitted: Callable[..., Place],
    tmp_path: Path,
    clock: FixedClock,
) -> None:
    """A folder on this computer that knows a longer list, or a node heard of it: then no record is
    added that would fork it."""
    admitted("Rheine")
    shutil.copytree(vault.folder, tmp_path / "kopie")
    greven = admitted("Greven", Place(tmp_path / "kopie"))
    asking = membership.request(tmp_path / "o", "SAE Recke")
    with pytest.raises(UsageError, match="2 statt 1"):
        membership.admit(vault.folder, asking, "sae", WORD, others=(greven.folder,), clock=clock)

    station = vault.open(clock)
    station.store.local.save_peers([], {7: {0: 5}})
    station.close()
    with pytest.raises(UsageError, match="Im Netz ist eine neuere Mitgliederliste"):
        membership.admit(vault.folder, asking, "sae", WORD, clock=clock)
    assert vault.open(clock).store.log.head(0) == 1


def test_invitations_end_and_can_be_written_again(
    vault: Place, tmp_path: Path, clock: FixedClock
) -> None:
    """After two weeks an invitation is refused with its date; a new one holds the same number."""
    folder = tmp_path / "rheine"
    invitation = membership.admit(
        vault.folder, membership.request(folder, "SAE Rheine"), "sae", WORD, clock=clock
    )
    clock.unix += 15 * 86_400
    with pytest.raises(KeysError, match="Die Einladung galt bis"):
        membership.join(folder, invitation, clock=clock)
    assert not keys.has_network(folder)

    member, again = membership.invite_again(vault.folder, 1, clock=clock)
    assert member.name == "SAE Rheine"
    assert membership.join(folder, again, clock=clock).author == 1
    with pytest.raises(KeysError, match="Kreisschlüssel"):
        membership.invite_again(folder, 1, clock=clock)


@pytest.mark.usefixtures("quick")
def test_a_step_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A missing folder for the file stops a step before it is taken; a refusal leaves no file."""
    node = Place(tmp_path / "neu")
    refused = node.lage.refusal("knoten", "anlegen", "--name", "SAE Greven", "--nach", "fehlt")
    assert "fehlt" in str(refused)
    assert not node.folder.exists()
    node.lage("knoten", "anlegen", "--name", "SAE Greven")
    Path("sae-greven.anfrage").unlink()
    node.lage.refusal("knoten", "anlegen", "--name", "SAE Greven")
    assert not Path("sae-greven.anfrage").exists()
    node.lage("knoten", "anfrage")
    assert keys.read_request(Path("sae-greven.anfrage").read_text("utf8")).name == "SAE Greven"


def test_a_common_file_completes_the_list(
    vault: Place, admitted: Callable[..., Place], clock: FixedClock
) -> None:
    """Who was admitted first learns of later ones by the file that admitting writes."""
    rheine = admitted("Rheine")
    membership.request(Path("greven"), "SAE Greven")
    Path("a.anfrage").write_text(membership.request_again(Path("greven"))[1], "utf8")
    vault.lage("kreis", "aufnehmen", "a.anfrage", "--rolle", "sae")
    (file,) = notices()
    assert "1 neuer Eintrag" in rheine.lage("knoten", "beitreten", str(file))
    assert len(rheine.lage.json("kreis", "zeigen")["mitglieder"]) == 2
    assert "demselben Stand" in rheine.lage("kreis", "einlesen", str(file))


def test_notices_are_believed_by_signature(
    vault: Place, admitted: Callable[..., Place], tmp_path: Path, clock: FixedClock
) -> None:
    """A notice of another county, a changed one and none at all are refused in a sentence."""
    station = admitted("Rheine").open(clock)
    membership.found_county(tmp_path / "borken", "Kreis Borken", WORD)
    other = Place(tmp_path / "borken").open(clock)
    good = write_notice(station.store, station.network_keys)
    foreign = write_notice(station.store, other.network_keys)
    middle = len(good) // 2
    changed = good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :]
    for text in (foreign, changed, "", "LAGE-MITTEILUNG-1:kA=="):
        with pytest.raises(LageError):
            take_notice(station.store, station.network_keys, text)
    assert "demselben Stand" in what_came(take_notice(station.store, station.network_keys, good))
    other.close()
    station.close()


def test_codes_of_entries() -> None:
    """A code is read back however it was written down, and belongs to one entry of one staff."""
    network, chain = b"network-id-0-16-", bytes(range(16))
    code = position.code_of(network, 7, 312, chain)

    assert position.chain_of(network, 7, 312, code.lower().replace("-", " ")) == chain
    assert position.chain_of(network, 7, 312, code.replace("0", "O").replace("1", "I")) == chain
    assert len(code) == 34
    for author, number, text in ((8, 312, code), (7, 311, code), (7, 312, code[:-1]), (7, 312, "")):
        with pytest.raises(UsageError, match="gehört nicht"):
            position.chain_of(network, author, number, text)


def test_places_differ(tmp_path: Path) -> None:
    """A copy lies in another place than what it was copied from."""
    assert place_of(tmp_path / "a") != place_of(tmp_path / "b")
    assert place_of(tmp_path / "a") == place_of(tmp_path / "b" / ".." / "a")


def test_decrees_name_what_is_known(
    vault: Place, admitted: Callable[..., Place], clock: FixedClock
) -> None:
    """A number that no log here holds, a folder of another county: asked, not guessed."""
    greven = admitted("Greven")
    write(greven, clock, "eins")
    with pytest.raises(UsageError, match="was Eintrag 9 ist"):
        decrees.revoke(vault.folder, 1, WORD, Reason.LOST, Position(9), clock=clock)
    at = Position(1, folder=vault.folder / "fehlt")
    with pytest.raises(UsageError, match="kein Lagebuch"):
        decrees.revoke(vault.folder, 1, WORD, Reason.LOST, at, clock=clock)
    with pytest.raises(UsageError, match="nur eine Mitgliederliste"):
        decrees.choose_list(vault.folder, WORD, clock=clock)
    refused = vault.lage.refusal("kreis", "widerrufen", "SAE Greven", "--kennung", "AAAA")
    assert "--bis" in str(refused)


def test_somebody_unknown_is_said_in_words(
    vault: Place, admitted: Callable[..., Place], clock: FixedClock
) -> None:
    """Until the list of members has arrived ``status`` says that a number speaks which it does not
    name, and where a newer list is to be had."""
    rheine = admitted("Rheine")
    station = rheine.open(clock)
    report = NodeReport(reported=time.time(), stopped=False, strangers={2: 7, 9: 1})
    station.keep(REPORT, report)
    station.close()
    said = " ".join(rheine.lage("status").split())
    assert "Unter Nummer 2, 9 schreibt jemand, den die Mitgliederliste hier nicht kennt" in said

    admitted("Greven")
    vault.lage("kreis", "mitteilung")
    rheine.lage("kreis", "einlesen", str(notices()[-1]))
    assert "Unter Nummer 9 schreibt jemand" in rheine.lage.json("status")["strangers"]
