# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an error of the program ends: the work it happened in is lost, everything else goes on.

Whatever members sign arrives here, so an error that one entry causes must cost that entry and
nothing more: no node stops. Each place that is fenced has a name; what was caught there is told,
kept, and an alarm for a day (``lage.store.caught``). Views have a fence of their own, which puts
words in the place of what could not be shown (``lage.views.fence``).
"""

from __future__ import annotations

import enum
import ntpath
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple

REASON_MAX = 160


class Place(enum.Enum):
    """What is fenced, in words for the alarm."""

    READING = "beim Lesen eines Eintrags"
    FOLD = "beim Eintragen ins Lagebild"
    HEARD = "beim Empfang über Funk"
    LOG = "beim Blick ins Lagebuch"
    ENGINE = "beim Abgleich mit den anderen"
    SENDING = "beim Senden"
    WAYS = "beim Austausch über Netz"
    KEYS = "bei den Schlüsseln des Netzes"
    TENDING = "bei den Angaben zu Helfenden"
    SCRIPT = "beim Abspielen des Drehbuchs"
    OUTSIDE = "bei Meldungen von außen"
    BOARD = "bei Aushang und Portalen"
    REPORT = "beim Bericht des Knotens"
    COMMAND = "bei einem Befehl"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that was caught."""

    place: Place
    reason: str
    error: Exception = field(compare=False)


class KeptFault(NamedTuple):
    """What was caught at one place."""

    place: Place
    reason: str  # of the last time
    times: int
    last: int  # when, in the time of whoever tells it: unix where it is kept, log time in views
    number: int  # under which the last one stands in ``fehler.log``


class Fence:
    """``with Fence(place, told):`` an error inside is told and ends there.

    ``passes`` names errors that are for somebody further out, such as a full disk.
    """

    def __init__(
        self,
        place: Place,
        told: Callable[[Fault], object],
        passes: tuple[type[BaseException], ...] = (),
    ) -> None:
        self._place = place
        self._told = told
        self._passes = passes

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, self._passes):
            return False
        self._told(Fault(self._place, reason_of(error), error))
        return True


def reason_of(error: BaseException) -> str:
    """An error in one line, for who mends the program: what, and in which line of ours."""
    words = " ".join(str(error).split())
    said = f"{type(error).__name__}: {words}"[:REASON_MAX] if words else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return said
    return f"{said} ({ntpath.basename(frames[-1].filename)}:{frames[-1].lineno})"
