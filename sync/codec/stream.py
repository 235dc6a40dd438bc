# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Decisions of the compact codec: one description of a format that both writes and reads.

A ``Coder`` walks the format. When writing, each method takes the value it is given and returns
it; when reading, it ignores that value and returns the one in the stream. So there is one walk
for both directions, and they cannot drift apart. Probabilities are in 65536ths.

A stream is ``LEAD`` bits (those of the envelope that belong to the codec) and whole bytes. Its
last part may be of open length: where it can end depends on how many bits of room are left, so
the writer first records all decisions and then looks for the smallest room that holds them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sync.schema.op import OperationError
from sync.text.rangecoder import RangeDecoder, RangeEncoder, Step

if TYPE_CHECKING:
    from sync.text.task import Task

CLASSES_MAX = 36
"""Most size classes of an integer: numbers stay below 2**60 whatever the bytes are."""

END_ZONE = 20
"""The last part can end only where at most so many bits of room are left ..."""
END_OVERRUN = 24
"""... nor can it go on when so many more are spent than there were."""

SIZES = 8
"""Numbers of bytes tried for one stream."""
_UNIFORM_MAX = 1 << 24

EndOdds: TypeAlias = Callable[[int], int]
"""From the bits of room left: how probable it is that the last part ends here."""


End: TypeAlias = tuple[EndOdds, int]
"""A possible end, and whether it is one."""


class Coder(Protocol):
    """Writes or reads one stream."""

    reading: bool

    def bit(self, probability: int, value: int) -> int:
        """One decision; ``probability`` in 1..65535 is that of 1."""

    def span(self, starts: Sequence[int], index: int) -> int:
        """One of ``len(starts) - 1`` values; value i owns starts[i]..starts[i+1] of the total."""

    def uniform(self, total: int, value: int) -> int:
        """A number below ``total``, all alike."""

    def end(self, odds: EndOdds, value: int) -> int:
        """Whether the last part of the stream ends here."""

    def check(self) -> None:
        """Raise OperationError far beyond the end: keeps the reading of any bytes short."""


class TextsAhead(Protocol):
    """Texts that were read beforehand (``sync.codec.ahead``)."""

    def take(self, coder: RangeDecoder, room: int, length: int, *, last: bool) -> Task | None:
        """The text that begins where ``coder`` stands; None: it is to be read alone."""


