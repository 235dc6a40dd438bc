# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map with somebody at the keyboard: finding places, reading signs, drawing, maps that come."""

from __future__ import annotations

from pathlib import Path

from textual.geometry import Region

from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp
from tui.widgets.map_area import MapArea

SMALLEST = (40, 12)


async def go_to(hands: Hands, text: str) -> None:
    """Type a place into the map's box."""
    await hands.press("0", "slash")
    await hands.type(text)
    await hands.press("enter")


def test_somebody_goes_to_a_coordinate_or_a_place(rheine: Path) -> None:
    """The cursor is there; what cannot be found is said, and the map stays."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await go_to(hands, "32U MC 1000 8000")
        assert "32U MC 1000 8000" in picture(app)
        await go_to(hands, "metelen")
        assert "Metelen" in picture(app).splitlines()[20]
        await go_to(hands, "Entenhausen")
        shown = picture(app)
        assert "weder Koordinate noch ein Ort" in shown
        assert "Metelen" in shown.splitlines()[20]

    play(rheine, doing)


def test_the_sign_that_enter_would_open_stands_in_brackets(rheine: Path) -> None:
    """From a list to the map: the incident is selected there and named below."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "o")
        shown = picture(app)
        assert "»▼D!«" in shown
        assert "hier: GRE-1 Deichschaden" in shown
        await hands.press("down")
        assert "[▼D!]" in picture(app)

    play(rheine, doing)


def test_a_radio_node_leads_to_the_network(rheine: Path) -> None:
    """Own radio at its town; Enter there shows the network, or asks which of several things."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await go_to(hands, "Steinfurt")
        assert "hier: Funkknoten Krisenstab Steinfurt" in picture(app)
        await hands.press("enter")
        assert "[zNetz]" in picture(app)

    play(rheine, doing)


def test_signs_are_explained(rheine: Path) -> None:
    """Those in use, the marks behind them, and whose data the map is."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0", "k")
        shown = picture(app)
        assert "▼D   Deichschaden" in shown
        await hands.press("end")
        assert "GeoBasis-DE / BKG" in picture(app)
        await hands.press("escape")
        assert "Kartenzeichen" not in picture(app)

    play(rheine, doing)


def test_people_are_told_while_an_area_is_drawn_also_at_80_columns(rheine: Path) -> None:
    """Figure and size come first; the saved area tells them again."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0", "g", "enter", *["right"] * 6, "enter", *["down"] * 4, "enter")
        assert "3 Ecken" in picture(app)
        assert "km², ca. " in picture(app)
        assert "Ecke weg" in picture(app)
        await hands.press("g", "ctrl+s")
        await app.sending.flush()
        await hands.press("m", "G", "enter", "enter")
        assert "Darin wohnen" in picture(app)

    play(rheine, doing)


def test_a_step_of_the_cursor_paints_its_rows_only(rheine: Path) -> None:
    """Over a slow line nothing else is sent."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await go_to(hands, "Metelen")
        area = app.screen.query_one(MapArea)
        painted: list[Region] = []
        before = area.refresh

        def refresh(*regions: Region, **options: bool) -> MapArea:
            painted.extend(regions or [area.size.region])
            return before(*regions, **options)

        area.refresh = refresh  # type: ignore[assignment,method-assign]
        await hands.press("right")
        assert {region.height for region in painted} == {1}
        assert len(painted) == 1
        await hands.press("down")
        assert len(painted) == 3

    play(rheine, doing)


def test_a_damaged_map_is_named_and_the_shipped_one_shown(rheine: Path) -> None:
    """A pack that came broken while the screen runs ends nothing."""
    (rheine / "karten").mkdir()
    (rheine / "karten" / "hq100.lagekarte").write_bytes(b"kaputt")

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0")
        assert "Die Karte hq100.lagekarte ist beschädigt" in picture(app)
        assert "Ibbenbüren" in picture(app)
        (rheine / "karten" / "hq100.lagekarte").unlink()
        await hands.press("1", "0")
        assert "beschädigt" not in picture(app)

    play(rheine, doing)


def test_the_smallest_window_shows_where_the_cursor_is(rheine: Path) -> None:
    """At 40 by 12 one notation and the municipality."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0")
        assert "32U MC 0160 8817  Rheine" in picture(app)

    play(rheine, doing, size=SMALLEST)
