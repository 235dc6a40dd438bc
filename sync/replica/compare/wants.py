# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What this node lacks and when it asks; ``gap`` holds the states of one need as a table.

A later operation or an announcement shows that something is missing; a moment is waited, because
it may still be on its way. A few neighbours are asked one after the other; where nothing comes, all
of them, ever more rarely, in the end the whole mesh. What an unverified run suggests is given up
after ``DOUBTFUL_ATTEMPTS``, what a hint under its short MAC says after ``HINT_ATTEMPTS``. Another's
question holds up ours twice at most: who asks without end cannot keep
us from asking. Questions after which nobody is heard tell nothing of who holds what: perhaps we are
cut off. With the first voice it begins anew, ever more rarely; what a hint says, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.replica.compare.gap import TURNS, GapState, Turn
from sync.replica.compare.shares import Allowance
from sync.replica.config import EngineConfig
from sync.wire.frames import Missing

if TYPE_CHECKING:
    import random

DOUBTFUL_ATTEMPTS = 2
HINT_ATTEMPTS = 5
_OVERHEARD_MAX = 2
_UNHEARD = 2
"""So many questions without a voice after them: perhaps nobody hears us, nor we anybody."""
_HELD = 12
"""So often what a hint says is asked for beyond its attempts while nobody is heard."""
_TOGETHER_MS = 15_000
"""Needs that become ripe within this time are asked for in one frame."""


@dataclass(slots=True)
class _Need:
    target: int
    ready: int  # asks from then on
    joins: int  # goes along with the question for another need from then on
    vouched: bool
    allowed: int  # attempts, as long as nobody vouches for it
    patient: bool  # not to be asked for quickly
    urgent: bool  # not to be waited for long
    gap: GapState = GapState.LACKING
    attempts: int = 0  # in vain since something last arrived
    overheard: int = 0  # since we asked ourselves
    unheard: int = 0  # attempts since anybody was heard
    renewals: int = 0  # how often it began anew since something last arrived,
    renewable: int = 0  # and from when on it may again

    def turn(self, turn: Turn) -> None:
        """Something happened to it."""
        self.gap = TURNS[self.gap, turn]

    def hold(self, until: int) -> None:
        """Keep quiet about it until then."""
        self.ready = self.joins = until


