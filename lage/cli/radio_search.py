# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk suchen``: which ports there are, and which radio answers behind them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import click

from hardware.ports import PortKind, SerialPort, find_ports
from lage.cli.common import (
    as_json,
    folder_of,
    json_option,
    note,
    open_station,
    print_table,
    say,
    say_wrapped,
)
from lage.cli.radio_link import Watched
from lage.language.errors import LageError
from lage.language.hardware import PORTS, port_words
from lage.language.plain import plain
from lage.language.radio import trouble_sentence
from lage.station import LOG_FILE
from lage.views.network import RadioView
from mesh.link import RadioState, Reason, Trouble
from mesh.radio.address import parse_address

POLL_S = 0.1
ASKED = frozenset({PortKind.RADIO, PortKind.MAYBE_RADIO})
_FINAL = frozenset({Trouble.NO_DEVICE, Trouble.NO_PERMISSION, Trouble.IN_USE, Trouble.CANNOT_OPEN})
"""Troubles that no waiting mends."""


@click.command("suchen")
@click.option("--nur-liste", is_flag=True, help="Die Anschlüsse nur auflisten, nichts öffnen.")
@click.option("--warten", default=10.0, show_default=True, help="Höchstens so viele Sekunden.")
@json_option
@click.pass_context
def find(ctx: click.Context, nur_liste: bool, warten: float, machine: bool) -> None:
    """Serielle Anschlüsse auflisten, und welches Funkgerät daran antwortet.

    Gefragt werden die, an denen ein Funkgerät stecken kann; was der laufende Knoten benutzt, bleibt
    in Ruhe.
    """
    ports = find_ports()
    used = _of_node(ctx, folder_of(ctx))
    asked = [
        port.address
        for port in ports
        if port.kind in ASKED and not nur_liste and not (used and used.address == port.address)
    ]
    if asked and not machine:
        note(f"Frage {len(asked)} Anschlüsse …" if len(asked) > 1 else "Frage einen Anschluss …")
    states = _ask(asked, warten)
    if used is not None:
        states[used.address] = _held(used)
    if machine:
        as_json([_json(port, states.get(port.address), used) for port in ports])
        return
    print_table(
        ("Adresse für --radio", "Was", "Antwort", "USB"),
        [
            [p.address, port_words(p), _answer(p, states.get(p.address), used), usb_of(p) or "-"]
            for p in ports
        ],
    )
    for port in ports:
        trouble = _trouble(states.get(port.address))
        if trouble:
            say_wrapped(f"{port.device}: {trouble}", 2)
    if not ports:
        say("(kein serieller Anschluss gefunden: Kabel und Treiber prüfen)")


def usb_of(port: SerialPort) -> str | None:
    """Maker and product, as lsusb writes them."""
    if port.vendor is None or port.product is None:
        return None
    return f"{port.vendor:04x}:{port.product:04x}"


def _of_node(ctx: click.Context, folder: Path) -> RadioView | None:
    """The radio that the running node of this folder has; None where none runs."""
    if not (folder / LOG_FILE).exists():
        return None
    try:
        with open_station(ctx) as station:
            view = station.radio()
    except LageError:
        return None  # a damaged folder hides no radio
    return view if view.running and view.address else None


def _held(view: RadioView) -> RadioState:
    return RadioState(
        connected=view.connected,
        address=view.address,
        number=view.number,
        name=view.name,
        firmware=view.firmware,
        region=view.region,
        preset=view.preset,
    )


def _ask(addresses: Iterable[str], wait_s: float) -> dict[str, RadioState]:
    """What answers there, all asked at the same time."""
    links = {address: Watched(parse_address(address)) for address in addresses}
    until = time.monotonic() + wait_s
    try:
        for link in links.values():
            link.start()
        while time.monotonic() < until and not all(map(_settled, links.values())):
            time.sleep(POLL_S)
            for link in links.values():
                link.note()
    finally:
        for link in links.values():
            link.stop()
    return {address: link.state for address, link in links.items() if link.state is not None}


def _settled(link: Watched) -> bool:
    state = link.state
    if state is None:
        return False
    return state.connected or (state.reason is not None and state.reason.trouble in _FINAL)


def _answer(port: SerialPort, state: RadioState | None, used: RadioView | None) -> str:
    if state is None:
        return "-"
    if not state.connected:
        return "keine"
    told = [state.name or "ohne Namen", state.firmware, state.region]
    words = ", ".join(plain(each) for each in told if each)
    return words + (" (der Knoten)" if used and used.address == port.address else "")


def _trouble(state: RadioState | None) -> str:
    """Why nobody answers; for a radio that answers why it does not send."""
    if state is None:
        return ""
    if state.connected:
        return "" if state.mute is None else trouble_sentence(state.mute)
    reason = state.reason
    if reason is None or reason.trouble in (Trouble.CONNECTING, Trouble.STOPPED):
        reason = Reason(Trouble.NO_HANDSHAKE, state.address)
    return trouble_sentence(reason)


def _json(port: SerialPort, state: RadioState | None, used: RadioView | None) -> dict[str, object]:
    answers = state is not None and state.connected
    return {
        "anschluss": port.device,
        "art": PORTS[port.kind],
        "name": port.name,
        "usb": usb_of(port),
        "adresse": port.address,
        "gefragt": state is not None,
        "antwortet": answers,
        "knoten": used is not None and used.address == port.address,
        "funkgeraet": None
        if state is None or not answers
        else {
            "nummer": None if state.number is None else f"!{state.number:08x}",
            "name": state.name,
            "geraet": state.hardware,
            "firmware": state.firmware,
            "region": state.region,
            "einstellung": state.preset,
        },
        "grund": _trouble(state) or None,
    }
