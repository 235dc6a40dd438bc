# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command line speaks German even where click does the talking."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.cli.entries import option_name
from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of
from scripts.make_docs import walk
from tests.unit.lage.conftest import Terminal

ENGLISH = ("Usage", "Options:", "Commands:", "Error", "Try ", "Show ", "Missing", "No such", "Got ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--help"], "Aufruf:"),
        (["nachricht", "--hilfe"], "Diese Hilfe zeigen."),
        (["nachricht", "quatsch"], "Den Befehl quatsch gibt es hier nicht."),
        (["--quatsch"], "Die Angabe --quatsch gibt es hier nicht."),
        (["nachricht", "senden", "--an"], "Zur Angabe --an fehlt der Wert."),
        (["nachricht", "senden", "zwei", "Wörter"], "in Anführungszeichen"),
        (["knoten", "beitreten"], "Es fehlt 'DATEI'."),
    ],
)
def test_click_speaks_german(arguments: list[str], expected: str) -> None:
    """Help and complaints come in German, without an English word of click's."""
    result = CliRunner().invoke(cli, arguments)

    assert expected in result.output
    assert [word for word in ENGLISH if word in result.output] == []


@pytest.mark.parametrize("kind", [kind for kind, card in CARDS.items() if card.command])
def test_usage_is_in_the_words_of_the_form(kind: str, lage: Terminal) -> None:
    """What needs no option is called as on screen, in brackets only where it may be left out."""
    card = CARDS[kind]
    assert card.command is not None
    asked = card.asks(card.command.positional)
    assert asked is not None
    usage = lage(card.command.name, card.command.verb, "--hilfe").split("\n\n")[0].split()
    label = asked.label.upper()
    assert usage[-1] == (label if asked.required else f"[{label}]")

    if asked.required:
        needed = [item for item in card.form if item.required and item is not asked]
        given = []
        for item in needed:
            given += [f"--{option_name(item)}", next(iter(choices_of(kind, item.name)), "Rheine")]
        refused = lage.refusal(card.command.name, card.command.verb, *given)
        assert asked.label in str(refused)


def test_no_placeholder_is_a_name_of_the_schema() -> None:
    """``ROAD`` says nothing to who reads German; what is the same in both languages may stand."""
    names = {field.name.upper() for card in CARDS.values() for field in card.kind.fields}
    context = click.Context(cli)
    shown = {
        argument.make_metavar(context).strip("[].")
        for _, command in walk(cli)
        for argument in command.params
        if isinstance(argument, click.Argument)
    }
    assert shown & names <= {"NAME", "TEXT"}
