# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage kreis schluesselwechsel``: new keys for all but the thief."""

from __future__ import annotations

import click

from lage.cli.common import as_json, folder_of, json_option, say, say_wrapped, utc
from lage.cli.key_files import hand_on_notice, passphrase_of, passphrase_option
from lage.county import rekey
from lage.language.tactical import tactical
from lage.store import keys
from lage.store.timebase import read_timebase

DEFAULT_MINUTES = 120
"""Ten times what a change needs to reach 25 staffs on the air, and time to telephone."""


@click.command("schluesselwechsel")
@click.option(
    "--in",
    "minutes",
    type=int,
    default=DEFAULT_MINUTES,
    show_default=True,
    help="In so vielen Minuten gelten die neuen Schlüssel.",
)
@click.option("--nach", type=click.Path(file_okay=False), help="Wohin die Mitteilung.")
@json_option
@passphrase_option
@click.pass_context
def change_keys(
    ctx: click.Context, minutes: int, nach: str | None, kennwort: str | None, machine: bool
) -> None:
    """Nach einem Diebstahl: neue Netz- und Kanalschlüssel für alle, die noch Mitglied sind."""
    folder = folder_of(ctx)
    clock = read_timebase(folder, exercise=keys.load_network(folder).exercise).unix
    change = rekey.change_keys(folder, minutes * 60, passphrase_of(kennwort), clock=clock)
    notice = hand_on_notice(folder, nach, machine=True)
    if machine:
        as_json(
            {
                "wechsel": change.epoch,
                "ab": utc(change.begins),
                "mitglieder": list(change.members),
                "ausgeschlossen": list(change.left_out),
                "saetze": change.records,
                "bytes": change.size,
                "mitteilung": str(notice) if notice else None,
            }
        )
        return
    say(f"Schlüsselwechsel {change.epoch}: neue Schlüssel gelten ab {tactical(change.begins)}.")
    say_wrapped(f"Es bekommen sie {len(change.members)} Stellen: {', '.join(change.members)}.", 2)
    if change.left_out:
        say_wrapped(f"Nicht mehr dabei: {', '.join(change.left_out)}.", 2)
    say("Die Knoten stellen sich und ihre Funkgeräte selbst um; „lage status“ zeigt, wer sie hat.")
    if notice:
        say(f"Mitteilung für die Knoten: {notice}; an einem einlesen, er sagt es allen.")
