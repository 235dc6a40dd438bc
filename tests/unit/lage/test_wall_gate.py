# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may look at the wall: the password, sessions and the brakes on guessing."""

from __future__ import annotations

from itertools import count

import pytest

from lage.wall.gate import (
    ADDRESSES_MAX,
    ALL_GUESSES_MAX,
    FIRST_WAIT_MS,
    FREE_GUESSES,
    LONGEST_WAIT_MS,
    MINUTE_MS,
    SESSION_MS,
    SESSIONS_MAX,
    Answer,
    Gate,
    known_host,
    network_of,
    same_origin,
)

RIGHT = "Hochwasser Ems 24"


@pytest.fixture
def gate() -> Gate:
    """A gate whose tokens are numbered."""
    numbers = count()
    return Gate(RIGHT, lambda: f"token-{next(numbers)}")


def test_right_password_opens_a_session(gate: Gate) -> None:
    """The right password gives a token that is good until the session ends; no other token is."""
    answer, token = gate.enter(RIGHT, "10.0.0.7", 0)

    assert answer is Answer.WELCOME
    assert gate.admits(token, SESSION_MS - 1)
    assert not gate.admits(token, SESSION_MS)
    assert not gate.admits("", 0)
    assert not gate.admits("token-0", 0), "the key of the digests is no session"


@pytest.mark.parametrize(
    "typed", ["", RIGHT + " ", RIGHT[:-1], RIGHT.lower(), "\ud800", "x" * 9999]
)
def test_wrong_password_does_not(gate: Gate, typed: str) -> None:
    """Anything else gives no token, however odd."""
    assert gate.enter(typed, "10.0.0.7", 0) == (Answer.WRONG, "")


def test_guessing_gets_slower(gate: Gate) -> None:
    """After five wrong guesses an address waits, twice as long each time, up to a limit."""
    now, waits = 0, []
    for _ in range(FREE_GUESSES + 8):
        assert gate.enter("falsch", "10.0.0.7", now)[0] is Answer.WRONG
        waits.append(gate.wait_ms("10.0.0.7", now))
        now += waits[-1]

    assert waits[: FREE_GUESSES - 1] == [0] * (FREE_GUESSES - 1)
    assert waits[FREE_GUESSES - 1 : FREE_GUESSES + 2] == [FIRST_WAIT_MS * n for n in (1, 2, 4)]
    assert waits[-1] == LONGEST_WAIT_MS


def test_while_waiting_even_the_right_password_is_refused(gate: Gate) -> None:
    """Else a guesser could go on guessing; another address is not held up."""
    for _ in range(FREE_GUESSES):
        gate.enter("falsch", "10.0.0.7", 0)

    assert gate.enter(RIGHT, "10.0.0.7", FIRST_WAIT_MS - 1) == (Answer.WAIT, "")
    assert gate.enter(RIGHT, "10.0.0.8", 1)[0] is Answer.WELCOME
    assert gate.enter(RIGHT, "10.0.0.7", FIRST_WAIT_MS)[0] is Answer.WELCOME


def test_many_addresses_are_slowed_together(gate: Gate) -> None:
    """Guesses of all addresses within a minute are limited; the minute after, they may again."""
    for number in range(ALL_GUESSES_MAX):
        assert gate.enter("falsch", f"10.0.1.{number}", number)[0] is Answer.WRONG

    assert gate.enter("falsch", "10.0.9.9", 1_000)[0] is Answer.WAIT
    assert gate.enter("falsch", "10.0.9.9", MINUTE_MS)[0] is Answer.WRONG


def test_nothing_grows_without_limit(gate: Gate) -> None:
    """A flood of addresses and of sessions leaves the newest of each, and no more."""
    for number in range(ADDRESSES_MAX + 50):
        gate.enter("falsch", f"10.1.{number // 200}.{number % 200}", number * MINUTE_MS)
    now = 2 * ADDRESSES_MAX * MINUTE_MS
    tokens = [gate.enter(RIGHT, "10.0.0.7", now)[1] for _ in range(SESSIONS_MAX + 5)]

    assert len(gate._guessers) == ADDRESSES_MAX
    assert [gate.admits(token, now) for token in tokens] == [False] * 5 + [True] * SESSIONS_MAX


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "?"),
    ],
)
def test_addresses_of_one_place_count_as_one(address: str, network: str) -> None:
    """An IPv6 network of 64 bits is one place: its owner has all of its addresses."""
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("http://wand.lan:8040", True),
        ("https://Wand.lan:8040", True),
        ("http://wand.lan", False),
        ("http://wand.lan:8040.boese.example", False),
        ("http://boese.example", False),
        ("file://wand.lan:8040", False),
        ("http://[", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_only_pages_of_this_host_may_ask(origin: str | None, fits: bool) -> None:
    """Scheme, host and port of the asking page are compared with what the browser called us."""
    assert same_origin(origin, "wand.lan:8040") is fits


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8040", True), ("[::1]:8040", True), ("192.168.7.3", True), ("localhost", True),
        ("LAPTOP-7:8040", True), ("laptop-7.local.", True), ("wand.kreis.example:8040", True),
        ("boese.example:8040", False), ("127.0.0.1.boese.example", False), ("", False),
        ("laptop-7.boese.example", False), ("[::1", False), ("localhost.boese.example", False),
    ],
)  # fmt: skip
def test_a_strangers_name_that_points_here_is_refused(host: str, known: bool) -> None:
    """DNS rebinding needs a name: addresses and names of this computer are taken, others not."""
    assert known_host(host, {"laptop-7", "wand.kreis.example"}) is known
