# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When to tell the others how we are: with frames that go anyway, alone only after long silence.

A page (``sync.wire.heartbeat``) is due when what it says has changed or was said an hour ago; every
frame takes one along at most. Where nothing of ours went for hours both go alone, so that who
is quiet can be told from who is gone; and within minutes when mains or battery fail, as that cannot
wait for an entry to be written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.replica.config import EngineConfig
from sync.wire.frames import Hint
from sync.wire.heartbeat import Heartbeat, as_hint

if TYPE_CHECKING:
    import random

_GRAVE = (20, 10)  # percent of a battery, below which it is grave


class Pulse:
    """What one node has told of itself, and what is due."""

    def __init__(self, config: EngineConfig, rng: random.Random, now: int) -> None:
        self._config, self._rng = config, rng
        self._beat: Heartbeat | None = None
        self._told: dict[int, tuple[int, int]] = {}  # which page -> (page, when)
        self._grave: object = None  # what was grave when we told it last
        self._alone_at = now  # when both went alone, or the start
        self._due: int | None = None

    @property
    def deadline(self) -> int | None:
        """When our state is to be told alone."""
        return self._due

    def state(self, beat: Heartbeat, now: int) -> None:
        """How we are."""
        before, self._beat, grave = self._beat, beat, _graveness(beat)
        if before is None or self._due is None:
            self._grave = grave
            self._due = now + self._about(self._config.beat_first_ms, 2)
        elif grave not in (self._grave, _graveness(before)):
            soon = now + self._about(self._config.beat_grave_ms, 2)
            soon = max(soon, self._alone_at + self._config.beat_changed_ms)
            self._due = min(self._due, soon)

    def take(self, now: int) -> tuple[Hint, ...]:
        """The page that goes with a frame to all, if one is due; it counts as told."""
        if self._beat is None:
            return ()
        for which, page in enumerate(self._beat.pages()):
            before, when = self._told.get(which, (None, 0))
            config = self._config
            wait = config.beat_again_ms if page == before else config.beat_changed_ms
            if before is None or now >= when + wait:
                self._note(which, page, now)
                return (as_hint(page),)
        return ()

    def alone(self, now: int) -> tuple[int, ...]:
        """Both pages, where they are due for themselves."""
        if self._due is None or now < self._due or self._beat is None:
            return ()
        pages = self._beat.pages()
        for which, page in enumerate(pages):
            self._note(which, page, now)
        self._alone_at = now
        return pages

    def _note(self, which: int, page: int, now: int) -> None:
        """That page was told; silence begins anew with the first, which says how long we last."""
        self._told[which] = page, now
        if not which:
            assert self._beat is not None
            self._grave = _graveness(self._beat)
            self._due = now + self._about(self._config.beat_silent_ms, 8)

    def _about(self, wait_ms: int, part: int) -> int:
        """Not all at once: after a power cut every node has the same news."""
        return self._rng.randint(wait_ms, wait_ms + wait_ms // part)


def _graveness(beat: Heartbeat) -> object:
    """What cannot wait when it changes."""
    low = beat.battery is not None and not beat.on_mains and sum(beat.battery < g for g in _GRAVE)
    return beat.on_mains, low
