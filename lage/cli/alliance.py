# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Following other counties: ``lage kreis ausweis``, ``verbuenden``, ``bruecke``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from lage.cli.common import folder_of, say
from lage.cli.key_files import (
    file_name,
    fingerprint,
    passphrase_of,
    passphrase_option,
    read_text,
    write_text,
)
from lage.county import alliances
from lage.county.card import read_card
from lage.kinds.cards import CARDS
from lage.kinds.directory import ROLES
from lage.language.errors import UsageError
from lage.station import Station
from lage.store.keys import load_network
from sync.feed.carry import carry, common
from sync.feed.settle import settle

CARRY_S = 2.0
FOLLOWED = tuple(dict.fromkeys(card.followed for card in CARDS.values() if card.followed))
"""What may be followed, as people say it; a card says with what its kind goes."""


@click.command("ausweis")
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für den Ausweis.")
@passphrase_option
@click.pass_context
def card(ctx: click.Context, nach: str | None, kennwort: str | None) -> None:
    """Den .kreis-Ausweis schreiben, mit dem andere diesem Kreis folgen (kein Geheimnis)."""
    folder = folder_of(ctx)
    network = load_network(folder)
    target = Path(nach or ".") / file_name(network.name, ".kreis")
    write_text(target, alliances.county_card(folder, lambda: passphrase_of(kennwort)))
    say(f"Ausweis von „{network.name}“: {target}")
    say(f"Fingerabdruck des Kreisschlüssels: {fingerprint(network.root_public)}")


@click.command("verbuenden")
@click.argument("datei")
@click.option(
    "--rollen",
    default="krisenstab",
    help=f"Wessen Einträge: {', '.join(ROLES)} mit Komma dazwischen, oder alle.  "
    "[sonst: krisenstab]",
)
@click.option(
    "--arten",
    default="alle",
    help=f"Welche Einträge: {', '.join(FOLLOWED)} mit Komma dazwischen.  [sonst: alle]",
)
@passphrase_option
@click.pass_context
def ally(ctx: click.Context, datei: str, rollen: str, arten: str, kennwort: str | None) -> None:
    """Einem anderen Kreis folgen: aus seinem .kreis-Ausweis."""
    theirs = read_card(read_text(datei))
    roles = _words(rollen, ROLES, "Rolle")
    words = _words(arten, FOLLOWED, "Art")
    kinds = [kind for kind, card in CARDS.items() if card.followed in words]
    say(f"Fingerabdruck von „{theirs.name}“: {fingerprint(theirs.root_public)}")
    alliances.ally(folder_of(ctx), theirs, roles, kinds, passphrase_of(kennwort))
    say(f"Verbündet mit „{theirs.name}“. Den Fingerabdruck am Telefon vergleichen.")
    say("Einträge kommen über eine Stelle, die beiden Kreisen angehört: „lage kreis bruecke“.")


@click.command("bruecke")
@click.argument("ordner", type=click.Path(file_okay=False, path_type=Path))
@click.option("--einmal", is_flag=True, help="Einmal übertragen und enden.")
@click.pass_context
def bridge(ctx: click.Context, ordner: Path, einmal: bool) -> None:
    """Einträge zwischen zwei Kreisen übertragen: --daten ist hier, ORDNER dort Mitglied."""
    one, other = Station.open(folder_of(ctx)), Station.open(ordner)
    try:
        names = f"{one.network_name} – {other.network_name}"
        if one.exercise != other.exercise:
            raise UsageError(f"{names}: Eine Übung und ein wirklicher Kreis mischen sich nicht.")
        if not _feeds(one, other):
            if einmal:
                raise UsageError(f"{names}: keiner folgt dem anderen („lage kreis verbuenden“).")
            say(f"{names}: noch folgt keiner dem anderen; es wird gewartet.")
        if not einmal:
            say(f"Brücke {names}. Beenden mit Strg+C.")
        while True:
            for source, target in ((one, other), (other, one)):
                _carry(source, target)
            if einmal:
                return
            time.sleep(CARRY_S)
    except KeyboardInterrupt:
        say("Brücke beendet.")
    finally:
        one.close()
        other.close()


def _feeds(source: Station, target: Station) -> list[tuple[int, int]]:
    return common(source.roster, target.roster)


def _carry(source: Station, target: Station) -> None:
    """Rosters first: who is followed stands in them."""
    log = target.store.log
    before = {author: log.head(author) for author in log.authors()}
    grown: set[int] = set()
    while new := carry(source.store.log, log, target.roster, _feeds(source, target)):
        grown |= new
        if new & target.roster.rosters():
            settle(log, target.roster)
    count = sum(log.head(author) - before.get(author, 0) for author in grown)
    if count:
        entries = "1 Eintrag" if count == 1 else f"{count} Einträge"
        say(f"{source.network_name} → {target.network_name}: {entries}")


def _words(typed: str, known: tuple[str, ...], what: str) -> list[str]:
    words = [word.strip().lower() for word in typed.split(",") if word.strip()]
    if words in ([], ["alle"]):
        return []
    for word in words:
        if word not in known:
            possible = ", ".join(known)
            raise UsageError(f"Die {what} „{word}“ gibt es nicht; möglich: {possible}, alle.")
    return words
