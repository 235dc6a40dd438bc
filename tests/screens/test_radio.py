# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting up the radio from the screen: first thing of a new node, later with a key."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.radio_profile import JUDGED, Difference
from lage.kinds.radio_wish import Wish
from lage.station import Station
from lage.store.radio_order import ORDER, OrderState
from lage.store.report import REPORT, NodeReport
from lage.store.verdict import Verdict
from mesh.link import Reason, Trouble
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp
from tui.screens import radio as radio_box

REGION = next(item for item in JUDGED if item.path == "lora.region")
BARE = NodeReport(stopped=False)
WRONG = replace(
    BARE,
    connected=True,
    address="tcp:funk:4403",
    verdict=Verdict((Difference(REGION, "EU_868", "UNSET"),)),
)


def told(folder: Path, report: NodeReport) -> None:
    """The node reports that."""
    station = Station.open(folder)
    station.keep(REPORT, replace(report, reported=time.time()))
    station.close()


async def look(app: LageApp) -> None:
    """The box looks at what the node reports."""
    assert isinstance(app.screen, radio_box.RadioSetup)
    await app.screen._look()


def ordered(folder: Path, relays: bool | None = None) -> tuple[Wish, str] | None:
    """What the node was asked for last, and whether its radio shall relay."""
    station = Station.open(folder)
    order = station.setting(ORDER)
    station.close()
    assert order is None or order.relays is relays
    return None if order is None else (order.wish, order.address)


def test_a_new_node_is_offered_its_radio_first(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where to, what is wrong, Enter: the node is asked, and what came of it stands there."""
    told(rheine, BARE)
    port = ("serial:/dev/ttyUSB0", "/dev/ttyUSB0  vielleicht ein Funkgerät: CP210x")
    monkeypatch.setattr(radio_box, "plugged", lambda: [port])

    async def doing(app: LageApp, hands: Hands) -> None:
        await app.main._offer()
        await hands.settle()
        assert "Noch kein Funkgerät gewählt: Enter" in picture(app)
        await hands.press("enter")
        assert "Wo steckt das Funkgerät?" in picture(app)
        await hands.press("down", "enter")
        await hands.type("tcp:funk:4403")
        await hands.press("enter")
        assert ordered(rheine) == (Wish.CONNECT, "tcp:funk:4403")

        at = time.time() + 3600
        gone = Reason(Trouble.NO_DEVICE, "/dev/ttyUSB7")
        trying = replace(WRONG, connected=False, verdict=None, reason=gone, order_at=at)
        told(rheine, replace(trying, order=OrderState.CONNECTING))
        await look(app)
        assert "/dev/ttyUSB7 gibt es nicht" in picture(app)
        told(rheine, replace(WRONG, order=OrderState.CONNECTED, order_at=at))
        await look(app)
        assert "Das Funkgerät ist verbunden." in picture(app)
        assert "ist eingerichtet" not in picture(app)
        told(rheine, WRONG)
        await look(app)
        assert "muss: Region: nicht gesetzt, gewünscht EU_868" in picture(app)
        await hands.press("enter")
        assert ordered(rheine) == (Wish.SET_UP, "")
        at = time.time() + 3600
        told(rheine, replace(WRONG, verdict=Verdict(), order=OrderState.RIGHT, order_at=at))
        await look(app)
        assert "Das Funkgerät ist eingerichtet." in picture(app)
        assert "Alles ist eingestellt" in picture(app)
        await hands.press("r", "j")
        assert ordered(rheine) == (Wish.UNDO, "")
        told(rheine, replace(WRONG, order=OrderState.RESTORED, order_at=at))
        await look(app)
        assert "wieder die Einstellungen von vorher" in picture(app)
        await hands.press("w")  # of a radio that has not told its role nothing is known
        assert ordered(rheine) == (Wish.UNDO, "")
        told(rheine, replace(WRONG, verdict=Verdict(role="ROUTER")))
        await look(app)
        await hands.press("w")
        assert ordered(rheine) == (Wish.UNDO, "")
        for role, word, keys, relays in (
            ("CLIENT", "ja", ("w", "j"), False),
            ("CLIENT_MUTE", "nein", ("w",), True),
        ):
            told(rheine, replace(WRONG, verdict=Verdict(role=role)))
            await look(app)
            assert f"Leitet weiter, was andere senden: {word} (Rolle {role})" in picture(app)
            await hands.press(*keys)
            assert ordered(rheine, relays) == (Wish.SET_UP, "")
        await hands.press("escape")
        assert app.screen is app.main

    play(rheine, doing)


def test_header_and_network_say_what_is_wrong_and_lead_to_the_box(rheine: Path) -> None:
    """Sentence with the command; „e“ opens the same box."""
    told(rheine, WRONG)

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("z")
        seen = picture(app)
        assert "Funk sendet nicht" in seen.splitlines()[0]
        assert "verbunden, sendet nicht" in seen
        assert "lage funk einrichten" in " ".join(seen.split())
        await hands.press("e")
        assert "Funk einrichten" in picture(app)
        assert "muss: Region" in picture(app)

    play(rheine, doing)
