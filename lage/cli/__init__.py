# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command line: parse, call, print, exit code. No rule of the domain lives here."""

from __future__ import annotations

import os
import sys

import click

import lage
from lage.cli.common import Group, main_guard, say
from lage.cli.german import speak_german
from lage.kinds.cards import CARDS

speak_german()
_FIRST = {
    "demo": ("lage.cli.demo:demo", "Drei Stäbe, drei Funkgeräte, eine Lage: zum Ansehen."),
    "start": ("lage.cli.node:start", "Knoten und Bildschirm zusammen starten."),
    "tui": ("lage.cli.node:tui", "Den Bildschirm öffnen."),
    "wand": ("lage.cli.wall:wall", "Die Lage nur zum Lesen im Browser zeigen."),
    "status": ("lage.cli.status:status", "Alarme, Funkgerät, wer hat was empfangen."),
    "nachricht": ("lage.cli.messages:message", "Nachrichten senden, lesen, quittieren."),
    "tagebuch": ("lage.cli.journal:journal", "Einsatztagebuch führen."),
    "schicht": ("lage.cli.journal:shift", "Schichtwechsel."),
    "verteiler": ("lage.cli.distribution:groups", "Gruppen von Stellen."),
    "vorfall": ("lage.cli.incidents:incident", "Vorfälle melden und fortschreiben."),
}
_OF_CARDS = {
    card.command.name: ("lage.cli.entries:group_called", card.command.help)
    for card in CARDS.values()
    if card.command and card.command.name not in _FIRST  # those add commands of their own
}
_REST = {
    "pegel": ("lage.cli.gauges:gauge", "Messstellen und Messwerte."),
    "aushang": ("lage.cli.notices:notices", "Was öffentlich ist: freigeben, zurückziehen."),
    "material": ("lage.cli.supplies:supply", "Bestände und Bewegungen."),
    "eingang": ("lage.cli.entrance:entrance", "Was Menschen von außen melden, holen."),
    "notruf": ("lage.cli.calls:call", "Notrufe vom Infopunkt prüfen und weitergeben."),
    "angebot": ("lage.cli.offers:offer", "Hilfsangebote von außen, Briefe an Helfende."),
    "abo": ("lage.cli.subscriptions:subscription", "Wasserstände melden, wer das bestellt hat."),
    "helfer": ("lage.cli.helpers:helper", "Spontanhelfende."),
    "versorgung": ("lage.cli.services:services", "Versorgungslage der Gemeinden."),
    "karte": ("lage.cli.maps:chart", "Karte zeigen, Karten einlesen, Koordinaten."),
    "import": ("lage.cli.imports:imports", "Dateien anderer einlesen."),
    "bericht": ("lage.cli.reports:reports", "Berichte als PDF, Daten für andere Programme."),
    "dokument": ("lage.cli.documents:document", "Pläne, Listen, Merkblätter."),
    "gefahrgut": ("lage.cli.documents:hazard", "Gefahrgut nach UN-Nummer."),
    "suche": ("lage.cli.search:search", "In allem suchen."),
    "kreis": ("lage.cli.joining:county", "Einen Kreis anlegen, Knoten aufnehmen und widerrufen."),
    "knoten": ("lage.cli.joining:node", "Diesen Knoten anlegen, beitreten, starten."),
    "funk": ("lage.cli.radio:radio", "Funkgeräte suchen, ansehen, simulieren."),
    "uebung": ("lage.cli.exercise:exercise", "Übungen leiten, abspielen und auswerten."),
    "netz": (
        "lage.cli.network:network",
        "Wer da ist, wie lange noch, über welchen Weg.",
    ),
    "kurier": ("lage.cli.courier:courier", "Einträge auf einem Stick weitertragen."),
    "infopunkt": ("lage.cli.public_web:infopunkt", "Auskunft für alle im lokalen WLAN."),
    "portal": ("lage.cli.public_web:portal", "Dieselben Seiten im Internet."),
    "wiedergabe": ("lage.cli.replay:play_back", "Zeigen, was zu einem Zeitpunkt bekannt war."),
    "pruefen": ("lage.cli.check:check", "Das ganze Lagebuch prüfen."),
    "sichern": ("lage.cli.check:back_up", "Das Lagebuch in eine Datei sichern."),
    "retten": ("lage.cli.check:rescue", "Lesbares aus einem beschädigten Ordner holen."),
    "wiederherstellen": ("lage.cli.check:restore", "Eine Sicherung einspielen."),
}
_LAZY = _FIRST | _OF_CARDS | _REST


def _say_version(ctx: click.Context) -> None:
    from lage.kinds.build import in_words, this_build

    say(f"Lage {lage.__version__} ({in_words(this_build())})")
    ctx.exit()


@click.group(
    cls=Group, lazy=_LAZY, context_settings={"help_option_names": ["-h", "--help", "--hilfe"]}
)
@click.option("--daten", type=click.Path(file_okay=False), help="Datenordner (sonst LAGE_DATEN).")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _option, asked: _say_version(ctx) if asked else None,
    help="Version, Textmodell und Schema zeigen.",
)
def cli(daten: str | None) -> None:
    """Lage: gemeinsames Lagebild der Stäbe über Funk, ohne Netz und ohne Server."""
    del daten  # read by folder_of


def main() -> None:
    """Entry point of the console script."""
    os.umask(0o077)  # what Lage makes is its owner's: files 0600, folders 0700
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main_guard(lambda: cli.main(standalone_mode=False)))
