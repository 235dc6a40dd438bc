# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What click itself says, in German: headings, help of its own options, complaints.

click takes its sentences through gettext and ships no translations; a catalogue of our own would
depend on the user's locale, which on a borrowed laptop is anything. So its modules get our two
lookup functions. A phrase that is missing here appears in English; nothing breaks.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")

PHRASES = {
    "Usage:": "Aufruf:",
    "Options": "Angaben",
    "Commands": "Befehle",
    "Positional arguments": "Ohne Namen",
    "Show this message and exit.": "Diese Hilfe zeigen.",
    "Show the version and exit.": "Die Version zeigen.",
    "Confirm the action without prompting.": "Ohne Rückfrage ausführen.",
    "Do you want to continue?": "Fortfahren?",
    "Repeat for confirmation": "Zur Sicherheit noch einmal",
    "Aborted!": "Abgebrochen.",
    "Error: {message}": "Fehler: {message}",
    "Error: invalid input": "Fehler: bitte j oder n",
    "Error: The two entered values do not match.": "Fehler: Die beiden Eingaben sind verschieden.",
    "Try '{command} {option}' for help.": "Hilfe: {command} {option}",
    "Invalid value: {message}": "Ungültige Angabe: {message}",
    "Invalid value for {param_hint}: {message}": "Ungültige Angabe {param_hint}: {message}",
    "Missing argument": "Es fehlt",
    "Missing option": "Es fehlt",
    "Missing parameter": "Es fehlt",
    "Missing parameter: {param_name}": "Es fehlt: {param_name}",
    "Missing command.": "Es fehlt der Befehl.",
    "No such option {name!r}.": "Die Angabe {name} gibt es hier nicht.",
    "No such option: {name}": "Die Angabe {name} gibt es hier nicht.",
    "No such command {name!r}.": "Den Befehl {name} gibt es hier nicht.",
    "Option {name!r} does not take a value.": "Die Angabe {name} hat keinen Wert.",
    "{value!r} is not a valid {number_type}.": "{value} ist keine Zahl.",
    "{value} is not in the range {range}.": "{value} liegt nicht im Bereich {range}.",
    "{name} {filename!r} does not exist.": "{name} {filename} gibt es nicht.",
    "{name} {filename!r} is a file.": "{filename} ist eine Datei.",
    "{name} {filename!r} is a directory.": "{filename} ist ein Ordner.",
    "{name} {filename!r} is not readable.": "{name} {filename} ist nicht lesbar.",
    "{name} {filename!r} is not writable.": "{name} {filename} ist nicht beschreibbar.",
    "Could not open file {filename!r}: {message}": "{filename} ist nicht zu öffnen: {message}",
    "unknown error": "unbekannter Fehler",
    "default: {default}": "sonst: {default}",
    "env var: {var}": "Umgebung: {var}",
    "required": "nötig",
    "(dynamic)": "(je nach Lage)",
    "Choose from:\n\t{choices}": "Möglich:\n\t{choices}",
    "file": "Datei",
    "directory": "Ordner",
    "path": "Pfad",
}
PLURALS = {
    "Did you mean {possibility}?": ("Gemeint: {possibility}?", "Gemeint: {possibilities}?"),
    "Got unexpected extra argument ({args})": (
        "Das ist zu viel: {args} (Text mit Leerzeichen bitte in Anführungszeichen)",
        "Das ist zu viel: {args} (Text mit Leerzeichen bitte in Anführungszeichen)",
    ),
    "Option {name!r} requires an argument.": (
        "Zur Angabe {name} fehlt der Wert.",
        "Zur Angabe {name} fehlen Werte ({nargs}).",
    ),
    "{value!r} is not {choice}.": (
        "{value} gibt es nicht, möglich: {choice}.",
        "{value} gibt es nicht, möglich: {choices}.",
    ),
}
_PLACEHOLDERS = {"[OPTIONS]": "[ANGABEN]", "COMMAND [ARGS]...": "BEFEHL …"}


class GermanFormatter(click.HelpFormatter):
    """Writes the usage line with German placeholders."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        for english, german in _PLACEHOLDERS.items():
            args = args.replace(english, german)
        super().write_usage(prog, args, prefix)


def phrase(message: str) -> str:
    """A sentence of click in German."""
    return PHRASES.get(message, message)


def plural(singular: str, several: str, number: int) -> str:
    """A sentence of click that depends on a number, in German."""
    forms: Sequence[str] = PLURALS.get(singular, (singular, several))
    return forms[0] if number == 1 else forms[1]


def speak_german() -> None:
    """Let click speak German in this process."""
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        for attribute, function in (("_", phrase), ("ngettext", plural)):
            if hasattr(module, attribute):
                setattr(module, attribute, function)
    click.Context.formatter_class = GermanFormatter
