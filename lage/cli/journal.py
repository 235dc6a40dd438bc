# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage tagebuch`` and ``lage schicht``: the Einsatztagebuch, corrections, change of shifts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from lage.cli.common import Group, as_json, json_option, open_station, print_table, say, utc, write
from lage.cli.entries import entry_group, list_command
from lage.language.sentences import sentences
from lage.language.tactical import Lean, clock, parse_time
from lage.views.detail import title_of
from lage.views.handover import full_text, handover, short_text
from lage.views.journal import TOPICS
from lage.views.journal import journal as journal_lines
from lage.views.journal_line import JournalLine, Period
from lage.write import commands

journal = entry_group("journal")
shift = Group("schicht", help="Schichtwechsel: übergeben, nachlesen.")
shift.add_command(list_command("handover"))


@journal.command("berichtigen")
@click.argument("nummer")
@click.argument("text", required=False, default="")
@click.option("--zeichen", "sign", default="", help="Kürzel der schreibenden Person.")
@click.pass_context
def strike(ctx: click.Context, nummer: str, text: str, sign: str) -> None:
    """Einen Eintrag streichen und sagen, was richtig ist; der alte bleibt lesbar."""
    with open_station(ctx) as station:
        entry = station.find_record("journal", nummer)
        drafts = commands.strike(entry, {"text": text, "sign": sign}, station.parse_context())
        (entity,) = write(station, drafts)
        record = station.reader.get(entity)
        assert record is not None
        context = station.context()
        say(f"{title_of(record, context)} berichtigt {context.directory.label(entry)}.")


@journal.command("auszug")
@click.option("--seit", default="", help="Ab dieser Zeit, z. B. 1530 oder „vor 12 h“.")
@click.option("--bis", default="", help="Bis zu dieser Zeit.")
@click.option("--ohne-auto", is_flag=True, help="Nur, was Menschen geschrieben haben.")
@click.option("--art", multiple=True, type=click.Choice(list(TOPICS)), help="Nur Zeilen darüber.")
@click.option("-n", "--anzahl", default=100, show_default=True, help="Höchstens so viele.")
@json_option
@click.pass_context
def extract(
    ctx: click.Context,
    seit: str,
    bis: str,
    ohne_auto: bool,
    art: tuple[str, ...],
    anzahl: int,
    machine: bool,
) -> None:
    """Das Tagebuch dieser Stelle mit den selbsttätigen Zeilen, älteste zuerst."""
    with open_station(ctx) as station:
        context = station.context()
        period = Period(
            parse_time(seit, context.now, Lean.PAST) if seit else 0,
            parse_time(bis, context.now, Lean.PAST) if bis else 2**34 - 1,
        )
        topics = frozenset().union(*(TOPICS[word] for word in art))
        lines = journal_lines(
            context, period, automatic=not ohne_auto, topics=topics, limit=anzahl
        )[::-1]
        if machine:
            as_json([_json(line) for line in lines])
            return
        rows = [_row(line, context.now) for line in lines]
        print_table(
            ("Nr.", "Eintrag", "Ereigniszeit", "Inhalt > Maßnahme", "Von > An, Weg", "Zch"), rows
        )
        if not lines:
            say("(keine Einträge)")


@shift.command("uebergeben")
@click.option("--von", "from_person", required=True, help="Wer übergibt.")
@click.option("--an", "to_person", required=True, help="Wer übernimmt.")
@click.option("--text", default="", help="Was noch zu sagen ist; die Zusammenfassung kommt dazu.")
@click.option("--probe", is_flag=True, help="Nur zeigen, nichts speichern.")
@json_option
@click.pass_context
def hand_over(
    ctx: click.Context, from_person: str, to_person: str, text: str, probe: bool, machine: bool
) -> None:
    """Die Schicht übergeben: was zu tun und offen ist; beim Krisenstab im ganzen Kreis."""
    with open_station(ctx) as station:
        context = station.context()
        state = handover(context, station.queue())
        lines = full_text(state, context)
        content = sentences((text, short_text(state, context)))
        typed = {"from_person": from_person, "to_person": to_person, "text": content}
        drafts = commands.enter("handover", typed, station.parse_context())
        if not probe:
            write(station, drafts)
        if machine:
            as_json({"gespeichert": not probe, "text": content, "offen": lines})
            return
        say(f"Schichtübergabe {from_person} an {to_person}{' (Probe)' if probe else ''}")
        for line in ([text] if text else []) + lines:
            say(f"  {line}")


def _me(station: Any) -> int:
    author = station.network_keys.author
    return -1 if author is None else author


def _row(line: JournalLine, now: int) -> list[str]:
    text = line.text + (f" > {line.action}" if line.action else "")
    if line.struck_by:
        text = f"[gestrichen, siehe {line.struck_by}] {text}"
    happened = "" if line.happened == line.entered else clock(line.happened, now)
    way = line.way
    if line.sender or line.recipient:
        way = f"{line.sender or '?'} > {line.recipient or '?'} {way}".strip()
    return [line.nr, clock(line.entered, now), happened, text, way, line.sign]


def _json(line: JournalLine) -> dict[str, Any]:
    entity = line.entity
    return {
        **asdict(line),
        "entered": utc(line.entered),
        "happened": utc(line.happened),
        "automatic": line.automatic,
        "entity": f"{entity.author}:{entity.number}" if entity else None,
    }
