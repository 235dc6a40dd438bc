# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line to type in: its length has an end, and a key costs the same in a long text."""

from __future__ import annotations

import asyncio

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import Paste

from tui.widgets import line_input
from tui.widgets.line_input import LINE_MAX, TOO_LONG, LineInput

FACE = "\N{GRINNING FACE}"


class OneLine(App[None]):
    """An app of one line."""

    said = ""

    def compose(self) -> ComposeResult:
        """The line."""
        yield LineInput(FACE * (LINE_MAX - 20))

    def say(self, text: str, role: str = "alarm") -> None:
        """What would stand at the bottom."""
        self.said = text


def test_a_long_line_is_counted_once_and_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is typed behind a long text is measured alone; too much is refused whole, at once."""
    counted = 0

    def counting(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return cell_len(text)

    monkeypatch.setattr(line_input, "cell_len", counting)

    async def run() -> None:
        nonlocal counted
        app = OneLine()
        async with app.run_test(size=(40, 3)) as pilot:
            line = app.query_one(LineInput)
            line.focus()
            line.cursor_position = len(line.value)
            await pilot.pause()
            counted = 0
            await pilot.press(*"Schöneflieth")
            assert line.value.endswith(FACE + "Schöneflieth")
            assert counted < LINE_MAX, "not once for each key"
            assert line.content_width == cell_len(line.value) + 1
            before = line.value
            line.post_message(Paste(FACE * 4500))
            await pilot.pause()
            assert (app.said, line.value) == (TOO_LONG, before)
            await pilot.press("backspace")
            assert line.value == before[:-1]

    asyncio.run(run())
