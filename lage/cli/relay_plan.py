# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk plan``: which radios of the county need to relay, and which may be mute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lage.cli.common import as_json, json_option, open_station, print_table, say, say_wrapped
from lage.kinds.setting import RADIO_PRESET
from lage.language.folding import fold_text
from lage.language.numbers import read_number
from lage.store.hearing import HEARING
from lage.store.radios import RADIOS
from lage.store.report import REPORT
from lage.views.around import RELAY_S
from lage.views.relay_plan import HEIGHT_M, By, PlanRow, RelayPlan, plan, stands
from mesh.airtime import PRESETS
from mesh.send.outgoing import FLOOD_HOP_LIMIT

NAMED_MAX, FAR_NAMED = 12, 4
RESERVE_MAX_DB = 40


class Decibels(click.FloatRange):
    """With a decimal comma or point; ``nan`` is no number."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """As a number."""
        number = read_number(value) if isinstance(value, str) else value
        if number is None:
            self.fail(f"{value} ist keine Zahl.", param, ctx)
        return float(super().convert(float(number), param, ctx))


@click.command("plan")
@click.option(
    "--tabelle",
    "table",
    type=click.Path(path_type=Path),
    help="Wo Antennen stehen: Spalten Name, Lage (oder Breite und Länge), Höhe (über Grund), Relais"
    " (ja: leitet immer weiter).",
)
@click.option(
    "--reserve",
    type=Decibels(0, RESERVE_MAX_DB),
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
    from lage.imports.antennas import AntennaTable, read_antennas

    listed = read_antennas(table) if table else AntennaTable(())
    with open_station(ctx) as station:
        report = station.setting(REPORT)
        own = report.number if report is not None else None
        radios = station.setting(RADIOS)
        gone = station.unix() - RELAY_S * max(1.0, station.timebase.outrun)
        placed = stands(
            station.directory, radios, own, station.county, listed.antennas, gone_before=gone
        )
        preset = PRESETS[station.setting(RADIO_PRESET)]
        heard = station.setting(HEARING)
        found = plan(placed, heard, station.unix(), preset, margin_db=reserve)
    if machine:
        as_json(_json(found, listed.notes))
    else:
        _say(found, listed.notes)


def _json(found: RelayPlan, notes: Sequence[str]) -> dict[str, Any]:
    return {
        "weitergaben_bisher": found.before,
        "weitergaben_nach_plan": found.after,
        "hinweise": list(notes),
        "ausgelassen": [stand.name for stand in found.left_out],
        "zu_weit": [[one.stand.name, other.stand.name] for one, other in found.far],
        "teile": [[row.stand.name for row in part] for part in found.parts],
        "funkgeraete": [
            {
                "name": row.stand.name,
                "in_tabelle": row.stand.listed or None,
                "stelle": row.stand.member,
                "lage": [at.lat, at.lon] if (at := row.stand.position) else None,
                "standort_aus": row.stand.by.value,
                "hoehe_m": row.stand.height_m or HEIGHT_M,
                "hoehe_angenommen": row.stand.height_m is None,
                "leitet_weiter": row.relays,
                "fest": row.stand.fixed,
                "lange_nicht_gehoert": row.stand.silent,
                "relais_in_reichweite": row.within if row.judged else None,
                "nachbarn": row.hears if row.judged else None,
                "rolle_bisher": row.stand.role,
            }
            for row in found.rows
        ],
    }


def _say(found: RelayPlan, notes: Sequence[str]) -> None:
    rows = [
        [
            row.stand.name,
            row.stand.by.value,
            f"{row.stand.height_m or HEIGHT_M:.0f} m{' ' if row.stand.height_m else '?'}",
            _word(row),
            f"{row.within}{' !' if row.weak else '  '}" if row.judged else "?  ",
            ("ja" if row.stand.relays_now else "nein") if row.stand.role else "-",
        ]
        for row in found.rows
    ]
    titles = ("Stelle", "Standort", "Antenne", "leitet weiter", "Relais", "bisher")
    print_table(titles, rows, [False, False, True, False, True, False])
    say_wrapped(
        "Standort: woher er bekannt ist. Antenne: über Grund, „?“: angenommen. Relais: so viele"
        " hört es nach der Rechnung, die es auch hören; „!“: unter drei, fällt eines aus, bleibt"
        " höchstens eines.",
        2,
    )
    for each in notes:
        say_wrapped(each, 2)
    for each in _remarks(found):
        say_wrapped(each, 2)
    back = [row.stand.name for row in found.rows if row.back]
    saves = found.after < found.before
    if saves:
        share = f"höchstens {found.after} statt {found.before} Funkgeräte"
        say(f"Einen Rundruf geben damit {share} weiter.")
    elif not back:
        say("Der Plan spart nichts: es leiten nicht mehr weiter, als müssen.")
    if back:
        say_wrapped(f"Still sind, und müssen wieder weiterleiten: {_listing(back)}.", 2)
    if saves or back:
        _say_how()


def _remarks(found: RelayPlan) -> Iterator[str]:
    """What may be wrong with what the plan was reckoned from."""
    stands = [row.stand for row in found.rows]
    told = sorted(
        (each for each in stands if each.listed and fold_text(each.listed) != fold_text(each.name)),
        key=lambda each: not each.fixed,
    )
    if told:
        pairs = [f"„{each.listed}“ für {each.name}" for each in told]
        yield f"In der Tabelle gilt {_listing(pairs)}."
    only = [each.name for each in stands if each.only_listed]
    if only:
        yield (
            f"Nur in der Tabelle, weder Stelle noch gehörtes Funkgerät: {_listing(only)}. Stimmt"
            " der Name? Der Plan rechnet mit ihnen, als stünden sie da."
        )
    gone = [each.name for each in found.left_out]
    if gone:
        yield (
            f"Lange nicht gehört, darum ohne sie gerechnet: {_listing(gone)}."
            " Stehen sie noch, gehören sie mit ihrer Lage in --tabelle."
        )
    silent = [each.name for each in stands if each.silent]
    if silent:
        yield (
            "Lange nicht gehört, und nur gerechnet, weil die Tabelle sie nennt:"
            f" {_listing(silent)}."
        )
    lost = [row.stand.name for part in found.parts[1:] for row in part]
    if lost:
        yield (
            f"Nach der Rechnung zerfällt das Netz in {len(found.parts)} Teile, die einander nicht"
            f" hören; nicht im größten: {_listing(lost)}. Stimmen Standort und Höhe? Sonst fehlt"
            " ein Relais dazwischen."
        )
    if found.far:
        pairs = [f"{one.stand.name} und {other.stand.name}" for one, other in found.far]
        yield (
            f"Ein Rundruf wird höchstens {FLOOD_HOP_LIMIT}-mal weitergegeben; mit dem Plan, anders"
            f" als ohne ihn, reicht das nicht zwischen {_listing(pairs, FAR_NAMED)}. Dort kommt"
            " Neues erst mit dem Abgleich an: in der Tabelle Geräte dazwischen als Relais nennen."
        )
    unknown = [each.name for each in stands if each.by is By.NOTHING]
    if unknown:
        yield (
            f"Ohne Standort, darum leiten sie weiter: {_listing(unknown)}. Mit ihrer Lage in"
            " --tabelle wird der Plan besser."
        )


def _listing(names: Sequence[str], most: int = NAMED_MAX) -> str:
    """Names in a sentence, not more than somebody reads."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" und {more} weitere" if more > 0 else "")


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
