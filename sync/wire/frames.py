# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What frames say: operations on their way, and the control frames between engines.

Plain frozen values and the key for control frames; ``sync.wire.packet`` turns them into bytes and
back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sync.feed.chain import AUTHOR_MAX, CHAIN_SIZE, SIGNATURE_SIZE, Run
from sync.feed.log import ForkProof
from sync.feed.records import Choice
from sync.feed.why import Why
from sync.schema.op import OPERATION_MAX
from sync.wire.hearsay import Floor
from sync.wire.summary import Summary

FRAME_MAX = 231
"""Largest frame in bytes: the payload limit of a Meshtastic packet on a private port."""

VERSION = 1
"""Of frames that prove themselves: runs and forks."""

SEALED_VERSION = 2
"""Of frames with a MAC: control frames, and runs with hints."""

MAC_SIZE = 4
"""On a channel of twenty frames a minute 2**32 tries take 400 years."""

HINTS_MAC_BITS = 14
"""A hit takes hours of trying and buys two questions."""

STAMP_SIZE = 3
STAMPS = 2**24
"""Stamps are steps of 16 s modulo this: eight years."""

ENTRIES_MAX = 64
"""Most ranges in a WANT and tags in a TAGS frame."""

HINTS_MAX = 3
"""Most hints in a frame."""

HINTS_HEAD = 2
"""Bytes before the hints: how many, and the MAC that vouches for them."""

HINT_SIZE = 3
HINT_NUMBERS = 2**13
"""A hint carries a number modulo this."""

assert HINTS_MAX < 1 << 2, "a run with one operation begins with a byte of 4 or more"
assert AUTHOR_MAX.bit_length() + HINT_NUMBERS.bit_length() == 8 * HINT_SIZE, (
    "author, urgent, number"
)
assert FRAME_MAX >= 1 + 6 + CHAIN_SIZE + OPERATION_MAX + SIGNATURE_SIZE, "no room for a long entry"


class PacketError(ValueError):
    """Bytes that are no frame."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownFrame(PacketError):
    """A frame of a newer version or type."""


@dataclass(frozen=True, slots=True)
class Hint:
    """The last operation of another author that the sender heard."""

    author: int
    number: int  # on the air its 13 low bits
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Runs:
    """Operations."""

    runs: tuple[Run, ...]
    original: bool = False  # sent by their author, not a repair
    urgent: bool = False
    hints: tuple[Hint, ...] = ()  # a MAC vouches for them
    many: bool = False  # of a backlog, sent to all who lack it; no hints then, but a MAC
    epoch: int = 0  # of the key that they were sealed with; not transmitted


@dataclass(frozen=True, slots=True)
class Part:
    """One frame of a block of runs (``sync.wire.block``)."""

    block: int
    number: int  # of the symbol; ``count`` and above: a parity
    count: int  # of symbols, from 1 on
    symbol: bytes
    start: int  # where in it the first run begins; 255: none does
    epoch: int = 0
    share: bytes = b""  # of the index, in a block of which everybody knows a part

    @property
    def indexed(self) -> bool:
        """Whether it is a parity of such a block."""
        return bool(self.share)


class Piece(NamedTuple):
    """A run, as an index knows it."""

    author: int
    first: int
    operations: int  # from 1 on
    size: int  # bytes, from 1 on

    @property
    def last(self) -> int:
        """Number of its last operation."""
        return self.first + self.operations - 1


@dataclass(frozen=True, slots=True)
class Index:
    """How the runs of a block lie, so that each fills in what it holds (``sync.wire.index``)."""

    parities: int  # that are sent
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Asks for so many more parts of a block, whichever."""

    sender: int
    block: int
    count: int  # of its symbols
    missing: int  # from 1 on
    target: int  # who is to answer
    stamp: int = 0
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Have:
    """What the sender holds."""

    sender: int
    summary: Summary
    digest: int = 0  # 16 bits over the chain values at these heads, salted with sender and stamp
    stamp: int = 0  # the network's time, see ``sync.replica.compare.stamps``
    urgent: bool = False  # something urgent is new
    target: int = 0  # the node that is to answer if the sender lacks something; 0: whoever can
    floor: Floor | None = None  # what others are known to hold
    epoch: int = 0  # of the key it was sealed with; not transmitted


@dataclass(frozen=True, slots=True)
class Missing:
    """A range that the sender lacks."""

    author: int
    first: int
    count: int  # 0: everything from ``first`` on

    @property
    def last(self) -> int:
        """Number of its last operation, if it is not everything."""
        return self.first + self.count - 1


