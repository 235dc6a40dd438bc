# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking back at an exercise: expected and actual, times, what is late, how old pictures were."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner, Result

from lage.cli import cli
from lage.exercise.direction import events as e
from lage.exercise.direction.record import digest_of
from lage.exercise.evaluation.behind import Behind, behind
from lage.exercise.evaluation.evaluate import Evaluation, Line, Verdict, evaluate
from lage.exercise.evaluation.files import last_before, read_before
from lage.exercise.evaluation.gather import gather
from lage.exercise.evaluation.world import Step
from lage.language.epoch import from_unix
from lage.language.errors import StoreError, UsageError
from lage.station import Station
from lage.store.direction import DirectionJournal
from lage.write import commands
from sync.schema.definition import EntityId
from tests.fixtures import START, FixedClock, make_county, share

KST, RHE, GRE = "Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"
BEGIN = from_unix(START)
SCRIPT = """
name: Kellerflut
beginn: 24.11.2026 15:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - {name: SAE Rheine, besetzung: Menschen}
  - {name: SAE Greven}
ablauf:
  - {nr: 1, zeit: X+00, stelle: SAE Greven, erwartet: Quittung und Auftrag,
     nachricht: {An: SAE Rheine, Inhalt: Pumpen gebraucht, Quittung: ja, Vorrang: sofort}}
  - {nr: 2, zeit: X+10, von: Bürgerin, an: SAE Rheine, weg: Telefon, inhalt: Keller voll,
     erwartet: Vorfall eröffnen, bewertung: warnt vor Strom}
  - {nr: 3, zeit: X+20, stelle: SAE Greven,
     nachricht: {An: Krisenstab Steinfurt, Inhalt: Deich weich, Quittung: ja, Vorrang: sofort}}
  - {nr: 4, zeit: X+30, von: Presse, an: SAE Rheine, weg: Telefon, inhalt: "Wie ist die Lage?"}
"""


class Exercise:
    """One that was conducted at this computer: three staffs, and the direction's journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock()
        names = (KST, RHE, GRE)
        self.stations = make_county(folder, names, clock=self.clock, exercise=True)
        (folder / "drehbuch.yaml").write_text(SCRIPT, "utf8")
        self.rows: list[tuple[int, str, dict[str, Any]]] = []
        people = (e.Manning.HERE, e.Manning.HERE, e.Manning.PLAYED)
        begun = e.Begun("Kellerflut", "ab", BEGIN, 1, names, tuple(each.value for each in people))
        self.says(begun, e.Stood(), e.Ran())

    def says(self, *events: e.Event) -> None:
        """The direction notes this now."""
        self.rows += [(round(self.clock.unix * 1000), *e.kept(event)) for event in events]

    def at(self, minute: int) -> None:
        """So late it is."""
        self.clock.unix = START + minute * 60

    def write(self, staff: str, kind: str, **typed: str) -> EntityId:
        """Somebody types an entry."""
        station = self.stations[staff]
        return station.write(commands.enter(kind, typed, station.parse_context()))[0]

    def give(self, key: str, minute: int, *entries: EntityId, spoken: bool = False) -> None:
        """An inject is given."""
        self.says(e.Fired(key, "zeit", minute * 60, spoken))
        if not spoken:
            self.says(e.Written(key, tuple((each.author, each.number) for each in entries)))

    def close(self) -> None:
        """Everything is on disk."""
        with closing(DirectionJournal(self.folder, create=True)) as journal:
            assert journal.append(0, self.rows)
        for station in self.stations.values():
            station.close()


@pytest.fixture(scope="module")
def conducted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first message is answered, a call leads to an incident, the second message gets lost."""
    x = Exercise(tmp_path_factory.mktemp("jahr") / "uebung")
    asked = {"receipt_wanted": "ja", "priority": "sofort"}
    first = x.write(GRE, "message", to=RHE, text="Pumpen gebraucht", **asked)
    x.give("1", 0, first)
    x.at(2)
    share(*x.stations.values())
    x.at(6)
    rhe = x.stations[RHE]
    record = rhe.reader.get(first)
    assert record is not None
    rhe.write(commands.acknowledge(record, "Berger", rhe.parse_context(), []))
    x.says(e.Seen("1", "geöffnet", RHE, 300))
    x.at(8)
    answer = {"to": GRE, "text": "Zwei Pumpen kommen", "sign": "Kro"}
    rhe.write(commands.answer(record, answer, rhe.parse_context()))
    x.at(10)
    x.give("2", 10, spoken=True)
    x.at(11)
    x.says(e.Delivered("2", 660, "Meyer"))
    x.at(14)
    x.write(RHE, "incident", type="Überflutung", text="Keller voll", place="Emsstraße")
    x.at(20)
    share(x.stations[RHE], x.stations[GRE])
    lost = x.write(GRE, "message", to=KST, text="Deich weich", sign="Automat", **asked)
    x.give("3", 20, lost)
    x.says(e.Skipped("4", "keine Zeit"), e.Inserted("E1", {"an": RHE, "text": "Zwischenruf"}))
    x.says(e.Noted("n1", 700, RHE, "ruft zurück und warnt vor Strom", "Beob. 1", "2"))
    x.says(e.Cut(KST, "Funk"), e.Wash("Rufnummern fehlten", 900))
    x.at(60)
    share(x.stations[RHE], x.stations[GRE])
    x.write(RHE, "journal", text="Ende der Übung", sign="Kro")
    x.close()
    return x.folder


