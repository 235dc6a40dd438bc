# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frequent things done with the keyboard alone, each with its number of key presses: the ten of
the manual, and ten more that a staff does every shift.

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


Task = tuple[Doing, int, str, dict[str, object]]
"""What is done, with how many keys beside the text, the kind of what it writes, and its values."""


def do_all(folder: Path, tasks: dict[str, Task]) -> dict[str, tuple[int, dict[str, object]]]:
    """One after the other in one app: of each the keys, and what its newest entry says."""

    async def run() -> dict[str, tuple[int, dict[str, object]]]:
        found = {}
        async with running(folder) as (app, hands):
            for name, (doing, _, kind, _) in tasks.items():
                before = hands.presses
                typed = await doing(app, hands)
                await app.sending.flush()
                values = dict(newest(folder, kind).values) if kind else {}
                found[name] = (hands.presses - before - typed, values)
                await hands.press("escape", "1")
        return found

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


TASKS: dict[str, Task] = {
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


async def _from_the_queue(app: LageApp, hands: Hands) -> int:
    await hands.press("down", "j")
    await hands.type("Krone")
    await hands.press("enter")
    return len("Krone")


async def _template(app: LageApp, hands: Hands) -> int:
    await hands.press("f2")
    await hands.type("Greven")
    await hands.press("ctrl+o", "f", "enter", "ctrl+s")
    return len("Greven")


async def _same_incident(app: LageApp, hands: Hands) -> int:
    await hands.press("5", "i")
    await hands.type("Mesum")
    await hands.press("down", "enter")
    return len("Mesum")


async def _unit_rests(app: LageApp, hands: Hands) -> int:
    await hands.press("7", "s", "i", "enter")
    return 0


async def _service(app: LageApp, hands: Hands) -> int:
    await hands.press("f9")
    await hands.type("Greven")
    await hands.press("tab")
    await hands.type("Strom")
    await hands.press("tab")
    await hands.type("ausgefallen")
    await hands.press("ctrl+s")
    return len("GrevenStromausgefallen")


async def _beds(app: LageApp, hands: Hands) -> int:
    await hands.press("m", "N", "enter", "e", "tab", "tab", "tab")
    await hands.type("120")
    await hands.press("ctrl+s")
    return len("120")


async def _request(app: LageApp, hands: Hands) -> int:
    await hands.press("m", "A", "enter", "n")
    await hands.type("Feldbetten")
    await hands.press("tab")
    await hands.type("50")
    await hands.press("ctrl+s")
    return len("Feldbetten50")


async def _on_the_map(app: LageApp, hands: Hands) -> int:
    await hands.press("0", "v")
    await hands.type("Brand")
    await hands.press("tab")
    await hands.type("Halle brennt")
    await hands.press("ctrl+s")
    return len("BrandHalle brennt")


async def _form_on_paper(app: LageApp, hands: Hands) -> int:
    await hands.press("3", "c")
    assert "Geschrieben" in picture(app)
    return 0


async def _forward(app: LageApp, hands: Hands) -> int:
    await hands.press("3", "end", "w")
    await hands.type("Greven")
    await hands.press("ctrl+s")
    return len("Greven")


async def _area(app: LageApp, hands: Hands) -> int:
    await hands.press("0", "slash")
    await hands.type("Saerbeck")
    await hands.press("enter", "g", "g")
    await hands.type("300")
    await hands.press("enter")
    await hands.type("Gefahrenbereich")
    await hands.press("tab")
    await hands.type("Gasleck")
    await hands.press("ctrl+s")
    return len("Saerbeck300GefahrenbereichGasleck")


async def _area_in_words(app: LageApp, hands: Hands) -> int:
    await hands.press("m", "G", "enter", "n")
    await hands.type("evakuiert")
    await hands.press("tab", "tab")
    await hands.type("1 km um Saerbeck")
    await hands.press("ctrl+s")
    return len("evakuiert1 km um Saerbeck")


MORE: dict[str, Task] = {
    "zu_tun": (_from_the_queue, 3, "receipt", {"person": "Krone"}),
    "vorlage": (_template, 5, "message", {"text": "Funkprobe: bitte Empfang quittieren."}),
    "doppelt": (_same_incident, 4, "", {}),
    "kraefte": (_unit_rests, 4, "unit", {"status": "in Ruhe"}),
    "versorgung": (_service, 4, "supply_state", {"municipality": "Greven", "service": "Strom"}),
    "unterkunft": (_beds, 8, "shelter", {"occupied": 120}),
    "anforderung": (_request, 6, "request", {"item": "Feldbetten", "amount": 50}),
    "karte": (_on_the_map, 4, "incident", {"type": "Brand"}),
    "gebiet": (_area, 8, "area", {"type": "Gefahrenbereich", "name": "Gasleck"}),
    "umkreis": (_area_in_words, 7, "area", {"type": "evakuiert"}),
    "vordruck": (_form_on_paper, 2, "", {}),
    "weiterleiten": (_forward, 4, "message", {"to": (3,)}),
}
KEYS_MAX = 12
"""Beside the text, for whatever a staff does."""
