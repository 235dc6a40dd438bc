# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage wiedergabe``: what was known at a moment, in the normal screens and commands."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

from lage.archive.replay import Eyes, Replay, Shown
from lage.cli.common import as_json, folder_of, json_option, note, print_table, say, show_progress
from lage.cli.node import load_screen
from lage.language.errors import UsageError
from lage.language.tactical import tactical
from lage.store.passing import passing_folder
from lage.views.difference import Change, Difference, change_words


@dataclass(frozen=True, slots=True)
class _Asked:
    """Between which moments, in whose eyes."""

    begin: int
    end: int
    eyes: Eyes
    before: Eyes  # in whose eyes the beginning is compared


@click.command()
@click.option("--bis", "until", default="", help="Zeitpunkt, z. B. 240310nov26 oder 03:10.")
@click.option("--von", "since", default="", help="Früherer Zeitpunkt: ab da wird abgespielt oder"
              " verglichen.")  # fmt: skip
@click.option(
    "--stand",
    type=click.Choice(["damals", "heute"]),
    help="Was hier damals bekannt war, oder was nach heutigem Stand bis dahin geschrieben war.",
)
@click.option("--sicht", default="", help="Was diese Stelle mindestens wusste.")
@click.option("--hoechstens", is_flag=True, help="Mit --sicht: was sie höchstens wissen konnte.")
@click.option("--unterschied", is_flag=True, help="Was zwischen --von und --bis kam, geändert und"
              " erledigt wurde; ohne --von: was bis dahin geschrieben und hier (oder bei der"
              " --sicht) nicht bekannt war.")  # fmt: skip
@click.option("--ordner", type=click.Path(file_okay=False, path_type=Path), help="Dort behalten.")
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@json_option
@click.pass_context
def play_back(
    ctx: click.Context,
    until: str,
    since: str,
    stand: str | None,
    sicht: str,
    hoechstens: bool,
    unterschied: bool,
    ordner: Path | None,
    ascii_only: bool | None,
    machine: bool,
) -> None:
    """Einen vergangenen Augenblick zeigen, in den gewohnten Ansichten und nur zum Lesen.

    Ohne --ordner öffnet sich der Bildschirm: Leertaste spielt ab, Komma und Punkt gehen zurück
    und vor, F1 nennt alle Tasten. Mit --ordner bleibt ein Ordner, den jeder Befehl mit --daten
    liest. Was eine andere Stelle wusste, zeigt am genauesten ihr eigenes Lagebuch; von hier aus
    lässt sich sagen, was sie mindestens wusste (worauf ihre eigenen Einträge und Quittungen sich
    beziehen) und was sie höchstens wissen konnte (was bis dahin irgendwo geschrieben war).
    """
    _check(until, since, stand, sicht, hoechstens=hoechstens)
    lack = unterschied and not since
    eyes = (stand == "heute", hoechstens)
    with ending_tidily(), passing_folder("lage-wiedergabe-") as passing, whole_or_none(ordner):
        folder = ordner or passing / "augenblick"

        def opened() -> tuple[Replay, _Asked]:
            progress = show_progress("Augenblick wird aufgebaut")
            replay = Replay.of(folder_of(ctx), folder, seen_by=sicht, progress=progress)
            try:
                return replay, _asked(replay, until, since, eyes, lack=lack)
            except BaseException:
                replay.close()
                raise

        if not (unterschied or ordner or machine):
            ctx.exit(_on_screen(folder, opened, ascii_only))
        replay, asked = opened()
        with closing(replay):
            if unterschied:
                found = replay.difference(asked.begin, asked.before, asked.end, asked.eyes)
                shown = replay.show(asked.end, asked.eyes)
                _tell_difference(found, shown.title, asked, machine=machine)
                return
            shown = replay.show(asked.end, asked.eyes)
            if ordner:
                replay.keep()
        _tell_moment(shown, ordner, machine=machine)


@contextmanager
def whole_or_none(folder: Path | None) -> Iterator[None]:
    """Where it does not come to its end, leave no half of a folder that is to stay: that would
    hold the county's key, and be in the way of another attempt."""
    new = folder is not None and not folder.exists()
    empty = folder is not None and folder.is_dir() and not any(folder.iterdir())
    try:
        yield
    except BaseException:
        if folder is not None and new:
            shutil.rmtree(folder, ignore_errors=True)
        elif folder is not None and empty:
            for path in folder.iterdir():
                path.unlink()
        raise


