# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What frames say: operations on their way, and the control frames between engines.

Plain frozen values and the key for control frames; ``sync.wire.packet`` turns them into bytes and
back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sync.feed.chain import AUTHOR_MAX, CHAIN_SIZE, SIGNATURE_SIZE, Run
from sync.feed.log import ForkProof
from sync.feed.records import Choice
from sync.schema.op import OPERATION_MAX
from sync.wire.hearsay import Floor
from sync.wire.summary import Summary

FRAME_MAX = 231
"""Largest frame in bytes: the payload limit of a Meshtastic packet on a private port."""

VERSION = 1
MAC_SIZE = 8
ENTRIES_MAX = 64
"""Most ranges in a WANT and tags in a TAGS frame."""

HINTS_MAX = 3
"""Most hints in a frame: no run begins with a byte that small."""

HINT_SIZE = 3
HINT_NUMBERS = 2**13
"""A hint carries a number modulo this."""

assert HINTS_MAX < 1 << 2, "a run with one operation begins with a byte of 4 or more"
assert AUTHOR_MAX.bit_length() + HINT_NUMBERS.bit_length() == 8 * HINT_SIZE, (
    "author, urgent, number"
)
assert FRAME_MAX >= 1 + 6 + CHAIN_SIZE + OPERATION_MAX + SIGNATURE_SIZE, "no room for a long entry"


class PacketError(ValueError):
    """Bytes that are no frame; ``reason`` is one fixed word for counting."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownFrame(PacketError):
    """A frame of a newer version or type."""


@dataclass(frozen=True, slots=True)
class Hint:
    """The last operation of another author that the sender heard, unsigned."""

    author: int
    number: int  # on the air its 13 low bits
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Runs:
    """Operations."""

    runs: tuple[Run, ...]
    original: bool = False  # sent by their author, not a repair
    urgent: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Have:
    """What the sender holds."""

    sender: int
    summary: Summary
    digest: int = 0  # 16 bits over the chain values at these heads, salted with sender and stamp
    stamp: int = 0  # 16 bits
    urgent: bool = False  # something urgent is new
    target: int = 0  # the node that is to answer if the sender lacks something; 0: whoever can
    floor: Floor | None = None  # what others are known to hold


@dataclass(frozen=True, slots=True)
class Missing:
    """A range that the sender lacks."""

    author: int
    first: int
    count: int  # 0: everything from ``first`` on


@dataclass(frozen=True, slots=True)
class Want:
    """What the sender asks for."""

    sender: int
    ranges: tuple[Missing, ...]  # sorted by author and first number
    stamp: int = 0
    target: int = 0  # the node that is to answer; 0: whoever can


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


@dataclass(frozen=True, slots=True)
class Fork:
    """Proof that an author signed two feeds."""

    proof: ForkProof


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which branch of a feed 0 counts, as its root signed it."""

    author: int  # the number of that feed 0: 0, or the first of an allied county's block
    choice: Choice


Content = Runs | Have | Want | Tags | Fork | Chosen


class Seal:
    """The network's key for control frames."""

    def __init__(self, network_id: bytes, network_key: bytes) -> None:
        self._network_id = network_id
        self._key = network_key

    def mac(self, frame: bytes) -> bytes:
        """Authentication of a control frame, 8 bytes."""
        return hashlib.blake2b(
            self._network_id + frame, digest_size=MAC_SIZE, key=self._key, person=b"lage control"
        ).digest()

    def close(self, frame: bytes) -> bytes:
        """The frame with its MAC."""
        return frame + self.mac(frame)

    def holds(self, payload: bytes) -> bool:
        """Whether the MAC at the end of a frame is right."""
        return hmac.compare_digest(self.mac(payload[:-MAC_SIZE]), payload[-MAC_SIZE:])


def chain_tag(chain: bytes) -> int:
    """The 16 bits of a chain value that TAGS frames carry."""
    return int.from_bytes(chain[:2], "big")


def digest(sender: int, stamp: int, parts: Sequence[tuple[int, int, bytes]]) -> int:
    """16 bits over (author, head, chain at the head); differs from frame to frame for the same
    parts, so that an author who looks for colliding branches cannot hide them for long.
    """
    state = hashlib.blake2b(digest_size=2, person=b"lage have")
    state.update(sender.to_bytes(2, "big") + stamp.to_bytes(2, "big"))
    for author, head, chain in parts:
        state.update(author.to_bytes(2, "big") + head.to_bytes(4, "big") + chain)
    return int.from_bytes(state.digest(), "big")
