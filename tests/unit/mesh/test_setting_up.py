# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up a radio message by message, on a virtual clock, over a radio that forgets."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from mesh.radio.setting_up import (
    ANSWER_MS,
    RESTART_MS,
    ROUNDS_MAX,
    TRIES_MAX,
    Outcome,
    Reread,
    SettingUp,
    Step,
)

WANTED = {"lora": b"EU", "device": b"quiet", "channel:0": b"key"}


def plan(sections: Mapping[str, bytes]) -> list[Step]:
    """What differs, as messages that name the section."""
    return [
        Step(name, b"set " + name.encode(), b"get " + name.encode())
        for name, value in WANTED.items()
        if sections.get(name) != value
    ]


class Radio:
    """Takes and tells settings; ``loses`` says which orders never arrive."""

    def __init__(self, loss: float = 0.0, seed: int = 1) -> None:
        self.stored: dict[str, bytes] = {}
        self.edited: dict[str, bytes] = {}
        self.told: dict[str, bytes] = {}  # what the link has read
        self.back_at = 0
        self.restart_at: int | None = None
        self.commits = 0
        self._loss, self._rng = loss, random.Random(seed)

    def order(self, order: bytes | Reread, now: int) -> None:
        """One order reaches the radio, or not."""
        if isinstance(order, Reread):
            self.back_at = now + 500
            return
        if self._rng.random() < self._loss:
            return
        word, _, name = order.decode().partition(" ")
        if word == "set":
            self.edited[name] = WANTED[name]
        elif word == "get" and self._rng.random() >= self._loss:
            self.told[name] = {**self.stored, **self.edited}.get(name, b"")
        elif word == "commit":
            self.commits += 1
            self.stored |= self.edited
            self.restart_at = now + 7_000

    def connected(self, now: int) -> bool:
        """Whether the link stands; after a restart the settings are read anew."""
        if self.restart_at is not None and now >= self.restart_at:
            self.restart_at, self.back_at, self.edited = None, now + 9_000, {}
        if now == self.back_at:
            self.told = dict(self.stored)
        return now >= self.back_at


def run(radio: Radio, until: int = 600_000) -> tuple[SettingUp, list[tuple[int, bytes | Reread]]]:
    """Let it go on, ten times a second; what was ordered when."""
    work, orders = SettingUp(plan, b"begin", b"commit"), []
    for now in range(0, until, 100):
        if work.outcome is not None:
            break
        connected = radio.connected(now)
        for order in work.advance(now, radio.told, connected=connected):
            orders.append((now, order))
            radio.order(order, now)
    return work, orders


def test_each_change_waits_for_the_one_before() -> None:
    """Begin, then change and question after one another, commit; after the restart all is right."""
    radio = Radio()
    work, orders = run(radio)
    assert work.outcome is Outcome.RIGHT
    assert [order for _, order in orders] == [
        b"begin", b"set lora", b"get lora", b"set device", b"get device",
        b"set channel:0", b"get channel:0", b"commit",
    ]  # fmt: skip
    times = [now for now, order in orders if isinstance(order, bytes) and order.startswith(b"set")]
    assert len(set(times)) == 3
    assert radio.stored == WANTED


def test_a_radio_that_is_right_is_told_nothing() -> None:
    """The second run changes nothing."""
    radio = Radio()
    radio.stored = dict(WANTED)
    work, orders = run(radio)
    assert (work.outcome, orders) == (Outcome.RIGHT, [])


@pytest.mark.parametrize("seed", range(20))
def test_lost_messages_are_repeated(seed: int) -> None:
    """A tenth of all messages and answers vanish; the radio is right at the end all the same."""
    radio = Radio(loss=0.1, seed=seed)
    work, _ = run(radio)
    assert work.outcome is Outcome.RIGHT
    assert radio.stored == WANTED


@pytest.mark.parametrize("at", range(0, 3_000, 300))
def test_a_restart_in_between_costs_a_round(at: int) -> None:
    """Whenever the radio restarts by itself, what was edited is lost and told again."""
    radio = Radio()
    radio.restart_at = at
    work, _ = run(radio)
    assert work.outcome is Outcome.RIGHT
    assert radio.stored == WANTED


def test_a_radio_that_applies_live_is_read_anew() -> None:
    """Without a restart after the commit the link is told to connect anew."""
    radio = Radio()
    really = radio.order

    def order(what: bytes | Reread, now: int) -> None:
        really(what, now)
        radio.restart_at = None

    radio.order = order  # type: ignore[method-assign]
    work, orders = run(radio)
    assert work.outcome is Outcome.RIGHT
    committed = next(now for now, order in orders if order == b"commit")
    assert orders[-1] == (committed + RESTART_MS, Reread.REREAD)


def test_a_radio_that_does_not_take_it_is_given_up() -> None:
    """One that never tells the wanted value, and one that forgets at every restart."""
    deaf = Radio(loss=1.0)
    work, orders = run(deaf)
    assert work.outcome is Outcome.REFUSED
    assert sum(order == b"set lora" for _, order in orders) == TRIES_MAX * ROUNDS_MAX
    assert orders[-1][0] <= ((TRIES_MAX + 2) * ANSWER_MS + 1_000) * ROUNDS_MAX

    forgetful = Radio()
    forgetful.stored = Forgetful()
    work, _ = run(forgetful)
    assert work.outcome is Outcome.REFUSED
    assert forgetful.commits == ROUNDS_MAX


@pytest.mark.parametrize("refused", WANTED)
def test_one_setting_that_is_not_taken_keeps_no_other_away(refused: str) -> None:
    """Seen: a module that a radio refuses stood before the region, which was never set."""
    radio = Radio()
    really = radio.order

    def order(what: bytes | Reread, now: int) -> None:
        if what != b"set " + refused.encode():
            really(what, now)

    radio.order = order  # type: ignore[method-assign]
    work, _ = run(radio)
    assert work.outcome is Outcome.REFUSED
    assert radio.stored == {name: value for name, value in WANTED.items() if name != refused}
    assert radio.commits == 1


class Forgetful(dict[str, bytes]):
    """Keeps nothing."""

    def __ior__(self, other: object) -> Forgetful:  # type: ignore[override, misc]
        return self
