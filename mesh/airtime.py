# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a packet costs on the air: modem presets, bytes around a payload, time on air, duty cycle.

Airtime is the currency of the mesh, so it is computed exactly, in integer microseconds, by the
formula of the chip's maker. The ``DutyLedger`` is the account: it knows every transmission of the
last hour and says when the next one is allowed.

Clocks: the ledger takes the milliseconds of a clock that never runs backwards (``monotonic``); the
wall clock, which a user or a GPS may set at any moment, has no influence. After a restart that
clock may count from elsewhere, so ``restore`` assumes that no time at all has passed since the
newest entry: the budget can only be underestimated.

Limits: ``ENTRIES_MAX`` entries in a ledger; beyond it the two oldest become one that lives as long
as the younger of them, which again errs towards silence.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

HEADER_LEN = 16
"""Bytes of the Meshtastic packet header (firmware RadioInterface.h)."""

FRAME_MAX = 255
"""Largest LoRa frame in bytes, header included."""

PRIVATE_APP = 256
SIGNATURE_LEN = 66
"""XEdDSA signature of the radio with its tag and length, from firmware 2.8 (Router.cpp)."""

PREAMBLE_SYMBOLS = 16
HOUR_MS = 3_600_000
EU_868_LIMIT_PPM = 100_000
"""Duty cycle of 869.40-869.65 MHz: ten per cent (ETSI EN 300 220-2, band P)."""

