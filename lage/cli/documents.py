# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage dokument`` and ``lage gefahrgut``: looking things up."""

from __future__ import annotations

import re
from pathlib import Path

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    open_station,
    print_table,
    record_json,
    say,
    say_wrapped,
)
from lage.documents import hazards
from lage.documents import library as documents
from lage.kinds.cards.document import TYPES
from lage.kinds.model import Query
from lage.language.errors import NotFound
from lage.language.plain import plain
from lage.write.parse import parse_choice

document = Group("dokument", help="Pläne, Listen und Merkblätter: ablegen, suchen, holen.")


@document.command("ablegen")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--art", default="", help=f"Art: {', '.join(TYPES)}.")
@click.option("--name", default="", help="Name für alle; sonst der Dateiname.")
@click.option("--bemerkung", "note", default="", help="Wovon es handelt.")
@click.option("--zu", default="", help="Nur, wenn es dieses bekannte Dokument ist.")
@click.pass_context
def file_away(ctx: click.Context, datei: Path, art: str, name: str, note: str, zu: str) -> None:
    """Eine Datei einlesen: alle erfahren Name und Prüfsumme, der Inhalt bleibt hier."""
    with open_station(ctx) as station:
        kind = parse_choice(art, TYPES) if art else ""
        expected = documents.find(station, zu) if zu else None
        filed = documents.file_away(station, datei, kind, note, name, expected)
        title, digest = plain(filed.record.text("name")), documents.short_hash(filed.record)
        known = "" if filed.new else " (war schon bekannt)"
        say(f"Dokument „{title}“ liegt hier vor{known}, Prüfsumme {digest}.")


@document.command("aufnehmen")
@click.argument("ordner", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def take_in(ctx: click.Context, ordner: Path) -> None:
    """Von einem Stick alle bekannten Dokumente einlesen, deren Inhalt hier noch fehlt."""
    with open_station(ctx) as station:
        found = documents.take_in(station, ordner)
        for record in found:
            say(f"{plain(record.text('name'))}, Prüfsumme {documents.short_hash(record)}")
        say(f"{len(found)} {'Dokument' if len(found) == 1 else 'Dokumente'} aufgenommen.")


@document.command("liste")
@json_option
@click.pass_context
def show(ctx: click.Context, machine: bool) -> None:
    """Alle bekannten Dokumente, und ob der Inhalt hier vorliegt."""
    with open_station(ctx) as station:
        context = station.context()
        rows = station.reader.select(Query("document", order="entered", limit=5000))
        held = station.store.local.documents_held()
        if machine:
            as_json([{**record_json(r, context), "hier": r.data("hash") in held} for r in rows])
            return
        table = [
            [
                plain(row.text("name")),
                row.text("type", "-"),
                f"{row.whole('size')} Bytes",
                "ja" if row.data("hash") in held else "nein",
                documents.short_hash(row),
                context.directory.name(row.id.author),
            ]
            for row in rows
        ]
        print_table(("Name", "Art", "Größe", "hier", "Prüfsumme", "Stelle"), table)
        if not rows:
            say("(keine Einträge)")


@document.command("holen")
@click.argument("name")
@click.argument("ziel", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def fetch(ctx: click.Context, name: str, ziel: Path) -> None:
    """Den Inhalt eines Dokuments (Name oder Prüfsumme) in eine Datei schreiben."""
    with open_station(ctx) as station:
        size = documents.fetch(station, documents.find(station, name), ziel)
        say(f"Geschrieben: {ziel} ({size} Bytes).")


@document.command("suchen")
@click.argument("text", nargs=-1, required=True)
@json_option
@click.pass_context
def search(ctx: click.Context, text: tuple[str, ...], machine: bool) -> None:
    """In Textdokumenten, Namen und Bemerkungen suchen; Umlaute in jeder Schreibweise."""
    with open_station(ctx) as station:
        found = documents.search(station, " ".join(text))
        if machine:
            context = station.context()
            as_json(
                [
                    {**record_json(f.record, context), "hier": f.here, "fundstelle": f.excerpt}
                    for f in found
                ]
            )
            return
        rows = [
            [plain(f.record.text("name")), "ja" if f.here else "nein", plain(f.excerpt)]
            for f in found
        ]
        print_table(("Name", "hier", "Fundstelle"), rows)
        if not found:
            say("(nichts gefunden)")


@click.command()
@click.argument("nummer", nargs=-1, required=True)
@json_option
def hazard(nummer: tuple[str, ...], machine: bool) -> None:
    """Gefahrgut nach UN-Nummer, Warntafel oder Namen: lage gefahrgut 1203, 33/1203, Benzin.

    Eine Gefahrnummer allein (33, X423) wird in Worten erklärt.
    """
    typed = " ".join(nummer).strip()
    if re.fullmatch(r"[Xx]?\d{2,3}", typed):
        _explain(typed.upper(), machine=machine)
        return
    if any(letter.isdigit() for letter in typed) and not hazards.search(typed):
        found = [hazards.lookup(typed)]
    else:
        found = hazards.search(typed)
        if not found:
            raise NotFound(f"„{typed}“ steht nicht in der kurzen Liste häufiger Gefahrgüter.")
    if machine:
        as_json(
            [
                {
                    "un": item.un,
                    "gefahrnummer": list(item.numbers),
                    "klasse": item.hazard_class,
                    "stoff": item.name,
                    "bedeutung": list(item.meaning),
                    "hinweis": item.hint,
                    "quelle": hazards.SOURCE,
                }
                for item in found
            ]
        )
        return
    for item in found:
        plate = f"{'/'.join(item.numbers) or '-'} / {item.un:04d}"
        say(f"{plate}  {item.name}, Klasse {item.hazard_class}")
        for words in item.meaning:
            say(f"  {words}")
        if item.hint:
            say(f"  {item.hint}")
    say_wrapped(hazards.SOURCE)


def _explain(number: str, *, machine: bool) -> None:
    meaning = hazards.meaning_of(number)
    if machine:
        as_json({"gefahrnummer": number, "bedeutung": list(meaning)})
        return
    say(number)
    for words in meaning:
        say(f"  {words}")
