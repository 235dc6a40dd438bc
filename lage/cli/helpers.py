# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage helfer``: Spontanhelfende from report to dismissal; their private part stays here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from lage.cli.common import (
    Group,
    as_json,
    json_option,
    note,
    open_station,
    print_list,
    print_table,
    record_json,
    say,
    utc,
    write,
)
from lage.cli.entries import (
    change_command,
    confirm_names,
    form_options,
    given_of,
    list_command,
    show_command,
)
from lage.kinds.model import Record
from lage.language.errors import NotFound
from lage.language.plain import plain
from lage.language.tactical import Lean, parse_time, tactical
from lage.station import Station
from lage.views.lists import LISTS
from lage.volunteers import desk as volunteers
from lage.volunteers import envelope, private
from lage.volunteers.matching import Need, matching
from lage.volunteers.view import available
from lage.write import commands
from lage.write.parse import parse_number
from sync.schema.vocabulary import TERMS

helper = Group("helfer", help="Spontanhelfende: aufnehmen, suchen, zuweisen, entlassen.")
for _command in (list_command("helper"), show_command("helper"), change_command("helper")):
    helper.add_command(_command)


@helper.command("melden")
@form_options("helper", positional="skills")
@click.option("--name", default="", help="Name; bleibt auf diesem Rechner.")
@click.option("--telefon", default="", help="Telefon; bleibt auf diesem Rechner.")
@click.option("--adresse", default="", help="Adresse; bleibt auf diesem Rechner.")
@click.option("--jahrgang", type=int, help="Geburtsjahr; bleibt auf diesem Rechner.")
@click.option("--fragen", is_flag=True, help="Name bis Jahrgang erfragen: nichts in der Shell.")
@click.option(
    "--loeschen-nach",
    "days",
    default=private.DELETE_AFTER_DAYS,
    show_default=True,
    type=click.IntRange(1, 3650),
    help="Tage, nach denen die persönlichen Angaben von selbst gelöscht werden.",
)
@click.pass_context
def report(
    ctx: click.Context,
    /,
    name: str,
    telefon: str,
    adresse: str,
    jahrgang: int | None,
    fragen: bool,
    days: int,
    **typed: str | None,
) -> None:
    """Helfer aufnehmen: lage helfer melden "Erste Hilfe" --ort Rheine --name …

    Fähigkeiten, Ort und Zeit sehen alle Stellen; Name, Telefon, Adresse und Jahrgang bleiben
    verschlüsselt auf diesem Rechner. Kategorien zeigt „lage helfer kategorien“. Mit --fragen stehen
    die persönlichen Angaben auch nicht im Verlauf der Shell.
    """
    with open_station(ctx) as station:
        (draft,) = commands.enter("helper", given_of(typed), station.parse_context())
        confirm_names(station, [draft])
        if fragen:
            name, telefon, adresse = (_ask(what) for what in ("Name", "Telefon", "Adresse"))
            year = _ask("Jahrgang")
            jahrgang = parse_number(year) if year else None
        person = None
        if name or telefon or adresse or jahrgang:
            person = private.Person(name.strip(), telefon.strip(), adresse.strip(), jahrgang)
        label = volunteers.register(station, draft, person, days)
        say(f"Helfer {label} gespeichert.")
        skills = draft.changes["skills"]
        assert isinstance(skills, tuple)
        others = [str(skill) for skill in skills if skill not in TERMS["skill"]]
        if others:
            note(
                f"(Keine vorbereitete Fähigkeit: {', '.join(others)}; gesucht wird so nach dem"
                " Wort. Siehe „lage helfer kategorien“.)"
            )


def _ask(what: str) -> str:
    return str(click.prompt(what, default="", show_default=False, err=True)).strip()


@helper.command("kategorien")
@json_option
def categories(machine: bool) -> None:
    """Die vorbereiteten Fähigkeiten."""
    if machine:
        as_json(list(TERMS["skill"]))
        return
    for skill in TERMS["skill"]:
        say(skill)


