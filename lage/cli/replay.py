# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage wiedergabe``: what was known at a moment, in the normal screens and commands."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from lage.archive.replay import replay
from lage.cli.common import as_json, json_option, open_station, say, show_progress
from lage.cli.node import load_screen
from lage.language.errors import UsageError
from lage.language.tactical import Lean, parse_time


@click.command()
@click.option("--bis", "until", required=True, help="Zeitpunkt, z. B. 240310nov26 oder 03:10.")
@click.option(
    "--stand",
    type=click.Choice(["damals", "heute"]),
    default="damals",
    help="Was hier damals bekannt war, oder was nach heutigem Stand bis dahin geschrieben war.",
)
@click.option("--sicht", default="", help="Was diese Stelle mindestens wusste.")
@click.option("--ordner", type=click.Path(file_okay=False, path_type=Path), help="Dort behalten.")
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@json_option
@click.pass_context
def play_back(
    ctx: click.Context,
    until: str,
    stand: str,
    sicht: str,
    ordner: Path | None,
    ascii_only: bool | None,
    machine: bool,
) -> None:
    """Einen vergangenen Augenblick zeigen, in den gewohnten Ansichten und nur zum Lesen.

    Ohne --ordner öffnet sich der Bildschirm. Mit --ordner bleibt ein Ordner, den jeder Befehl mit
    --daten liest. Was eine andere Stelle wusste, zeigt am genauesten ihr eigenes Lagebuch; von hier
    aus lässt sich sagen, was sie mindestens wusste: worauf ihre eigenen Einträge sich beziehen.
    """
    if sicht and stand == "heute":
        raise UsageError("Bitte entweder --sicht oder --stand heute angeben.")
    with TemporaryDirectory(prefix="lage-wiedergabe-") as passing:
        folder = ordner or Path(passing) / "augenblick"
        with open_station(ctx) as station:
            shown = replay(
                station,
                folder,
                parse_time(until, station.now(), Lean.PAST),
                known_today=stand == "heute",
                member=station.directory.find(sicht).number if sicht else None,
                progress=show_progress("Augenblick wird aufgebaut"),
            )
        if machine:
            as_json(
                {
                    "titel": shown.title,
                    "eintraege": shown.operations,
                    "spaeter": shown.later,
                    "ordner": str(folder.resolve()) if ordner else None,
                }
            )
        elif ordner:
            say(f"{shown.title}: {shown.operations} Einträge, {shown.later} sind später.")
            say(f"Zu lesen mit „lage --daten {folder} …“, etwa „lage --daten {folder} tui“.")
        else:
            ctx.exit(load_screen(ascii_only)(folder, read_only=True))