@contextmanager
def ending_tidily() -> Iterator[None]:
    """While this lasts, being told to stop, or a window that closes, ends the program as an error
    would: a copy of the log, with the county's key, must not stay in the system's folder."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    told = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = {number: signal.signal(number, end) for number in told}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _asked(
    replay: Replay, until: str, since: str, eyes: tuple[bool, bool], *, lack: bool
) -> _Asked:
    """What was typed, in moments; ``lack``: what these eyes lacked of what could be known."""
    today, most = eyes
    seen = replay.eyes_for(today=today, most=most)
    before, after = replay.all_eyes() if lack else (seen, seen)
    end = replay.moment(until) if until else replay.last
    begin = replay.moment(since, before=end) if since else end
    if begin > end:
        raise UsageError("„--von“ liegt nach „--bis“: bitte tauschen.")
    return _Asked(begin, end, after, before)


def _tell_moment(shown: Shown, folder: Path | None, *, machine: bool) -> None:
    if machine:
        as_json(
            {
                "titel": shown.title,
                "eintraege": shown.operations,
                "spaeter": shown.later,
                "uhr_zweifelhaft": shown.doubtful,
                "ordner": str(folder.resolve()) if folder else None,
            }
        )
        return
    say(f"{shown.title}: {shown.operations} Einträge, {shown.later} sind später.")
    if shown.doubtful:
        say(f"Davon {shown.doubtful} unter einer falschen Uhr geschrieben oder empfangen.")
    say(f"Zu lesen mit „lage --daten {folder} …“, etwa „lage --daten {folder} tui“.")


def _check(until: str, since: str, stand: str | None, sicht: str, *, hoechstens: bool) -> None:
    if sicht and stand == "heute":
        raise UsageError("Bitte entweder --sicht oder --stand heute angeben.")
    if hoechstens and not sicht:
        raise UsageError("--hoechstens gilt für eine Stelle: bitte --sicht dazu angeben.")
    if not until and not since:
        raise UsageError("Welcher Zeitpunkt? Bitte mit --bis angeben, z. B. --bis 03:10.")


def _on_screen(
    folder: Path, opened: Callable[[], tuple[Replay, _Asked]], ascii_only: bool | None
) -> int:
    from tui.bridge import Player

    def start() -> Replay:
        replay, asked = opened()
        replay.show(asked.begin, asked.eyes)
        replay.mark, replay.end = asked.begin, asked.end
        return replay

    return load_screen(ascii_only)(folder, read_only=True, player=Player(start))


def _tell_difference(found: Difference, title: str, asked: _Asked, *, machine: bool) -> None:
    if machine:
        as_json(
            {
                "titel": title,
                "von": tactical(asked.begin),
                "bis": tactical(asked.end),
                "verglichen": [asked.before.value, asked.eyes.value],
                "aenderungen": [_as_json(change) for change in found.changes],
                "messwerte": dict(found.figures),
            }
        )
        return
    note(f"*** {title} ***")
    if asked.before is asked.eyes:
        say(f"Von {tactical(asked.begin)} bis {tactical(asked.end)}: {found.summary()}.")
    else:
        say(
            f"Bis {tactical(asked.end)} geschrieben, aber nicht bekannt oder nicht belegt:"
            f" {found.summary()}."
        )
    print_table(
        ("Zeit", "Stelle", "Was", "Inhalt"),
        [
            [tactical(each.deed.time), each.deed.staff, each.sort.value, change_words(each)]
            for each in found.changes
        ],
    )


def _as_json(change: Change) -> dict[str, Any]:
    now = change.now
    return {
        "was": change.sort.value,
        "art": now.kind,
        "eintrag": now.title,
        "offen": now.open,
        "inhalt": now.text,
        "stelle": change.deed.staff,
        "zeit": tactical(change.deed.time),
        "felder": [
            {"feld": label, "vorher": was, "jetzt": is_now} for label, was, is_now in change.fields
        ],
        "uhr_zweifelhaft": change.doubtful,
    }
