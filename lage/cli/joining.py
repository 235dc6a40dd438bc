# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage kreis`` and ``lage knoten``: founding, joining, revoking."""

from __future__ import annotations

from pathlib import Path

import click

from lage.cli.alliance import ally, bridge, card
from lage.cli.common import (
    Group,
    as_json,
    default_folder,
    folder_of,
    json_option,
    open_station,
    print_table,
    say,
    say_wrapped,
)
from lage.cli.decrees import add_to as add_decrees_to
from lage.cli.key_files import (
    check_words_of,
    file_name,
    fingerprint,
    hand_on_notice,
    handing_on,
    passphrase_of,
    passphrase_option,
    read_text,
    write_text,
)
from lage.cli.node import end_with, run_node
from lage.cli.rekey import change_keys
from lage.cli.said import stays
from lage.county import membership
from lage.kinds.build import difference
from lage.kinds.directory import ROLES
from lage.store import keys
from lage.store.passphrase import grade

county = Group("kreis", help="Einen Kreis anlegen, Knoten aufnehmen und widerrufen.")
for _command in (card, ally, bridge, change_keys):
    county.add_command(_command)
add_decrees_to(county)
node = Group("knoten", help="Diesen Knoten anlegen, beitreten, starten.")


@county.command("anlegen")
@click.option("--name", required=True, help="Name des Kreises.")
@passphrase_option
@click.pass_context
def found(ctx: click.Context, name: str, kennwort: str | None) -> None:
    """Einen Kreis gründen: Wurzelschlüssel, Netzkennung, Netzschlüssel, Funkkanal."""
    folder = folder_of(ctx)
    if (folder / keys.COUNTY_FILE).exists():
        keys.make_county(folder, name, "x" * 8)  # refuses with its sentence before we ask
    passphrase = passphrase_of(kennwort, new=True)
    network = membership.found_county(folder, name, passphrase)
    say(f"Kreis „{network.name}“ angelegt in {folder}.")
    say(f"Kennwort: {grade(passphrase, name)}. Ohne das Kennwort nimmt niemand Knoten auf.")
    say(f"Fingerabdruck des Kreisschlüssels: {fingerprint(network.root_public)}")


@county.command("aufnehmen")
@click.argument("datei")
@click.option("--rolle", required=True, help=f"Eine von: {', '.join(ROLES)}.")
@click.option(
    "--nachfolge-von", "successor", default="", help="Stelle, deren Schreiben er fortführt."
)
@click.option(
    "--gilt",
    "days",
    type=click.IntRange(1, membership.INVITATION_DAYS_MAX),
    default=membership.INVITATION_DAYS,
    help="Wie viele Tage.",
)
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für die Einladung.")
@passphrase_option
@click.pass_context
def admit(
    ctx: click.Context,
    datei: str,
    rolle: str,
    successor: str,
    days: int,
    nach: str | None,
    kennwort: str | None,
) -> None:
    """Einen Knoten aufnehmen: aus seiner .anfrage wird die .einladung."""
    folder, text = folder_of(ctx), read_text(datei)
    asking = keys.read_request(text)
    before = 0
    if successor:
        with open_station(ctx) as station:
            before = station.directory.find(successor).number
    target = Path(nach or ".") / file_name(asking.name, ".einladung")
    with handing_on(target) as write:
        write(
            membership.admit(
                folder,
                text,
                rolle.lower(),
                passphrase_of(kennwort),
                successor_of=before,
                days=days,
                others=(default_folder(),),
            )
        )
    say(f"„{asking.name}“ aufgenommen als {rolle.lower()}. Einladung: {target}")
    say(f"Prüfwörter der Anfrage: {check_words_of(asking)}")
    say("Bitte am Telefon vergleichen, bevor die Einladung hinausgeht.")
    if other := difference(asking.build, f"„{asking.name}“"):
        say_wrapped(f"ACHTUNG: {other}", 2)
    hand_on_notice(folder, nach)


@county.command("zeigen")
@json_option
@click.pass_context
def show_county(ctx: click.Context, machine: bool) -> None:
    """Name, Fingerabdruck und Mitglieder des Kreises."""
    network = keys.load_network(folder_of(ctx))
    with open_station(ctx) as station:
        staffs, foreign = station.directory.staffs, station.directory.foreign
    if machine:
        as_json(
            {
                "netz": network.name,
                "uebung": network.exercise,
                "fingerabdruck": fingerprint(network.root_public),
                "mitglieder": [
                    {
                        "nummer": staff.number,
                        "kuerzel": staff.code,
                        "name": staff.name,
                        "rolle": staff.role,
                        "aktiv": staff.active,
                    }
                    for staff in staffs
                ],
                "verbuendet": [
                    {"nummer": staff.number, "name": staff.name, "rolle": staff.role}
                    for staff in foreign
                ],
            }
        )
        return
    say(f"{network.name}{'  ÜBUNG ÜBUNG ÜBUNG' if network.exercise else ''}")
    say(f"Fingerabdruck des Kreisschlüssels: {fingerprint(network.root_public)}")
    for staff in staffs:
        state = "" if staff.active else "  (widerrufen)"
        say(f"  {staff.number:4d}  {staff.code}  {staff.role:15s} {staff.name}{state}")
    if foreign:
        say("Verbündet, nur zum Lesen:")
    for staff in foreign:
        say(f"  {staff.number:4d}  {staff.code}  {staff.role:15s} {staff.name}")