@dataclass(frozen=True, slots=True)
class Want:
    """What the sender asks for."""

    sender: int
    ranges: tuple[Missing, ...]  # sorted by author and first number
    stamp: int = 0
    target: int = 0  # the node that is to answer; 0: whoever can
    mesh: bool = False  # it was sent to the whole mesh, and so shall be the answer
    many: bool = False  # for all who lack it, over a relay, and so shall be the answer
    epoch: int = 0

    @property
    def courier(self) -> bool:
        """Whether the answer shall go to the sender alone, who brings it to all that lack it,
        together with what the other side lacks: to the mesh *and* for many."""
        return self.mesh and self.many


@dataclass(frozen=True, slots=True)
class Tag:
    """Sixteen bits of a chain value: enough to see that two nodes hold different branches."""

    author: int
    number: int
    tag: int


@dataclass(frozen=True, slots=True)
class Tags:
    """Asks for evidence where the receiver's chain differs."""

    sender: int
    tags: tuple[Tag, ...]
    stamp: int = 0
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Fork:
    """Proof that an author signed two feeds."""

    proof: ForkProof


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which branch of a feed 0 counts, as its root signed it."""

    author: int  # the number of that feed 0: 0, or the first of an allied county's block
    choice: Choice


@dataclass(frozen=True, slots=True)
class Beat:
    """How its sender is, while it sends nothing else."""

    sender: int
    pages: tuple[int, ...]  # both of ``sync.wire.heartbeat``
    stamp: int = 0
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """These members hold that author's feed up to that number."""

    author: int
    number: int  # from 1 on
    members: tuple[int, ...]  # ascending, at least one, within 128 numbers
    mesh: bool = False  # told over relays, not only to neighbours
    urgent: bool = False  # who lacks it asks at once
    epoch: int = 0
    more: tuple[Held, ...] = ()  # of other entries in the same frame, with the same flags


@dataclass(frozen=True, slots=True)
class Group:
    """All of these members hold each of these feeds up to that number."""

    heads: tuple[tuple[int, int], ...]  # (author, number from 1 on), ascending, at least one
    members: tuple[int, ...]  # ascending, at least one


@dataclass(frozen=True, slots=True)
class Census:
    """Who holds what, told to all."""

    groups: tuple[Group, ...]  # at least one
    epoch: int = 0


Content = Runs | Part | Nack | Have | Want | Tags | Fork | Chosen | Beat | Held | Census


class Seal:
    """The network's keys for control frames: one to send with, and those that are listened to.

    Keys have epochs: a change of keys after a theft begins a new one. All members share a key, so a
    MAC says "a member", not which.
    """

    def __init__(self, network_id: bytes, network_key: bytes) -> None:
        self._network_id = network_id
        self._keys = {0: network_key}
        self.epoch = 0  # of what we send

    def change(self, epoch: int, keys: Mapping[int, bytes]) -> None:
        """Send under the key of that epoch, listen to all of these."""
        assert epoch in keys
        self.epoch, self._keys = epoch, dict(keys)

    def close(self, frame: bytes) -> bytes:
        """The frame with its MAC."""
        return frame + self._mac(self.epoch, frame)

    def opened(self, frame: bytes, mac: bytes) -> int | None:
        """The epoch of the key that this MAC was made with; None if it is none of ours."""
        for epoch in self._keys:
            if hmac.compare_digest(self._mac(epoch, frame), mac):
                return epoch
        return None

    def mark(self, frame: bytes) -> int:
        """A MAC of HINTS_MAC_BITS."""
        return self._mark(self.epoch, frame)

    def marked(self, frame: bytes, mark: int) -> int | None:
        """The epoch of the key that this mark was made with; None if it is none of ours."""
        for epoch in self._keys:
            if self._mark(epoch, frame) == mark:
                return epoch
        return None

    def _mac(self, epoch: int, frame: bytes) -> bytes:
        content, key = self._network_id + frame, self._keys[epoch]
        return hashlib.blake2b(
            content, digest_size=MAC_SIZE, key=key, person=b"lage control"
        ).digest()

    def _mark(self, epoch: int, frame: bytes) -> int:
        content, key = self._network_id + frame, self._keys[epoch]
        mac = hashlib.blake2b(content, digest_size=2, key=key, person=b"lage hints").digest()
        return int.from_bytes(mac, "big") >> 16 - HINTS_MAC_BITS


def chain_tag(chain: bytes) -> int:
    """The 16 bits of a chain value that TAGS frames carry."""
    return int.from_bytes(chain[:2], "big")


def digest(sender: int, stamp: int, parts: Sequence[tuple[int, int, bytes]]) -> int:
    """16 bits over (author, head, chain at the head); differs from frame to frame for the same
    parts, so that an author who looks for colliding branches cannot hide them for long.
    """
    state = hashlib.blake2b(digest_size=2, person=b"lage have")
    state.update(sender.to_bytes(2, "big") + stamp.to_bytes(STAMP_SIZE, "big"))
    for author, head, chain in parts:
        state.update(author.to_bytes(2, "big") + head.to_bytes(4, "big") + chain)
    return int.from_bytes(state.digest(), "big")
