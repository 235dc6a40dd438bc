# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung steuern`` and ``stand``: the desk as commands, for people and programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lage.cli.common import EXERCISE_MARK, Group, as_json, json_option, note, print_table, say
from lage.exercise.direction import events as e
from lage.exercise.direction import inserted as said
from lage.exercise.direction import observations
from lage.exercise.direction.desk import DirectionDesk
from lage.exercise.direction.orders import Orders
from lage.exercise.direction.setting_up import mark_of
from lage.exercise.script.walk import number
from lage.views.direction import DirectionView

FOLDER = click.Path(file_okay=False, path_type=Path)
steer = Group("steuern", help="Eine Übung steuern, die geleitet wird: Uhr, Einlagen, Ausfälle.")


def _command(name: str, *decorators: Callable[[Any], Any]) -> Callable[[Any], click.Command]:
    """A command of the group: its exercise's folder first, ``--json`` last."""

    def made(function: Any) -> click.Command:
        function = json_option(function)
        for decorator in reversed(decorators):
            function = decorator(function)
        function = click.argument("ordner", type=FOLDER)(function)
        return steer.command(name)(function)

    return made


def _order(folder: Path, machine: bool, say_it: Callable[[Orders], e.Event]) -> None:
    note(EXERCISE_MARK)
    desk = DirectionDesk(folder)
    event = desk.order(say_it)
    view = desk.view()
    if machine:
        kind, content = e.kept(event)
        as_json({"was": kind, **content, "uhr": view.passed, "zustand": view.state})
        return
    say(f"Notiert bei {view.passed}; die Uhr {_runs(view)}.")


def _runs(view: DirectionView) -> str:
    return view.state if view.state in ("läuft", "steht") else f"steht ({view.state})"


def _texts(**given: str) -> dict[str, str]:
    """What was given, by the names under which the journal keeps it."""
    names = {"zeit": said.MINUTE, "von": said.FROM, "an": said.TO, "weg": said.WAY,
             "text": said.TEXT, "vorrang": said.PRIORITY}  # fmt: skip
    return {names[name]: text for name, text in given.items() if text}


TIME = click.option("--zeit", default="", help="Wann, z. B. X+40 oder 07:30.")
TO = click.option("--an", default="", help="Stellen mit Komma, oder „alle“.")
TEXT = click.option("--text", default="", help="Inhalt.")
PRIORITY = click.option("--vorrang", default="", help="Vorrang der Nachricht.")
WHAT = click.option("--was", default="Funk", show_default=True,
                    help="Strom, Funk, Relais, Laptop oder Broker.")  # fmt: skip


@_command("weiter")
def go_on(ordner: Path, machine: bool) -> None:
    """Die Übungsuhr läuft (sobald das Netz steht)."""
    _order(ordner, machine, lambda orders: orders.go_on())


@_command("pause")
def pause(ordner: Path, machine: bool) -> None:
    """Die Übungsuhr steht."""
    _order(ordner, machine, lambda orders: orders.pause())


@_command("tempo", click.argument("faktor"))
def tempo(ordner: Path, faktor: str, machine: bool) -> None:
    """Die Übungsuhr läuft FAKTOR-mal so schnell."""
    _order(ordner, machine, lambda orders: orders.tempo(number(faktor)))


@_command(
    "sprung",
    click.argument("zeit"),
    click.option("--nachholen", is_flag=True, help="Übersprungene Einlagen trotzdem geben."),
)
def jump(ordner: Path, zeit: str, nachholen: bool, machine: bool) -> None:
    """Die Übungsuhr vorstellen, z. B. auf X+90 oder 07:30.

    Was unbesetzte Stellen bis dahin schreiben, wird nachgeholt; Einlagen an Menschen entfallen.
    """
    _order(ordner, machine, lambda orders: orders.jump(zeit, catch_up=nachholen))


@_command("ende")
def end(ordner: Path, machine: bool) -> None:
    """Die Übung beenden."""
    _order(ordner, machine, lambda orders: orders.end())


@_command("einspielen", click.argument("nr"))
def fire(ordner: Path, nr: str, machine: bool) -> None:
    """Eine Einlage jetzt geben."""
    _order(ordner, machine, lambda orders: orders.fire(nr))


@_command("auslassen", click.argument("nr"))
def skip(ordner: Path, nr: str, machine: bool) -> None:
    """Eine Einlage auslassen; von Hand lässt sie sich noch geben."""
    _order(ordner, machine, lambda orders: orders.skip(nr))


@_command("aendern", click.argument("nr"), TIME, TO, TEXT, PRIORITY)
def change(
    ordner: Path, nr: str, zeit: str, an: str, text: str, vorrang: str, machine: bool
) -> None:
    """Eine Einlage anders geben, als im Drehbuch steht."""
    given = _texts(zeit=zeit, an=an, text=text, vorrang=vorrang)
    _order(ordner, machine, lambda orders: orders.change(nr, given))


