# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""No operation stops or blinds anybody: what cannot be shown is kept, told, and costs itself."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgpack
import pytest

from lage.archive.audit import check
from lage.cli import cli
from lage.cli.common import main_guard
from lage.kinds.model import Draft, Query, Unshown
from lage.kinds.projection import Row, row_of
from lage.kinds.setting import PROJECTION
from lage.language.fence import Fault, Fence, Place
from lage.node.loop import Loop
from lage.station import Station
from lage.store import Store
from lage.views.alarms import current_alarms
from lage.views.faults import fault_alarms
from lage.views.lists import LISTS
from mesh.link import LinkEvent, Packet, RadioState, Received
from sync.codec import compact
from sync.codec.packed import VERSION as PLAIN
from sync.feed import chain as feed
from sync.replica.engine import Engine
from sync.replica.events import HeardFrame
from sync.schema.causal import Step
from sync.schema.definition import EntityId, Kind
from sync.schema.op import Operation, wrap
from sync.wire.packet import encode_runs
from tests.fixtures import make_county, picture, replicate, seed, share
from tests.fuzz.situation import ask, sign
from tests.unit.lage.conftest import Terminal

POISON = "Gift"


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fold that fails for entries that hold a certain word, as an error of the program might."""

    def fold(
        kind: Kind,
        entity: int,
        steps: Sequence[Step],
        seqs: Sequence[int],
        follows: Mapping[int, int],
    ) -> Row | None:
        if any(POISON in str(step.changes) for step in steps):
            raise KeyError("outline")
        return row_of(kind, entity, steps, seqs, follows)

    monkeypatch.setattr("lage.store.projector.row_of", fold)


def heard(station: Station, author: int, data: bytes) -> Engine:
    """That member's next operation comes by radio, with its true signature."""
    network = station.network_keys
    names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
    key = feed.Ed25519PrivateKey.from_private_bytes(
        seed("Kreis Steinfurt", names[author - 1], "sign")
    )
    log, first = station.store.log, station.store.log.head(author) + 1
    before = log.chain(author, first - 1) or station.roster.members[author].origin
    made = feed.make_run(key, network.network_id, author, first, before, [data])
    engine = Engine(
        log,
        network_id=network.network_id,
        network_key=network.network_key,
        root_public=network.root_public,
        author=network.author,
        rng=random.Random(1),
        now=0,
    )
    run = feed.Run(author, first, made.operations, made.signature)
    engine.receive(HeardFrame(encode_runs([run], original=True), 5.0, 0), 1000)
    engine.advance(2000)
    return engine


# --- what was seen --------------------------------------------------------------------------------

JOURNAL_AT = 28_340_000
SEEN = {
    "time 2**64 - 1": [1, 2**64 - 1, None, {0: "x" * 70}],
    "time 2**62": [1, 2**62, None, {0: "Pegel"}],
    "a map under an unknown field": [1, 9, None, {0: "x", 40: {1: 2}}],
    "written in an old form today": [1, JOURNAL_AT, None, {0: "Pegel"}],
}


def test_what_ended_every_node_is_kept_and_told(station: Station, lage: Terminal) -> None:
    """Each is stored and goes on, counted and named; every list, report and map answers."""
    coded = [wrap(PLAIN, 0, msgpack.packb(content)) for content in SEEN.values()]
    for number, data in enumerate(coded, 1):
        assert heard(station, 3, data).head(3) == number

    assert station.store.log.operations(3, 1, 9) == coded
    assert station.store.situation.unshown_counts() == {3: 4}
    assert ask(station, random.Random(1)) > 100
    status = " ".join(lage("status").split())
    assert "Davon nicht darstellbar: 4" in status
    assert "SAE Greven: 4 Einträge sind nicht darstellbar" in status
    lines = lage.json("kreis", "ungueltig")
    assert [(line["stelle"], line["eintrag"]) for line in lines] == [
        ("SAE Greven", number) for number in (1, 2, 3, 4)
    ]
    assert {line["grund"] for line in lines} == {"nicht darstellbar"}
    shown = " ".join(lage("pruefen").split())
    assert "SAE Greven, Eintrag 1: nicht darstellbar" in shown
    assert "4 Einträge sind nicht darstellbar." in shown
    assert "Alles in Ordnung" not in shown


