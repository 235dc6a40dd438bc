# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears whom by which way: what passes anyway is gathered, and no more is claimed."""

from __future__ import annotations

from pathlib import Path

from meshtastic.protobuf import mesh_pb2, portnums_pb2

from lage.language.epoch import EPOCH_UNIX_S
from lage.node.hearing import Hearing
from lage.station import Station
from lage.store.hearing import FRESH_S, HEARING, Heard, Source
from lage.store.lives import Way
from lage.store.radios import RADIOS
from lage.views.hearing import ONLY_HERE, hearing_lines, pairs
from mesh.nodes import NEIGHBOURS_MAX, MeshNode
from mesh.radio.telling import told
from tests.fixtures import make_county
from tests.unit.lage.conftest import Terminal
from tui.screens.network import network_lines
from tui.terminal import Glyphs

NOW = EPOCH_UNIX_S + 1_000_000


class Notebook:
    """In place of the reporter: keeps what it is told to."""

    def __init__(self, station: Station) -> None:
        self.keep = lambda setting, value: station.keep(setting, value) or True


def test_every_source_is_gathered_and_kept(tmp_path: Path) -> None:
    """Own ear, named neighbours, cables; nobody hears himself; a restart knows it still."""
    station = make_county(tmp_path, ["Krisenstab", "SAE Rheine", "SAE Greven"])["Krisenstab"]
    hearing = Hearing(station, 1)
    hearing.here(2, Way.RADIO, 6.0)
    hearing.told(2, 3)
    hearing.told(3, 3)
    hearing.linked({3: (1, 2)})
    hearing.turn(Notebook(station))  # type: ignore[arg-type]
    kept = {(e.hearer, e.heard, e.way, e.source): e.snr_db for e in station.setting(HEARING)}
    assert kept == {
        (1, 2, Way.RADIO, Source.HERE): 6.0,
        (2, 3, Way.RADIO, Source.TOLD): None,
        (1, 3, Way.CABLE, Source.HERE): None,
        (3, 1, Way.CABLE, Source.LINKED): None,
        (3, 2, Way.CABLE, Source.LINKED): None,
    }
    assert len(Hearing(station, 1)._found) == 5
    shown = station.network().hearing
    lines = network_lines(station.network(), (), station.now(), 80, Glyphs.PLAIN)
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert "Wer hört wen" in text
    assert "SAE Greven hört Krisenstab (Kabel" in text
    assert [(pair.hearer, pair.heard, pair.way) for pair in shown if pair.here] == [
        ("Krisenstab", "SAE Greven", "Kabel"),
        ("Krisenstab", "SAE Rheine", "Funk"),
    ]


def test_what_is_kept_otherwise_is_not_known(tmp_path: Path) -> None:
    """A later version may have more ways and sources."""
    station = make_county(tmp_path, ["Krisenstab"])["Krisenstab"]
    rows = [[1, 2, "rauch", 5, "hier", None], [1, 2, "funk", 5, "hier", 3]]
    assert HEARING.read(rows) == (Heard(1, 2, Way.RADIO, 5, Source.HERE, 3.0),)
    station.store.connection.execute("INSERT INTO setting VALUES (?, ?)", (HEARING.key, "[[1]]"))
    assert station.setting(HEARING) == ()


def test_the_newest_with_a_signal_is_shown_and_nothing_stale() -> None:
    """And beside it stands that it is not all."""
    known = [
        Heard(1, 2, Way.RADIO, NOW - 600, Source.HERE, 5.0),
        Heard(1, 2, Way.RADIO, NOW - 60, Source.TOLD),
        Heard(2, 1, Way.CABLE, NOW - 60, Source.LINKED),
        Heard(3, 1, Way.RADIO, NOW - FRESH_S, Source.TOLD),
        Heard(3, 1, Way.RADIO, NOW + 86_400, Source.TOLD),
    ]
    found = pairs(known, (), lambda number: f"S{number}", 1, NOW)
    assert hearing_lines(found, 1_000_000) == [
        "S1 hört S2 (Funk, 5 dB, vor 10 min)",
        "S2 hört S1 (Kabel, vor 1 min, von dort gesagt)",
        ONLY_HERE,
    ]
    assert hearing_lines((), 0) == []


def test_a_radios_list_of_neighbours() -> None:
    """Radios with a staff go by its name, others by their own; unknown ones are left out."""
    radios = [
        MeshNode(0x10, NOW - 60, member=2, hears={0x20: 7.5, 0x99: 1.0}),
        MeshNode(0x20, NOW - 60, name="Schafberg", hears={0x10: -3.0}),
    ]
    found = pairs((), radios, lambda number: f"S{number}", 1, NOW)
    assert [(p.hearer, p.heard, p.snr_db) for p in found] == [
        ("S2", "Schafberg", 7.5),
        ("Schafberg", "S2", -3.0),
    ]
    assert RADIOS.read(RADIOS.kept(tuple(radios))) == tuple(radios)


def test_neighbour_info_is_read_totally() -> None:
    """Only a radio's own list, bounded, without nonsense."""

    def packet(node: int, *ids: int, snr: float = 2.0) -> mesh_pb2.MeshPacket:
        info = mesh_pb2.NeighborInfo(node_id=node)
        for each in ids:
            info.neighbors.add(node_id=each, snr=snr)
        found = mesh_pb2.MeshPacket()
        setattr(found, "from", 7)
        found.decoded.portnum = portnums_pb2.PortNum.NEIGHBORINFO_APP
        found.decoded.payload = info.SerializeToString()
        return found

    heard = told(packet(7, 0, 7, 8, 9))
    assert heard is not None
    assert heard.hears == {8: 2.0, 9: 2.0}
    assert told(packet(6, 8)) is None
    much = told(packet(7, *range(100, 200)))
    assert much is not None
    assert len(much.hears or ()) == NEIGHBOURS_MAX
    odd = told(packet(7, 8, snr=float("nan")))
    assert odd is not None
    assert odd.hears == {}


def test_json_says_what_it_is_worth(lage: Terminal) -> None:
    """Beside the pairs."""
    found = lage.json("netz", "zeigen")["wer_hoert_wen"]
    assert found == {"hinweis": ONLY_HERE, "paare": []}
