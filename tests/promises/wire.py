# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frames and roster records as bytes, and the sizes that both ends of the air must agree on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync.feed import chain
from sync.feed.chain import Run
from sync.feed.log import ForkProof
from sync.feed.records import (
    Alliance,
    Certificate,
    KeyChange,
    KeySlots,
    Record,
    Reopening,
    Revocation,
    Slot,
    decode_record,
)
from sync.schema import op, values
from sync.wire import frames, packet, summary
from sync.wire.block import encode_nack, encode_part
from sync.wire.census import encode_census
from sync.wire.forks import encode_fork
from sync.wire.frames import (
    Beat,
    Census,
    Fork,
    Group,
    Have,
    Held,
    Hint,
    Missing,
    Nack,
    Part,
    Runs,
    Seal,
    Tag,
    Tags,
    Want,
)
from sync.wire.hearsay import Floor
from sync.wire.heartbeat import Clock, Heartbeat, as_hint, encode_beat
from sync.wire.held import encode_held
from sync.wire.index import encode_parity
from sync.wire.summary import Summary

PATH = Path(__file__).with_name("frames.json")
SEAL = Seal(bytes(range(16)), bytes(range(32)))


def _operation(content: bytes) -> bytes:
    return bytes((len(content),)) + content


_RUN = Run(25, 4711, (_operation(b"abc"), _operation(b"defg")), b"s" * 64)
_FAR = Run(1023, chain.NUMBER_MAX - 40, (_operation(b"x"),), b"t" * 64, b"c" * 16)
_BARE = Run(7, 5, (), b"u" * 64, b"d" * 16)
_PROOF = ForkProof(
    7, 99, b"a" * 16, b"s" * 64, b"b" * 16, b"t" * 64, (_operation(b"abc"),), (_operation(b"de"),)
)

_BEAT = Heartbeat(
    *(85, False, 6.0, False, 40, False, 15.0, Clock.SATELLITES), cable=True, broker=False
)
FRAMES: dict[str, Runs | Part | Nack | Have | Want | Tags | Fork | Beat | Held | Census] = {
    "runs": Runs((_RUN,), original=True),
    "runs, urgent": Runs((_FAR,), urgent=True),
    "runs, bare": Runs((_BARE,)),
    "runs, several": Runs((_RUN, _BARE)),
    "runs, hints": Runs(
        (_RUN,), original=True, hints=(Hint(1023, 8191, urgent=True), Hint(0, 1), Hint(512, 4000))
    ),
    "runs, of a backlog": Runs((_FAR, _BARE), many=True),
    "part of a block": Part(25 << 4 | 3, 2, 11, b"symbol", 4),
    "part of a block, a parity": Part(0x3FFF, 13, 11, b"\0" * 222, 255),
    "parity with a share of an index": Part(
        25 << 4 | 3, 22 + 40, 22, b"symbol", 255, share=b"share of index"
    ),
    "nack": Nack(3, 25 << 4 | 3, 11, 2, 25, 7),
    "nack, of all": Nack(1023, 0x3FFF, 31, 31, 1022, 0xFFFFFF),
    "have": Have(3, Summary(0, (4, 0, 17, 300)), 0x1234, 9),
    "have, urgent and asking": Have(
        900, Summary(20, (1, 2, 3)), 0xFFFF, 0xABCDEF, urgent=True, target=21
    ),
    "have, with a floor": Have(
        2, Summary(0, (30, 7, 1)), 1, 2, floor=Floor((29, 7, 0), (3, 4, 120))
    ),
    "want": Want(3, (Missing(1, 5, 2), Missing(1, 90, 1), Missing(400, 1, 0)), 4),
    "want, of one": Want(1023, (Missing(0, 1, 1),), 0xFFFFFF, target=12),
    "want, of the mesh": Want(3, (Missing(1, 5, 2),), 4, mesh=True),
    "want, for many": Want(3, (Missing(1, 5, 2),), 4, target=12, many=True),
    "want, of a courier": Want(3, (Missing(1, 5, 2),), 4, target=12, mesh=True, many=True),
    "tags": Tags(3, (Tag(1, 7, 0xABCD), Tag(900, 70_000, 1)), 5),
    "fork": Fork(_PROOF),
    "held": Held(25, 4711, (1, 2, 5, 24), mesh=True),
    "held, one, to neighbours": Held(1023, 1, (7,)),
    "census": Census(
        (
            Group(((0, 450), (3, 1), (1023, 70_000)), (*range(2, 90), *range(91, 400), 450)),
            Group(((7, 9),), (1, 4, 5, 9, 10)),
        )
    ),
    "census, of one": Census((Group(((5, 1),), (1023,)),)),
    "beat": Beat(3, _BEAT.pages(), 6),
    "runs, with a page": Runs((_RUN,), original=True, hints=(as_hint(_BEAT.pages()[1]),)),
}
RECORDS: dict[str, Record] = {
    "certificate": Certificate(
        7, bytes(range(32)), bytes(range(32, 64)), "SAE Hörstel", 1, 900_000_000, 5
    ),
    "revocation": Revocation(7, 99, b"a" * 16, 2),
    "reopening": Reopening(7, 12, b"b" * 16),
    "key change": KeyChange(
        2, 28_000_000, bytes(range(32)), (Slot(0, b"r" * 16), Slot(9, b"s" * 16))
    ),
    "key slots": KeySlots(2, (Slot(1023, b"t" * 16),)),
    "alliance": Alliance(100, 40, bytes(range(32)), b"n" * 16, "Kreis Borken", 3, 0x1F4),
}


