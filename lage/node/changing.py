# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""From one radio to another, and back: a slip in an address is not to cost the radio that works."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lage.kinds.setting import RADIO_ADDRESS
from lage.language.errors import UsageError

if TYPE_CHECKING:
    from lage.node.loop import Loop
    from lage.station import Station
    from mesh.link import Link

LOGGER = logging.getLogger("lage.node")
TRY_S = 75.0
"""The longest handshake of a radio takes a minute."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """Another radio is tried; ``former`` is the address to go back to."""

    address: str
    former: str
    until: float


class Changing:
    """Which radio the node has. One that was ordered is kept, also for the next start, as soon as
    it answers; until then the one that worked before is what counts."""

    def __init__(
        self, station: Station, loop: Loop, link: Link | None, open_link: Callable[[str], Link]
    ) -> None:
        """``open_link`` raises UsageError for an address that cannot be."""
        self._station, self._loop, self._open = station, loop, open_link
        self.link = link
        self._trial: _Trial | None = None

    def turn(self, now: float) -> None:
        """Carry out an order, or judge one; ``now`` in seconds of the machine's own clock."""
        attached, trial = self._loop.attached, self._trial
        if (address := attached.setter.address) is not None:
            self._order(address, now)
        elif trial is None:
            return
        elif attached.answered:
            self._station.keep(RADIO_ADDRESS, trial.address)
            self._trial = None
        elif now >= trial.until:
            LOGGER.error("no radio answers at %s: back to %s", trial.address, trial.former)
            self._trial = None
            self._take(self._open(trial.former), trial.former)
            attached.setter.unreached()

    def _order(self, address: str, now: float) -> None:
        attached, trial = self._loop.attached, self._trial
        former = trial.former if trial else attached.setter.at if attached.answered else ""
        try:
            link = self._open(address)
        except UsageError as error:
            LOGGER.error("%s", error)
            attached.setter.unreached()
            return
        self._trial = _Trial(address, former, now + TRY_S) if former not in ("", address) else None
        self._take(link, address)
        if self._trial is None:
            self._station.keep(RADIO_ADDRESS, address)

    def _take(self, link: Link, address: str) -> None:
        if self.link is not None:
            self.link.stop()
        self.link = link
        self._loop.use(link, address)
        link.start()
