# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up a radio: what screen or command line ask of the running node, and the saved copy.

The node holds the radio, and a second client would throw it out; so who wants the radio set up
leaves an order beside the log, and reads in the node's report what came of it. Before anything is
changed the radio's own settings are kept in a file that only its owner can read: channel keys are
in it. What a radio had when it came stays there until it was given back: setting it up again, after
a crash or a change of keys, takes nothing from the copy. Each radio has its own.
"""

from __future__ import annotations

import base64
import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lage.kinds.radio_wish import Wish
from lage.kinds.setting import Setting
from lage.store.keys import read_private, write_private

COPY_FILE = "funkgeraet.json"
COPIES_MAX = 8
"""Radios of which a copy is kept; the oldest goes first."""


class OrderState(enum.Enum):
    """How far the node is with its last order."""

    NONE = "none"
    CONNECTING = "connecting"  # to another radio
    CONNECTED = "connected"
    UNREACHED = "unreached"  # none answers there; the former one goes on
    RUNNING = "running"
    RIGHT = "right"  # done, read anew and compared
    RESTORED = "restored"  # it has again what it had before
    REFUSED = "refused"  # the radio does not take it
    LOST = "lost"  # it went away before it had confirmed all
    NO_COPY = "no copy"  # there is nothing to go back to


WORKING = (OrderState.CONNECTING, OrderState.RUNNING)


@dataclass(frozen=True, slots=True)
class Order:
    """One order; the newest counts."""

    at: float  # unix seconds: by it the answer is known
    wish: Wish
    address: str = ""  # empty: the radio that is attached
    relays: bool | None = None  # of setting up: whether it shall relay; None: as it is


def _order(kept: Any) -> Order:
    relays = kept.get("relays")
    told = relays if isinstance(relays, bool) else None
    return Order(float(kept["at"]), Wish(kept["wish"]), str(kept["address"]), told)


def _kept(order: Order | None) -> dict[str, Any] | None:
    return None if order is None else asdict(order) | {"wish": order.wish.value}


ORDER = Setting[Order | None]("radio_order", None, _order, _kept)


def keep_copy(folder: Path, radio: str, sections: Mapping[str, bytes]) -> None:
    """Keep what that radio had before these sections are changed for the first time. KeysError."""
    copies = _copies(folder)
    before = copies.pop(radio, {})
    coded = {name: base64.b64encode(body).decode() for name, body in sections.items()}
    kept = {} if before.get("given_back") else before.get("sections", {})
    copies[radio] = {"sections": coded | kept}
    while len(copies) > COPIES_MAX:
        del copies[next(iter(copies))]
    _write(folder, copies)


def given_back(folder: Path, radio: str) -> None:
    """That radio has again what it had: the next setting up begins another copy. KeysError."""
    copies = _copies(folder)
    if radio in copies:
        copies[radio]["given_back"] = True
        _write(folder, copies)


def read_copy(folder: Path, radio: str) -> dict[str, bytes] | None:
    """What was kept of that radio, by section; None where nothing was, or it cannot be read."""
    copy = _copies(folder).get(radio)
    if copy is None:
        return None
    return {name: base64.b64decode(body) for name, body in copy["sections"].items()}


def _copies(folder: Path) -> dict[str, dict[str, Any]]:
    """By radio; what is not as ``keep_copy`` wrote it is passed over."""
    if not (folder / COPY_FILE).is_file():
        return {}
    missing = f"Die Datei {folder / COPY_FILE} gibt es nicht."
    radios = read_private(folder / COPY_FILE, missing).get("radios")
    kept = radios.items() if isinstance(radios, dict) else ()
    return {name: copy for name, copy in kept if _sound(copy)}


def _sound(copy: object) -> bool:
    sections = copy.get("sections") if isinstance(copy, dict) else None
    return isinstance(sections, dict) and all(isinstance(body, str) for body in sections.values())


def _write(folder: Path, copies: dict[str, dict[str, Any]]) -> None:
    write_private(folder / COPY_FILE, {"radios": copies})