@county.command("ungueltig")
@json_option
@click.pass_context
def show_void(ctx: click.Context, machine: bool) -> None:
    """Was aufbewahrt wird und nicht gilt: nach einem Widerruf, aus einem anderen Zweig,
    und was nicht darstellbar ist."""
    from lage.views.faults import unshown_lines
    from lage.views.void import void_lines

    with open_station(ctx) as station:
        roster = station.roster
        revoked = [number for number, member in roster.members.items() if not member.active]
        operations = station.store.situation.void_operations()
        lines = void_lines(operations, revoked, roster.rosters(), station.context())
        lines += unshown_lines(station.store.situation.unshown(), station.context())
    if machine:
        as_json(
            [
                {
                    "stelle": line.staff,
                    "eintrag": line.number,
                    "zeit": line.time,
                    "grund": line.reason,
                    "inhalt": line.content,
                }
                for line in lines
            ]
        )
        return
    if not lines:
        say("Alles, was hier liegt, gilt.")
        return
    rows = [[line.staff, str(line.number), line.time, line.reason, line.content] for line in lines]
    print_table(("Stelle", "Nr.", "Zeit", "Grund", "Inhalt"), rows)


@node.command("anlegen")
@click.option("--name", required=True, help="Name der Stelle, z. B. „SAE Rheine“.")
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für die Anfrage.")
@click.option("--qr", is_flag=True, help="Die Anfrage auch als QR-Code zeigen.")
@click.pass_context
def make_node(ctx: click.Context, name: str, nach: str | None, qr: bool) -> None:
    """Schlüssel dieses Knotens erzeugen und die .anfrage schreiben."""
    target = Path(nach or ".") / file_name(name, ".anfrage")
    with handing_on(target, folder_of(ctx)) as write:
        text = membership.request(folder_of(ctx), name)
        write(text)
    say(f"Knoten „{name}“ angelegt. Anfrage: {target}")
    say(f"Prüfwörter: {check_words_of(keys.read_request(text))}")
    say("Beim Aufnehmen nennt der Kreis seine: bitte am Telefon vergleichen.")
    if qr:
        import segno

        say(_qr_text(segno.make(text.strip(), error="l").matrix))


@node.command("anfrage")
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für die Anfrage.")
@click.pass_context
def request_again(ctx: click.Context, nach: str | None) -> None:
    """Die .anfrage dieses Knotens noch einmal schreiben, wenn die erste verloren ging."""
    name, text = membership.request_again(folder_of(ctx))
    target = Path(nach or ".") / file_name(name, ".anfrage")
    write_text(target, text)
    say(f"Anfrage: {target}")
    say(f"Prüfwörter: {check_words_of(keys.read_request(text))}")


@node.command("nachfolge")
@click.option("--nach", type=click.Path(file_okay=False), help="Ordner für die Anfrage.")
@click.pass_context
def succeed(ctx: click.Context, nach: str | None) -> None:
    """Nach einer Wiederherstellung: neue Schlüssel und eine .anfrage als Nachfolger."""
    from lage.archive.backup import successor_request

    with open_station(ctx) as station:
        name = station.me.name if station.me else station.network_name
    target = Path(nach or ".") / file_name(f"{name} Nachfolge", ".anfrage")
    with handing_on(target) as write:
        text = successor_request(folder_of(ctx))
        write(text)
    say(f"Neue Schlüssel für „{name}“. Anfrage: {target}")
    say(f"Prüfwörter: {check_words_of(keys.read_request(text))}")
    say(f"Beim Kreis: lage kreis aufnehmen {target.name} --rolle … --nachfolge-von „{name}“")


@node.command("beitreten")
@click.argument("datei")
@click.pass_context
def join(ctx: click.Context, datei: str) -> None:
    """Mit der .einladung dem Kreis beitreten; eine .mitteilung ergänzt die Mitgliederliste."""
    from lage.archive.notice import is_notice, take_notice, what_came

    text = read_text(datei)
    if is_notice(text):
        with open_station(ctx) as station:
            taken = take_notice(station.store, station.network_keys, text)
        say_wrapped(what_came(taken), 2)
        return
    network = membership.join(folder_of(ctx), text)
    if other := difference(network.build, "Der Kreis"):
        say_wrapped(f"ACHTUNG: {other}", 2)
    mark = "  ÜBUNG ÜBUNG ÜBUNG" if network.exercise else ""
    say(f"Beigetreten: {network.name}, Nummer {network.author}.{mark}")
    say(f"Fingerabdruck des Kreisschlüssels: {fingerprint(network.root_public)}")


@node.command("starten")
@click.option("--radio", help="tcp:HOST:PORT, serial:GERÄT oder ble:ADRESSE.")
@click.option("--mit", type=int, hidden=True, help="Endet mit diesem Prozess.")
@click.pass_context
@stays
def start(ctx: click.Context, radio: str | None, mit: int | None) -> None:
    """Den Knoten ohne Bildschirm laufen lassen."""
    if mit is not None:
        end_with(mit)
    run_node(folder_of(ctx), radio)


def _qr_text(matrix: tuple[bytearray, ...]) -> str:
    rows = [bytearray(len(matrix[0]) + 4)] * 2
    rows += [bytearray(2) + row + bytearray(2) for row in matrix]
    rows += [bytearray(len(matrix[0]) + 4)] * 3
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=False):
        cells = zip(upper, lower, strict=True)
        lines.append("".join(" ▄▀█"[(1 - a) * 2 + (1 - b)] for a, b in cells))
    return "\n".join(lines)
