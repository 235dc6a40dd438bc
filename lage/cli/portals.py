# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage portal``: portals on other computers that this staff keeps, and their side of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lage.cli.common import as_json, folder_of, json_option, note, open_station, print_table, say
from lage.cli.entrance import agree, tell_parted
from lage.cli.key_files import fingerprint
from lage.language.errors import LageError, UsageError, why
from lage.language.install import install_command
from lage.language.tactical import age
from lage.outside import portals
from lage.outside.desk import boxes_of, source_named
from lage.outside.parting import part, take_rest
from lage.reports.board import board_of, write_board, write_chart
from lage.store.counterpart import Introduction, introduce
from maps.read.files import read_regular

CLOCKS_S = 120
"""From so many seconds on it is said that two clocks differ."""
FILE_MAX = 1_000_000
LAST_S = 10
"""So long a running node is waited for to tell a portal the last."""


@click.command("verbinden")
@click.argument("adresse")
@click.option("--name", required=True, help="Name des Portals, steht auf Belegen.")
@click.option(
    "--datei",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("portal.verbindung"),
    show_default=True,
    help="Verbindungsdatei für den Rechner des Portals; nichts darin ist geheim.",
)
@click.option(
    "--zertifikat",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Nur diesem Zertifikat (PEM) vertrauen, dem des Portals oder dem seines Ausstellers.",
)
@click.pass_context
def connect(
    ctx: click.Context, adresse: str, name: str, target: Path, zertifikat: Path | None
) -> None:
    """Ein Portal auf einem anderen Rechner mit dieser Stelle verbinden.

    Danach dort „lage portal einrichten“ mit der Verbindungsdatei ausführen.
    """
    _check_parts()
    trusted = _text(zertifikat) if zertifikat else ""
    with open_station(ctx) as station:
        link, introduction = portals.connect(station, adresse, name.strip(), trusted)
        try:
            target.write_bytes(introduction)
        except OSError as error:
            portals.disconnect(station, link.name)
            raise UsageError(f"{target} ist nicht zu schreiben ({why(error)}).") from error
    say(f"Portal „{link.name}“ verbunden. Verbindungsdatei für den Rechner des Portals: {target}")
    say(f"Ihr Fingerabdruck: {fingerprint(Introduction.from_json(introduction).keys)}")


@click.command("einrichten")
@click.argument("datei", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--eingang", "inbox", required=True, help="Eingang des Portals: eine Datei oder postgresql://…"
)
def set_up(datei: Path, inbox: str) -> None:
    """Auf dem Rechner des Portals: wessen Portal es ist, aus der Verbindungsdatei der Stelle."""
    from lage.store.inbox import Inbox

    told = Introduction.from_json(_text(datei).encode())
    opened = Inbox.open(inbox)
    try:
        introduce(opened, told)
    finally:
        opened.close()
    say(f"Eingang eingerichtet: was hier ankommt, öffnet nur {told.recipient.staff}.")
    say(
        f"Fingerabdruck: {fingerprint(told.keys)}. Hat „lage portal verbinden“ an der Stelle einen"
        " anderen gezeigt, hat jemand die Datei getauscht: dann das Portal nicht starten, den"
        " Eingang löschen und die Datei neu holen."
    )


@click.command("trennen")
@click.argument("name")
@click.option("--ja", is_flag=True, help="Ohne Rückfrage.")
@click.pass_context
def disconnect(ctx: click.Context, name: str, ja: bool) -> None:
    """Mit einem Portal nicht mehr abgleichen; was dort liegt, bleibt dort.

    Was Menschen dort bestellt haben, endet; wer bestätigt hat, bekommt eine letzte Nachricht.
    """
    with open_station(ctx) as station, boxes_of(station) as boxes:
        link = portals.find(station.folder, name)
        source = source_named(station, name)
        agree(boxes, name, ja)
        found = part(station, boxes, source)
        trouble = _last_round(link) if found.ended else ""
        take_rest(station, boxes, source)
        portals.disconnect(station, name)
    say(f"Portal „{name}“ getrennt.")
    tell_parted(found)
    if trouble:
        note(f"Das Portal weiß davon noch nichts: {trouble}")


