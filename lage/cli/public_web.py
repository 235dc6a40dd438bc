# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage infopunkt`` and ``lage portal``: pages for people outside. They open no data folder; what
people hand in goes into an inbox, sealed."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lage.cli.common import Group, folder_of, note, say
from lage.cli.said import stays
from lage.language.errors import LageError, StoreError, UsageError, why
from lage.language.install import install_command

if TYPE_CHECKING:
    from lage.public.site import Site

BOARD = click.option(
    "--aushang",
    "board",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Ordner, in den der Knoten schreibt, was freigegeben ist.",
)
INBOX = click.option(
    "--eingang",
    "inbox",
    default="",
    help="Eingang für das, was Menschen hier abgeben, eine Datei oder postgresql://…, verbunden mit"
    " „lage eingang verbinden“; ohne ihn gibt es nur Auskunft.",
)
NAME = click.option("--name", required=True, help="Name, der auf den Seiten steht.")
PORT = click.option(
    "--port", type=click.IntRange(0, 65535), show_default=True, default=8080, help="TCP-Port."
)


@click.group(
    cls=Group,
    lazy={"abholen": ("lage.cli.entrance:fetch", "Einmal abholen, wie „lage eingang holen“.")},
)
def infopunkt() -> None:
    """Notfall-Infopunkt: Auskunft im lokalen WLAN, Anzeige und Plakat."""


@infopunkt.command("starten")
@BOARD
@INBOX
@NAME
@PORT
@click.option("--adresse", default="0.0.0.0", show_default=True, help="Netzadresse.")  # noqa: S104
@click.option(
    "--erreichbar",
    "base",
    default="http://infopunkt.lan",
    show_default=True,
    help="So rufen Telefone die Seiten auf; jeden anderen Namen führt der Infopunkt dorthin.",
)
@stays
def start_infopunkt(board: Path, inbox: str, name: str, port: int, adresse: str, base: str) -> None:
    """Die Seiten im lokalen WLAN zeigen."""
    from lage.public.site import Role

    site = _site(Role.INFOPUNKT, name, base, board, inbox)
    _serve(site, adresse, port, None, ())


@infopunkt.command("plakat")
@NAME
@click.option(
    "--erreichbar",
    "base",
    default="http://infopunkt.lan",
    show_default=True,
    help="Adresse der Seiten; steht auf dem Plakat und im Code.",
)
@click.option("--wlan", default="", help="Name des WLAN; ergibt einen zweiten Code.")
@click.option("--kennwort", default="", help="Kennwort des WLAN; ohne es ist das Netz offen.")
@click.option(
    "--format",
    "size",
    type=click.Choice(["a4", "a3"]),
    default="a4",
    show_default=True,
    help="Größe des Blatts.",
)
@click.option("--notruf", is_flag=True, help="Hier werden auch Notrufe angenommen.")
@click.option("--uebung", is_flag=True, help="Das Plakat gehört zu einer Übung.")
@click.argument("datei", type=click.Path(path_type=Path, dir_okay=False))
def print_poster(
    datei: Path,
    name: str,
    base: str,
    wlan: str,
    kennwort: str,
    size: str,
    notruf: bool,
    uebung: bool,
) -> None:
    """Ein Plakat für die Tür als PDF: was es hier gibt, zwei Codes, wann es gedruckt wurde."""
    from lage.language.epoch import from_unix
    from lage.language.tactical import local
    from lage.public.poster import Poster, poster

    printed = f"{local(from_unix(time.time())):%d.%m.%Y %H:%M}"
    said = Poster(name, base.rstrip("/"), wlan, kennwort, printed, uebung, notruf)
    datei.write_bytes(poster(said, size))
    say(f"Plakat: {datei}")


@click.group(
    cls=Group,
    lazy={
        "verbinden": ("lage.cli.portals:connect", "Ein Portal auf einem anderen Rechner."),
        "einrichten": ("lage.cli.portals:set_up", "Dort: wessen Portal es ist."),
        "liste": ("lage.cli.portals:show", "Verbundene Portale, und wie der Abgleich geht."),
        "abgleichen": ("lage.cli.portals:exchange", "Einmal abgleichen, ohne Knoten."),
        "trennen": ("lage.cli.portals:disconnect", "Mit einem Portal nicht mehr abgleichen."),
    },
)
def portal() -> None:
    """Bürgerportal: dieselben Seiten im Internet."""


