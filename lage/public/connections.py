# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Connections that do nothing: one telephone must not keep the place shut for all others.

uvicorn waits for ever for a request that somebody has begun, or only opened a connection for, and
takes a limited number of connections. So a device may hold few at a time, and one on which no whole
request came for a while is dropped; what is being answered is not.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

DEVICE_MAX = 40
"""Browsers open six for a page."""
PATIENCE_S = 20.0


def impatient(*, counted: bool) -> type[H11Protocol]:
    """The protocol of one server. ``counted``: not behind a proxy, whose address all share."""
    held: Counter[str] = Counter()

    class Impatient(H11Protocol):
        """A connection that is dropped where nothing comes of it."""

        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            held[self._device] += 1
            self._wait()
            if counted and held[self._device] > DEVICE_MAX:
                transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            held[self._device] -= 1
            if not held[self._device]:
                del held[self._device]
            if self._timer is not None:
                self._timer.cancel()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wait()

        @property
        def _device(self) -> str:
            return self.client[0] if self.client else ""

        def _wait(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self.loop.call_later(PATIENCE_S, self._look)

        def _look(self) -> None:
            cycle = self.cycle
            if cycle is None or cycle.more_body or cycle.response_complete:
                self.transport.abort()
            else:
                self._wait()

    return Impatient
