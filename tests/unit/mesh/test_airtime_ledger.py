# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The account of airtime: rolling hour, reserve, reports of the radio, restarts."""

from __future__ import annotations

from typing import Any

import pytest

from mesh.ledger import ENTRIES_MAX, HOUR_MS, AirtimeKind, DutyLedger


def test_own_and_relayed_apart() -> None:
    """Both kinds are known apart and count together."""
    ledger = DutyLedger()
    ledger.record(0, 1000)
    ledger.record(0, 500, AirtimeKind.RELAYED)

    assert ledger.recorded_ms(10, AirtimeKind.OWN) == 1000
    assert ledger.recorded_ms(10, AirtimeKind.RELAYED) == 500
    assert ledger.used_ms(10) == 1500


def test_entry_counts_until_an_hour_after_its_end() -> None:
    """At the last millisecond of the hour after its end it still counts."""
    ledger = DutyLedger()
    ledger.record(5, 1000)

    assert ledger.used_ms(5 + 1000 + HOUR_MS - 1) == 1000
    assert ledger.used_ms(5 + 1000 + HOUR_MS) == 0


def test_reserve_is_for_urgent_packets() -> None:
    """With 80 % used, a fifth in reserve keeps routine out and lets urgent in."""
    ledger = DutyLedger(limit_ppm=100_000, reserve_ppm=20_000)
    ledger.record(0, 288_000)

    assert not ledger.allows(1, 1, urgent=False)
    assert ledger.allows(1, 72_000, urgent=True)
    assert not ledger.allows(1, 72_001, urgent=True)


def test_earliest_waits_for_just_enough() -> None:
    """The first moment at which the sum of the window leaves room, and never before."""
    ledger = DutyLedger(limit_ppm=100_000)
    for at in range(0, 360_000, 1000):
        ledger.record(at, 1000)

    opens = ledger.earliest(400_000, 2500, urgent=True)

    assert opens == 2000 + 1000 + HOUR_MS  # three entries must have gone
    assert not ledger.allows(opens - 1, 2500, urgent=True)
    assert ledger.allows(opens, 2500, urgent=True)


def test_never_for_what_no_hour_allows() -> None:
    """A cost above the whole allowance has no earliest moment."""
    ledger = DutyLedger(limit_ppm=1000, reserve_ppm=500)

    assert ledger.earliest(0, 3600, urgent=True) == 0
    assert ledger.earliest(0, 3600, urgent=False) is None


def test_higher_report_of_the_radio_counts() -> None:
    """A report above our account is taken, grows with what we send, and ends after an hour."""
    ledger = DutyLedger(limit_ppm=100_000)
    ledger.record(0, 1000)
    ledger.report(1000, 300_000)
    ledger.record(2000, 2000)

    assert ledger.used_ms(3000) == 302_000
    assert ledger.earliest(3000, 100_000, urgent=True) == 1000 + HOUR_MS
    assert ledger.used_ms(1000 + HOUR_MS) == 2000


def test_lower_report_changes_nothing() -> None:
    """The radio may have restarted; our account stands."""
    ledger = DutyLedger()
    ledger.record(0, 5000)
    ledger.report(1000, 0)

    assert ledger.used_ms(1000) == 5000


def test_clock_that_steps_back_frees_nothing() -> None:
    """After a step back in time entries count as long as the latest time seen says."""
    ledger = DutyLedger()
    ledger.record(1_000_000, 1000)
    ledger.record(10, 500)

    assert ledger.used_ms(20) == 1500
    assert ledger.used_ms(1_000_000 + HOUR_MS) == 1500
    assert ledger.used_ms(1_000_000 + HOUR_MS + 1000) == 0


def test_restored_as_if_no_time_had_passed() -> None:
    """On another clock the newest entry ends up at now and the spacing is kept."""
    ledger = DutyLedger()
    ledger.record(7_000_000, 1000)
    ledger.record(7_060_000, 2000, AirtimeKind.RELAYED)
    restored = DutyLedger()

    restored.restore(ledger.as_list(), now=50)

    assert restored.as_list() == [(-59_950, 1000, 0), (50, 2000, 1)]
    assert restored.used_ms(50) == 3000


def test_restored_on_the_same_clock() -> None:
    """With the clock running on, the pause counts; a future entry does not live longer for it."""
    restored = DutyLedger()
    restored.restore([(0, 1000, 0), (100_000, 1000, 0)], now=HOUR_MS + 50_000, same_clock=True)
    ahead = DutyLedger()
    ahead.restore([(900_000, 1000, 0)], now=100, same_clock=True)

    assert restored.used_ms(HOUR_MS + 50_000) == 1000
    assert ahead.as_list() == [(100, 1000, 0)]


@pytest.mark.parametrize(
    "saved", [[(1, 2)], [(1, -1, 0)], [(1, 1, 7)], [("1", 1, 0)], [(1, HOUR_MS + 1, 0)], [7]]
)
def test_garbage_is_not_an_account(saved: Any) -> None:
    """Anything but triples of numbers in range is refused as a whole."""
    ledger = DutyLedger()

    with pytest.raises(ValueError, match=r"airtime account|AirtimeKind"):
        ledger.restore(saved, now=0)
    assert ledger.as_list() == []


def test_account_is_bounded() -> None:
    """Beyond its limit of entries the oldest are merged; no airtime is forgotten."""
    ledger = DutyLedger()
    for at in range(ENTRIES_MAX + 500):
        ledger.record(at, 1, AirtimeKind(at % 2))

    assert len(ledger.as_list()) == ENTRIES_MAX
    assert ledger.used_ms(ENTRIES_MAX + 500) == ENTRIES_MAX + 500


@pytest.mark.parametrize("limits", [(-1, 0), (10, 11), (1_000_001, 0)])
def test_impossible_limits(limits: tuple[int, int]) -> None:
    """A reserve above the limit or a limit above everything is a programmer's error."""
    with pytest.raises(ValueError, match="reserve"):
        DutyLedger(*limits)


def test_negative_airtime() -> None:
    """Time cannot be taken back."""
    with pytest.raises(ValueError, match="negative"):
        DutyLedger().record(0, -1)