@helper.command("suchen")
@click.option("--kann", "skill", default="", help="Fähigkeit oder Teil davon.")
@click.option("--ort", default="", help="Ort oder Teil davon.")
@click.option("--zeit", default="", help="Wann sie da sein müssen; leer: gleichgültig.")
@json_option
@click.pass_context
def search(ctx: click.Context, skill: str, ort: str, zeit: str, machine: bool) -> None:
    """Wer noch frei ist und das kann, dort, dann."""
    with open_station(ctx) as station:
        context = station.context()
        at = parse_time(zeit, context.now, Lean.FUTURE) if zeit else None
        found = available(context, skill=skill, place=ort, at=at)
        print_list(LISTS["helper"], found, context, machine=machine)


@helper.command("passend")
@click.option("--kann", "skills", default="", help="Gesuchte Fähigkeiten, mit Komma.")
@click.option("--ort", default="", help="Wo sie gebraucht werden.")
@click.option("--zeit", default="", help="Wann; leer: jetzt.")
@click.option("--stunden", type=click.IntRange(1, 1000), help="Wie lange.")
@json_option
@click.pass_context
def fitting(
    ctx: click.Context, skills: str, ort: str, zeit: str, stunden: int | None, machine: bool
) -> None:
    """Wer zu einem Bedarf passt, der Beste zuerst, mit Begründung."""
    with open_station(ctx) as station:
        context = station.context()
        at = parse_time(zeit, context.now) if zeit else None
        need = Need(tuple(filter(None, skills.split(","))), ort.strip(), at, stunden)
        found = matching(context, need)
        if machine:
            as_json(
                [{**record_json(m.helper, context), "passt": list(m.fit.reasons)} for m in found]
            )
            return
        rows = [[_label(station, m.helper), plain(m.fit.why)] for m in found]
        print_table(["Nr.", "Passt, weil"], rows)
        if not rows:
            say("(niemand passt)")


@helper.command("planen")
@click.argument("nummer")
@click.pass_context
def plan(ctx: click.Context, nummer: str) -> None:
    """Helfer für einen Einsatz vormerken."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        write(station, commands.change(record, {"status": "eingeplant"}))
        say(f"Helfer {_label(station, record)} eingeplant.")


@helper.command("zuweisen")
@click.argument("nummer")
@click.option("--an", "to", required=True, help="Stelle, die sie einsetzt.")
@click.option("--treffpunkt", default="", help="Wo sie sich melden.")
@click.option("--zeit", default="", help="Wann sie sich melden.")
@click.option("--kontakt", default="", help="Nach wem sie dort fragen.")
@click.option("--auftrag", default="", help="Nummer des Auftrags, z. B. RHE-A4.")
@click.pass_context
def assign(
    ctx: click.Context,
    nummer: str,
    to: str,
    treffpunkt: str,
    zeit: str,
    kontakt: str,
    auftrag: str,
) -> None:
    """Helfer einer Stelle zuweisen; nur sie erhält die persönlichen Angaben, versiegelt."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        typed = {"to": to, "meeting_point": treffpunkt, "at": zeit, "contact": kontakt}
        typed["task"] = auftrag
        sent = volunteers.assign(station, record, typed)
        staff = station.directory.find(to)
        say(f"Helfer {_label(station, record)} an {staff.name} zugewiesen.")
        if sent:
            say("Name bis Jahrgang folgen versiegelt, sobald der Knoten dort geantwortet hat.")


