# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log on a stick: what is packed, what is taken, and what a bad stick can do."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import msgpack
import pytest

from lage.bearers import packing
from lage.bearers.packing import pack
from lage.bearers.sealed_file import MAGIC, fingerprint
from lage.bearers.sticks import offers
from lage.bearers.taking import Taken, take_in
from lage.documents import library
from lage.kinds.model import Draft
from lage.kinds.setting import RESTORED
from lage.language.errors import KeysError, StoreError, UsageError
from lage.station import Station
from lage.store.keys import load_node, network_mark
from lage.store.sealing import seal
from sync.feed import chain as feed
from sync.feed.records import Reason, Revocation
from sync.feed.roster import ROOT
from sync.wire.statement import state
from tests.fixtures import FixedClock, make_county, make_network, picture, replicate
from tests.unit.lage.conftest import Terminal


def fire(station: Station, count: int = 1) -> None:
    """So many incidents of that staff."""
    for number in range(count):
        station.write(
            [Draft("incident", {"type": "Brand", "text": f"Hof {number}", "status": "offen"})]
        )


def carried(source: Station, target: Station, stick: Path) -> Taken:
    """One courier's way with everything."""
    pack(source, stick, everything=True)
    return take_in(target, stick)


def test_a_stick_makes_equal_pictures(county: list[Station], tmp_path: Path) -> None:
    """Entries, islands aside, arrive by stick as they would by radio; twice is once."""
    kst, rhe, _ = county
    fire(kst, 3)
    stick = tmp_path / "a.kurier"
    assert carried(kst, rhe, stick).new == 3
    assert picture(kst.store) == picture(rhe.store)
    again = take_in(rhe, stick)
    assert (again.new, again.torn, again.damaged) == (0, False, False)
    assert again.known > 3  # the list of members, too


def test_who_has_been_visited_is_known(county: list[Station], tmp_path: Path) -> None:
    """A statement marks entries as received at its maker, also at a third staff."""
    kst, rhe, gre = county
    fire(gre)
    carried(gre, rhe, tmp_path / "a.kurier")
    carried(rhe, kst, tmp_path / "b.kurier")
    number = gre.store.log.head(3)
    assert kst.store.local.holders(3, number) == {1, 2, 3} - {1}
    carried(kst, gre, tmp_path / "c.kurier")
    assert gre.store.local.holders(3, number) >= {1, 2, 3}


def test_a_round_trip_carries_the_union(county: list[Station], tmp_path: Path) -> None:
    """One file, packed again at every staff, holds what all of them wrote."""
    stick = tmp_path / "runde.kurier"
    for station in county:
        fire(station)
        pack(station, stick)
    for station in county:
        take_in(station, stick)
    assert picture(county[0].store) == picture(county[1].store) == picture(county[2].store)
    assert len(picture(county[0].store)["incident"]) == 3


def test_only_what_is_lacking(county: list[Station], tmp_path: Path) -> None:
    """For one staff: what it is not known to hold; by default what somebody may lack."""
    kst, rhe, gre = county
    fire(kst, 5)
    carried(kst, rhe, tmp_path / "a.kurier")
    carried(rhe, kst, tmp_path / "b.kurier")  # now kst knows that rhe has them
    for_rhe, _ = pack(kst, tmp_path / "rhe.kurier", 2)
    for_all, _ = pack(kst, tmp_path / "alle.kurier")
    assert for_rhe.operations == 0
    assert for_all.operations >= 5
    assert take_in(gre, tmp_path / "alle.kurier").new == 5