class Writer:
    """Records what it is given; ``close`` makes the stream.

    Decisions are kept in parts, between two of which stands a possible end of the stream.
    """

    reading = False

    def __init__(self) -> None:
        self._parts: list[list[Step]] = [[]]
        self._ends: list[End] = []
        self._open = self._parts[0]

    def bit(self, probability: int, value: int) -> int:
        """Write a decision."""
        self._open.append((probability, value, 0))
        return value

    def span(self, starts: Sequence[int], index: int) -> int:
        """Write one of several values."""
        start = starts[index]
        self._open.append((start, starts[index + 1] - start, starts[-1]))
        return index

    def uniform(self, total: int, value: int) -> int:
        """Write a number below ``total``."""
        if total > _UNIFORM_MAX:
            self.uniform(-(-total >> 16), value >> 16)
            self._open.append((value & 0xFFFF, 1, 1 << 16))
        else:
            self._open.append((value, 1, total))
        return value

    def end(self, odds: EndOdds, value: int) -> int:
        """Write whether the last part ends here."""
        self._ends.append((odds, value))
        self._open = []
        self._parts.append(self._open)
        return value

    def check(self) -> None:
        """Nothing to check."""

    @property
    def bits_used(self) -> int:
        """Bits of all decisions but those about the end, rounded down."""
        coder = RangeEncoder()
        coder.encode_all(chain.from_iterable(self._parts))
        return coder.bits_used

    @property
    def steps(self) -> Iterator[Step | End]:
        """What was recorded: parts of a total, decisions, possible ends."""
        yield from self._parts[0]
        for end, part in zip(self._ends, self._parts[1:], strict=True):
            yield end
            yield from part

    def add(self, decisions: Iterable[Step]) -> None:
        """Write several decisions."""
        self._open += decisions

    def splice(self, other: Writer) -> None:
        """Write what another writer has recorded."""
        self._open += other._parts[0]
        self._ends += other._ends
        self._parts += map(list, other._parts[1:])
        self._open = self._parts[-1]

    def close(self, lead: int) -> tuple[int, int] | None:
        """A number of ``lead`` bits and as few whole bytes as hold the stream, and how many bytes.

        None where the last part cannot end close to the end of its decisions. As far as it cannot
        end in the least room either, the code is the same for every room and made once.
        """
        least = max(0, (self.bits_used - lead) // 8 - 1)
        begun = RangeEncoder()
        begun.encode_all(self._parts[0])
        start, common = self._coded(begun, 0, lead + 8 * least, until_open=True)
        for size in range(least, least + SIZES):
            room = lead + 8 * size
            end, coder = self._coded(common.copy(), start, room)
            value = coder.finish(room) if end == len(self._ends) else None
            if value is not None:
                return value, size
        return None

    def _coded(
        self, coder: RangeEncoder, start: int, room: int, *, until_open: bool = False
    ) -> tuple[int, RangeEncoder]:
        """Code the decisions from a possible end on; the place of the end before which it stopped.

        That is behind the last, or where the stream would have to end in more or less room than
        there is; with ``until_open`` the first place where it could end.
        """
        for at in range(start, len(self._ends)):
            odds, value = self._ends[at]
            slack = room - coder.bits_used
            possible = slack <= END_ZONE
            if slack < -END_OVERRUN or (possible and until_open) or (value and not possible):
                return at, coder
            if possible:
                coder.encode(odds(slack), value)
            coder.encode_all(self._parts[at + 1])
        return len(self._ends), coder


class Reader:
    """Takes out what a Writer coded; any bytes give some values, or OperationError.

    What is read while ``record`` is set is written there too, so that checking for the canonical
    form need not ask the text model again.
    """

    reading = True

    def __init__(self, value: int, lead: int, size: int, ahead: TextsAhead | None = None) -> None:
        """Read a stream of ``lead`` bits and ``size`` bytes, given as a number."""
        self._ahead = ahead
        self._room = lead + 8 * size
        fill = -self._room % 8
        self._coder = RangeDecoder((value << fill).to_bytes((self._room + fill) // 8, "big"))
        self.record: Writer | None = None

    def bit(self, probability: int, value: int = 0) -> int:
        """Read a decision."""
        found = self._coder.decode(probability)
        if self.record is not None:
            self.record.bit(probability, found)
        return found

    def span(self, starts: Sequence[int], index: int = 0) -> int:
        """Read one of several values."""
        found = self._coder.peek_span(starts[-1])
        index = bisect_right(starts, found) - 1
        self._coder.take_span(starts[index], starts[index + 1] - starts[index], starts[-1])
        if self.record is not None:
            self.record.span(starts, index)
        return index

    def uniform(self, total: int, value: int = 0) -> int:
        """Read a number below ``total``."""
        if total > _UNIFORM_MAX:
            upper = self.uniform(-(-total >> 16))
            value = upper << 16 | self.uniform(1 << 16)
            if value >= total:
                raise OperationError("number out of range")
            return value
        found = self._coder.peek_span(total)
        self._coder.take_span(found, 1, total)
        if self.record is not None:
            self.record.uniform(total, found)
        return found

    def end(self, odds: EndOdds, value: int = 0) -> int:
        """Read whether the last part ends here."""
        self.check()
        slack = self._room - self._coder.bits_used
        found = self._coder.decode(odds(slack)) if slack <= END_ZONE else 0
        if self.record is not None:
            self.record.end(odds, found)
        return found

    def take_text(self, length: int, *, last: bool) -> Task | None:
        """The text that stands next, where it was read ahead; see ``sync.codec.ahead``."""
        if self._ahead is None:
            return None
        task = self._ahead.take(self._coder, self._room, length, last=last)
        if task is not None:
            self._coder.state = task.coder.state
        return task

    def follow(self, expected: Writer) -> None:
        """Read what was recorded there; OperationError where something else stands."""
        for step in expected.steps:
            if len(step) == 2:
                same = self.end(step[0]) == step[1]
            elif step[2]:
                start, size, total = step
                same = start <= self._coder.peek_span(total) < start + size
                self._coder.take_span(start, size, total)
            else:
                same = self._coder.decode(step[0]) == step[1]
            if not same:
                raise OperationError("not what was written")

    def check(self) -> None:
        """Raise OperationError where the bytes have long come to an end."""
        if self._coder.bits_used > self._room + END_OVERRUN:
            raise OperationError("runs past its end")


def integer(coder: Coder, value: int, size: int, stop: int = 39322) -> int:
    """A number >= 0, cheapest below ``size``.

    Class 0 holds the numbers below ``size``; every further class holds twice as many as the one
    before and costs one more decision that ends with probability ``stop`` (Exp-Golomb with
    arithmetic coding, after Teuhola 1978).
    """
    first, width = 0, size
    for _ in range(CLASSES_MAX):
        if coder.bit(stop, value < first + width):
            return first + coder.uniform(width, value - first)
        first, width = first + width, width * 2
    raise OperationError("number out of range")


def signed(coder: Coder, value: int, size: int, negative: int = 32768) -> int:
    """A number of either sign; ``negative`` is the probability of a number below zero."""
    if coder.bit(negative, value < 0):
        return -1 - integer(coder, -1 - value, size)
    return integer(coder, value, size)


def starts_of(weights: Sequence[int]) -> tuple[int, ...]:
    """Cumulated weights for ``Coder.span``; their sum is at most 2**24."""
    starts = [0]
    for weight in weights:
        starts.append(starts[-1] + weight)
    assert starts[-1] <= _UNIFORM_MAX
    return tuple(starts)
