# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage uebung simulieren``: the whole county on one computer, faster than any clock."""

from __future__ import annotations

from typing import Any

import click

from lage.cli.common import as_json, json_option, print_table, say, show_progress
from lage.language.errors import UsageError


@click.command("simulieren")
@click.argument("datei")
@click.option("--knoten", type=int, help="So viele Stellen; wer nicht im Drehbuch steht, hört mit.")
@click.option("--bis", "until", help="Nur bis dahin, z. B. X+12:00; sonst bis zum Ende.")
@click.option("--preset", default="LONG_FAST", show_default=True, help="Funkeinstellung.")
@click.option("--verlust", default=0.1, show_default=True, help="Anteil verlorener Pakete.")
@click.option("--seed", type=int, help="Andere Saat als im Drehbuch.")
@click.option(
    "--firmware",
    type=click.Choice(["2.7", "2.8"]),
    default="2.7",
    show_default=True,
    help="Welche Firmware nachgeahmt wird.",
)
@json_option
def simulate(
    datei: str,
    knoten: int | None,
    until: str | None,
    preset: str,
    verlust: float,
    seed: int | None,
    firmware: Any,
    machine: bool,
) -> None:
    """Ein Drehbuch mit allen Stellen über simulierten Funk spielen, so schnell es geht.

    Niemand sitzt an den Stellen, das Drehbuch spielt sie. Gleiche Saat gibt das gleiche Ergebnis.
    """
    from lage.exercise.scenarios import script_file
    from lage.exercise.script.read import read_script
    from lage.exercise.script.times import Times
    from lage.exercise.simulation.county import AirPlan
    from lage.exercise.simulation.run import Order
    from lage.exercise.simulation.run import simulate as run

    script = read_script(script_file(datei))
    minute = None if until is None else Times(script.begin).minute(until)
    if minute == 0:
        raise UsageError("„--bis“ muss nach dem Beginn liegen, z. B. X+12:00.")
    air = AirPlan(preset.upper(), verlust, firmware=firmware)
    found = run(Order(script, knoten, minute, seed, air), show_progress("Simulation"))
    if machine:
        as_json(found)
        return
    _say(found)


def _say(found: dict[str, Any]) -> None:
    """The figures in words."""
    same = f"nach {found['gleich_nach_min']:g} min" if found["gleich"] else "NICHT"
    lasting = f"{found['stunden']:g} h".replace(".", ",")
    say(f"{found['name']}: {lasting}, {found['stellen']} Stellen, Saat {found['saat']}")
    say(f"Eingespielt: {found['eingespielt']} Einlagen, Messwerte und Antworten")
    say(f"Geschrieben: {found['eintraege']} Einträge")
    say(f"Erwartetes geschehen: {found['erfuellt']} von {found['mit_pruefung']} mit Prüfung")
    say(f"Alle Lagen gleich: {same}")
    for each in found["warum_nicht"]:
        of = ", ".join(f"{count} von {name}" for name, count in each["fehlt_von"].items())
        what = f"es fehlen {of}; " if of else ""
        say(f"  {each['stelle']}: {what}{each['warum']}.")
    spent = found["sendezeit_s"]
    say(
        f"Sendezeit aller Geräte: {_span(sum(spent.values()))} (erstmals"
        f" {_span(spent['erstmals'])}, nachgeliefert {_span(spent['nachgeliefert'])}, Abgleich"
        f" {_span(spent['abgleich'])}, die Geräte selbst {_span(spent['geraete_selbst'])})"
    )
    say("")
    rows = [
        [name, str(d["eintraege"]), str(d["ueberall"])]
        + [_span(d[key]) for key in ("haelfte", "95_von_100", "laengste")]
        for name, d in (("eilig", found["zustellung_s"]["eilig"]),
                        ("übrige", found["zustellung_s"]["uebrige"]))
    ]  # fmt: skip
    print_table(("Bis alle es hatten", "Einträge", "überall", "Hälfte", "95 %", "längste"), rows)
    say("")
    rows = [
        [
            each["stelle"],
            str(each["fehlen"]),
            *(_span(each[f"rueckstand_{key}_s"]) for key in ("haelfte", "95", "laengster")),
            f"{each['sendezeit_hoechste_stunde'] * 100:.1f} %".replace(".", ","),
        ]
        for each in found["stellen_stand"]
    ]
    heads = ("Stelle", "fehlen", "Rückstand", "95 %", "längster", "höchste Stunde")
    print_table(heads, rows)
    for nr, why in (*found["abgelehnt"].items(), *found["nicht_geschrieben"].items()):
        say(f"Einlage {nr} wurde nicht geschrieben: {why.rstrip('.')}.")


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds >= 7200:
        return f"{seconds / 3600:.1f} h".replace(".", ",")
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