def test_what_an_earlier_version_took_for_true_is_healed(station: Station, lage: Terminal) -> None:
    """A time of 2^62 that lies in the tables since before there was a range is read anew."""
    station.write([Draft("journal", {"text": "heil"})])
    sign(station, 3, wrap(PLAIN, 0, msgpack.packb(SEEN["time 2**62"])))
    station.store.connection.execute(
        "UPDATE operation SET time = ?, kind = 1, entity = ?, body = ? WHERE author = 3",
        (2**62, 3 << 32 | 1, msgpack.packb({0: "Pegel"})),
    )
    station.store.local.keep(PROJECTION, "of an earlier version")
    station.close()

    again = Station.open(station.folder)
    assert again.store.situation.unshown_counts() == {3: 1}
    assert [r.values["text"] for r in again.reader.select(Query("journal"))] == ["heil"]
    assert "heil" in lage("tagebuch", "liste")
    again.close()


# --- errors of the program ------------------------------------------------------------------------


@pytest.mark.usefixtures("poison")
def test_one_operation_is_put_aside_and_the_entry_stays(county: list[Station]) -> None:
    """The change that cannot be folded is missing; the entry and what others changed are there."""
    krisenstab, rheine, greven = county
    (entity,) = rheine.write(
        [Draft("incident", {"type": "Brand", "status": "offen", "affected": 5})]
    )
    share(*county)
    greven.write([Draft("incident", {"text": POISON}, entity)])
    krisenstab.write([Draft("incident", {"status": "in Arbeit"}, entity)])
    share(*county)

    for each in county:
        record = each.reader.get(entity)
        assert record is not None
        assert record.values["status"] == "in Arbeit"
        assert record.nr == 1
        assert "text" not in record.values
        assert [step.id.author for step in each.reader.history(entity)] == [2, 1]
        (aside,) = each.store.situation.unshown()
        assert (aside.author, aside.number, aside.why) == (3, 1, Unshown.FAILED)
        assert "KeyError: 'outline'" in aside.reason
        assert check(each).sound
        assert any("SAE Greven" in alarm.text for alarm in current_alarms(each.context()))
    assert picture(krisenstab.store) == picture(rheine.store) == picture(greven.store)


@pytest.mark.usefixtures("poison")
def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    """Many good and bad changes of one entry: the same ones are put aside everywhere."""
    stations = list(make_county(tmp_path, ["Eins", "Zwei", "Drei", "Vier"]).values())
    (entity,) = stations[0].write([Draft("incident", {"type": "Brand", "status": "offen"})])
    share(*stations)
    for at, each in enumerate(stations[:3]):
        for step in range(4):
            text = f"{POISON} {step}" if (at + step) % 3 == 0 else f"gut {at} {step}"
            each.write([Draft("incident", {"text": text, "affected": step}, entity)])
    for author in (3, 1, 2):
        replicate(stations[author - 1].store.log, stations[3].store.log, authors=[author])
    share(*stations[:3])

    found = [[(a.author, a.number) for a in s.store.situation.unshown()] for s in stations]
    assert len(found[0]) == 4
    assert found == [found[0]] * 4
    assert all(picture(s.store) == picture(stations[0].store) for s in stations)
    stations[3].store.rebuild()
    assert [(a.author, a.number) for a in stations[3].store.situation.unshown()] == found[0]
    for each in stations:
        each.close()