@pytest.fixture(scope="module")
def evaluation(conducted: Path) -> Evaluation:
    """What is found there."""
    return evaluate(gather(conducted))


def line(found: Evaluation, nr: str) -> Line:
    """That inject."""
    return next(each for each in found.lines if each.asked.nr == nr)


def test_times_of_an_inject_at_its_staff(evaluation: Evaluation) -> None:
    """Received by its own log, opened as the direction saw, acknowledged, decided by answering."""
    (cell,) = line(evaluation, "1").cells
    assert {step: at - BEGIN for step, at in cell.times.items()} == {
        Step.RECEIVED: 120, Step.OPENED: 300, Step.ACKNOWLEDGED: 360, Step.DECIDED: 480,
    }  # fmt: skip
    assert not cell.latest
    assert cell.verdict is Verdict.DECIDED
    assert [words for _, words in cell.did] == [
        "quittiert durch Berger", "Nachricht RHE-N1: Zwei Pumpen kommen",
    ]  # fmt: skip


def test_a_call_is_judged_by_people(evaluation: Evaluation) -> None:
    """It counts from when it was read out; what the staff wrote next stands beside it as such."""
    asked, (cell,) = line(evaluation, "2").asked, line(evaluation, "2").cells
    assert asked.given == BEGIN + 660
    assert (asked.expected, asked.hint) == ("Vorfall eröffnen", "warnt vor Strom")
    assert cell.verdict is Verdict.JUDGE
    assert cell.nearby
    assert [words for _, words in cell.did] == ["Vorfall RHE-1: Keller voll"]


def test_lost_late_and_not_given(evaluation: Evaluation) -> None:
    """The Krisenstab's log never had the message, so its Quittung is overdue; one was left out."""
    (cell,) = line(evaluation, "3").cells
    assert (cell.verdict, cell.late, dict(cell.times)) == (Verdict.LOST, True, {})
    assert line(evaluation, "4").cells[0].verdict is Verdict.UNGIVEN
    assert "keine Zeit" in line(evaluation, "4").asked.standing
    assert line(evaluation, "E1").asked.title == "eingefügt"


def test_how_far_each_picture_was_behind(evaluation: Evaluation) -> None:
    """The Krisenstab heard nothing after minute 2: at the end it lacks what was written at 6."""
    found = {each.place.name: each.behind for each in evaluation.pictures}
    behind_kst, behind_gre = found[KST], found[GRE]
    assert behind_kst is not None
    assert behind_gre is not None
    assert behind_kst.most_s == 54 * 60
    assert behind_kst.missing == 4  # the Tagebuch entry is the end itself
    assert behind_gre.most_s == 14 * 60  # what Rheine wrote at minute 6 came at 20
    assert behind_gre.old < behind_kst.old


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], Behind(0, 0, 0.0, None, None, 0)),
        ([(0, 600)], Behind(50, 600, 0.0, 600, 600, 0)),
        ([(0, 1200), (600, 900)], Behind(200, 1200, 600 / 3600, 750, 1200, 0)),
        ([(0, None)], Behind(1800, 3600, 3000 / 3600, None, None, 1)),
        ([(0, 0)], Behind(0, 0, 0.0, 0, 0, 0)),
    ],
)
def test_the_age_of_a_picture(spans: list[tuple[int, int | None]], expected: Behind) -> None:
    """Over an hour: as old as the oldest entry that is still missing."""
    assert behind(spans, 0, 3600) == expected


def run(*arguments: str | Path) -> Result:
    """The command."""
    return CliRunner().invoke(cli, ["uebung", "auswerten", *map(str, arguments)])


