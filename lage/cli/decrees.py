# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the county's key decides and how it reaches the nodes: ``lage kreis widerrufen`` …"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lage.cli.common import Group, as_json, folder_of, json_option, open_station, say, say_wrapped
from lage.cli.key_files import (
    file_name,
    hand_on_notice,
    handing_on,
    notice_file,
    passphrase_of,
    passphrase_option,
    read_text,
)
from lage.county import decrees, membership, safe
from lage.county.decrees import Position
from lage.kinds.directory import Staff
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.station import Station

REASONS = {
    "verloren": "LOST",
    "verzweigt": "FORKED",
    "ausgeschieden": "LEFT",
    "ersetzt": "REPLACED",
    "sonstiges": "OTHER",
}
"""Why a node is revoked, as people say it: names of ``sync.feed.records.Reason``."""

_until = click.option("--bis", type=click.IntRange(0), help="Nummer des Eintrags, der noch gilt.")
_code = click.option("--kennung", default="", help="Seine Kennung: „lage kreis stand“ am Knoten.")
_source = click.option(
    "--aus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Statt der Kennung: Datenordner eines Knotens, dessen Lagebuch ihn enthält.",
)
_target = click.option(
    "--nach", type=click.Path(file_okay=False), help="Ordner für die Mitteilung."
)


@click.command("widerrufen")
@click.argument("stelle")
@click.option(
    "--grund",
    type=click.Choice(list(REASONS), case_sensitive=False),
    default="verloren",
    help="Warum; ohne Angabe „verloren“.",
)
@_until
@_code
@_source
@_target
@passphrase_option
@click.pass_context
def revoke(
    ctx: click.Context,
    stelle: str,
    grund: str,
    bis: int | None,
    kennung: str,
    aus: Path | None,
    nach: str | None,
    kennwort: str | None,
) -> None:
    """Einer Stelle das Schreibrecht nehmen; was bis zu dem Eintrag geschrieben ist, gilt weiter."""
    from sync.feed.records import Reason

    folder = folder_of(ctx)
    with open_station(ctx) as station:
        staff = _member(station, stelle)
        knows = station.network_keys.author is not None
    if bis is None and not knows and sys.stdin.isatty():
        bis = int(click.prompt("Letzter Eintrag, der gilt (0: keiner)", type=click.IntRange(0)))
        if bis and not aus:
            kennung = str(click.prompt("Kennung dieses Eintrags („lage kreis stand“ am Knoten)"))
    until = _position(bis, kennung, aus)
    reason = Reason[REASONS[grund]]
    last = decrees.revoke(folder, staff.number, passphrase_of(kennwort), reason, until)
    say(f"„{staff.name}“ widerrufen nach Eintrag {last}.")
    if reason is Reason.LOST:
        say("Wer das Gerät hat, kennt noch die Schlüssel: als Nächstes „lage kreis")
        say("schluesselwechsel“. Bis dahin ruhen „gehört“ und „empfangen“.")
    hand_on_notice(folder, nach)


@click.command("fortsetzen")
@click.argument("stelle")
@_until
@_code
@_source
@_target
@passphrase_option
@click.pass_context
def reopen(
    ctx: click.Context,
    stelle: str,
    bis: int | None,
    kennung: str,
    aus: Path | None,
    nach: str | None,
    kennwort: str | None,
) -> None:
    """Nach einer Verzweigung den Zweig gelten lassen, der hier vorliegt; hebt Widerrufe auf."""
    folder = folder_of(ctx)
    with open_station(ctx) as station:
        staff = _member(station, stelle)
    at = _position(bis, kennung, aus)
    number = decrees.reopen(folder, staff.number, passphrase_of(kennwort), at)
    say(f"Von „{staff.name}“ gilt der genannte Zweig, an Eintrag {number} zu erkennen.")
    say("War der Schlüssel zweimal in Gebrauch, schreibt die Stelle unter einem neuen weiter:")
    say("„lage knoten nachfolge“.")
    hand_on_notice(folder, nach)


@click.command("entscheiden")
@_target
@passphrase_option
@click.pass_context
def choose_list(ctx: click.Context, nach: str | None, kennwort: str | None) -> None:
    """Von zwei Mitgliederlisten des Kreises die hiesige gelten lassen."""
    folder = folder_of(ctx)
    chosen = decrees.choose_list(folder, passphrase_of(kennwort))
    say("Die hiesige Mitgliederliste gilt.")
    if chosen.taken:
        say_wrapped(f"Aus der anderen übernommen: {', '.join(chosen.taken)}.", 2)
    if chosen.left:
        names = ", ".join(chosen.left)
        say_wrapped(
            f"Deren Nummer hat hier jemand anderes: {names}. Sie werden mit ihrer .anfrage neu"
            " aufgenommen („lage knoten anfrage“ schreibt sie noch einmal).",
            2,
        )
    hand_on_notice(folder, nach)


