# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the engine wants done: frames and events waiting to be taken, both bounded.

An engine never acts on its own; its parts put what they want sent or told here, and the shell
fetches it. When a queue is full the oldest of the least important goes.
"""

from __future__ import annotations

from collections import Counter, deque

from sync.feed.why import Why
from sync.replica.events import Event, Frame, Priority, Reach, Rejected


class Effects:
    """Frames and events of one engine."""

    def __init__(self, frames_max: int, events_max: int) -> None:
        self._frames: list[Frame] = []
        self._frames_max = frames_max
        self._events: deque[Event] = deque(maxlen=events_max)
        self.rejected: Counter[Why] = Counter()

    def send(
        self,
        payload: bytes,
        priority: Priority,
        reach: Reach,
        key: str | None,
        expires: int,
        own: tuple[tuple[int, int], ...] = (),
        *,
        insist: bool = True,
        former: bool = False,
    ) -> None:
        """Queue a frame; it replaces one with the same key that was not taken yet."""
        if key is not None:
            self._frames = [frame for frame in self._frames if frame.key != key]
        self._frames.append(Frame(payload, priority, reach, key, expires, own, insist, former))
        if len(self._frames) > self._frames_max:
            self._frames.remove(max(self._frames, key=lambda frame: frame.priority))

    def tell(self, event: Event) -> None:
        """Queue an event."""
        self._events.append(event)

    def reject(self, reason: Why, author: int | None = None) -> None:
        """Count something that was not taken."""
        self.rejected[reason] += 1
        self.tell(Rejected(reason, author))

    def take_frames(self) -> list[Frame]:
        """Frames to be sent, oldest first; they are not given twice."""
        frames, self._frames = self._frames, []
        return frames

    def take_events(self) -> list[Event]:
        """Events since the last call, oldest first."""
        events = list(self._events)
        self._events.clear()
        return events