def test_on_paper_and_as_tables(conducted: Path, tmp_path: Path) -> None:
    """PDF, CSV with the exercise's mark, JSON; the folder itself stays as it is but for them."""
    before = sorted(conducted.rglob("*"))
    called = ("--bescheinigungen", "--person", "kro=Petra Krone")
    shown = run(conducted, "--nach", tmp_path / "aus", *called, "--json")
    assert shown.exit_code == 0, shown.output
    said = json.loads(shown.output)
    assert said["beendet"] is False
    assert sorted(conducted.rglob("*")) == before
    names = {path.name for path in (tmp_path / "aus").iterdir()}
    assert {"auswertung.pdf", "zeiten.csv", "teilnahme.csv", "auswertung.json"} <= names
    assert (tmp_path / "aus" / "auswertung.pdf").read_bytes().startswith(b"%PDF")
    # nobody sits in Greven, so its „Automat“ is no person
    assert said["bescheinigungen"] == [
        "Berger, SAE Rheine", "Petra Krone, SAE Rheine", "Beob. 1, Beobachtung"
    ]  # fmt: skip
    sheets = pypdf.PdfReader(tmp_path / "aus" / "bescheinigungen.pdf").pages
    assert len(sheets) == 3
    krone = " ".join(sheets[1].extract_text().split())
    for told in ("Petra Krone", "SAE Rheine", "Kellerflut", "24.11.2026", "1 h 00 min",
                 "zuerst X+0:08, zuletzt X+1:00", "1 Tagebucheintrag, 1 Nachricht",
                 "bewertet nichts"):  # fmt: skip
        assert told in krone
    table = (tmp_path / "aus" / "zeiten.csv").read_text("utf-8-sig").splitlines()
    assert table[0] == table[-1] == "ÜBUNG ÜBUNG ÜBUNG"
    assert table[2] == "1;X+0:00;SAE Rheine;2,0;5,0;6,0;8,0;;entschieden"
    figures = (tmp_path / "aus" / "ueberblick.csv").read_text("utf-8-sig").splitlines()
    assert "bis geöffnet (min, Mitte);5" in figures
    assert "bis erledigt (min, Mitte);" in figures  # no value is an empty cell
    people = (tmp_path / "aus" / "teilnahme.csv").read_text("utf-8-sig")
    assert "Kro;SAE Rheine;241538nov26;241630nov26;2" in people
    assert said["zahlen"]["nicht angekommen"] == 1
    assert said["einlagen"][0]["stellen"][0]["sekunden"]["quittiert"] == 360
    assert said["tabellen"]["beobachtungen"][0]["Beobachtung"] == "ruft zurück und warnt vor Strom"
    assert said["tabellen"]["ausfaelle"][0]["Stelle oder Relais"] == KST
    assert said["verglichen_mit"] is None


def test_compared_with_the_last_of_the_same_script(conducted: Path) -> None:
    """That lies beside it; another script's does not count, nor does its own."""
    last = conducted.parent / "voriges" / "auswertung"
    other = conducted.parent / "anderes" / "auswertung"
    for folder, script, lost in ((last, "Kellerflut", 3), (other, "Schnee", 9)):
        folder.mkdir(parents=True)
        place = {"stelle": RHE, "stand": "quittiert", "sekunden": {"quittiert": 900}}
        gone = {"stelle": GRE, "stand": "quittiert", "sekunden": {}}
        injects = [{"nr": "1", "stellen": [place]}, {"nr": "9", "stellen": [gone]}]
        figures = {"zahlen": {"nicht angekommen": lost}, "drehbuch": script, "einlagen": injects}
        content = json.dumps({**figures, "beginn": "010826", "erstellt": 5})
        (folder / "auswertung.json").write_text(content, "utf8")
    shown = run(conducted)
    assert shown.exit_code == 0, shown.output
    assert "Die Übung wurde nicht beendet; der Stand ist X+1:00." in " ".join(shown.output.split())
    row = next(r for r in shown.output.splitlines() if r.startswith("nicht angekommen"))
    assert row.split()[2:] == ["1", "3", "-2"]
    table = (conducted / "auswertung" / "vergleich.csv").read_text("utf-8-sig").splitlines()
    assert table[2:-1] == [
        "1;SAE Rheine;6,0 (15,0);8,0 (–);;entschieden (quittiert)",
        "2;SAE Rheine;;;;selbst bewerten (gab es nicht)",
        "3;Krisenstab Steinfurt;;;;nicht angekommen (gab es nicht)",
        "4;SAE Rheine;;;;nicht gegeben (gab es nicht)",
        "E1;SAE Rheine;;;;nicht gegeben (gab es nicht)",
        "9;SAE Greven;;;;gab es nicht (quittiert)",
    ]
    later = conducted.parent / "spaeter" / "auswertung"
    shutil.copytree(last, later)
    said = json.loads((later / "auswertung.json").read_text("utf8"))
    after = json.dumps({**said, "gehalten": START + 9})  # evaluated sooner, held after this one
    (later / "auswertung.json").write_text(after, "utf8")
    assert json.loads(run(conducted, "--json").output)["verglichen_mit"]["ordner"] == str(last)
    shutil.rmtree(later.parent)
    found = last_before(conducted, "Kellerflut", 2**40)  # its own lies there now
    assert found is not None
    assert Path(found.path) == last
    assert read_before(other).figures["nicht angekommen"] == 9
    with pytest.raises(StoreError, match="zuerst auswerten"):
        read_before(conducted / "1")