def test_a_staff_that_lost_something_gets_it_again(county: list[Station], tmp_path: Path) -> None:
    """What a restored staff signs to hold counts, not what it held before."""
    kst, rhe, _ = county
    fire(kst, 5)
    carried(kst, rhe, tmp_path / "a.kurier")
    carried(rhe, kst, tmp_path / "b.kurier")
    assert pack(kst, tmp_path / "vorher.kurier", 2)[0].operations == 0
    heads = {**dict.fromkeys(kst.store.log.authors(), 0), 0: kst.store.log.head(0), 1: 2}
    sign, network = load_node(rhe.folder).sign, rhe.network_keys.network_id
    said = state(sign, network, 2, rhe.now() + 100, heads, radio=True)
    kst.store.local.keep_statement(said)
    assert pack(kst, tmp_path / "nachher.kurier", 2)[0].operations == kst.store.log.head(1) - 2


def test_two_pack_onto_one_stick(county: list[Station], tmp_path: Path) -> None:
    """What another is just writing is let alone; what a pulled stick kept is taken away."""
    stick = tmp_path / "a.kurier"
    fresh, old = tmp_path / "a.kurier.1.neu", tmp_path / "a.kurier.2.neu"
    for path, ago in ((fresh, 10), (old, 10_000)):
        path.write_bytes(b"x")
        at = county[0].unix() - ago
        os.utime(path, (at, at))
    fire(county[0])
    pack(county[0], stick, everything=True)
    assert sorted(path.name for path in tmp_path.glob("a.kurier*")) == [stick.name, fresh.name]


