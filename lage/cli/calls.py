# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage notruf``: emergency calls from an Infopunkt, checked and handed on by a human."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lage.cli.common import Group, as_json, json_option, note, open_station, print_table, say, utc
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.outside import calls
from lage.outside.desk import Opened, boxes_of
from lage.outside.words import call_sentences, state_words
from lage.station import Station

call = Group("notruf", help="Notrufe vom Infopunkt: prüfen, weitergeben, Beleg.")
_with_caller = click.option(
    "--mit-rueckruf",
    "with_caller",
    is_flag=True,
    help="Name und Rückruf in den Eintrag schreiben, den alle Stellen lesen.",
)


@call.command("liste")
@click.option("--alle", "every", is_flag=True, help="Auch die schon entschiedenen.")
@json_option
@click.pass_context
def listing(ctx: click.Context, every: bool, machine: bool) -> None:
    """Notrufe, die noch niemand geprüft hat; der älteste zuerst."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = (calls.everything if every else calls.waiting)(station, boxes)
        if machine:
            as_json([_json(station, each) for each in found])
            return
        now = station.now()
        rows = [
            [
                each.box.nr,
                clock(from_unix(each.box.received), now),
                calls.call_of(each).what,
                plain(calls.call_of(each).place or calls.call_of(each).point),
                _short(plain(calls.call_of(each).text)),
                state_words(each.box),
            ]
            for each in found
        ]
        print_table(["Nr.", "Zeit", "Was", "Wo", "Beschreibung", "Stand"], rows)
        if not rows:
            say("(keine Notrufe)")


SHOWN = 60
"""Letters of a description in a list; ``zeigen`` says all."""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


@call.command("zeigen")
@click.argument("nummer")
@json_option
@click.pass_context
def show(ctx: click.Context, nummer: str, machine: bool) -> None:
    """Ein Notruf ganz, mit Rückruf und Stand; NUMMER oder Code vom Beleg."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = calls.find(station, boxes, nummer)
        if machine:
            as_json(_json(station, found))
            return
        for line in call_sentences(found, station.now()):
            say(line)
        others = calls.doubles(found, calls.everything(station, boxes))
        if others:
            numbers = ", ".join(f"{each.box.nr} ({each.box.source})" for each in others)
            note(f"Klingt wie Notruf {numbers}: bitte vergleichen.")


@call.command("vorfall")
@click.argument("nummer")
@_with_caller
@click.pass_context
def incident(ctx: click.Context, nummer: str, with_caller: bool) -> None:
    """Geprüft: als Vorfall dieser Stelle übernehmen."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = calls.find(station, boxes, nummer)
        record = calls.as_incident(station, boxes, found, with_caller=with_caller)
        say(f"Notruf {found.box.nr} ist Vorfall {station.directory.label(record)}.")


@call.command("blitz")
@click.argument("nummer")
@_with_caller
@click.pass_context
def message(ctx: click.Context, nummer: str, with_caller: bool) -> None:
    """Geprüft: als Blitz-Nachricht an die Leitstelle (ohne eine: an den Krisenstab)."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = calls.find(station, boxes, nummer)
        record = calls.as_message(station, boxes, found, with_caller=with_caller)
        to = calls.control_centre(station).name
        say(f"Notruf {found.box.nr} geht als {station.directory.label(record)} (blitz) an {to}.")


@call.command("ablegen")
@click.argument("nummer")
@click.option("--grund", required=True, help="Steht auf dem Beleg, z. B. „schon gemeldet“.")
@click.pass_context
def aside(ctx: click.Context, nummer: str, grund: str) -> None:
    """Kein Notruf oder doppelt: mit Grund ablegen."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = calls.find(station, boxes, nummer)
        calls.put_aside(station, boxes, found, grund)
        say(f"Notruf {found.box.nr} abgelegt.")


@call.command("beleg")
@click.argument("nummer")
@click.option(
    "--nach", "target", type=click.Path(dir_okay=False, path_type=Path), help="Datei dafür."
)
@click.pass_context
def slip(ctx: click.Context, nummer: str, target: Path | None) -> None:
    """Den Beleg mit dem jetzigen Stand als PDF, zum Mitgeben."""
    from lage.outside.slip import slip_pdf
    from lage.reports.files import write_paper

    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = calls.find(station, boxes, nummer)
        content = slip_pdf(station, found)
        say(str(write_paper(station, f"notruf_{found.box.nr}", content, target)))


def _json(station: Station, found: Opened) -> dict[str, Any]:
    entity = found.box.entity
    record = None if entity is None else station.reader.get(entity)
    return {
        "nummer": found.box.nr,
        "infopunkt": found.box.source,
        "beleg": str(found.ticket),
        "eingegangen": utc(from_unix(found.box.received)),
        "stand": found.box.state,
        "eintrag": None if record is None else station.directory.label(record),
        "schritte": {
            step: [utc(from_unix(value[0])), *value[1:]] for step, value in found.box.steps.items()
        },
        "angaben": asdict(calls.call_of(found)),
    }