class Wants:
    """Needs by author."""

    def __init__(self, config: EngineConfig, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._needs: dict[int, _Need] = {}
        self._quick = Allowance(config.quick_wants_hour)
        self._quiet = 0  # until then nothing is asked: a backlog is being sent to all
        self._quiet_since: int | None = None

    @property
    def deadline(self) -> int | None:
        """When to ask."""
        ready = min((need.ready for need in self._needs.values()), default=None)
        return None if ready is None else max(ready, self._quiet)

    def quiet(self, now: int, wait_ms: int) -> None:
        """A backlog is asked for or being sent, for all who lack it: ask when that is over.

        Nobody can keep us from asking that way: it lasts minutes at most, and not again at once.
        """
        since = self._quiet_since
        if since is None or now >= since + self._config.backlog_quiet_again_ms:
            since = self._quiet_since = now
        until = now + wait_ms + self._rng.randrange(self._config.backlog_spread_ms)
        most = since + self._config.backlog_quiet_most_ms
        self._quiet = max(self._quiet, min(until, most))

    def quieted(self, now: int) -> bool:
        """Whether a backlog is asked for or being sent."""
        return now < self._quiet

    def resume(self, now: int) -> None:
        """All of a backlog has been sent: what of it was missed may be asked for."""
        spread = self._rng.randrange(self._config.backlog_spread_ms)
        self._quiet = min(self._quiet, now + spread)

    @property
    def empty(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self._needs

    def targets(self) -> dict[int, int]:
        """Author -> up to where its operations are known to exist and are missing."""
        return {author: need.target for author, need in self._needs.items()}

    def __contains__(self, author: int) -> bool:
        return author in self._needs

    def lacking(
        self,
        author: int,
        target: int,
        now: int,
        *,
        vouched: bool,
        hurry: bool = False,
        attempts: int = DOUBTFUL_ATTEMPTS,
        patient: bool = False,
    ) -> bool:
        """Something up to ``target`` exists; whether that is news. ``patient``: there is no haste,
        whatever is said of it."""
        need = self._needs.get(author)
        soon = vouched or attempts > DOUBTFUL_ATTEMPTS
        soon = soon and not patient and self._quick.left(now)
        haste = 8 if hurry and soon else 1
        wait = self._config.want_wait_ms if soon else self._config.want_again_ms
        spread = self._config.want_spread_ms if soon else 2 * self._config.want_again_ms
        wait, spread = wait // haste, spread // haste
        ready = now + wait + self._rng.randrange(spread)
        if need is not None:
            need.turn(Turn.LEARNT)
            need.vouched |= vouched
            need.allowed = max(need.allowed, attempts)
            need.patient = patient
            need.urgent |= hurry
            news = hurry and soon and target > need.target
            if news or ((hurry or soon) and need.gap in (GapState.LACKING, GapState.COMING)):
                need.ready = min(need.ready, ready)
                need.joins = min(need.joins, ready)
            if target <= need.target:
                return False
            need.target = target
            return True
        started = TURNS[GapState.CLOSED, Turn.LEARNT]
        self._needs[author] = _Need(
            target, ready, now + wait // 2, vouched, attempts, patient, hurry, started
        )
        return True

    def target(self, author: int) -> int:
        """Highest number known to exist; 0 if nothing is lacking."""
        need = self._needs.get(author)
        return need.target if need else 0

    def vouched(self, author: int) -> bool:
        """Whether a member vouches that what we lack of it exists."""
        need = self._needs.get(author)
        return need is not None and need.vouched

    def satisfied(self, author: int) -> None:
        """Nothing of that author is lacking any more."""
        self._end(author, Turn.FILLED)

    def _end(self, author: int, turn: Turn) -> None:
        need = self._needs.pop(author, None)
        if need is not None:
            need.turn(turn)

    def coming(self, author: int, now: int, *, far: bool = False) -> None:
        """Some of what is lacking has arrived, so more may follow: a repair goes on. ``far``: over
        a relay, where frames follow each other more slowly."""
        for name, need in self._needs.items():
            if name == author:
                need.turn(Turn.ARRIVED)
                need.attempts, need.renewals, need.renewable = 0, 0, now
            if name == author or need.gap in (GapState.ASKED, GapState.VAIN):
                quiet = (
                    now
                    + (self._config.want_quiet_ms << 2 * far)
                    + self._rng.randrange(self._config.want_spread_ms)
                )
                need.hold(max(need.ready, quiet) if name != author else quiet)

    def overheard(
        self, ranges: tuple[Missing, ...], now: int, first_missing: dict[int, int], *, many: bool
    ) -> None:
        """Another asks for the same or more: its repairs will reach us too. ``many``: it asks for
        all who lack it, and the answer takes minutes."""
        pause = self._config.want_overheard_ms << 2 * many
        for item in ranges:
            need = self._needs.get(item.author)
            first = first_missing.get(item.author)
            if need is None or first is None or item.first > first:
                continue
            if item.count and item.first + item.count <= first:
                continue
            if need.overheard >= _OVERHEARD_MAX:
                continue
            need.turn(Turn.OVERHEARD)
            need.overheard += 1
            need.hold(max(need.ready, now + pause + self._rng.randrange(pause)))

    def ripe(self, now: int) -> list[tuple[int, int]]:
        """(author, attempts) to ask for now, longest waiting first; empty before the deadline.

        What would be asked for soon goes along: after a partition a node lacks many feeds at once.
        """
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        ready = [
            (need.ready, author)
            for author, need in self._needs.items()
            if need.ready <= now + _TOGETHER_MS or need.joins <= now
        ]
        return [(author, self._needs[author].attempts) for _, author in sorted(ready)]

    def asked(self, authors: list[int], now: int) -> None:
        """A WANT for these went out."""
        quick = self._quick.take(now)
        for author in authors:
            need = self._needs[author]
            need.turn(Turn.ASK)
            need.attempts += 1
            need.unheard += 1
            need.overheard = 0
            doubtful = not need.vouched and need.allowed <= DOUBTFUL_ATTEMPTS
            if not need.vouched and need.attempts >= need.allowed:
                alone = need.unheard >= _UNHEARD and not need.renewals
                if alone and not doubtful and need.attempts < need.allowed + _HELD:
                    need.hold(now + self._config.want_longest_ms)  # or until anybody is heard
                else:
                    self._end(author, Turn.GIVEN_UP)
                continue
            vain = need.attempts - self._config.want_named - 1
            pause = self._config.want_named_ms
            soon = self._config.want_urgent if need.urgent else 0  # pauses double only after these
            if vain >= 0 or doubtful or need.patient or not quick:
                pause = self._config.want_again_ms << min(max(vain - soon, 0), 8)
            if need.urgent and quick and not need.patient and vain < soon:
                pause = self._config.want_named_ms << int(vain > 0)
            pause = min(pause, self._config.want_longest_ms)
            need.hold(now + pause + self._rng.randrange(pause // 2))

    def heard(self, now: int) -> None:
        """A member is heard. What was asked when nobody was may have reached nobody: it is asked
        again soon, of neighbours first."""
        for need in self._needs.values():
            if need.unheard >= _UNHEARD and now >= need.renewable:
                need.renewable = now + (self._config.want_longest_ms << min(need.renewals, 8))
                need.attempts, need.renewals = 0, need.renewals + 1
                wait = self._config.want_wait_ms + self._rng.randrange(self._config.want_spread_ms)
                need.hold(min(need.ready, now + wait))
            need.unheard = 0

    def postpone(self, author: int, now: int) -> None:
        """Nothing can be done about it for a while."""
        need = self._needs.get(author)
        if need is not None:
            need.hold(max(need.ready, now + self._config.want_again_ms))
