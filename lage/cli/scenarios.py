# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung szenarien``: what is shipped to play, and a copy of it to make one's own."""

from __future__ import annotations

from pathlib import Path

import click

from lage.cli.common import as_json, json_option, print_table, say
from lage.language.errors import UsageError, why


@click.command("szenarien")
@click.argument("name", required=False)
@click.option(
    "--nach", type=click.Path(dir_okay=False, path_type=Path), help="Als Datei ablegen, zum Ändern."
)
@json_option
def scenarios(name: str | None, nach: Path | None, machine: bool) -> None:
    """Die mitgelieferten Drehbücher: was sie üben, wie lange, mit wie vielen Stellen."""
    from lage.exercise.scenarios import SCENARIOS, scenario
    from lage.exercise.script.read import read_script
    from lage.exercise.script.settle import last_minute

    if name is not None and name not in SCENARIOS:
        raise UsageError(f"Das Szenario „{name}“ gibt es nicht; möglich: {', '.join(SCENARIOS)}.")
    if nach is not None:
        if name is None:
            raise UsageError("Welches Szenario? Bitte seinen Namen vor --nach schreiben.")
        _copy(scenario(name), nach)
        if not machine:
            say(f"Geschrieben: {nach}")
            return
    scripts = {each: read_script(scenario(each)) for each in ([name] if name else SCENARIOS)}
    if machine:
        as_json(
            [
                {
                    "name": each,
                    "titel": script.name,
                    "dauer_min": last_minute(script),
                    "stellen": len(script.cast),
                    "einlagen": len(script.injects),
                    "ziele": list(script.goals),
                }
                for each, script in scripts.items()
            ]
        )
        return
    print_table(
        ("Name", "Titel", "Dauer", "Stellen", "Einlagen"),
        [
            [
                each,
                script.name,
                _lasting(last_minute(script)),
                str(len(script.cast)),
                str(len(script.injects)),
            ]
            for each, script in scripts.items()
        ],
    )
    for goal in scripts[name].goals if name else ():
        say(f"- {goal}")


def _lasting(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _copy(source: Path, target: Path) -> None:
    try:
        with target.open("x", encoding="utf8") as out:
            out.write(source.read_text("utf8"))
    except FileExistsError as error:
        raise UsageError(f"{target} gibt es schon: bitte einen anderen Namen nehmen.") from error
    except OSError as error:
        raise UsageError(f"{target} lässt sich nicht schreiben: {why(error)}.") from error