@portal.command("fuehren", hidden=True)
@click.argument("nummer")
@click.pass_context
@stays
def keep_portal(ctx: click.Context, nummer: str) -> None:
    """Mit einem Portal abgleichen, solange der Knoten läuft; er startet das selbst."""
    from lage.cli.portals import keep

    keep(folder_of(ctx), nummer)


@portal.command("starten")
@BOARD
@INBOX
@NAME
@PORT
@click.option("--adresse", default="127.0.0.1", show_default=True, help="Netzadresse.")
@click.option("--erreichbar", "base", required=True, help="Öffentliche Adresse, mit https://")
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    help="Adresse des vorgeschalteten Servers, dem geglaubt wird, wer anfragt und ob verschlüsselt;"
    " ohne diese Angabe niemandem.",
)
@click.option(
    "--seiten",
    "laid_out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Hierhin fertige Seiten legen, die nginx oder ein CDN ausliefert.",
)
@stays
def start_portal(
    board: Path,
    inbox: str,
    name: str,
    port: int,
    adresse: str,
    base: str,
    proxies: tuple[str, ...],
    laid_out: Path | None,
) -> None:
    """Die Seiten hinter einem vorgeschalteten Server zeigen."""
    from lage.public.site import Role

    site = _site(Role.PORTAL, name, base, board, inbox)
    _serve(site, adresse, port, laid_out, proxies)


def _site(role: object, name: str, base: str, board: Path, inbox: str) -> Site:
    try:
        from lage.public.board_file import BoardFile
        from lage.public.site import Role, Site
    except ImportError as error:
        raise _missing() from error
    if not base.startswith(("http://", "https://")):
        raise UsageError("--erreichbar ist eine Adresse mit http:// oder https:// am Anfang.")
    assert isinstance(role, Role)
    base = base.rstrip("/")
    if not inbox:
        return Site(role, name, base, BoardFile(board), time.time)
    from lage.store.counterpart import Counterpart
    from lage.store.inbox import Inbox
    from lage.store.reception import Reception

    opened = Inbox.open(inbox)
    window, shown = Reception(opened), BoardFile(board)
    try:
        window.look()
    except StoreError as error:
        note(f"{error} Bis dahin gibt es nur Auskunft; dann geht alles von selbst.")
    else:
        found = shown.read()
        if found is not None and found.exercise is not window.exercise:
            raise UsageError(
                "Aushang und Eingang gehören nicht zusammen: der Aushang ist"
                f" {_kind(exercise=found.exercise)}, der Eingang"
                f" {_kind(exercise=window.exercise)}. Bitte beide von derselben Stelle nehmen."
            )
        shown.only(exercise=window.exercise)
    return Site(role, name, base, shown, window.now, window, Counterpart(opened))


def _kind(*, exercise: bool) -> str:
    return "von einer Übung" if exercise else "vom Einsatz"


def _missing() -> LageError:
    return LageError(
        "Für die öffentlichen Seiten fehlt ein Baustein: bitte Lage mit dem Zusatz [portal]"
        f" installieren ({install_command('portal')})."
    )


def _serve(
    site: Site, address: str, port: int, laid_out: Path | None, proxies: tuple[str, ...]
) -> None:
    try:
        from lage.public.server import open_socket, serve
    except ImportError as error:
        raise _missing() from error
    try:
        opened = open_socket(address, port)
    except OSError as error:
        raise UsageError(
            f"{address}:{port} ist nicht zu öffnen ({why(error)}): bitte mit --port"
            " einen anderen Port oder mit --adresse eine Adresse dieses Rechners angeben."
        ) from error
    say(f"{site.name}: {site.base}/ (hier Port {opened.getsockname()[1]})")
    if site.board.read() is None:
        note(
            "Im Aushang liegt noch nichts: die Seiten sagen das und zeigen es, sobald etwas da ist."
            " Der verbundene Knoten bringt es binnen einer Minute."
        )
    say("Beenden mit Strg+C.")
    sys.stdout.flush()
    serve(site, opened, laid_out, proxies)