def test_two_pack_into_one_file(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was overtaken takes in what the other has added, and packs the union."""
    kst, rhe, gre = county
    stick = tmp_path / "a.kurier"
    fire(kst, 3)
    fire(rhe, 2)
    pack(gre, stick)
    overtaken = iter((True, False))

    def writing(station: Station, *others: Any) -> Any:
        if station is kst and next(overtaken):
            pack(rhe, stick)
        return write(station, *others)

    write = packing._write
    monkeypatch.setattr(packing, "_write", writing)
    pack(kst, stick)
    assert next(overtaken, None) is None
    assert take_in(gre, stick).new == 5
    assert [path.name for path in tmp_path.glob("a.kurier*")] == [stick.name]


def test_who_is_overtaken_for_ever_is_told(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the others is lost, and no half file stays."""
    kst, rhe, _ = county
    stick = tmp_path / "a.kurier"

    def writing(station: Station, *others: Any) -> Any:
        if station is kst:
            fire(rhe)
            pack(rhe, stick)
        return write(station, *others)

    write = packing._write
    monkeypatch.setattr(packing, "_write", writing)
    with pytest.raises(StoreError, match="packen gerade mehrere zugleich"):
        pack(kst, stick)
    taken = take_in(kst, stick)
    assert (taken.new, kst.store.log.head(2)) == (1, packing.TRIES)  # the others were taken before
    assert [path.name for path in tmp_path.glob("a.kurier*")] == [stick.name]


def test_a_mark_that_a_pulled_stick_left_is_taken_away(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while in which nobody took it away himself."""
    monkeypatch.setattr("lage.bearers.replacing.LEFT_S", 0.05)
    (tmp_path / "a.kurier.sperre").mkdir()
    pack(county[0], tmp_path / "a.kurier")
    assert not (tmp_path / "a.kurier.sperre").exists()


def test_a_torn_file_gives_what_is_whole(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off anywhere, it never raises, gives a beginning, and the whole file the rest."""
    monkeypatch.setattr("sync.wire.bundle.FILL", 200)
    kst, rhe, _ = county
    fire(kst, 60)
    stick = tmp_path / "a.kurier"
    pack(kst, stick, everything=True)
    data = stick.read_bytes()
    torn = tmp_path / "torn.kurier"
    seen = []
    for size in range(len(data) // 2, len(data), len(data) // 17):
        torn.write_bytes(data[:size])
        taken = take_in(rhe, torn)
        assert taken.torn
        seen.append(rhe.store.log.head(1))
    assert seen == sorted(seen)
    assert seen[0] < 60
    assert seen[-1] > 0
    assert not take_in(rhe, stick).torn
    assert picture(kst.store) == picture(rhe.store)


def test_a_damaged_part_costs_itself(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows it is read; where that hangs on what is gone, this is said."""
    monkeypatch.setattr("sync.wire.bundle.FILL", 200)
    kst, rhe, gre = county
    fire(kst, 60)
    fire(gre, 3)
    carried(gre, kst, tmp_path / "g.kurier")
    stick = tmp_path / "a.kurier"
    pack(kst, stick, everything=True)
    data = bytearray(stick.read_bytes())
    data[len(data) // 2] ^= 0xFF
    stick.write_bytes(data)
    taken = take_in(rhe, stick)
    assert taken.damaged == 1
    assert not taken.refused
    assert rhe.store.log.head(3) == 3 or rhe.store.log.head(1) == 60
    pack(kst, tmp_path / "neu.kurier", everything=True)
    take_in(rhe, tmp_path / "neu.kurier")
    assert picture(kst.store) == picture(rhe.store)


def _spoiled(how: str, data: bytes) -> bytes:
    match how:
        case "empty":
            return b""
        case "text":
            return b"Das ist ein Brief."
        case "mark":
            return data[:5]
        case "header cut":
            return data[:40]
        case "header of zeros":
            return MAGIC + (50).to_bytes(4, "big") + bytes(50)
        case _:
            return MAGIC + b"\xff\xff\xff\xff" + data[12:]


SPOILED = ("empty", "text", "mark", "header cut", "header of zeros", "header too long")


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_no_courier_file(county: list[Station], tmp_path: Path, how: str) -> None:
    """One sentence, and packing never writes over it."""
    pack(county[0], tmp_path / "a.kurier")
    stick = tmp_path / "b.kurier"
    stick.write_bytes(_spoiled(how, (tmp_path / "a.kurier").read_bytes()))
    before = stick.read_bytes()
    for act in (take_in, pack):
        with pytest.raises(UsageError, match="keine Kurierdatei"):
            act(county[1], stick)
    assert stick.read_bytes() == before


def test_exercise_and_reality_never_mix(
    county: list[Station], tmp_path: Path, clock: FixedClock
) -> None:
    """Nor do counties, even where an author number is in both."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    drill = make_county(tmp_path / "uebung", names, clock=clock, exercise=True)["SAE Rheine"]
    other = make_county(tmp_path / "borken", names, clock=clock, county="Kreis Borken")
    for name, strange, said in (
        ("u", drill, "nie gemischt"),
        ("o", other["SAE Rheine"], "anderen Netz"),
    ):
        fire(strange)
        pack(strange, tmp_path / name)
        before = picture(county[1].store)
        with pytest.raises(UsageError, match=said):
            take_in(county[1], tmp_path / name)
        assert picture(county[1].store) == before


def test_a_stranger_reads_nothing(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a slot and the network key the content stays shut, and no text shows through."""
    kst, rhe, _ = county
    kst.write([Draft("message", {"text": "Streng vertraulich", "priority": "einfach"})])
    stick = tmp_path / "a.kurier"
    pack(kst, stick)
    assert b"vertraulich" not in stick.read_bytes()
    monkeypatch.setattr("lage.bearers.courier_file.network_keys", lambda _: {0: bytes(32)})
    monkeypatch.setattr("lage.bearers.sealed_file.open_sealed", _refuse)
    with pytest.raises(KeysError, match="nicht lesbar"):
        take_in(rhe, stick)


def _refuse(sealed: bytes, key: object) -> bytes:
    raise ValueError("not ours")


def test_more_of_our_own_feed_than_we_have(county: list[Station], tmp_path: Path) -> None:
    """A log that was restored learns it from a stick: it takes it in and is never written on."""
    kst, rhe, _ = county
    fire(rhe, 2)
    carried(rhe, kst, tmp_path / "a.kurier")
    twin = make_county(tmp_path / "alt", ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"])
    old = twin["SAE Rheine"]
    replicate(kst.store.log, old.store.log, authors=[0])
    pack(kst, tmp_path / "b.kurier", everything=True)
    take_in(old, tmp_path / "b.kurier")
    assert old.setting(RESTORED)
    assert old.store.log.head(2) == 2
    with pytest.raises(KeysError, match="Nachfolger"):
        fire(old)


def test_two_branches_are_both_kept(county: list[Station], tmp_path: Path) -> None:
    """A copied folder wrote: the stick shows the fork, nothing beyond it counts."""
    kst, rhe, gre = county
    fire(gre)
    twin = make_county(tmp_path / "alt", ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"])
    copy = twin["SAE Greven"]
    copy.write([Draft("journal", {"text": "anders"})])
    carried(gre, kst, tmp_path / "a.kurier")
    taken = carried(copy, kst, tmp_path / "b.kurier")
    assert taken.forks == {"SAE Greven"}
    assert kst.store.log.valid_to(3) == 0
    assert carried(kst, rhe, tmp_path / "c.kurier").forks == {"SAE Greven"}
    assert rhe.store.log.forks()


def test_a_stick_keeps_what_only_others_can_take(county: list[Station], tmp_path: Path) -> None:
    """Packed again where something before it is missing: entries and documents stay on it."""
    kst, rhe, gre = county
    fire(kst, 3)
    carried(kst, gre, tmp_path / "a.kurier")
    carried(gre, kst, tmp_path / "b.kurier")  # now kst knows what gre has
    fire(kst, 3)
    plan = tmp_path / "plan.txt"
    plan.write_text("Deichwacht " * 30_000, encoding="utf8")
    library.file_away(kst, plan)
    stick = tmp_path / "runde.kurier"
    pack(kst, stick, 3, documents=True)
    _, seen = pack(rhe, stick)
    assert seen is not None
    assert seen.gaps == {"Krisenstab Steinfurt"}
    taken = take_in(gre, stick)
    assert (taken.new, taken.documents, taken.torn) == (4, ["plan.txt"], False)
    assert picture(kst.store) == picture(gre.store)


def test_a_full_stick_keeps_the_file_that_was_there(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a new one would only take its room."""
    kst, rhe, _ = county
    stick = tmp_path / "stick" / "a.kurier"
    stick.parent.mkdir()
    pack(kst, stick)
    monkeypatch.setattr("lage.bearers.packing.os.fsync", _full)
    with pytest.raises(StoreError, match="kein Platz"):
        pack(kst, stick)
    assert list(stick.parent.iterdir()) == [stick]
    assert not take_in(rhe, stick).torn


def _full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize(
    "place_and_value",
    [(4, 2**63), (4, -1), (3, 2**40), (3, -1)],
    ids=["made never", "made before", "a huge number", "a negative one"],
)
def test_headers_that_no_lage_wrote(
    county: list[Station], tmp_path: Path, place_and_value: tuple[int, int]
) -> None:
    """Numbers that are none are told as a damaged beginning; on a stick they do no harm."""
    place, value = place_and_value
    stick = tmp_path / "a.kurier"
    pack(county[0], stick)
    data = stick.read_bytes()
    size = int.from_bytes(data[8:12], "big")
    fields = msgpack.unpackb(data[12 : 12 + size])
    fields[place] = value
    header = msgpack.packb(fields)
    stick.write_bytes(MAGIC + len(header).to_bytes(4, "big") + header)
    with pytest.raises(UsageError, match="beschädigt"):
        take_in(county[1], stick)
    assert offers(county[1], [tmp_path]) == []


def test_a_key_of_the_wrong_length_opens_nothing(county: list[Station], tmp_path: Path) -> None:
    """And the name of a strange county is shown without what would steer a terminal."""
    rhe = county[1]
    for name, content, error, said in (
        ("kurz", {"slot": b"short"}, KeysError, "nicht lesbar"),
        ("fremd", {"mark": bytes(8), "name": "\x1b[2J" * 99}, UsageError, "anderen Netz"),
    ):
        path = tmp_path / name
        path.write_bytes(_header(rhe, **content))
        with pytest.raises(error, match=said) as caught:
            take_in(rhe, path)
        assert "\x1b" not in str(caught.value)
        assert len(str(caught.value)) < 500


def _header(station: Station, *, mark: bytes = b"", name: str = "K", slot: bytes = b"") -> bytes:
    public = load_node(station.folder).seal.public_key().public_bytes_raw()
    mark = mark or network_mark(station.network_keys.network_id)
    slots = {fingerprint(public): seal(slot, public)}
    header = msgpack.packb([mark, False, name, 1, 5, slots, b""])
    return bytes(MAGIC + len(header).to_bytes(4, "big") + header)


def test_a_clock_set_right_is_believed(tmp_path: Path, clock: FixedClock) -> None:
    """What a staff says it holds counts, also after years that its clock was ahead."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    kst, rhe = make_county(tmp_path, names, clock=clock).values()
    clock.advance(10 * 365 * 86_400)
    pack(rhe, tmp_path / "a.kurier")
    take_in(kst, tmp_path / "a.kurier")
    clock.advance(-10 * 365 * 86_400)
    before = kst.store.local.statement(2)
    pack(rhe, tmp_path / "b.kurier")
    take_in(kst, tmp_path / "b.kurier")
    assert kst.store.local.statement(2) != before


def test_the_revoked_cannot_read_on(
    county: list[Station], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they may still have the network's key, it opens nothing."""
    kst, rhe, gre = county
    stick = tmp_path / "a.kurier"
    _, root = make_network("Kreis Steinfurt")
    network = kst.network_keys
    origin = feed.root_origin(network.network_id, network.root_public)
    revocation = Revocation(2, 0, bytes(16), Reason.LOST).encode()
    feed.append(kst.store.log, root, network.network_id, ROOT, origin, [revocation])
    pack(kst, stick)
    with pytest.raises(KeysError, match="nicht lesbar"):
        take_in(rhe, stick)
    assert take_in(gre, stick).new == 1


def test_documents_travel_on_request(county: list[Station], tmp_path: Path) -> None:
    """Name and content arrive; without the wish only the name does."""
    kst, rhe, gre = county
    plan = tmp_path / "plan.txt"
    plan.write_text("Deichwacht " * 30_000, encoding="utf8")
    library.file_away(kst, plan)
    pack(kst, tmp_path / "ohne.kurier")
    assert take_in(rhe, tmp_path / "ohne.kurier").documents == []
    pack(kst, tmp_path / "mit.kurier", documents=True)
    assert take_in(gre, tmp_path / "mit.kurier").documents == ["plan.txt"]
    pack(gre, tmp_path / "mit.kurier")  # packed again without the wish: it stays in
    assert take_in(rhe, tmp_path / "mit.kurier").documents == ["plan.txt"]
    assert library.search(rhe, "Deichwacht")[0].here


def test_commands(terminals: list[Terminal], county: list[Station], tmp_path: Path) -> None:
    """Packing and reading as people do it, and what goes wrong in a sentence."""
    kst, rhe, _ = terminals
    fire(county[0], 2)
    stick = str(tmp_path / "stick.kurier")
    assert "2 Mitglieder" not in kst("kurier", "packen", stick, "--fuer", "Rheine")
    said = rhe("kurier", "einlesen", stick)
    assert "2 Einträge neu" in said
    assert "Krisenstab Steinfurt: 2" in said
    (told,) = rhe.json("kurier", "einlesen", stick)
    assert told["vollstaendig"]
    assert told["neu"] == 0
    assert kst.json("kurier", "packen", stick)["leser"] == 3
    assert "gibt es nicht" in str(rhe.refusal("kurier", "einlesen", str(tmp_path / "x")))
    both = kst.refusal("kurier", "packen", stick, "--fuer", "Rheine", "--alles")
    assert both.exit_code == 2
