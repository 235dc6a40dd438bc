# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.paint import Painter, fit, spelt, wrap
from tui.terminal import Glyphs
from tui.theme import NIGHT
from tui.widgets.chart import chart
from tui.widgets.fields import matching
from tui.widgets.placing import share
from tui.widgets.sparkline import sparkline

TEXT = st.text(max_size=60)
GLYPHS = st.sampled_from(list(Glyphs))


@given(TEXT, st.integers(0, 40), GLYPHS)
def test_fitted_text_has_exactly_the_wanted_cells(text: str, width: int, glyphs: Glyphs) -> None:
    """Wide and combining characters included."""
    assert cell_len(fit(text, width, glyphs)) == width


@given(TEXT)
def test_no_text_can_command_the_terminal(text: str) -> None:
    """No control character survives; in ASCII nothing beyond seven bits does."""
    shown = spelt(text, Glyphs.FULL)

    assert all(character.isprintable() or character == "\N{REPLACEMENT CHARACTER}"
               or not character.isascii() for character in shown)  # fmt: skip
    assert "\x1b" not in shown
    assert spelt(text, Glyphs.ASCII).isascii()


@given(st.lists(st.tuples(TEXT, st.sampled_from(["text", "alarm", "unbekannt"])), max_size=6),
       st.integers(1, 60), GLYPHS)  # fmt: skip
def test_a_strip_is_as_wide_as_the_screen(
    line: list[tuple[str, str]], width: int, glyphs: Glyphs
) -> None:
    """Whatever spans it is made of."""
    strip = Painter(NIGHT.roles, glyphs).strip(line, width)

    assert cell_len(strip.text) == width


@given(st.text(alphabet="abc äöü", max_size=200), st.integers(1, 30))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    """Only blanks may go."""
    lines = wrap(text, width)

    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_umlauts_are_spelt_out_in_ascii() -> None:
    """Capitals among capitals become two capitals."""
    assert spelt("VORFÄLLE für Übung „ß“", Glyphs.ASCII) == 'VORFAELLE fuer Uebung "ss"'


@given(st.lists(st.lists(st.integers(1, 4), max_size=20), min_size=1, max_size=7),
       st.integers(0, 40))  # fmt: skip
def test_panels_share_no_more_rows_than_there_are(wanted: list[list[int]], height: int) -> None:
    """Nobody gets more than wanted, and nothing is left in which a wanted row has room."""
    rooms = share(wanted, height)
    taken = sum(sum(rows[:room]) for rows, room in zip(wanted, rooms, strict=True))
    left = height - len(wanted) - taken
    waiting = [rows[room] for rows, room in zip(wanted, rooms, strict=True) if room < len(rows)]

    assert all(room <= len(rows) for room, rows in zip(rooms, wanted, strict=True))
    assert left <= 0 or all(row > left for row in waiting)


def test_sparkline_rises_with_its_values() -> None:
    """Lowest and highest value take the lowest and highest step; flat is low."""
    assert sparkline([1, 2, 3], 8, Glyphs.FULL) == "▁▄█"
    assert sparkline([5, 5], 8, Glyphs.ASCII) == "__"
    assert sparkline([], 8, Glyphs.FULL) == ""
    assert len(sparkline(range(100), 8, Glyphs.PLAIN)) == 8


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(-500, 2000)), max_size=30),
    st.integers(1, 100),
    st.integers(1, 30),
    GLYPHS,
)
def test_chart_fills_its_field_for_any_series(
    points: list[tuple[int, int]], width: int, height: int, glyphs: Glyphs
) -> None:
    """Every row has the stated width, every value lies within the stated scale."""
    thresholds = [(" Info 1", 400.0), (" Info 2", 500.0)]
    rows, (low, high) = chart(points, thresholds, width, height, glyphs)

    assert rows == [] or len(rows) == height
    assert all(sum(cell_len(text) for text, _ in row) == width for row in rows)
    if rows:
        assert all(low <= value <= high for _, value in points)


def test_suggestions_begin_with_what_was_typed_before_those_that_hold_it() -> None:
    """Umlauts may be spelt either way."""
    offered = ["Sandsäcke", "Sand (t)", "Bausand", "Decken"]

    assert matching(offered, "sand") == ["Sandsäcke", "Sand (t)", "Bausand"]
    assert matching(offered, "saecke") == ["Sandsäcke"]
    assert matching(offered, "") == offered
