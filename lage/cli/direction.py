# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung leiten``: conduct an exercise; the desk, or without a screen."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import click

from lage.cli.common import EXERCISE_MARK, as_json, json_option, note, say
from lage.cli.node import end_with, load_screen
from lage.exercise.direction.conducting import Conducted, Conducting
from lage.exercise.direction.desk import DirectionDesk
from lage.exercise.direction.record import read_record
from lage.exercise.direction.setting_up import SIMULATED, Plan, set_up
from lage.exercise.direction.shown import ending
from lage.exercise.scenarios import script_file
from lage.language.errors import LageError, UsageError
from lage.language.folding import file_stem
from lage.store.direction import DIRECTION_FILE

FOLDER = click.Path(file_okay=False, path_type=Path)
START_S = 60.0
STOP_S = 30.0
STAND_BY_S = 0.5


@click.command("leiten")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--ordner", type=FOLDER, help="Ordner der Übung; ist dort eine, geht sie weiter.")
@click.option("--besetzt", multiple=True, help="An dieser Stelle sitzen Menschen, hier am Rechner.")
@click.option("--fern", multiple=True, help="Diese Stelle sitzt an einem anderen Rechner.")
@click.option("--beobachter", multiple=True, help="Name eines Beobachters an anderem Rechner.")
@click.option(
    "--radio", default="", help="Funkgerät der Leitung; „simuliert“: Funkgeräte für alle."
)
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option("--verlust", default=0.0, show_default=True, help="Anteil verlorener Pakete.")
@click.option("--seed", type=int, help="Anderer Startwert des Zufalls als im Drehbuch.")
@click.option("--headless", is_flag=True, help="Ohne Bildschirm; steuern mit „uebung steuern“.")
@click.option("--los", is_flag=True, help="Die Uhr läuft, sobald das Netz steht.")
@click.option("--mit", type=int, hidden=True, help="Endet mit diesem Prozess.")
@click.option(
    "--tisch", is_flag=True, hidden=True, help="Bleibt auch nach dem Ende, für den Tisch."
)
@json_option
@click.pass_context
def lead(
    ctx: click.Context,
    datei: Path | None,
    ordner: Path | None,
    besetzt: tuple[str, ...],
    fern: tuple[str, ...],
    beobachter: tuple[str, ...],
    radio: str,
    preset: str,
    verlust: float,
    seed: int | None,
    headless: bool,
    los: bool,
    mit: int | None,
    tisch: bool,
    machine: bool,
) -> None:
    """Eine Übung leiten: Uhr, Einlagen, Ausfälle, Beobachtungen.

    Mit DATEI (Drehbuch) beginnt sie, ohne geht die im Ordner weiter, wo sie stand. Niemand muss an
    den Stellen sitzen: unbesetzte spielt das Drehbuch. Ohne Bildschirm endet das Leiten mit der
    Übung von selbst.
    """
    if mit is not None:
        end_with(mit)
    datei = None if datei is None else script_file(str(datei))
    folder = _folder(datei, ordner)
    if not (folder / DIRECTION_FILE).exists():
        if datei is None:
            raise UsageError(f"Im Ordner {folder} liegt keine Übung: bitte ein Drehbuch angeben.")
        alone = not (fern or beobachter)
        if radio and alone:
            raise UsageError("--radio gehört zu --fern: allein ist die Luft simuliert.")
        radio = SIMULATED if radio.casefold() == SIMULATED else radio
        plan = Plan(radio, 0, alone, preset.upper(), verlust, beobachter)
        set_up(folder, datei, plan, here=besetzt, away=fern, seed=seed)
    elif datei is not None or besetzt or fern or seed is not None:
        raise UsageError(
            f"Im Ordner {folder} liegt schon eine Übung: bitte ohne Drehbuch und Stellen fortsetzen"
            f" („lage uebung leiten --ordner {folder}“) oder einen anderen Ordner angeben."
        )
    if los:
        DirectionDesk(folder).order(lambda orders: orders.go_on())
    note(EXERCISE_MARK)
    if not read_record(folder).ended:
        _say_elsewhere(folder)
    if headless or machine or not sys.stdout.isatty():
        _conduct(folder, stays=tisch)
        if machine:
            as_json(asdict(DirectionDesk(folder).view()))
        else:
            _say_ending(folder)
        return
    ctx.exit(_at_desk(folder))


def _folder(script: Path | None, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    if script is None:
        raise UsageError("Welche Übung? Bitte ein Drehbuch oder --ordner angeben.")
    return Path(f"uebung-{file_stem(script.stem)}")


def _say_elsewhere(folder: Path) -> None:
    """What is to be done at the other computers, once for each."""
    for each in DirectionDesk(folder).elsewhere():
        lage = f"lage --daten {each.folder.name}"
        ways = f"{lage} {'uebung beobachten' if each.looks_on else 'start'}"
        if each.port is not None:
            ways += f" --radio tcp:{socket.gethostname()}:{each.port}"
        elif each.by_radio:
            ways = f"{lage} funk einrichten“, „{ways}"
        move = f"Ordner {each.folder} auf deren Rechner verschieben, dort"
        note(f"{each.name}: {move if each.folder.exists() else 'dort'} „{ways}“.")


def _conduct(folder: Path, *, stays: bool) -> None:
    """Conduct in this process until told to stop, or until the exercise is over; ``stays``: for a
    desk, and as soon as nobody else does."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            conducting = Conducting(folder)
        except Conducted:
            if not stays:
                raise
            stop.wait(STAND_BY_S)  # for another desk, which may be closed or crash
            continue
        note(f"Die Übung wird geleitet: {folder}. Beenden mit Strg+C.")
        conducting.run(stop, stays=stays)
        return


def _at_desk(folder: Path) -> int:
    """The desk, and beside it a process that conducts, or stands by while that of an earlier desk
    still does; a clean end of the desk ends them all."""
    run = load_screen(None)
    with (folder / "leitung.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lage", "uebung", "leiten", "--ordner", str(folder),
             "--headless", "--tisch"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    desk = DirectionDesk(folder)
    until = time.monotonic() + START_S
    while not desk.view().conducted:
        if process.poll() is not None or time.monotonic() > until:
            raise LageError(f"Die Leitung startet nicht: siehe {folder / 'leitung.log'}.")
        time.sleep(0.1)
    code = run(desk.own, direction=desk)
    if code == 0:
        desk.close()  # before our process ends: that of another desk still open may take its place
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
    _say_ending(folder)
    return code


def _say_ending(folder: Path) -> None:
    """What came of it, or how it goes on."""
    record = read_record(folder)
    if record.ended:
        say(ending(record))
        say(f"Auswerten: „lage uebung auswerten {folder}“.")
    else:
        go_on = f"lage uebung leiten --ordner {folder}"
        say(f"Die Übung liegt in {folder} und geht mit „{go_on}“ weiter.")
