# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether another program uses the same radio: it never says so, but it shows.

A second TCP client closes the first, so a connection that stood breaks again and again. On a cable
or Bluetooth beside it both seem connected, but each packet of the radio goes to only one of them:
our questions go unanswered though every handshake succeeds, and answers come to what we never sent
(firmware ServerAPI.cpp, MeshService.cpp). Pure.
"""

from __future__ import annotations

from collections import OrderedDict, deque

SHORT_MS = 120_000
"""A connection that stood for less and broke is a sign; a cable or a weak radio breaks, too, so"""
SIGNS = 3
WITHIN_MS = 300_000
"""so many signs within that time count."""
SENT_MAX = 256
SETTLED_MS = 120_000
"""Answers that come so soon after the start may be to what an earlier run sent."""


class Rivals:
    """Gathers the signs."""

    def __init__(self) -> None:
        self._signs: deque[int] = deque(maxlen=SIGNS)
        self._sent: OrderedDict[int, None] = OrderedDict()
        self._since: int | None = None

    def sent(self, packet_id: int, now: int) -> None:
        """We handed that packet to the radio."""
        self._since = now if self._since is None else self._since
        self._sent[packet_id] = None
        while len(self._sent) > SENT_MAX:
            self._sent.popitem(last=False)

    def answered(self, packet_id: int, now: int) -> None:
        """The radio says what became of a packet of its client's: it should be one of ours."""
        settled = self._since is not None and now - self._since >= SETTLED_MS
        if settled and packet_id not in self._sent:
            self._signs.append(now)

    def broke(self, stood_ms: int, now: int) -> None:
        """A connection that stood for so long has broken, or a question on it went unanswered."""
        if stood_ms < SHORT_MS:
            self._signs.append(now)

    def suspected(self, now: int) -> bool:
        """Whether another program seems to be there."""
        return len(self._signs) == SIGNS and now - self._signs[0] <= WITHIN_MS
