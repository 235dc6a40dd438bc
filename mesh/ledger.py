# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The account of airtime: every transmission of the last hour, and when the next one is lawful.

Clocks: the ledger takes the milliseconds of a clock that never runs backwards (``monotonic``); the
wall clock, which a user or a GPS may set at any moment, has no influence. After a restart that
clock may count from elsewhere, so ``restore`` assumes that no time at all has passed since the
newest entry: the budget can only be underestimated.

Limits: ``ENTRIES_MAX`` entries; beyond it the two oldest become one that lives as long as the
younger of them, which again errs towards silence.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Sequence

HOUR_MS = 3_600_000
EU_868_LIMIT_PPM = 100_000
"""Duty cycle of 869.40-869.65 MHz: ten per cent (ETSI EN 300 220-2, band P)."""

ENTRIES_MAX = 4096


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
