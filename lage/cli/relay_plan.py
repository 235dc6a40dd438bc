# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk plan``: which radios of the county need to relay, and which may be mute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lage.cli.common import as_json, json_option, open_station, print_table, say, say_wrapped
from lage.kinds.setting import RADIO_PRESET
from lage.store.hearing import HEARING
from lage.store.radios import RADIOS
from lage.store.report import REPORT
from lage.views.relay_plan import By, PlanRow, RelayPlan, plan, stands
from mesh.airtime import PRESETS


@click.command("plan")
@click.option(
    "--tabelle",
    "table",
    type=click.Path(path_type=Path),
    help="Wo Antennen stehen: Spalten Name, Lage, Höhe (über Grund), Relais (ja: leitet immer"
    " weiter).",
)
@click.option(
    "--reserve",
    type=click.FloatRange(0, 40),
    default=0.0,
    show_default=True,
    help="So viel Dämpfung mehr annehmen, in dB: für Hügel und Wald.",
)
@json_option
@click.pass_context
def show(ctx: click.Context, table: Path | None, reserve: float, machine: bool) -> None:
    """Sagen, welche Funkgeräte weiterleiten müssen; die anderen dürfen still sein.

    Jedes behält vier Relais in Reichweite, oder alle, die es hat. Gerechnet wird aus den Standorten
    und daraus, wer wen zuletzt wirklich hörte. Geändert wird nichts.
    """
    from lage.imports.antennas import read_antennas

    antennas = read_antennas(table) if table else []
    with open_station(ctx) as station:
        report = station.setting(REPORT)
        own = report.number if report is not None else None
        radios = station.setting(RADIOS)
        placed = stands(station.directory, radios, own, station.county, antennas)
        preset = PRESETS[station.setting(RADIO_PRESET)]
        heard = station.setting(HEARING)
        found = plan(placed, heard, station.unix(), preset, margin_db=reserve)
    if machine:
        as_json(_json(found))
    else:
        _say(found)


def _json(found: RelayPlan) -> dict[str, Any]:
    return {
        "weitergaben_bisher": found.before,
        "weitergaben_nach_plan": found.after,
        "funkgeraete": [
            {
                "name": row.stand.name,
                "stelle": row.stand.member,
                "lage": [at.lat, at.lon] if (at := row.stand.position) else None,
                "standort_aus": row.stand.by.value,
                "hoehe_m": row.stand.height_m,
                "leitet_weiter": row.relays,
                "fest": row.stand.fixed,
                "relais_in_reichweite": row.within,
                "nachbarn": row.hears,
                "rolle_bisher": row.stand.role,
            }
            for row in found.rows
        ],
    }


def _say(found: RelayPlan) -> None:
    rows = [
        [
            row.stand.name,
            row.stand.by.value,
            f"{row.stand.height_m:.0f} m",
            _word(row),
            f"{row.within}{' !' if row.weak else ''}",
            ("ja" if row.stand.relays_now else "nein") if row.stand.role else "-",
        ]
        for row in found.rows
    ]
    titles = ("Stelle", "Standort", "Antenne", "leitet weiter", "Relais", "bisher")
    print_table(titles, rows, [False, False, True, False, True, False])
    say_wrapped(
        "Standort: woher er bekannt ist. Relais: so viele hört es, die es auch hören; „!“: unter"
        " drei, fällt eines aus, kann die Stelle allein sein.",
        2,
    )
    saves = found.after < found.before
    if saves:
        share = f"höchstens {found.after} statt {found.before} Funkgeräte"
        say(f"Einen Rundruf geben damit {share} weiter.")
    else:
        say("Der Plan spart nichts: es leiten nicht mehr weiter, als müssen.")
    unknown = [row.stand.name for row in found.rows if row.stand.by is By.NOTHING]
    if unknown:
        names = ", ".join(unknown)
        say_wrapped(
            f"Ohne Standort, darum leiten sie weiter: {names}. Mit --tabelle wird der Plan besser.",
            2,
        )
    if saves:
        _say_how()


def _say_how() -> None:
    say_wrapped(
        "Der Plan kennt kein Gelände und keine Häuser: vor dem Umstellen mit „lage funk test"
        " STELLE“ prüfen, ob die Relais wirklich zu hören sind.",
        2,
    )
    say_wrapped(
        "Umstellen, jede Stelle ihr Gerät: erst überall, wo „ja“ steht, „lage funk einrichten"
        " --weiterleiten ja“; dann, wo „nein“ steht, „--weiterleiten nein“ (am Bildschirm: Netz,"
        " e, w).",
        2,
    )


def _word(row: PlanRow) -> str:
    if row.stand.by is By.NOTHING:
        return "ja (Standort fehlt)"
    return "ja (fest)" if row.stand.fixed else "ja" if row.relays else "nein"
