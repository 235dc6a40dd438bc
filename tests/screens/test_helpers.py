# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende and the change of shifts on the screen."""

from __future__ import annotations

from pathlib import Path

from lage.kinds.model import Query, Record
from lage.station import Station
from lage.volunteers import envelope
from tests.fixtures import FixedClock, share
from tests.screens import stage
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


async def _take_down(hands: Hands) -> None:
    """A helper with name and telephone, all fields but the last left as they are."""
    await hands.press("9", "n")
    await hands.type("Küche")
    await hands.press("tab")
    await hands.type("Mesum")
    await hands.press(*["tab"] * 6)
    await hands.type("Anna Beispiel")
    await hands.press("tab")
    await hands.type("0151 234")


def _newest(folder: Path, kind: str) -> Record:
    station = Station.open(folder, clock=FixedClock())
    found = station.reader.select(Query(kind, order="arrival", limit=1))[0]
    station.close()
    return found


def _exchange(county: Path) -> None:
    stations = [Station.open(county / name, clock=FixedClock()) for name in "123"]
    share(*stations)
    while sum(map(envelope.tend, stations)):
        share(*stations)
    for station in stations:
        station.close()


def test_a_helpers_name_is_shown_here_and_nowhere_else(county: Path) -> None:
    """The detail shows it on the node that took it down; other staffs see only skills."""

    async def here(app: LageApp, hands: Hands) -> None:
        await _take_down(hands)
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("home", "enter")
        assert "Anna Beispiel" in picture(app)

    async def there(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "home", "enter")
        shown = picture(app)
        assert "Mesum" in shown
        assert "Anna" not in shown
        assert "keine persönlichen Angaben" in shown

    async def wall(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "home", "enter")
        assert "Anna" not in picture(app)

    play(county / "2", here)
    _exchange(county)
    play(county / "3", there)
    play(county / "2", wall, read_only=True)


def test_a_name_is_never_in_a_draft_and_yet_survives_escape(rheine: Path) -> None:
    """It waits in memory only: nothing of it reaches a file before it is encrypted."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _take_down(hands)
        await hands.press("escape")
        draft = await app.bridge.look(lambda s: s.draft("helper"))
        assert draft is not None
        assert "Mesum" in str(draft)
        assert "Anna" not in str(draft)
        await hands.press("n")
        assert "Anna Beispiel" in picture(app)
        await hands.press("ctrl+s")
        assert "Anna" not in str(await app.bridge.look(lambda s: s.draft("wartend")))
        await hands.press("ctrl+z")
        assert "Anna Beispiel" in picture(app)

    play(rheine, doing, undo_s=600.0, size=(80, 40))
    stored = b"".join(path.read_bytes() for path in rheine.rglob("*") if path.is_file())

    assert b"Anna Beispiel" not in stored
    assert stage.entries(rheine, "helper") == 1


def test_a_helper_is_told_dismissed_and_erased_on_the_screen(county: Path) -> None:
    """r; s or x for the dismissal with its hours; p, which asks before it erases."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _take_down(hands)
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("home", "r")
        assert "noch niemandem zugewiesen" in picture(app)
        await hands.press("u")
        await hands.type("Greven")
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("home", "r")
        await hands.type("Danke, bitte zum Rathaus")
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("home", "s", "down", "enter")
        await hands.type("5")
        await hands.press("enter")
        await app.sending.flush()
        await hands.press("p")
        assert "endgültig löschen?" in picture(app)
        await hands.press("j")
        await app.sending.flush()

    play(county / "2", doing)
    helper, assignment = (_newest(county / "2", kind) for kind in ("helper", "assignment"))

    assert (helper.values["status"], helper.values["worked"]) == ("entlassen", 5)
    assert helper.values["erased"] is True
    assert assignment.values["feedback"] == "Danke, bitte zum Rathaus"
    assert assignment.values["cancelled"] is True
    assert list((county / "2" / "privat").iterdir()) == []


def test_a_helper_is_assigned_and_only_that_staff_reads_the_name(county: Path) -> None:
    """u, staff, Treffpunkt: the name travels sealed and shows in Greven, not in the Krisenstab."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _take_down(hands)
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("home", "u")
        await hands.type("Greven")
        await hands.press("tab")
        await hands.type("Feuerwache")
        await hands.press("ctrl+s")
        await app.sending.flush()

    async def greven(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "home", "enter")
        assert "Anna Beispiel" in picture(app)

    async def staff(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "home", "enter")
        assert "Anna" not in picture(app)

    play(county / "2", doing)
    assignment = _newest(county / "2", "assignment")
    _exchange(county)
    play(county / "3", greven)
    play(county / "1", staff)

    assert assignment.values["to"] == 3
    assert assignment.values["meeting_point"] == "Feuerwache"


def test_only_the_staff_that_took_a_helper_down_assigns(county: Path) -> None:
    """Elsewhere u says whom to ask, and opens no form."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "u")
        assert "SAE Rheine" in picture(app)
        assert "Zuweisen: " not in picture(app)

    play(county / "3", doing)


def test_a_telephone_number_without_a_name_is_refused(rheine: Path) -> None:
    """The form says what is missing and stays open."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("9", "n")
        await hands.type("Küche")
        await hands.press("tab")
        await hands.type("Mesum")
        await hands.press(*["tab"] * 7)
        await hands.type("0151")
        await hands.press("ctrl+s")
        assert "Name fehlt" in picture(app)

    play(rheine, doing)
    assert stage.entries(rheine, "helper") == 1


def test_a_handover_begins_with_what_is_open(rheine: Path) -> None:
    """The summary stands in the form and can be added to; both are written."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await app.go("handover")
        await hands.press("n")
        assert "Nur SAE Rheine, nicht der ganze Kreis; Zu tun:" in picture(app)
        await hands.type("Kroll")
        await hands.press("tab")
        await hands.type("Meyer")
        await hands.press("ctrl+s")
        await app.sending.flush()

    play(rheine, doing)
    values = _newest(rheine, "handover").values

    assert values["to_person"] == "Meyer"
    assert str(values["text"]).startswith("Nur SAE Rheine")
