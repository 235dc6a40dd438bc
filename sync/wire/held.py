# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""HELD (6): these members hold that author's feed up to that entry, said soon after an urgent one.

    byte 0   version 2 (3 bits) | type 6 (3 bits) | flags (1: over relays, else to neighbours;
             2: the entry is urgent)
    bits     author 10 | number - 1, Exp-Golomb 5 | lowest member 10 | highest less lowest 7 |
             a bit for each between
    MAC 4

Eleven to fourteen bytes. It carries neither a sender nor a stamp: a member vouches for it, and that
somebody held something stays true however late it is heard or repeated.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.wire.bits import BitReader, BitsError, BitWriter
from sync.wire.frames import MAC_SIZE, SEALED_VERSION, Held, Seal
from sync.wire.hearsay import MEMBERS_SPAN

HELD = 6
_MESH, _URGENT = 1, 2


def within_span(members: Iterable[int]) -> tuple[int, ...]:
    """As many as one frame can name, from the lowest on; ascending."""
    ordered = sorted(set(members))
    return tuple(member for member in ordered if member < ordered[0] + MEMBERS_SPAN)


def encode_held(held: Held, seal: Seal) -> bytes:
    """A HELD frame; its members are ascending, at least one, within ``MEMBERS_SPAN`` numbers."""
    first, last = held.members[0], held.members[-1]
    bits = BitWriter()
    bits.write(held.author, 10)
    bits.write_golomb(held.number - 1, 5)
    bits.write(first, 10)
    bits.write(last - first, 7)
    for member in range(first + 1, last):
        bits.write(member in held.members, 1)
    flags = _MESH * held.mesh | _URGENT * held.urgent
    head = bytes((SEALED_VERSION << 5 | HELD << 2 | flags,))
    return seal.close(head + bits.getvalue())


def decode_held(payload: bytes, epoch: int) -> Held:
    """What such a frame says. Raises BitsError."""
    bits = BitReader(payload[1:-MAC_SIZE])
    author, number = bits.read(10), bits.read_golomb(5) + 1
    first = bits.read(10)
    last = first + bits.read(7)
    if number > NUMBER_MAX or last > AUTHOR_MAX:
        raise BitsError("number or member out of range")
    between = [member for member in range(first + 1, last) if bits.read(1)]
    bits.finish()
    members = tuple(dict.fromkeys((first, *between, last)))
    mesh, urgent = bool(payload[0] & _MESH), bool(payload[0] & _URGENT)
    return Held(author, number, members, mesh, urgent, epoch)
