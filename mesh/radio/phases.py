# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The states of a connection to a radio, as a table; docs/developer/states.md is drawn from it."""

from __future__ import annotations

import enum


class Phase(enum.Enum):
    """How far the connection is."""

    STOPPED = "stopped"
    WAITING = "waiting"  # for the next attempt
    OPENING = "opening"  # the radio tells what it is
    READY = "ready"


class Turn(enum.Enum):
    """What happens to it."""

    START = "started"
    TRY = "time to try"
    ANSWER = "handshake complete"
    TIMEOUT = "no handshake in time"
    LOSS = "connection lost"
    SILENCE = "no answer to a probe"
    REBOOT = "radio restarts"
    STOP = "stopped"


TURNS: dict[tuple[Phase, Turn], Phase] = {
    (Phase.STOPPED, Turn.START): Phase.WAITING,
    (Phase.WAITING, Turn.TRY): Phase.OPENING,
    (Phase.WAITING, Turn.STOP): Phase.STOPPED,
    (Phase.OPENING, Turn.ANSWER): Phase.READY,
    (Phase.OPENING, Turn.REBOOT): Phase.OPENING,
    (Phase.OPENING, Turn.TIMEOUT): Phase.WAITING,
    (Phase.OPENING, Turn.LOSS): Phase.WAITING,
    (Phase.OPENING, Turn.STOP): Phase.STOPPED,
    (Phase.READY, Turn.REBOOT): Phase.OPENING,
    (Phase.READY, Turn.SILENCE): Phase.WAITING,
    (Phase.READY, Turn.LOSS): Phase.WAITING,
    (Phase.READY, Turn.STOP): Phase.STOPPED,
}
"""What is not in the table does not happen: a bug of ours, seen as KeyError in any test."""
