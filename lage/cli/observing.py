# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung beobachten``: what an observer sees and notes, at whatever computer."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from lage.cli.common import EXERCISE_MARK, as_json, folder_of, json_option, note, say
from lage.cli.node import node_and_screen
from lage.exercise.direction import observations
from lage.exercise.direction.observations import Observed
from lage.language.errors import StoreError, UsageError, why
from lage.language.folding import file_stem
from lage.station import Station
from lage.store.keys import load_network, network_mark
from lage.views.direction import DirectionView


@click.command("beobachten")
@click.argument("text", required=False)
@click.option("--stelle", default="", help="Welche Stelle; leer: alle.")
@click.option("--einlage", default="", help="Zu welcher Einlage.")
@click.option("--von", default="", help="Wer beobachtet; sonst der Name dieser Stelle.")
@click.option(
    "--nach",
    type=click.Path(file_okay=False, path_type=Path),
    help="Die Datei danach auch hierhin legen, z. B. auf einen Stick für die Leitung.",
)
@click.option("--radio", help="tcp:HOST:PORT, serial:GERÄT oder ble:ADRESSE.")
@json_option
@click.pass_context
def observe(
    ctx: click.Context,
    text: str | None,
    stelle: str,
    einlage: str,
    von: str,
    nach: Path | None,
    radio: str | None,
    machine: bool,
) -> None:
    """Eine Übung beobachten: nur ansehen und Beobachtungen festhalten.

    Ohne TEXT starten Knoten und Bildschirm, dieser nur zum Lesen; Strg+B hält dort eine Beobachtung
    fest. Sie stehen in einer Datei, die die Leitung einliest; die beübten Stellen sehen sie nicht.
    """
    folder = folder_of(ctx)
    path = file_of(folder)
    if text is None and not machine and sys.stdout.isatty():
        code = node_and_screen(folder, radio, read_only=True, direction=Onlooker(folder))
        _copy(path, nach)
        ctx.exit(code)
    if text is not None:
        keep(folder, stelle, text, einlage, von)
        _copy(path, nach)
    note(EXERCISE_MARK)
    found = observations.read(path, _mark(folder)) if path.exists() else []
    if machine:
        as_json({"datei": str(path), "beobachtungen": len(found)})
    else:
        say(f"{len(found)} Beobachtungen in {path}: zum Einlesen der Leitung geben.")


class Onlooker:
    """An observer at the screen of this computer."""

    leads = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def view(self) -> DirectionView:
        """The direction's own."""
        raise UsageError("Den Tisch der Leitung gibt es nur an ihrem Rechner.")

    def do(self, order: str, *said: Any) -> None:
        """Orders are the direction's."""
        raise UsageError("Steuern kann nur die Leitung an ihrem Rechner.")

    def watch(self, staff: str) -> Callable[[], object]:
        """Of others there are no logs here."""
        raise UsageError(f"Den Bildschirm von {staff} gibt es nur an deren Rechner.")

    def staffs(self) -> list[str]:
        """Who is in the exercise."""
        with closing(Station.open(self._folder, read_only=True)) as station:
            return [staff.name for staff in station.directory.staffs if staff.active]

    def observe(self, staff: str, text: str) -> None:
        """Note an observation."""
        keep(self._folder, staff, text)


def file_of(folder: Path) -> Path:
    """Where the observations of this computer stand. Raises UsageError outside of exercises."""
    network = load_network(folder)
    if not network.exercise:
        raise UsageError(
            "Beobachtungen gibt es nur in Übungen: dieser Ordner gehört zum Ernstfall."
        )
    name = file_stem(folder.resolve().name)
    return folder / observations.FOLDER / f"{name}{observations.SUFFIX}"


def keep(folder: Path, staff: str, text: str, about: str = "", by: str = "") -> None:
    """One more observation of this moment. Raises UsageError, StoreError."""
    path = file_of(folder)
    if not text.strip():
        raise UsageError("Der Text ist leer: bitte ausfüllen.")
    with closing(Station.open(folder, read_only=True)) as station:
        me = station.me
        name = by or (me.name if me is not None else folder.name)
        named = station.directory.find(staff).name if staff else ""
    known = observations.read(path, _mark(folder)) if path.exists() else []
    unix_ms = round(time.time() * 1000)
    observations.append(
        path,
        Observed(
            _mark(folder), f"{name}-{len(known) + 1}-{unix_ms}", unix_ms, named, text, name, about
        ),
    )


def _mark(folder: Path) -> str:
    return network_mark(load_network(folder).network_id).hex()


def _copy(path: Path, target: Path | None) -> None:
    if target is None or not path.exists():
        return
    try:
        shutil.copyfile(path, target / path.name)
    except OSError as error:
        raise StoreError(
            f"Die Datei lässt sich nicht nach {target} legen: {why(error)}."
        ) from error