ENTRIES_MAX = 4096


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of the LoRa modem; all radios of a mesh share them."""

    name: str  # as in the Meshtastic enumeration ModemPreset
    spreading_factor: int  # 7..12
    bandwidth_hz: int
    coding_rate: int  # denominator: 5..8 stands for 4/5..4/8
    legal_eu_868: bool = True

    @property
    def symbol_us(self) -> int:
        """Length of one symbol in microseconds; exact for every preset."""
        return (1 << self.spreading_factor) * 1_000_000 // self.bandwidth_hz


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("SHORT_TURBO", 7, 500_000, 5, legal_eu_868=False),
        Preset("SHORT_FAST", 7, 250_000, 5),
        Preset("SHORT_SLOW", 8, 250_000, 5),
        Preset("MEDIUM_FAST", 9, 250_000, 5),
        Preset("MEDIUM_SLOW", 10, 250_000, 5),
        Preset("LONG_TURBO", 11, 500_000, 8, legal_eu_868=False),
        Preset("LONG_FAST", 11, 250_000, 5),
        Preset("LONG_MODERATE", 11, 125_000, 8),
        Preset("LONG_SLOW", 12, 125_000, 8),
    )
}
"""Presets by name (firmware MeshRadio.h, ``modemPresetToParams``)."""

LONG_FAST = PRESETS["LONG_FAST"]


@lru_cache(maxsize=4096)
def time_on_air_us(preset: Preset, frame_len: int) -> int:
    """Microseconds that a frame of ``frame_len`` bytes (header included) is on the air.

    Semtech AN1200.13 with explicit header and CRC; low-data-rate optimisation above 16 ms symbols.
    """
    factor = preset.spreading_factor
    optimised = 2 if preset.symbol_us > 16_000 else 0
    bits = 8 * frame_len - 4 * factor + 44
    blocks = -(-bits // (4 * (factor - optimised)))
    symbols = 8 + max(blocks * preset.coding_rate, 0)
    return (PREAMBLE_SYMBOLS + symbols) * preset.symbol_us + preset.symbol_us * 17 // 4


def time_on_air_ms(preset: Preset, frame_len: int) -> int:
    """``time_on_air_us`` rounded up to whole milliseconds."""
    return -(-time_on_air_us(preset, frame_len) // 1000)


def data_len(payload_len: int, port: int = PRIVATE_APP, *, answer: bool = False) -> int:
    """Bytes of the encoded ``Data`` message around a payload.

    Port number, payload with tag and length, and the bitfield that the sending radio always adds;
    ``answer`` adds the request id of a reply (firmware Router.cpp, ``perhapsEncode``).
    """
    length = 1 + _varint_len(port) + 2
    if payload_len:
        length += 1 + _varint_len(payload_len) + payload_len
    return length + 5 if answer else length


def frame_len(
    payload_len: int,
    port: int = PRIVATE_APP,
    *,
    signing: bool = False,
    broadcast: bool = True,
    answer: bool = False,
) -> int:
    """Bytes on the air for a payload; above ``FRAME_MAX`` the radio refuses it.

    ``signing``: the radio runs firmware 2.8 and signs broadcasts that still fit when signed.
    """
    length = HEADER_LEN + data_len(payload_len, port, answer=answer)
    if signing and broadcast and length + SIGNATURE_LEN <= FRAME_MAX:
        length += SIGNATURE_LEN
    return length


def payload_airtime_ms(preset: Preset, payload_len: int, *, signing: bool = False) -> int:
    """Milliseconds on the air of one broadcast on PRIVATE_APP with a payload of that length."""
    return time_on_air_ms(preset, frame_len(payload_len, signing=signing))


def _varint_len(value: int) -> int:
    return max(1, -(-value.bit_length() // 7))


class AirtimeKind(enum.IntEnum):
    """Whose packet the radio sent."""

    OWN = 0
    RELAYED = 1


class DutyLedger:
    """Transmissions of the last hour, and when the next one is lawful."""

    def __init__(
        self,
        limit_ppm: int = EU_868_LIMIT_PPM,
        reserve_ppm: int = 0,
        window_ms: int = HOUR_MS,
    ) -> None:
        """``reserve_ppm`` of the window is kept for urgent packets; it is part of the limit."""
        if not 0 <= reserve_ppm <= limit_ppm <= 1_000_000 or window_ms <= 0:
            raise ValueError("need 0 <= reserve <= limit <= 1000000 ppm and a positive window")
        self.window_ms = window_ms
        self.limit_ms = window_ms * limit_ppm // 1_000_000
        self.reserve_ms = window_ms * reserve_ppm // 1_000_000
        self.slack_ms = 0  # how much longer entries count where the moment is not known exactly
        self.peak_ms = 0  # largest sum of any window so far
        self._entries: deque[tuple[int, int, AirtimeKind]] = deque()
        self._sums = [0, 0]
        self._now = 0
        self._reported_ms = 0
        self._reported_at: int | None = None
        self._since_report_ms = 0

    def record(self, now: int, airtime_ms: int, kind: AirtimeKind = AirtimeKind.OWN) -> None:
        """Enter a transmission that began at ``now`` or earlier; it counts until an hour after its
        end."""
        if airtime_ms < 0:
            raise ValueError("airtime cannot be negative")
        self._enter(self._expire(now), airtime_ms, kind)
        if self._reported_at is not None:
            self._since_report_ms += airtime_ms
        self.peak_ms = max(self.peak_ms, sum(self._sums))

    def report(self, now: int, used_ms: int) -> None:
        """The radio's own figure for the last hour; the higher of both accounts counts.

        It is held unchanged, plus what is recorded afterwards, until the next report or for one
        hour, when all that it covered has left the window.
        """
        self._reported_at = self._expire(now)
        self._reported_ms = max(0, used_ms)
        self._since_report_ms = 0

    def used_ms(self, now: int) -> int:
        """Airtime of the last hour: our account or the radio's report, whichever is higher."""
        self._expire(now)
        return max(sum(self._sums), self._reported_total())

    def recorded_ms(self, now: int, kind: AirtimeKind) -> int:
        """Airtime of the last hour entered as ``kind``, without what the radio reported."""
        self._expire(now)
        return self._sums[kind]

    def allowance_ms(self, *, urgent: bool) -> int:
        """Airtime per window that packets of this sort may fill up to."""
        return self.limit_ms if urgent else self.limit_ms - self.reserve_ms

    def allows(self, now: int, cost_ms: int, *, urgent: bool) -> bool:
        """Whether ``cost_ms`` may be sent at once."""
        return self.used_ms(now) + cost_ms <= self.allowance_ms(urgent=urgent)

    def earliest(self, now: int, cost_ms: int, *, urgent: bool) -> int | None:
        """First moment at which ``cost_ms`` may be sent if nothing else is; None for never."""
        now = self._expire(now)
        allowance = self.allowance_ms(urgent=urgent)
        if cost_ms > allowance:
            return None
        reported_until = now
        if self._reported_total() + cost_ms > allowance and self._reported_at is not None:
            reported_until = self._reported_at + self.window_ms
        used, at = sum(self._sums), now
        for entry in self._entries:
            if used + cost_ms <= allowance:
                break
            used -= entry[1]
            at = max(at, self._gone_at(entry))
        return max(at, reported_until)

    def as_list(self) -> list[tuple[int, int, int]]:
        """The account as plain numbers to be stored: (ms, airtime_ms, kind), oldest first."""
        return [(at, airtime, int(kind)) for at, airtime, kind in self._entries]

    def restore(
        self, saved: Iterable[Sequence[int]], now: int, *, same_clock: bool = False
    ) -> None:
        """Take over a stored account; ValueError if it is not one.

        ``same_clock``: the clock has run on since it was stored. Otherwise all entries are moved
        so that the newest ends now: the pause counts as if it had not been.
        """
        entries = [_checked(item) for item in saved]
        entries.sort(key=lambda item: item[0])
        if not entries:
            return
        now = max(now, self._now)
        newest = entries[-1][0]
        shift = min(0, now - newest) if same_clock else now - newest
        for at, airtime, kind in entries:
            self._enter(at + shift, airtime, kind)
        self._expire(now)

    def _enter(self, at: int, airtime_ms: int, kind: AirtimeKind) -> None:
        self._entries.append((at, airtime_ms, kind))
        self._sums[kind] += airtime_ms
        if len(self._entries) > ENTRIES_MAX:
            self._merge_oldest()

    def _reported_total(self) -> int:
        return 0 if self._reported_at is None else self._reported_ms + self._since_report_ms

    def _gone_at(self, entry: tuple[int, int, AirtimeKind]) -> int:
        return entry[0] + entry[1] + self.window_ms + self.slack_ms

    def _expire(self, now: int) -> int:
        """Forget what left the window; a clock that steps back is held at its latest value."""
        self._now = now = max(now, self._now)
        entries = self._entries
        while entries and self._gone_at(entries[0]) <= now:
            _, airtime, kind = entries.popleft()
            self._sums[kind] -= airtime
        if self._reported_at is not None and self._reported_at + self.window_ms <= now:
            self._reported_at, self._reported_ms, self._since_report_ms = None, 0, 0
        return now

    def _merge_oldest(self) -> None:
        (_, first, first_kind), (at, second, kind) = self._entries[0], self._entries[1]
        self._entries.popleft()
        self._entries[0] = (at, first + second, kind)
        self._sums[first_kind] -= first
        self._sums[kind] += first


def _checked(item: Sequence[int]) -> tuple[int, int, AirtimeKind]:
    whole = isinstance(item, Sequence) and len(item) == 3
    if not whole or any(type(part) is not int for part in item):
        raise ValueError("an entry of the airtime account is three whole numbers")
    at, airtime, kind = item
    if not 0 <= airtime <= HOUR_MS or abs(at) > 1 << 60:
        raise ValueError("an entry of the airtime account is out of range")
    return at, airtime, AirtimeKind(kind)