@click.command("stand")
@click.argument("stelle")
@click.option("--eintrag", type=click.IntRange(0), help="Ein früherer Eintrag statt des letzten.")
@json_option
@click.pass_context
def standing(ctx: click.Context, stelle: str, eintrag: int | None, machine: bool) -> None:
    """Letzter Eintrag einer Stelle hier, mit der Kennung, die „widerrufen“ wissen will."""
    with open_station(ctx) as station:
        staff = _member(station, stelle)
        number, code = decrees.standing(station, staff.number, eintrag)
    if machine:
        as_json({"stelle": staff.name, "eintrag": number, "kennung": code})
        return
    say(f"{staff.name}: Eintrag {number}")
    say(f"Kennung: {code}")


@click.command("mitteilung")
@_target
@click.pass_context
def write_notice(ctx: click.Context, nach: str | None) -> None:
    """Die Mitgliederliste mit allen Entscheidungen als .mitteilung schreiben (kein Geheimnis)."""
    say(f"Mitteilung: {notice_file(folder_of(ctx), nach)}")


@click.command("einlesen")
@click.argument("datei", type=click.Path(path_type=Path))
@click.option(
    "--aktuell",
    is_flag=True,
    help="Sie ist der neueste Stand im Netz: gibt einen wiederhergestellten Kreisordner frei.",
)
@json_option
@click.pass_context
def read_notice(ctx: click.Context, datei: Path, aktuell: bool, machine: bool) -> int:
    """Eine .mitteilung einlesen, oder die Mitgliederliste eines anderen Datenordners."""
    from lage.archive.notice import take_from, take_notice, what_came

    text = "" if datei.is_dir() else read_text(str(datei))
    with open_station(ctx) as station:
        network = station.network_keys
        if datei.is_dir():
            other = Station.open(datei, read_only=True)
            try:
                taken = take_from(station.store, network, other, current=aktuell)
            finally:
                other.close()
        else:
            taken = take_notice(station.store, network, text, current=aktuell)
    if machine:
        as_json(
            {
                "vorher": taken.before,
                "jetzt": taken.now,
                "verzweigt_ab": taken.forked_at or None,
                "gesperrt": taken.locked or None,
                "meldung": what_came(taken),
            }
        )
    else:
        say_wrapped(what_came(taken), 2)
    return 1 if taken.forked_at else 0


@click.command("einladung")
@click.argument("stelle")
@click.option(
    "--gilt",
    "days",
    type=click.IntRange(1, membership.INVITATION_DAYS_MAX),
    default=membership.INVITATION_DAYS,
    help="Wie viele Tage.",
)
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für die Einladung.")
@click.pass_context
def invite_again(ctx: click.Context, stelle: str, days: int, nach: str | None) -> None:
    """Eine verlorene oder abgelaufene .einladung noch einmal schreiben."""
    with open_station(ctx) as station:
        staff = station.directory.find(stelle)
    target = Path(nach or ".") / file_name(staff.name, ".einladung")
    with handing_on(target) as write:
        _, text = membership.invite_again(folder_of(ctx), staff.number, days=days)
        write(text)
    say(f"Einladung: {target}, gilt {days} Tage.")


@click.command("sichern")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def back_up(ctx: click.Context, datei: Path) -> None:
    """Den Kreisordner so sichern, dass er wiederhergestellt werden darf (statt ihn zu kopieren)."""
    with handing_on(datei) as write:
        write(safe.write_safe(folder_of(ctx)))
    say(f"Gesichert: {datei}. Die Datei enthält den Netzschlüssel: gut verwahren.")
    say("Zum Wiederherstellen gehört das Kennwort des Kreisschlüssels.")


@click.command("wiederherstellen")
@click.argument("datei", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, datei: Path) -> None:
    """Einen gesicherten Kreisordner in einen leeren Ordner zurückholen."""
    network = safe.restore_safe(folder_of(ctx), read_text(str(datei)))
    say(f"Kreisordner von „{network.name}“ wiederhergestellt in {folder_of(ctx)}.")
    say("Bevor er etwas entscheidet, muss er sehen, was das Netz inzwischen weiß: jetzt an einem")
    say("Knoten am Netz „lage kreis mitteilung“, hier „lage kreis einlesen DATEI --aktuell“.")


def _member(station: Station, typed: str) -> Staff:
    """The staff somebody means, revoked ones included."""
    wanted = fold_text(typed)
    for staff in station.directory.staffs:
        if not staff.active and wanted in (fold_text(staff.name), str(staff.number)):
            return staff
    return station.directory.find(typed)


def _position(number: int | None, code: str, folder: Path | None) -> Position | None:
    if number is None and (code or folder):
        raise UsageError("Zu --kennung oder --aus gehört --bis mit der Nummer des Eintrags.")
    return None if number is None else Position(number, code, folder)


def add_to(county: Group) -> None:
    """These commands belong to ``lage kreis``."""
    for command in (
        revoke,
        reopen,
        choose_list,
        standing,
        write_notice,
        read_notice,
        invite_again,
        back_up,
        restore,
    ):
        county.add_command(command)
