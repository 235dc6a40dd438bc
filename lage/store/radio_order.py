# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up a radio: what screen or command line ask of the running node, and the saved copy.

The node holds the radio, and a second client would throw it out; so who wants the radio set up
leaves an order beside the log, and reads in the node's report what came of it. Before anything is
changed the radio's own settings are kept in a file that only its owner can read: channel keys are
in it.
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


class OrderState(enum.Enum):
    """How far the node is with its last order."""

    NONE = "none"
    RUNNING = "running"
    RIGHT = "right"  # done, read anew and compared
    REFUSED = "refused"  # the radio does not take it
    NO_COPY = "no copy"  # there is nothing to go back to


@dataclass(frozen=True, slots=True)
class Order:
    """One order; the newest counts."""

    at: float  # unix seconds: by it the answer is known
    wish: Wish
    address: str = ""  # empty: the radio that is attached


def _order(kept: Any) -> Order:
    return Order(float(kept["at"]), Wish(kept["wish"]), str(kept["address"]))


def _kept(order: Order | None) -> dict[str, Any] | None:
    return None if order is None else asdict(order) | {"wish": order.wish.value}


ORDER = Setting[Order | None]("radio_order", None, _order, _kept)


def keep_copy(folder: Path, sections: Mapping[str, bytes]) -> None:
    """Keep what a radio had before these sections are changed. Raises KeysError."""
    coded = {name: base64.b64encode(body).decode() for name, body in sections.items()}
    write_private(folder / COPY_FILE, {"sections": coded})


def read_copy(folder: Path) -> dict[str, bytes] | None:
    """What was kept last, by section; None where nothing was, or it cannot be read."""
    if not (folder / COPY_FILE).is_file():
        return None
    missing = f"Die Datei {folder / COPY_FILE} gibt es nicht."
    sections = read_private(folder / COPY_FILE, missing).get("sections")
    if not isinstance(sections, dict):
        return None
    return {str(name): base64.b64decode(str(body)) for name, body in sections.items()}
