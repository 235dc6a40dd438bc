# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who says what at a broker, and whom a node asks: pure, in virtual time."""

from __future__ import annotations

import random

from sync.bulk.assembly import ANSWER_MS, BARREN_MS, LACK_MS, Answer, Ask, Assembly, State, ToAll


def begun(heads: dict[int, int], me: int = 1) -> Assembly:
    """One that has stated what it holds."""
    made = Assembly(me, random.Random(1))
    assert State() in list(made.advance(heads, 0))
    return made


def asks(made: Assembly, heads: dict[int, int], now: int) -> list[int]:
    """Whom it asks at that time."""
    return [effect.member for effect in made.advance(heads, now) if isinstance(effect, Ask)]


def test_own_entries_at_once_others_after_a_while() -> None:
    """What came by another way is left to its author while he is there, and said once by one."""
    made = begun({1: 5, 2: 5})
    made.stated(2, {2: 5}, 0)
    assert ToAll(1, 6, 6) in list(made.advance({1: 6, 2: 6}, 1_000))
    assert not [e for e in made.advance({1: 6, 2: 6}, 3_000) if isinstance(e, ToAll)]
    made.said(2, 6, 6)
    assert not [e for e in made.advance({1: 6, 2: 6}, 60_000) if isinstance(e, ToAll)]
    list(made.advance({1: 6, 2: 8}, 61_000))
    assert ToAll(2, 7, 8) in list(made.advance({1: 6, 2: 8}, 70_000))


def test_who_brings_nothing_is_left_alone_for_a_minute() -> None:
    """A liar claims most and starves nobody: the next one is asked, also where nobody answers."""
    heads = {3: 10}
    made = begun(heads)
    made.stated(2, {3: 2**28}, 0)  # lies
    made.stated(4, {3: 50}, 0)
    assert asks(made, heads, 100) == []
    assert asks(made, heads, LACK_MS + 100) == [2]
    made.answered()
    assert asks(made, heads, LACK_MS + 200) == [4]
    made.answered()
    assert asks(made, {3: 50}, LACK_MS + 300) == []
    made.stated(4, {3: 60}, LACK_MS + 400)
    at = 2 * LACK_MS + 400
    assert asks(made, {3: 50}, LACK_MS + 400) == []
    assert asks(made, {3: 50}, at) == [4]
    assert asks(made, {3: 50}, at + ANSWER_MS - 1) == []
    assert asks(made, {3: 50}, at + ANSWER_MS) == []  # silent, too: nobody is left
    assert asks(made, {3: 50}, at + ANSWER_MS + BARREN_MS) == []
    assert asks(made, {3: 50}, at + ANSWER_MS + BARREN_MS + LACK_MS) == [2]


def test_a_doubted_feed_is_said_anew_once_a_minute() -> None:
    """So that who holds the other branch sees where they part."""
    made = begun({2: 300})
    made.doubted(2, 100, 1_000)
    assert ToAll(2, 100, 300) in list(made.advance({2: 300}, 4_000))
    made.doubted(2, 100, 5_000)
    made.doubted(7, 1, 5_000)  # we hold nothing of it
    made.doubted(2, 301, 70_000)
    assert not [e for e in made.advance({2: 300}, 80_000) if isinstance(e, ToAll)]


def test_nobody_keeps_us_busy_with_asking() -> None:
    """One helping a second for each."""
    made = begun({1: 5})
    made.asked(2, {})
    assert Answer(2, {}) in list(made.advance({1: 5}, 10))
    made.asked(2, {})
    assert not [e for e in made.advance({1: 5}, 20) if isinstance(e, Answer)]
    assert Answer(2, {}) in list(made.advance({1: 5}, 1_100))
