# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ten most frequent things, done with the keyboard alone, each with its number of key presses.

Counted is every key, the text itself apart. ``python -m tests.bench tasks`` prints the figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from lage.kinds.model import Record
from lage.station import Station
from tests.fixtures import FixedClock
from tests.screens.picture import Hands, picture, running
from tui.app.app import LageApp

Doing = Callable[[LageApp, Hands], Awaitable[int]]


def do(folder: Path, doing: Doing) -> int:
    """Do it; the keys beside text."""

    async def run() -> int:
        async with running(folder) as (app, hands):
            typed = await doing(app, hands)
            await app.sending.flush()
            return hands.presses - typed

    return asyncio.run(run())


def newest(folder: Path, kind: str) -> Record:
    """The newest own entry of a kind."""
    from lage.kinds.model import Query, Where

    station = Station.open(folder, clock=FixedClock())
    query = Query(kind, (Where("author", "=", 2),), order="arrival", limit=1)
    found = station.reader.select(query)[0]
    station.close()
    return found


async def _message(app: LageApp, hands: Hands) -> int:
    await hands.press("f2")
    await hands.type("Greven")
    await hands.press("tab", "tab")
    await hands.type("Kommen um 17 Uhr")
    await hands.press("ctrl+s")
    return len("Greven") + len("Kommen um 17 Uhr")


async def _journal(app: LageApp, hands: Hands) -> int:
    await hands.press("f3")
    await hands.type("Schichtwechsel")
    await hands.press("ctrl+s")
    return len("Schichtwechsel")


async def _incident(app: LageApp, hands: Hands) -> int:
    await hands.press("f4")
    await hands.type("Stromausfall")
    await hands.press("tab")
    await hands.type("Altenheim ohne Strom")
    await hands.press("tab")
    await hands.type("Elte")
    await hands.press("ctrl+s")
    return len("StromausfallAltenheim ohne StromElte")


async def _reading(app: LageApp, hands: Hands) -> int:
    await hands.press("f5")
    await hands.type("Rheine U")
    await hands.press("right", "tab")
    await hands.type("601")
    await hands.press("ctrl+s")
    return len("Rheine U601")


async def _acknowledge(app: LageApp, hands: Hands) -> int:
    await hands.press("3", "end", "q")
    await hands.type("Krone")
    await hands.press("enter")
    return len("Krone")


async def _answer(app: LageApp, hands: Hands) -> int:
    await hands.press("3", "end", "a")
    await hands.type("Fahrzeug kommt")
    await hands.press("ctrl+s")
    return len("Fahrzeug kommt")


async def _order(app: LageApp, hands: Hands) -> int:
    await hands.press("5", "t")
    await hands.type("Greven")
    await hands.press("tab")
    await hands.type("Deich sichern")
    await hands.press("ctrl+s")
    return len("GrevenDeich sichern")


async def _status(app: LageApp, hands: Hands) -> int:
    await hands.press("5", "end", "s", "e", "enter")
    return 0


async def _stock(app: LageApp, hands: Hands) -> int:
    await hands.press("8", "n")
    await hands.type("-500")
    await hands.press("ctrl+s")
    return len("-500")


async def _search(app: LageApp, hands: Hands) -> int:
    await hands.press("f6")
    await hands.type("umspann")
    await hands.press("enter", "enter")
    assert "Tagebucheintrag RHE-T2" in picture(app)
    return len("umspann")


TASKS: dict[str, tuple[Doing, int, str, dict[str, object]]] = {
    "nachricht": (_message, 4, "message", {"text": "Kommen um 17 Uhr", "to": (3,)}),
    "tagebuch": (_journal, 2, "journal", {"text": "Schichtwechsel"}),
    "vorfall": (_incident, 4, "incident", {"type": "Stromausfall", "place": "Elte"}),
    "messwert": (_reading, 4, "reading", {"gauge": "Rheine Unterschleuse", "value": 601}),
    "quittung": (_acknowledge, 4, "receipt", {"person": "Krone"}),
    "antwort": (_answer, 4, "message", {"text": "Fahrzeug kommt", "to": (1,)}),
    "auftrag": (_order, 4, "task", {"text": "Deich sichern", "to": (3,)}),
    "status": (_status, 5, "incident", {"status": "erledigt"}),
    "material": (_stock, 3, "stock_movement", {"item": "Sandsäcke", "amount": -500}),
    "suche": (_search, 3, "", {}),
}