@helper.command("rueckmeldung")
@click.argument("nummer")
@click.argument("text")
@click.pass_context
def feedback(ctx: click.Context, nummer: str, text: str) -> None:
    """Text für die Helfer zur letzten Zuweisung, z. B. „danke, nicht mehr nötig“."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        write(station, volunteers.feedback(station, record, text))
        say(f"Rückmeldung an {_label(station, record)} gespeichert.")


@helper.command("entlassen")
@click.argument("nummer")
@click.option("--stunden", type=click.IntRange(0, 10_000), help="Geleistete Stunden.")
@click.pass_context
def dismiss(ctx: click.Context, nummer: str, stunden: int | None) -> None:
    """Helfer entlassen und die Stunden festhalten."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        write(station, volunteers.dismiss(station, record, stunden))
        say(f"Helfer {_label(station, record)} entlassen.")


@helper.command("person")
@click.argument("nummer")
@json_option
@click.pass_context
def person(ctx: click.Context, nummer: str, machine: bool) -> None:
    """Die persönlichen Angaben, wo diese Stelle sie haben darf."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        found = envelope.read(station, record)
        if found is None and envelope.tend(station):
            found = envelope.read(station, record)
        if found is None:
            raise NotFound(
                f"Persönliche Angaben zu diesen Helfern: {envelope.missing_words(station, record)}."
            )
        if machine:
            as_json(_person_json(found))
            return
        for title, text in _person_json(found).items():
            say(f"{title}: {plain(str(text if text is not None else 'unbekannt'))}")


@helper.command("loeschen")
@click.argument("nummer")
@click.option("--ja", is_flag=True, help="Ohne Rückfrage.")
@click.pass_context
def erase(ctx: click.Context, nummer: str, ja: bool) -> None:
    """Die persönlichen Angaben löschen: ihr Schlüssel wird vernichtet."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        label = _label(station, record)
        if not ja:
            click.confirm(f"Persönliche Angaben von {label} endgültig löschen?", abort=True)
        volunteers.erase(station, record)
        say(f"Persönliche Angaben von {label} gelöscht.")


@helper.command("aufraeumen")
@click.pass_context
def sweep(ctx: click.Context) -> None:
    """Persönliche Angaben löschen, deren Frist abgelaufen ist; ein laufender Knoten tut es selbst.

    Dabei gehen auch die Angaben weiter, die zugewiesenen Stellen noch fehlen.
    """
    with open_station(ctx) as station:
        erased = private.sweep(station)
        envelope.tend(station)
        say(f"{erased} {'Datensatz' if erased == 1 else 'Datensätze'} gelöscht.")


@helper.command("auskunft")
@click.argument("nummer")
@click.pass_context
def disclose(ctx: click.Context, nummer: str) -> None:
    """Alles, was über diese Helfer gespeichert ist, als JSON (Auskunft nach Art. 15 DSGVO)."""
    with open_station(ctx) as station:
        record = _find(station, nummer)
        context = station.context()
        found = volunteers.everything_about(station, record)
        as_json(
            {
                "nummer": _label(station, record),
                "erzeugt": utc(context.now),
                "allen Stellen bekannt": record_json(found.record, context),
                "persönliche Angaben": _person_json(found.person) if found.person else None,
                "Löschung vorgesehen": utc(found.delete_at) if found.delete_at else None,
                "Zuweisungen": [record_json(row, context) for row in found.assignments],
                "versiegelt übermittelt an": [
                    {"stelle": context.directory.name(member), "dort gelöscht": destroyed}
                    for member, destroyed in found.sealed_to
                ],
                "Verlauf": [
                    {
                        "zeit": tactical(step.time),
                        "stelle": context.directory.name(step.id.author),
                        "angaben": sorted(step.changes),
                    }
                    for step in station.reader.history(record.id)
                ],
            }
        )


def _find(station: Station, typed: str) -> Record:
    return station.find_record("helper", typed)


def _label(station: Station, record: Record) -> str:
    return station.directory.label(record)


def _person_json(found: private.Person) -> dict[str, Any]:
    values = asdict(found)
    return {
        "Name": values["name"],
        "Telefon": values["phone"],
        "Adresse": values["address"],
        "Jahrgang": values["born"],
    }
