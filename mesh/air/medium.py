# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ether as one radio sees it: a clock with appointments, and the air that it sends into."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from mesh.air.receiver import Modem
from mesh.firmware import Frame

if TYPE_CHECKING:
    from random import Random


class Medium(Protocol):
    """What a radio needs of the ether around it; it is known there by its number."""

    rng: Random
    modem: Modem
    now: int

    def advance(self, now: int) -> None:
        """Let everything happen that is due until ``now``."""

    def schedule(self, at: int, action: Callable[[Any, int], None], argument: object) -> None:
        """Call ``action(argument, at)`` when the time has come."""

    def transmit(self, num: int, frame: Frame, now: int) -> None:
        """Put a frame of that radio on the air; its ``sent`` is called at the end."""

    def abort(self, num: int, now: int) -> None:
        """The radio has lost power, maybe while sending."""
