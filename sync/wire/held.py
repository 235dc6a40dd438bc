# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""HELD (6): these members hold that author's feed up to that entry, said soon after an urgent one.

    byte 0   version 2 (3 bits) | type 6 (3 bits) | flags (1: over relays, else to neighbours;
             2: the entry is urgent)
    bits     author 10 | number - 1, Exp-Golomb 5 | lowest member 10 | highest less lowest 7 |
             a bit for each between; the same again for up to three more entries
    MAC 4

Of one entry eleven to fourteen bytes. It carries neither a sender nor a stamp: a member vouches for
it, and that somebody held something stays true however late it is heard or repeated. The author
itself is among the members only where it says so: that is its list of whom it knows.
"""

from __future__ import annotations

from dataclasses import replace

from sync.feed.chain import NUMBER_MAX
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.frames import MAC_SIZE, SEALED_VERSION, Held, Seal
from sync.wire.members import read_members, write_members

HELD = 6
_MESH, _URGENT = 1, 2
_LEAST_BITS = 33  # of an entry; what is less fills the last byte
ENTRIES_MAX = 4
"""So many entries one frame may be about."""


def encode_held(held: Held, seal: Seal) -> bytes:
    """A HELD frame; members are ascending, at least one, within ``MEMBERS_SPAN`` numbers, and
    there are at most ``ENTRIES_MAX`` entries."""
    bits = BitWriter()
    for each in (held, *held.more):
        bits.write(each.author, 10)
        bits.write_golomb(each.number - 1, 5)
        write_members(bits, each.members)
    flags = _MESH * held.mesh | _URGENT * held.urgent
    head = bytes((SEALED_VERSION << 5 | HELD << 2 | flags,))
    return seal.close(head + bits.getvalue())


def decode_held(payload: bytes, epoch: int) -> Held:
    """What such a frame says. Raises BitsError."""
    bits = BitReader(payload[1:-MAC_SIZE])
    mesh, urgent = bool(payload[0] & _MESH), bool(payload[0] & _URGENT)
    entries = [Held(*_entry(bits), mesh, urgent, epoch)]
    while bits.left >= _LEAST_BITS and len(entries) < ENTRIES_MAX:
        entries.append(Held(*_entry(bits), mesh, urgent, epoch))
    bits.finish()
    return replace(entries[0], more=tuple(entries[1:]))


def _entry(bits: BitReader) -> tuple[int, int, tuple[int, ...]]:
    author, number = bits.read(10), bits.read_golomb(5) + 1
    if number > NUMBER_MAX:
        raise BitsError("number out of range")
    return author, number, read_members(bits)
