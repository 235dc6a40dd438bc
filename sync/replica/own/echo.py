# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The number of one's last entry, told once more where nobody else has told it.

One staff in thirty misses a flood, and learns of it when the next frame names what it missed
(``sync.wire.hints``). On a quiet day that is minutes later. So its author waits two minutes for
somebody to name it, and then says itself, in the shortest frame there is and over one relay, how
far its feed goes. Of what is urgent the roll is called (``compare.rollcall``), which says the same,
where the county is not too large for it.
"""

from __future__ import annotations

from collections.abc import Callable

from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import Priority, Reach
from sync.wire.frames import Held, Seal
from sync.wire.held import encode_held


class Echo:
    """How far our feed was sent, until somebody has named it."""

    def __init__(
        self,
        me: int,
        everywhere: Callable[[int, int], bool],
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
    ) -> None:
        """``everywhere``: whether all are known to hold that author's operation."""
        self._me, self._everywhere = me, everywhere
        self._effects, self._seal, self._config = effects, seal, config
        self._number, self._urgent = 0, False
        self.deadline: int | None = None

    def sent(self, number: int, now: int, *, urgent: bool, listed: bool, copy: bool) -> None:
        """Our operations up to there went out in a flood, the first or, as after a radio was away,
        a later one; if we list who has them, that names them."""
        again = not copy and self.deadline is None
        if (number > self._number or again) and not listed:
            self._urgent = urgent or (self._urgent and self.deadline is not None)
            config = self._config
            wait = config.echo_urgent_ms if self._urgent else config.echo_ms
            self._number, self.deadline = max(number, self._number), now + wait

    def named(self, number: int, written: int) -> None:
        """A member has named our entry, or one after it, to all; after ``written`` is none."""
        if self._number <= number <= written:
            self.deadline = None

    def withdraw(self) -> None:
        """Nothing of ours shall be spread any more."""
        self.deadline = None

    def advance(self, now: int) -> None:
        """Say it, if it is due and somebody may not know it."""
        if self.deadline is None or now < self.deadline:
            return
        self.deadline = None
        if self._everywhere(self._me, self._number):
            return
        held = Held(self._me, self._number, (self._me,), mesh=True, urgent=self._urgent)
        payload = encode_held(held, self._seal)
        expires = now + self._config.control_expires_ms
        self._effects.send(payload, Priority.WANT, Reach.RELAYED, "echo", expires, insist=False)
