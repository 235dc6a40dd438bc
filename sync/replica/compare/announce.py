# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When to announce what is held, and what to say.

Trickle lets one speak for a neighbourhood that agrees. But only a node itself can say what *it*
holds, and pass on what it heard of others, so such news is put off only until its time has come.
More authors than one summary holds are announced range by range, the latest news first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.replica.compare.apart import Apart
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.stamps import GRACE_MS, Stamps
from sync.replica.compare.trickle import Trickle
from sync.replica.config import EngineConfig
from sync.replica.events import Reach
from sync.replica.feeds import Feeds
from sync.wire import packet, summary
from sync.wire.frames import FRAME_MAX, Have, Seal, digest
from sync.wire.hearsay import choose
from sync.wire.summary import Summary

if TYPE_CHECKING:
    import random

_REMIND_MS = 5 * 60_000

_KEY = "have:"
"""So the keys of announcements begin; a newer one replaces one of the same authors that waits."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A HAVE to be sent."""

    payload: bytes
    key: str  # a newer one replaces one that still waits
    reach: Reach | None  # None: as far as our other control frames


class Announcements:
    """The HAVE frames of one node."""

    def __init__(
        self,
        author: int,
        feeds: Feeds,
        neighbours: Neighbours,
        stamps: Stamps,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
    ) -> None:
        self._author = author
        self._feeds = feeds
        self._neighbours = neighbours
        self._stamps = stamps
        self._seal = seal
        self._config = config
        self._trickle = Trickle(
            config.have_shortest_ms, config.have_longest_ms, config.have_redundancy, rng
        )
        self._announced: dict[tuple[int, int], int] = {}  # range -> when we announced it
        self._lapsed: set[int] = set()  # first authors of announcements that were not sent
        self._lapses = 0  # in a row, and
        self._lapsed_at = -config.have_news_ms  # when the last of them was
        self._apart = Apart(author, feeds, neighbours, config)
        self._report_at: int | None = None  # what only we can say is said from then on
        self._pass_again_at = 0
        self._backlog = 0  # operations that came by repair since the last one
        self._urgent = False  # whether urgent ones came since then
        self._reminded = 0
        self._many = False  # the next one goes over a relay
        self._bridged: int | None = None
        self.spoken = 0  # how many were made

    @property
    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        return self._trickle.deadline

    def begin(self, now: int) -> None:
        """The program starts."""
        self._apart.begin(now)
        self._trickle.begin(now, self._config.have_first_ms)

    def advance(self, now: int) -> Announcement | None:
        """An announcement that is due."""
        if not self._trickle.advance(now):
            return None
        if pause := self._apart.pause(now):  # whatever others near said: few are heard across
            self._trickle.shorten(now, pause)
            return self._make(now)
        due = self._report_at
        if not self._trickle.silenced or (due is not None and now >= due):
            return self._make(now)
        if due is not None:
            self._trickle.shorten(now, 2 * (due - now))
        return None

    # --- what calls for one -----------------------------------------------------------------------

    def arrived(self, now: int, new: int, *, repair: bool, urgent: bool, called: bool) -> None:
        """We hold more than before.

        What is urgent shall not wait for the next quiet round, and a backlog that came by repair
        (after a partition, say) is likely new to our other neighbours as well: both are announced
        soon. A single repaired loss is not: the flood reached most others.
        """
        self.report(now)
        if repair:
            self._backlog += new
        if urgent:
            self.hurry(now, called=called)
        elif self._backlog >= self._config.have_backlog:
            self._trickle.reset(now)

    def report(self, now: int) -> None:
        """There is something that only we can say."""
        if self._report_at is None:
            self._report_at = now + self._config.have_news_ms
        self.written(now)

    def lapsed(self, keys: Iterable[str], now: int) -> None:
        """Frames with these keys found no room on the air; of ours what they said is still news."""
        firsts = {int(key.removeprefix(_KEY)) for key in keys if key.startswith(_KEY)}
        if firsts:
            self._lapsed |= firsts
            self._count_lapse(now)
            self._make_up(now)

    def _count_lapse(self, now: int) -> None:
        """Those of one moment count once; what was made anew and lapsed is one more in a row."""
        expires = self._config.control_expires_ms
        if now >= self._lapsed_at + expires:
            again = now < self._lapsed_at + self._pause_ms + 2 * expires
            self._lapses = self._lapses + 1 if again else 0
            self._lapsed_at = now

    @property
    def _pause_ms(self) -> int:
        """Within that time what lapsed is made anew; the less soon the fuller the air is."""
        return self._config.have_lapsed_ms << min(self._lapses, 2)

    def _make_up(self, now: int) -> None:
        """Say soon what lapsed, one range after the other."""
        if self._lapsed:
            self._report_at = now
            self._trickle.shorten(now, self._pause_ms)

    def written(self, now: int) -> None:
        """We wrote something: its flood tells most, one of us is to tell the rest."""
        self._trickle.shorten(now, self._config.have_news_ms)

    def hurry(self, now: int, *, called: bool = False) -> None:
        """Something urgent is new: announce soon, so that who missed the flood notices. ``called``:
        the roll is called of it (``compare.rollcall``), so its author tells them."""
        self._urgent = True
        wait = self._config.have_called_ms if called else self._config.have_urgent_ms
        self._trickle.shorten(now, wait, afresh=True)

    def remind(self, now: int) -> None:
        """A neighbour does not know the network's time: our next frame tells it, once an hour."""
        if now >= self._reminded:
            self._reminded = now + GRACE_MS
            self._report_at = now
            self._trickle.shorten(now, _REMIND_MS, afresh=True)

    def bridge(self, now: int) -> None:
        """Somebody lacks what many lack: they shall hear of it soon, unless another tells them."""
        if self._bridged is None or now >= self._bridged + self._config.have_shortest_ms:
            self._bridged = now
            self._apart.met(now)
            self._many = True
            wait = 2 * (self._config.backlog_notice_ms + self._config.backlog_spread_ms)
            self._trickle.shorten(now, wait, afresh=True)

    def bridge_now(self, now: int) -> None:
        """We ask for what many lack here: the others shall hear at once what they lack."""
        if self._many:
            self._trickle.shorten(now, self._config.backlog_answer_ms // 2, afresh=True)

    def bridged(self, now: int) -> None:
        """Another did so."""
        self._apart.met(now)
        if self._many:
            self._many = False
            self._trickle.heard_same()

    def swept(self, now: int) -> None:
        """We have sent all that many lacked: what it was shows who missed some."""
        self._many = True
        self._apart.met(now)
        self._report_at = now
        self._trickle.shorten(now, self._config.backlog_gap_ms, afresh=True)

    def heard_same(self, other: Summary) -> None:
        """Another told our neighbours what we would have told them, save what is on its way."""
        span = self._next_range()
        if span is not None and other.first <= span[0] and span[1] <= other.last:
            self._trickle.heard_same()

    # --- making one -------------------------------------------------------------------------------

    def _make(self, now: int) -> Announcement | None:
        span = self._next_range()
        if span is None:
            return None
        first, last = span
        heads = {author: self._feeds.shown(author) for author in range(first, last + 1)}
        while True:
            content = summary.summarise(heads, first, last)
            parts = self._feeds.parts(content.items())
            if parts is None:
                return None
            stamp = self._stamps.next(now)
            mark = digest(self._author, stamp, parts)
            target = self._neighbours.loudest(now - self._config.neighbour_ms)
            have = Have(self._author, content, mark, stamp, self._urgent, target)
            payload = packet.encode_have(have, self._seal)
            if len(payload) <= FRAME_MAX:
                break
            last = (first + last) // 2
        self._report_at = None
        payload = self._with_floor(have, payload, now)
        self._announced[span] = now
        # Those that lapsed come first, so if this is none of them the ranges have changed since.
        self._lapsed = self._lapsed - {first} if first in self._lapsed else set()
        self._make_up(now)
        self.spoken += 1
        self._backlog, self._urgent = 0, False
        reach = Reach.RELAYED if self._many else None
        self._many = False
        return Announcement(payload, f"{_KEY}{first}", reach)

    @property
    def _large(self) -> bool:
        """Whether censuses tell of others, so that each needs to tell of itself only."""
        return self._feeds.roster.size > self._config.census_above

    def _with_floor(self, have: Have, payload: bytes, now: int) -> bytes:
        """The announcement with what is known of others, as far as there is news and room.

        Of a large county's staffs a census tells (``census.py``).
        """
        if self._large:
            return payload
        if now >= self._pass_again_at:
            self._pass_again_at = now + self._config.have_longest_ms
            self._neighbours.pass_on_again()
        heads = have.summary.heads
        authors = range(have.summary.first, have.summary.last + 1)
        floor = choose(heads, self._neighbours.accounts(authors))
        if floor is None:
            return payload
        longer = packet.encode_have(replace(have, floor=floor), self._seal)
        if len(longer) > FRAME_MAX:
            return payload
        self._neighbours.passed_on(floor.members, zip(authors, floor.heads, strict=True))
        if choose(heads, self._neighbours.accounts(authors)):
            self.report(now)  # the rest with the next one
        return longer

    def _next_range(self) -> tuple[int, int] | None:
        """The range that changed last and was not announced since, else the longest silent one;
        before all one whose announcement lapsed."""
        spans = summary.ranges(self._feeds.authors())
        if len(spans) < 2:
            return spans[0] if spans else None
        changed = self._feeds.changed

        def order(span: tuple[int, int]) -> tuple[bool, int, int]:
            spoken = self._announced.get(span, -1)
            news = max((t for a, t in changed.items() if span[0] <= a <= span[1]), default=-1)
            return (span[0] in self._lapsed, news if news > spoken else -1, -spoken)

        return max(spans, key=order)