@_command(
    "einfuegen",
    click.option("--von", default="", help="Stelle, oder wer sonst etwas meldet."),
    TO,
    click.option("--weg", default="Funk", show_default=True, help="Funk, Telefon, Fax, Melder."),
    TIME,
    TEXT,
    PRIORITY,
)
def insert(
    ordner: Path, von: str, an: str, weg: str, zeit: str, text: str, vorrang: str, machine: bool
) -> None:
    """Eine Einlage geben, die nicht im Drehbuch steht; ohne Zeit sofort."""
    given = _texts(von=von, an=an, weg=weg, zeit=zeit, text=text, vorrang=vorrang)
    _order(ordner, machine, lambda orders: orders.insert(given))


@_command("zugestellt", click.argument("nr"), click.option("--durch", default="", help="Wer."))
def delivered(ordner: Path, nr: str, durch: str, machine: bool) -> None:
    """Eine Karte ist vorgelesen, ein Fax überbracht."""
    _order(ordner, machine, lambda orders: orders.deliver(nr, durch))


@_command("trennen", click.argument("stelle"), WHAT)
def cut(ordner: Path, stelle: str, was: str, machine: bool) -> None:
    """Etwas fällt aus: Funk, Relais und Laptop in der simulierten Luft, sonst als Karte."""
    _order(ordner, machine, lambda orders: orders.cut(stelle, was))


@_command("verbinden", click.argument("stelle"), WHAT)
def mend(ordner: Path, stelle: str, was: str, machine: bool) -> None:
    """Es geht wieder."""
    _order(ordner, machine, lambda orders: orders.mend(stelle, was))


@_command("waehlen", click.argument("abzweig"), click.argument("weg"))
def choose(ordner: Path, abzweig: str, weg: str, machine: bool) -> None:
    """An einem Abzweig des Drehbuchs entscheiden."""
    _order(ordner, machine, lambda orders: orders.choose(abzweig, weg))


@_command(
    "beobachten",
    click.argument("text"),
    click.option("--stelle", default="", help="Welche Stelle; leer: alle."),
    click.option("--einlage", default="", help="Zu welcher Einlage."),
    click.option("--von", default="Leitung", show_default=True, help="Wer beobachtet."),
)
def observe(ordner: Path, text: str, stelle: str, einlage: str, von: str, machine: bool) -> None:
    """Eine Beobachtung festhalten, mit der Zeit der Übung."""
    _order(ordner, machine, lambda orders: orders.note(stelle, text, by=von, about=einlage))


@_command("nachbesprechung", click.argument("text"))
def wash(ordner: Path, text: str, machine: bool) -> None:
    """Einen Punkt für das Gespräch gleich nach der Übung festhalten."""
    _order(ordner, machine, lambda orders: orders.wash(text))


@_command("besprochen", click.argument("punkt", type=int))
def washed(ordner: Path, punkt: int, machine: bool) -> None:
    """Ein Punkt der Nachbesprechung ist besprochen."""
    _order(ordner, machine, lambda orders: orders.washed(punkt))


@_command("einlesen", click.argument("datei", type=click.Path(dir_okay=False, path_type=Path)))
def take_notes(ordner: Path, datei: Path, machine: bool) -> None:
    """Die Datei eines Beobachters einlesen; jede Beobachtung zählt einmal."""
    note(EXERCISE_MARK)
    desk = DirectionDesk(ordner)
    state = desk.conductor.state
    found = observations.fresh(observations.read(datei, mark_of(ordner)), state.notes)
    for event in observations.as_events(found, state):
        desk.order(lambda _, event=event: event)  # type: ignore[misc]
    if machine:
        as_json({"neu": len(found)})
    else:
        say(f"{len(found)} neue Beobachtungen.")


@click.command("stand")
@click.argument("ordner", type=FOLDER)
@json_option
def standing(ordner: Path, machine: bool) -> None:
    """Wo eine geleitete Übung steht: Uhr, nächste Einlagen, Karten, Beobachtungen."""
    note(EXERCISE_MARK)
    view = DirectionDesk(ordner).view()
    if machine:
        as_json(asdict(view))
        return
    say(f"{view.title}: {view.passed} ({view.clock}), Tempo {view.tempo}, {view.state}")
    for card in view.cards:
        say(f"{card.way} {card.nr} an {card.to}, seit {card.since}:")
        say(card.text)
    print_table(
        ("Nr.", "Wann", "Von", "An", "Weg", "Inhalt"),
        [[i.label, i.when, i.sender, i.to, i.way, i.text] for i in view.coming[:20]],
    )
    for each in view.notes[:20]:
        say(f"{each.when} {each.staff or 'alle'}: {each.text} ({each.by})")
