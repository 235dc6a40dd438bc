# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a node is and how long it lasts, in two pages of 14 bits.

A page travels as a hint about an author that nobody is (``NOBODY``): three bytes at the end of
frames that go anyway, under the MAC of the hints. A node of before reads it as news of somebody
whom no list of members names, and lets it be. Who is silent sends both pages in a frame of its own.

    power   0 | battery 5 bits | mains 2 | hours left 5 | by fuel 1
    radio   1 | its battery 5 bits | its temperature 4 | clock 2 | cable 1 | broker 1

Batteries stand in steps of 5 %, rounded down, so that "under 20 %" is exact. Hours are those of the
sender's own reckoning: it knows its battery best, and its fuel.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.feed.chain import AUTHOR_MAX
from sync.wire.bits import BitReader, BitWriter
from sync.wire.frames import SEALED_VERSION, STAMP_SIZE, Beat, Hint, Seal

NOBODY = AUTHOR_MAX
"""Counties have no member of that number; of an ally it would be the 48th, and hints about that
one are lost."""

PAGE_BITS = 14
PAGES = 2
BEAT = 5
"""The type in a frame's first byte."""

_STEP = 5  # per cent of a battery
_UNKNOWN, _FED = 31, 30  # of a battery's five bits: nothing said; fed from outside
_COLDEST, _DEGREES, _TEMPERATURES = -20, 5, 14
_NUMBER_BITS = 13

HOURS = (
    *(0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0),
    *(14.0, 16.0, 18.0, 20.0, 24.0, 30.0, 36.0, 42.0, 48.0, 60.0, 72.0, 96.0, 120.0, 168.0, 240.0),
)
"""What can be said of the time left, rounded down; below the first of them it is nothing."""

assert len(HOURS) == 30, "none and unknown have a code as well"


class Clock(enum.IntEnum):
    """What a node's clock is worth."""

    ALONE = 0  # nothing to compare it with
    AGREES = 1  # with the radio's, which has no satellites
    SATELLITES = 2  # the radio's, which has; and this one agrees
    APART = 3  # from the radio's


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How a node is; None: not known."""

    battery: int | None = None  # percent, of the computer
    on_mains: bool | None = None
    hours: float | None = None  # how long it lasts, from when it was said
    by_fuel: bool = False  # the hours are those of a generator's fuel, not of the battery
    radio_battery: int | None = None  # percent
    radio_fed: bool = False  # the radio is fed from outside
    radio_temperature: float | None = None  # degrees Celsius
    clock: Clock = Clock.ALONE
    cable: bool = False  # somebody is reached by cable, WLAN or VPN
    broker: bool = False

    def pages(self) -> tuple[int, int]:
        """Both pages, 14 bits each."""
        mains = 0 if self.on_mains is None else 1 + self.on_mains
        power = _in_bits(
            (0, 1),
            (_level(self.battery), 5),
            (mains, 2),
            (_hours(self.hours), 5),
            (self.by_fuel, 1),
        )
        fed = _FED if self.radio_fed else _level(self.radio_battery)
        warm = _temperature(self.radio_temperature)
        radio = _in_bits(
            (1, 1), (fed, 5), (warm, 4), (self.clock, 2), (self.cable, 1), (self.broker, 1)
        )
        return power, radio

    def turned(self, page: int) -> Heartbeat:
        """With what that page says."""
        bits = BitReader((page << 2).to_bytes(2, "big"))
        if bits.read(1):
            fed, warm = bits.read(5), bits.read(4)
            clock, cable, broker = Clock(bits.read(2)), bits.read(1), bits.read(1)
            return replace(
                self,
                radio_battery=_percent(fed),
                radio_fed=fed == _FED,
                radio_temperature=float(_COLDEST + _DEGREES * (warm - 1)) if warm else None,
                clock=clock,
                cable=bool(cable),
                broker=bool(broker),
            )
        level, mains, hours, fuel = bits.read(5), bits.read(2), bits.read(5), bits.read(1)
        left = None if hours == _UNKNOWN else HOURS[hours - 1] if hours else 0.0
        return replace(
            self,
            battery=_percent(level),
            on_mains={1: False, 2: True}.get(mains),
            hours=left,
            by_fuel=bool(fuel),
        )


def heartbeat_of(pages: Iterable[int], before: Heartbeat | None = None) -> Heartbeat:
    """What these pages say, over what was known before."""
    found = before or Heartbeat()
    for page in pages:
        found = found.turned(page)
    return found


def as_hint(page: int) -> Hint:
    """A page, to travel among the hints of a frame."""
    return Hint(NOBODY, page % (1 << _NUMBER_BITS), bool(page >> _NUMBER_BITS))


def pages_among(hints: Iterable[Hint]) -> tuple[int, ...]:
    """The pages that travelled among these."""
    return tuple(
        hint.urgent << _NUMBER_BITS | hint.number for hint in hints if hint.author == NOBODY
    )


def encode_beat(beat: Beat, seal: Seal) -> bytes:
    """A frame of its own: 13 bytes."""
    bits = BitWriter()
    bits.write(beat.sender, 10)
    for page in beat.pages:
        bits.write(page, PAGE_BITS)
    first = bytes((SEALED_VERSION << 5 | BEAT << 2,))
    return seal.close(first + bits.getvalue() + beat.stamp.to_bytes(STAMP_SIZE, "big"))


def read_beat(bits: BitReader) -> tuple[int, tuple[int, ...]]:
    """Sender and pages. Raises BitsError."""
    sender, pages = bits.read(10), tuple(bits.read(PAGE_BITS) for _ in range(PAGES))
    bits.finish()
    return sender, pages


def _in_bits(*parts: tuple[int, int]) -> int:
    found = 0
    for value, bits in parts:
        assert 0 <= value < 1 << bits
        found = found << bits | value
    return found


def _level(percent: int | None) -> int:
    return _UNKNOWN if percent is None else min(100, max(0, percent)) // _STEP


def _percent(level: int) -> int | None:
    return level * _STEP if level * _STEP <= 100 else None


def _hours(hours: float | None) -> int:
    return _UNKNOWN if hours is None else sum(hours >= known for known in HOURS)


def _temperature(degrees: float | None) -> int:
    """0: unknown; what is colder or hotter stands at the end of the scale."""
    if degrees is None:
        return 0
    return 1 + min(_TEMPERATURES, max(0, round((degrees - _COLDEST) / _DEGREES)))
