# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage wand``: the screen in a browser on the local network, for reading only."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import click

from lage.cli.common import folder_of, open_station, say
from lage.cli.said import stays
from lage.language.errors import LageError, UsageError, why
from lage.language.install import install_command
from lage.wall.gate import PASSWORD_MIN, PASSWORD_VARIABLE

if TYPE_CHECKING:
    from lage.wall.server import Wall


@click.command()
@click.option(
    "--adresse",
    default="127.0.0.1",
    show_default=True,
    help="Netzadresse dieses Rechners; 0.0.0.0 zeigt die Wand im ganzen lokalen Netz.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8040, show_default=True, help="TCP-Port."
)
@click.option(
    "--schirme",
    type=click.IntRange(1, 20),
    default=4,
    show_default=True,
    help="So viele Bildschirme dürfen zugleich offen sein.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Unter diesem Namen darf der Browser rufen; Adressen und der Rechnername gelten immer.",
)
@click.pass_context
@stays
def wall(ctx: click.Context, adresse: str, port: int, schirme: int, names: tuple[str, ...]) -> None:
    """Die Lage nur zum Lesen in einem Browser zeigen, z. B. an der Wand.

    Das Kennwort wird erfragt oder steht in LAGE_WAND_KENNWORT.
    """
    try:
        from lage.wall.server import Wall
    except ImportError as error:
        raise LageError(
            "Für die Wand fehlt ein Baustein: bitte Lage mit dem Zusatz [web] installieren"
            f" ({install_command('web')})."
        ) from error
    with open_station(ctx) as station:  # a folder that does not open is said here, not on the wall
        name = station.network_name
    called = {*names, socket.gethostname(), socket.getfqdn()}
    served = Wall(folder_of(ctx).resolve(), _password(), screens_max=schirme, names=called)
    try:
        asyncio.run(_run(served, name, adresse, port))
    except OSError as error:
        raise UsageError(
            f"{adresse}:{port} ist nicht zu öffnen ({why(error)}): bitte mit --port"
            " einen anderen Port oder mit --adresse eine Adresse dieses Rechners angeben."
        ) from error


async def _run(served: Wall, name: str, address: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(signum, stop.set)
        except NotImplementedError:  # Windows: Ctrl+C interrupts, which also cleans up
            break

    def ready(taken: int) -> None:
        host = {"0.0.0.0": "ADRESSE-DIESES-RECHNERS", "::": "ADRESSE-DIESES-RECHNERS"}.get(  # noqa: S104
            address, f"[{address}]" if ":" in address else address
        )
        say(f"Wand von {name}: http://{host}:{taken}/")
        if not _own(address):
            say(
                "Kennwort und Bild gehen unverschlüsselt durchs Netz: nur in einem Netz"
                " zeigen, dem Sie trauen."
            )
        say("Nur zum Lesen. Beenden mit Strg+C.")
        sys.stdout.flush()

    await served.serve(address, port, ready, stop)


def _own(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _password() -> str:
    password = os.environ.pop(PASSWORD_VARIABLE, "")
    if not password:
        if not sys.stdin.isatty():
            raise UsageError(f"Es fehlt das Kennwort: bitte in {PASSWORD_VARIABLE} angeben.")
        password = click.prompt("Kennwort der Wand", hide_input=True, confirmation_prompt=True)
    if len(password) < PASSWORD_MIN:
        raise UsageError(f"Das Kennwort der Wand braucht mindestens {PASSWORD_MIN} Zeichen.")
    return password
