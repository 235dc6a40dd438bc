# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An Aushang with something of everything, for tests of the public pages."""

from __future__ import annotations

from pathlib import Path

from lage.views.board import FILE, Board, Expected, Flood, Gauge, Item, Level, to_json
from lage.views.chart import FILE as CHART
from lage.views.chart import Chart, Ground, Name, Spot
from lage.views.chart import to_json as chart_json

NOON = 1_795_863_600
HOUR = 3600
EVIL = "<script>alert(1)</script>"


def board(now: int = NOON, *, exercise: bool = False) -> Board:
    """Warnings, outages, shelters, places, roads and three gauges."""
    items = (
        Item("2-1", "warnung", "Leitungswasser bitte abkochen", "Rheine", until=now + 20 * HOUR),
        Item("2-2", "warnung", "Emsaue", "", "Gefahrenbereich", since=now - HOUR),
        Item("2-3", "rat", f"Meiden Sie die Emsbrücken {EVIL}", since=now - HOUR),
        Item("2-4", "ausfall", "", "Rheine", "Strom", "ausgefallen", now - 3 * HOUR,
             now + 5 * HOUR, 5000),
        Item("2-5", "ausfall", "nur Ortsteil Gimbte", "Greven", "Mobilfunk", "eingeschränkt"),
        Item("2-6", "unterkunft", "Turnhalle Nord", "Rheine", state="in Betrieb", capacity=80,
             free=50),
        Item("2-7", "ausgabe", "Trinkwasser am Rathaus, 8 bis 20 Uhr", "Rheine"),
        *(Item(f"2-{n}", "strasse", f"B {n}, Emsbrücke. Umleitung: über Neuenkirchen",
               "Rheine", "Überflutung", "voll", now - HOUR) for n in range(470, 480)),
    )  # fmt: skip
    levels = tuple(Level(now - n * 900, 330 - n, "PEGELONLINE") for n in range(100))
    gauges = (
        Gauge("Rheine", "Rheine", "Ems", at=(52.28, 7.44), level=1, thresholds=(300, 400, 500),
              trend=4, readings=levels, quantity="Wasserstand",
              expected=(Expected(now + HOUR, 330, 350), Expected(now + 2 * HOUR, 335, 365)),
              floods=(Flood("August 2010", 612), Flood("Januar 2024", 310))),
        Gauge("Haus Langen", f"Haus Langen {EVIL}", stale=True, unit="m", decimals=2,
              readings=(Level(now - 8 * HOUR, 1.25, "Ablesung"),), quantity="Wasserstand"),
        Gauge("=Greven", "=Greven", quantity="Niederschlag", unit="mm"),
    )  # fmt: skip
    return Board("Kreis Steinfurt", now, exercise, items, gauges)


def lay(folder: Path, now: int = NOON, *, exercise: bool = False) -> None:
    """Into its folder, with a map."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(to_json(board(now, exercise=exercise)))
    ground = (Ground("water", (((0, 0), (200, 160)),)),)
    spots = (Spot("2-6", 52, 50, 60, 50), Spot("2-7", 90, 90, 90, 90), Spot("2-99", 5, 5, 5, 5))
    chart = Chart(200, 160, ground, (Name(20, 20, "Rheine"),), (("Rheine", 50, 50),), ("BKG",),
                  spots)  # fmt: skip
    (folder / CHART).write_bytes(chart_json(chart))
