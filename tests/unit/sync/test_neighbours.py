# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What others are believed to hold: more by anybody's word, less by their own fresh one only."""

from __future__ import annotations

from sync.replica.compare.neighbours import CLOCKS_MS, Neighbours

T = 1_000_000


def knowing() -> Neighbours:
    """Node 2 signed at T that it holds 9 of author 1 and 4 of author 5."""
    found = Neighbours(8)
    assert not found.stated(2, {1: 9, 5: 4}, T, T)
    return found


def test_its_own_later_word_counts_where_it_is_less() -> None:
    """Also where it does not name an author any more."""
    known = knowing()
    assert known.stated(2, {1: 3}, T + 1, T + 1)
    assert (known.known(2, 1), known.known(2, 5)) == (3, 0)
    (state,) = known.states({})
    assert dict(state.vector) == {1: 3, 5: 0}


def test_an_older_word_only_adds() -> None:
    """Carried about, said twice, signed before it was last heard, or by a clock that is ahead."""
    for at in (T - 1, T, T + 2 * CLOCKS_MS + 1):
        known = knowing()
        assert not known.stated(2, {1: 3, 7: 1}, at, T + CLOCKS_MS)
        assert (known.known(2, 1), known.known(2, 7)) == (9, 1)
    known = knowing()
    known.seen(2, T + 500, None, 1)
    assert not known.stated(2, {1: 3}, T + 400, T + 600)
    assert known.known(2, 1) == 9


def test_a_fresh_announcement_takes_back_what_others_say() -> None:
    """A late one does not, nor does one that may leave out what came by another way."""
    known = Neighbours(8)
    known.hearsay([2], [(1, 9)])
    known.announced(2, [(1, 3)], newer=False)
    assert known.known(2, 1) == 9
    known.announced(2, [(1, 3)], newer=True)
    assert known.known(2, 1) == 3
    known = knowing()
    known.announced(2, [(1, 3)], newer=True, since=T - 1)
    assert known.known(2, 1) == 9
    known.announced(2, [(1, 3)], newer=True, since=T)
    assert known.known(2, 1) == 3


def test_what_others_still_say_of_before_is_not_believed() -> None:
    """Until it holds it again by its own word, or more than it ever held."""
    known = knowing()
    known.stated(2, {1: 3}, T + 1, T + 1)
    assert not known.hearsay([2], [(1, 9)])
    assert known.known(2, 1) == 3
    assert known.hearsay([2], [(1, 10)])
    assert known.known(2, 1) == 10
    known.stated(2, {1: 3}, T + 2, T + 2)
    known.announced(2, [(1, 10)], newer=False)
    known.announced(2, [(1, 9)], newer=True)
    assert not known.hearsay([2], [(1, 10)])
    assert known.known(2, 1) == 9


def test_it_is_kept_over_a_restart() -> None:
    """Whose word was the last, and what was lost."""
    known = knowing()
    known.stated(2, {1: 3}, T + 5, T + 5)
    again = Neighbours(8)
    again.load(known.export())
    assert not again.hearsay([2], [(1, 9)])
    assert not again.stated(2, {}, T + 4, T + 6)
    assert again.known(2, 1) == 3
    assert again.stated(2, {}, T + 6, T + 6)
    assert again.known(2, 1) == 0
