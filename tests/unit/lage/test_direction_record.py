# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The direction's journal: kept, folded, and read back as the record of an exercise."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lage.exercise.direction import events as e
from lage.exercise.direction.record import read_record
from lage.exercise.direction.state import Standing
from lage.language.errors import StoreError
from lage.store.direction import DirectionJournal

T0 = 1_000_000
EVERY = (
    e.Begun("Probe", "ab", 7, 3, ("SAE Rheine", "SAE Greven"), ("besetzt", "gespielt")),
    e.Stood(), e.Ran(), e.Paused(), e.Hurried(2.5), e.Jumped(60, catch_up=True), e.Lost(5),
    e.Fired("1", "zeit", 3, spoken=True), e.Written("1", ((1, 2), (1, 3))), e.Refused("1", "weil"),
    e.Delivered("1", 4, "Meyer"), e.Skipped("2", "so"), e.Changed("2", {"text": "x"}),
    e.Inserted("E1", {"text": "x"}), e.Cut("SAE Rheine", "Funk"), e.Mended("SAE Rheine", "Funk"),
    e.Seen("1", "quittiert", "SAE Rheine", 9), e.Reached(">a", "SAE Greven", 0, (1, 2), 60),
    e.Took("Weg", "links"), e.Noted("a1", 3, "SAE Rheine", "gut", "Beob.", "1"), e.Wash("Funk", 3),
    e.Washed(1), e.Ended(),
)  # fmt: skip


def write(folder: Path, *steps: tuple[int, e.Event]) -> None:
    """Rows at (seconds after the start, event)."""
    with closing(DirectionJournal(folder, create=True)) as journal:
        known = len(journal.since(0))
        rows: list[tuple[int, str, dict[str, Any]]] = [
            (T0 + s * 1000, *e.kept(event)) for s, event in steps
        ]
        assert journal.append(known, rows)


def test_every_event_comes_back_from_the_journal_as_it_was(tmp_path: Path) -> None:
    """Kept as JSON, read as the same value."""
    write(tmp_path, *((0, event) for event in EVERY))
    with closing(DirectionJournal(tmp_path)) as journal:
        found = [e.read(step.kind, step.said) for step in journal.since(0)]
    assert found == list(EVERY)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("neu", {}), ("sprung", {"s": "1"}), ("sprung", {}), ("einlage", {"key": 1}),
     ("geschrieben", {"key": "1", "entries": [[1]]}), ("geändert", {"key": "1", "said": [1]})],
)  # fmt: skip
def test_what_cannot_be_understood_changes_nothing(kind: str, said: dict[str, Any]) -> None:
    """A newer version's row, or a damaged one."""
    assert e.read(kind, said) == e.Unread()


def test_whoever_is_slower_decides_anew(tmp_path: Path) -> None:
    """Two programs have read the same rows: the second that appends is told so."""
    with (
        closing(DirectionJournal(tmp_path, create=True)) as one,
        closing(DirectionJournal(tmp_path)) as two,
    ):
        assert one.append(0, [(T0, *e.kept(e.Stood()))])
        assert not two.append(0, [(T0, *e.kept(e.Ended()))])
        assert [step.kind for step in two.since(0)] == ["netz"]
        assert two.append(1, [(T0, *e.kept(e.Ended()))])


def test_a_folder_without_a_journal_is_no_exercise(tmp_path: Path) -> None:
    """Reading makes no file."""
    with pytest.raises(StoreError, match="keine Übung geleitet"):
        read_record(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_record_counts_pauses_jumps_and_a_crash(tmp_path: Path) -> None:
    """Ten minutes on the wall, of which the exercise had fewer, then more."""
    write(
        tmp_path,
        (0, e.Begun("Probe", "", 7, 1, ("SAE Rheine",), ("besetzt",))),
        (5, e.Ran()),
        (10, e.Stood()),  # only now it runs
        (40, e.Paused()),  # X+30 s
        (100, e.Ran()),
        (110, e.Hurried(2.0)),  # X+40 s
        (120, e.Jumped(600)),  # from X+60 s
        (200, e.Lost(T0 + 130_000)),  # the last it was conducted: X+620 s
        (210, e.Stood()),
        (220, e.Fired("12", "zeit", 640)),
        (220, e.Written("12", ((4, 9),))),
        (221, e.Fired("12", "hand", 642)),
        (230, e.Noted("b", 100, "SAE Rheine", "spät")),
        (231, e.Noted("a", 50, "SAE Rheine", "früh")),
        (232, e.Noted("a", 50, "SAE Rheine", "früh")),
    )
    record = read_record(tmp_path)

    at = {
        s: record.exercise_s(T0 + s * 1000)
        for s in (0, 9, 20, 50, 100, 119, 125, 130, 170, 210, 220)
    }
    assert at == {0: 0, 9: 0, 20: 10, 50: 30, 100: 30, 119: 58, 125: 610, 130: 620, 170: 620,
                  210: 620, 220: 640}  # fmt: skip
    did = record.given["12"]
    assert (did.standing, did.cause, did.fired_s, did.given_s, did.entries) == (
        Standing.GIVEN, e.Cause.TIME, 640, 640, ((4, 9),)
    )  # fmt: skip
    assert [note.text for note in record.notes] == ["früh", "spät"]
    assert record.manning == {"SAE Rheine": e.Manning.HERE}
    assert record.station("SAE Rheine") is None
