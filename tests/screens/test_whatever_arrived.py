# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever members signed, every screen opens and shows its entries."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from lage.views.alarm import Alarm, Sort, Weight
from tests.fuzz.situation import poisoned
from tests.screens.picture import picture, running
from tests.screens.test_golden import KEYS, MAIN
from tui.widgets.todo import alarm_goal

LISTS = ("tagebuch", "nachrichten", "auftraege", "vorfaelle", "pegel", "kraefte", "material",
         "helfer", "versorgung", "alarme")  # fmt: skip


def test_every_screen_opens_and_every_list_its_entries(tmp_path: Path) -> None:
    """Operations of the whole grammar arrived; no handler, panel or list notes a fault.

    The stage itself fails a test that leaves one in ``fehler.log``.
    """
    station = poisoned(tmp_path, random.Random("screens"), 200)
    folder = station.folder
    station.close()

    async def walk() -> set[str]:
        shown = set()
        async with running(folder, (100, 30), read_only=True) as (app, hands):
            for name in MAIN:
                await hands.press(*KEYS[name])
                shown.add(picture(app))
                if name in LISTS:
                    await hands.press("end", "enter")
                    shown.add(picture(app))
                    await hands.press("escape")
                    await hands.press(*KEYS[name])
        return shown

    assert len(asyncio.run(walk())) > len(MAIN)


def test_every_sort_of_alarm_leads_somewhere() -> None:
    """Seen: an alarm of a new sort had no goal, and the first screen stayed empty."""
    for sort in Sort:
        assert any(alarm_goal(Alarm(sort, Weight.NOTICE, "x")))
