# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One attempt to connect, in a thread of its own that can be given up, whatever the library does.

The library raises anything, exits the process, hangs, or loses its reader: each ends the attempt,
and nothing else.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from mesh.link import Reason, Trouble
from mesh.radio.address import RadioAddress
from mesh.radio.plug import PortFinder
from mesh.radio.reason import explain

if TYPE_CHECKING:
    from mesh.radio.client import RadioClient
    from mesh.radio.watch import RadioWatch

BROKEN = Reason(Trouble.BROKEN)

Job = Callable[["RadioClient"], None]
Turn = Callable[["RadioWatch", int], None]


class Attempt:
    """One connection attempt: a worker thread in the library, fed with jobs."""

    def __init__(
        self,
        session: int,
        address: RadioAddress,
        finder: PortFinder,
        post: Callable[[Turn], None],
    ) -> None:
        self.session = session
        self._finder = finder
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.thread = threading.Thread(
            target=self._work, name=f"radio {address} {session}", daemon=True
        )
        self._address = address
        self._post = post
        self._client: RadioClient | None = None
        self._opened = False
        self._over = False

    @property
    def dead(self) -> bool:
        """Whether a thread has ended that should still be at work."""
        client = self._client
        if self._over or not self._opened or client is None:
            return False
        return not self.thread.is_alive() or not client.listens

    def give_up(self) -> None:
        """End it if it still listens, and pull the transport from under it if not."""
        self._over = True
        self.jobs.put(None)
        if self._client is not None:
            self._client.cut()

    def _work(self) -> None:
        try:
            self._serve()
        except (Exception, SystemExit) as error:  # noqa: BLE001  # the library raises anything
            self._lost(BROKEN if self._opened else explain(error, self._address))
        client = self._client
        if client is not None:
            try:
                client.close()
            except (Exception, SystemExit):  # noqa: BLE001
                client.cut()

    def _serve(self) -> None:
        from mesh.radio.client import RadioClient

        session = self.session
        self._address = self._finder.find()
        self._client = RadioClient(
            self._address,
            lambda body: self._post(lambda watch, now: watch.frame(session, body, now)),
            lambda: self._lost(BROKEN),
        )
        if self._over:
            return
        self._client.open()
        self._opened = True
        while (job := self.jobs.get()) is not None:
            job(self._client)

    def _lost(self, reason: Reason) -> None:
        if not self._over:
            self._post(lambda watch, now: watch.lost(self.session, reason, now))