def sizes() -> dict[str, int]:
    """What both ends have to agree on without saying it."""
    return {
        "wire VERSION": frames.VERSION,
        "FRAME_MAX": frames.FRAME_MAX,
        "sealed VERSION": frames.SEALED_VERSION,
        "MAC_SIZE": frames.MAC_SIZE,
        "HINTS_MAC_BITS": frames.HINTS_MAC_BITS,
        "STAMPS": frames.STAMPS,
        "ENTRIES_MAX": frames.ENTRIES_MAX,
        "HINT_SIZE": frames.HINT_SIZE,
        "HINT_NUMBERS": frames.HINT_NUMBERS,
        "summary AUTHORS_MAX": summary.AUTHORS_MAX,
        "OPERATION_MAX": op.OPERATION_MAX,
        "CHAIN_SIZE": chain.CHAIN_SIZE,
        "SIGNATURE_SIZE": chain.SIGNATURE_SIZE,
        "AUTHOR_MAX": chain.AUTHOR_MAX,
        "NUMBER_MAX": chain.NUMBER_MAX,
        "RUN_OPERATIONS_MAX": chain.RUN_OPERATIONS_MAX,
        "TIME_MAX": values.TIME_MAX,
    }


def promised() -> dict[str, Any]:
    """What the file says: why it changed, sizes, frames and records."""
    empty: dict[str, Any] = {"why": [], "sizes": {}, "frames": {}, "records": {}}
    found: dict[str, Any] = json.loads(PATH.read_text("utf8")) if PATH.exists() else empty
    return found


def broken(known: dict[str, Any]) -> list[str]:
    """What old nodes would no longer understand, or we of theirs."""
    problems = [
        f"{name} is {sizes().get(name)}, nodes that are out there have {size}: they and we would"
        " not hear each other. Raise the version of frames, and go on reading the old one."
        for name, size in known["sizes"].items()
        if sizes().get(name) != size
    ]
    if problems:
        return problems
    for name, data in known["frames"].items():
        frame, coded = FRAMES[name], bytes.fromhex(data)
        problems += _differs(name, frame, coded, encode(frame), lambda d: packet.decode(d, SEAL))
    for name, data in known["records"].items():
        record, coded = RECORDS[name], bytes.fromhex(data)
        problems += _differs(name, record, coded, record.encode(), decode_record)
    return problems


def _differs(
    name: str, meant: object, old: bytes, new: bytes, decode: Callable[[bytes], object]
) -> list[str]:
    if old != new:
        return [f"{name}: nodes that are out there send {old.hex()}, we would send {new.hex()}"]
    found = decode(old)
    return [] if found == meant else [f"{name}: sent as {meant}, read as {found}"]


def missing(known: dict[str, Any]) -> list[str]:
    """What stands in no line yet."""
    return [
        f"{part}: {name}"
        for part, names in (("sizes", sizes()), ("frames", FRAMES), ("records", RECORDS))
        for name in names
        if name not in known[part]
    ]


def encode(frame: Runs | Part | Nack | Have | Want | Tags | Fork | Beat | Held | Census) -> bytes:
    """A frame's bytes."""
    match frame:
        case Runs():
            return packet.encode_news(frame, SEAL)
        case Part():
            return encode_parity(frame, SEAL) if frame.indexed else encode_part(frame, SEAL)
        case Nack():
            return encode_nack(frame, SEAL)
        case Have():
            return packet.encode_have(frame, SEAL)
        case Want():
            return packet.encode_want(frame, SEAL)
        case Tags():
            return packet.encode_tags(frame, SEAL)
        case Beat():
            return encode_beat(frame, SEAL)
        case Held():
            return encode_held(frame, SEAL)
        case Census():
            return encode_census(frame, SEAL)
        case Fork():
            data = encode_fork(frame.proof)
            assert data is not None
            return data


def write() -> list[str]:
    """Add what is new; what is broken instead, if anything is."""
    known = promised()
    problems = broken(known)
    if not problems:
        known["sizes"] = sizes() | known["sizes"]
        new = {name: encode(frame).hex() for name, frame in FRAMES.items()}
        known["frames"] = new | known["frames"]
        new = {name: record.encode().hex() for name, record in RECORDS.items()}
        known["records"] = new | known["records"]
        PATH.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf8")
    return problems