def _last_round(link: portals.Link) -> str:
    """Let a portal know what was deleted; why it does not. A running node exchanges by itself."""
    try:
        _check_parts()
        from lage.outside.exchanging import exchange_once

        exchange_once(link)
    except UsageError as error:
        end = time.monotonic() + LAST_S
        while portals.waiting(link):
            if time.monotonic() > end:
                return str(error)
            time.sleep(0.2)
    except LageError as error:
        return str(error)
    return ""


@click.command("liste")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Die verbundenen Portale, und wie der Abgleich geht."""
    found = told(folder_of(ctx))
    if machine:
        as_json(found)
        return
    rows = [[each["name"], each["adresse"], since(each), str(each["wartet"])] for each in found]
    print_table(["Name", "Adresse", "Abgeglichen", "Wartet"], rows)
    for each in found:
        _complain(each["name"], each["fehler"], each["uhr_geht_vor_s"])


def told(folder: Path) -> list[dict[str, Any]]:
    """How it goes with the portals of a data folder."""
    found = [(link, portals.state_of(link)) for link in portals.links(folder)]
    return [
        {
            "name": link.name,
            "adresse": link.address,
            "abgeglichen": state.reached or None,
            "wartet": portals.waiting(link),
            "uhr_geht_vor_s": state.ahead_s,
            "fehler": state.trouble,
        }
        for link, state in found
    ]


def since(portal: Mapping[str, Any]) -> str:
    """How long ago all was exchanged, give or take a minute."""
    reached = portal["abgeglichen"]
    if not reached:
        return "noch nie"
    past = age(reached, max(int(time.time()), reached))
    return past if past == "gerade" else f"vor {past}"


@click.command("abgleichen")
@click.argument("name")
@json_option
@click.pass_context
def exchange(ctx: click.Context, name: str, machine: bool) -> None:
    """Einmal abgleichen, wenn der Knoten nicht läuft; sonst tut er es alle fünf Sekunden.

    Was geholt wurde, öffnet der Knoten oder „lage eingang holen“.
    """
    _check_parts()
    from lage.outside.exchanging import exchange_once

    link = portals.find(folder_of(ctx), name)
    with open_station(ctx) as station:
        board = board_of(station)
        write_board(board, link.board)
        write_chart(station, board, link.board)
    found = exchange_once(link)
    if machine:
        as_json(
            {
                "geholt": found.new,
                "gesagt": found.told,
                "aushang": found.laid,
                "uhr_geht_vor_s": found.ahead_s,
            }
        )
        return
    said = "neu ausgehängt" if found.laid else "unverändert"
    say(f"{found.new} geholt, {found.told} Antworten hinübergebracht, Aushang {said}.")
    _complain(name, "", found.ahead_s)


def keep(folder: Path, number: str) -> None:
    """Abgleichen, solange der Knoten läuft."""
    from lage.cli.working import until_left
    from lage.outside.exchanging import keep_exchanging

    keep_exchanging(portals.link_of(folder / portals.ROOM / number), until_left())


def _complain(name: str, trouble: str, ahead_s: int) -> None:
    if trouble:
        note(f"{name}: {trouble}")
    if abs(ahead_s) >= CLOCKS_S:
        way = "vor" if ahead_s > 0 else "nach"
        note(
            f"{name}: Die Uhr dort geht gegenüber dieser {age(0, abs(ahead_s))} {way}; der Abgleich"
            " kommt ohne Uhr aus, aber die Zeiten auf den Seiten stimmen nicht."
        )


def _text(path: Path) -> str:
    try:
        return read_regular(path, FILE_MAX).decode()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} ist nicht lesbar ({why(error)}).") from error


def _check_parts() -> None:
    try:
        import httpx
    except ImportError as error:
        raise LageError(
            "Für ein Portal auf einem anderen Rechner fehlt ein Baustein: bitte Lage mit dem Zusatz"
            f" [portal] installieren ({install_command('portal')})."
        ) from error
    del httpx