def test_by_a_log_alone(conducted: Path, tmp_path: Path) -> None:
    """One staff's folder, as after a real night: messages to somebody; when they came elsewhere is
    known from the answers only."""
    found = evaluate(gather(conducted / "3"))
    assert found.world.script == ""
    assert [each.asked.nr for each in found.lines] == ["GRE-N1", "RHE-N1", "GRE-N2"]
    (cell,) = line(found, "GRE-N1").cells
    assert cell.latest
    assert cell.times[Step.RECEIVED] == cell.times[Step.ACKNOWLEDGED] == BEGIN + 360
    assert [each.behind is None for each in found.pictures] == [True, True, False]
    with pytest.raises(UsageError, match="kein Lagebuch"):
        gather(tmp_path)


def test_a_script_that_each_staff_played_by_the_clock(conducted: Path, tmp_path: Path) -> None:
    """Without a journal an inject's entry is known by what the staff's own part has noted."""
    from lage.exercise.player import PLAYED

    x = Exercise(tmp_path / "gespielt")
    first = x.write(GRE, "message", to=RHE, text="Pumpen gebraucht", receipt_wanted="ja")
    x.stations[GRE].keep(PLAYED, {1: first, 3: "geht nicht"})
    x.at(3)
    share(*x.stations.values())
    for station in x.stations.values():
        station.close()
    found = evaluate(gather(x.folder, x.folder / "drehbuch.yaml"))
    assert found.world.ended is None
    assert line(found, "1").cells[0].times[Step.RECEIVED] == BEGIN + 180
    assert line(found, "3").asked.standing == "abgelehnt: geht nicht"

    short = tmp_path / "kurz.yaml"  # another of the same staffs, of fewer injects than were played
    short.write_text(SCRIPT.partition("  - {nr: 2")[0], "utf8")
    with pytest.raises(UsageError, match="nicht das Drehbuch dieser Übung"):
        gather(x.folder, short)


def test_another_script_than_was_played_is_refused(conducted: Path, tmp_path: Path) -> None:
    """By its text where the direction noted that; else by staffs that nobody has."""
    kept = conducted / "drehbuch.yaml"
    begun = e.Begun("Kellerflut", digest_of(kept), BEGIN, 1, (RHE,), (e.Manning.HERE.value,))
    led, other = tmp_path / "geleitet", tmp_path / "anderes.yaml"
    shutil.copytree(conducted, led)
    (led / "leitung.db").unlink()
    strangers = SCRIPT.replace("SAE", "Amt").replace("Krisenstab", "Haus")
    other.write_text(strangers, "utf8")
    with pytest.raises(UsageError, match="nicht das Drehbuch dieser Übung"):
        gather(led, other)
    assert gather(led, kept).script == "Kellerflut"

    with closing(DirectionJournal(led, create=True)) as journal:
        assert journal.append(0, [(0, *e.kept(begun))])
    other.write_text(SCRIPT + "# anders\n", "utf8")
    assert gather(led, kept).script == "Kellerflut"
    with pytest.raises(UsageError, match="nach dem diese Übung geleitet wurde"):
        gather(led, other)


def test_a_damaged_log_is_named_and_the_others_count(conducted: Path, tmp_path: Path) -> None:
    """An exercise that a laptop did not survive is evaluated all the same, to its very end."""
    folder = tmp_path / "uebung"
    shutil.copytree(conducted, folder)
    (folder / "1" / "lage.db").write_bytes(b"x" * 9000)
    for beside in ("-wal", "-shm"):
        (folder / "1" / f"lage.db{beside}").unlink(missing_ok=True)
    with closing(DirectionJournal(folder)) as journal:
        rows = journal.since(0)
        ended = (rows[0].wall_ms + 75 * 60_000, *e.kept(e.Ended()))
        assert journal.append(rows[-1].seq, [ended])
    found = evaluate(gather(folder))
    assert (found.world.ended, found.world.end - BEGIN) == (True, 75 * 60)
    assert len(found.world.unread) == 1
    assert "nicht mehr lesbar" in found.world.unread[0]
    assert line(found, "3").cells[0].verdict is Verdict.JUDGE  # whether it came, nobody knows now
    assert Step.ACKNOWLEDGED in line(found, "1").cells[0].times


def test_reading_changes_nothing(conducted: Path) -> None:
    """The staffs' logs stay as they are."""
    with closing(Station.open(conducted / "2", read_only=True)) as station:
        count = station.store.situation.operation_count()
    gather(conducted)
    with closing(Station.open(conducted / "2", read_only=True)) as station:
        assert station.store.situation.operation_count() == count
