# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frames are filled so that a repair takes the least air."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed import chain as feed
from sync.feed.memory_log import MemoryLog
from sync.wire.packing import ROOM, fill, runs_needed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def operation(size: int) -> bytes:
    """An operation of that many bytes."""
    return bytes((size - 1,)).ljust(size, b"x")


def log_of(**feeds: Sequence[int]) -> MemoryLog:
    """Feeds a1, a2, … of operations of these sizes, a signature after each."""
    log = MemoryLog()
    for name, sizes in feeds.items():
        for size in sizes:
            feed.append(log, KEY, bytes(16), int(name[1:]), bytes(16), [operation(size)])
    return log


def test_the_largest_whole_span_goes_first() -> None:
    """Of the spans that fit whole, the one that fills the frame best is taken."""
    log = log_of(a1=[20], a2=[40, 40], a3=[30])

    runs = fill(log, [(1, 1, 1), (2, 1, 2), (3, 1, 1)], 160)

    assert [(run.author, run.last) for run in runs] == [(2, 2)]


def test_several_small_spans_share_a_frame() -> None:
    """A frame takes as many whole spans as fit."""
    log = log_of(a1=[7], a2=[8], a3=[9])

    runs = fill(log, [(author, 1, 1) for author in (1, 2, 3)], ROOM)

    assert [run.author for run in runs] == [3, 2, 1]


def test_a_span_that_fits_elsewhere_is_not_cut() -> None:
    """A piece that leaves as many runs to send as before stays out."""
    log = log_of(a1=[20] * 6)

    assert fill(log, [(1, 1, 6)], 130) == []


def test_a_span_that_must_be_cut_anyway_fills_a_frame() -> None:
    """A piece that saves a later run is taken."""
    log = log_of(a1=[20] * 10)

    (run,) = fill(log, [(1, 1, 10)], 130)

    assert (run.first, run.last) == (1, 3)
    assert runs_needed([operation(20)] * 10) == 2
    assert runs_needed([operation(20)] * 7) == 1


def test_nothing_fits() -> None:
    """Too little room, empty spans and unknown feeds give no runs."""
    log = log_of(a1=[20])

    assert fill(log, [(1, 1, 1)], 70) == []
    assert fill(log, [(1, 2, 1), (7, 1, 3)], ROOM) == []