def test_a_poison_from_before_a_restart_does_it_no_more(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays aside over restarts, and a program that can fold it shows it."""
    with monkeypatch.context() as patched:
        patched.setattr("lage.store.projector.row_of", lambda *_: 1 // 0)
        (entity,) = station.write([Draft("journal", {"text": POISON})])
        assert station.reader.get(entity) is None
        for _ in range(2):
            same = Store.open(station.folder / "lage.db")
            assert same.situation.unshown_counts() == {2: 1}
            same.close()
    same = Store.open(station.folder / "lage.db")
    assert same.situation.unshown_counts() == {2: 1}
    same.close()
    monkeypatch.setattr("lage.__version__", "99.0")
    later = Store.open(station.folder / "lage.db")
    assert later.situation.unshown_counts() == {}
    assert later.situation.get(entity) is not None
    later.close()


def test_bytes_that_the_program_stumbles_over(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while reading costs that operation, and the engine goes on."""
    good = compact.encode(Operation(JOURNAL_AT, "journal", {"text": "gut"}), station_schema(), 3, 2)
    with monkeypatch.context() as patched:
        patched.setattr("lage.kinds.allied.codec.read", lambda *_: [][0])
        heard(station, 3, compact.encode(
            Operation(JOURNAL_AT, "journal", {"text": "x"}), station_schema(), 3, 1
        ))  # fmt: skip
    heard(station, 3, good)

    (aside,) = station.store.situation.unshown()
    assert (aside.number, aside.why) == (1, Unshown.FAILED)
    assert [r.id for r in station.reader.select(Query("journal"))] == [EntityId(3, 2)]


def test_what_fails_outside_the_fences_fails_once(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that is taken back has no part in the next one."""
    incident = Draft("incident", {"type": "Brand", "status": "offen"})
    with monkeypatch.context() as patched:
        patched.setattr("lage.store.projector.set_behind", lambda *_: [][0])
        with pytest.raises(IndexError):
            station.write([incident])
        station.write([Draft("journal", {"text": "x"})])
    station.write([incident])

    assert station.reader.count(Query("journal")) == 1
    assert [r.nr for r in station.reader.select(Query("incident"))] == [1]
    assert check(station).sound


def station_schema() -> Any:
    """The schema, as codecs take it."""
    from lage.kinds.schema import SCHEMA

    return SCHEMA


def test_a_cell_that_fails_costs_itself(station: Station) -> None:
    """A list stays a list."""
    (entity,) = station.write([Draft("journal", {"text": "x"})])
    record = station.reader.get(entity)
    assert record is not None
    (column, *_) = LISTS["journal"].columns
    failing = type(column)("Nr.", 4, lambda *_: {}["outline"])

    assert failing.shown(record, station.context()) == "nicht darstellbar (Vermerk 1)"
    assert column.shown(record, station.context()) == "RHE-T1"


# --- the node -------------------------------------------------------------------------------------


class OneFrame:
    """A radio that has heard something."""

    def __init__(self, *events: LinkEvent) -> None:
        self._events = [RadioState(connected=True, address="x"), *events]
        self.sent: list[Packet] = []

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def send(self, packet: Packet) -> None:
        """Take it."""
        self.sent.append(packet)

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ("sync.replica.engine.Engine.receive", Place.HEARD),
        ("sync.replica.engine.Engine.advance", Place.ENGINE),
        ("lage.node.loop.Loop._look_at_log", Place.LOG),
        ("lage.node.loop.tend", Place.TENDING),
        ("lage.node.loop.Loop._tend_keys", Place.KEYS),
        ("mesh.send.outbox.Outbox.advance", Place.SENDING),
    ],
)
def test_no_part_of_the_node_ends_it(
    what: str, place: Place, station: Station, monkeypatch: pytest.MonkeyPatch, lage: Terminal
) -> None:
    """Each engine step and task is fenced: the turn goes on, the error is an alarm."""
    loop = Loop(station, OneFrame(Received(b"x", 7, 1, 1.0, -90, 0, 3)), random.Random(1))
    with monkeypatch.context() as patched:
        patched.setattr(what, lambda *_: [][0])
        assert 0.5 <= loop.turn() <= 1.0
    loop.turn()
    loop.close()

    (fault,) = station.reader.faults()
    assert (fault.place, fault.times) == (place, 1)
    assert "IndexError" in fault.reason
    (alarm,) = fault_alarms(station.context())
    assert place.value in alarm.text
    assert "Vermerk 1," in alarm.text
    assert "läuft weiter" in " ".join(lage("status").split())


def test_a_command_that_fails_says_so_in_one_sentence(
    station: Station, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the number under which the whole story stands in ``fehler.log``."""
    monkeypatch.setattr("lage.station.current_alarms", lambda *_: [][0])
    arguments = ["--daten", str(station.folder), "status"]

    assert main_guard(lambda: cli.main(arguments, standalone_mode=False)) == 1
    shown = capsys.readouterr().err
    assert "Fehler im Programm bei einem Befehl; bitte melden: Vermerk 1, IndexError" in shown
    assert "Traceback" not in shown
    assert "list index out of range" in (station.folder / "fehler.log").read_text("utf8")


def test_what_a_fence_lets_through() -> None:
    """Errors named for somebody further out, and the end of the program."""
    told: list[Fault] = []
    with pytest.raises(OSError, match="voll"), Fence(Place.FOLD, told.append, passes=(OSError,)):
        raise OSError("voll")
    with pytest.raises(KeyboardInterrupt), Fence(Place.FOLD, told.append):
        raise KeyboardInterrupt
    assert told == []
    with Fence(Place.FOLD, told.append):
        raise ValueError("so\nnicht")
    assert told[0].reason.startswith("ValueError: so nicht (test_fence.py:")
