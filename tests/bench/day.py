# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A day of flood and blackout for benches where the shared workload is not beside the repository.

Same shape of lines as there: ``t`` seconds since the start, ``node`` 0 (Krisenstab) to 24, ``kind``
and its fields. Figures that are compared between versions come from the shared one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from sync.schema.vocabulary import TERMS

NODES = 25
KINDS = {
    "journal": 22,
    "message": 18,
    "incident": 12,
    "update": 10,
    "reading": 18,
    "stock": 12,
    "helper": 8,
}
TYPES = ("Überflutung", "Stromausfall", "Person in Not", "Deichschaden", "Straßensperre")
TEXTS = (
    "Zufahrt zum Klärwerk nur noch mit Unimog möglich",
    "Dachziegel der Grundschule auf dem Gehweg, Bereich abgesperrt",
    "Zwei Busse für die Räumung des Altenheims stehen ab 15 Uhr bereit",
    "Bürgertelefon besetzt, bisher 40 Anrufe, meist Fragen zum Trinkwasser",
    "Pumpe 3 am Schöpfwerk heißgelaufen, Ersatz kommt aus Greven",
    "Treckerfahrer meldet Riss im Deich hinter dem Hof, etwa zwei Meter lang",
    "Nächste Lagebesprechung um 21:30 Uhr im großen Sitzungssaal",
    "Strom im Ortskern seit 11:05 Uhr wieder da",
)


def operations(texts: Sequence[str], seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Operations in order of time, one in 45 s over the whole county on average."""
    rng = random.Random(seed)
    now = incidents = 0
    for _ in range(count):
        now += int(rng.expovariate(1 / 45)) + 1
        node = rng.choice([0, 0, 0, *range(NODES)])
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        incidents += kind == "incident"
        yield {"t": now, "node": node, "kind": kind} | _fields(kind, rng, texts, incidents)


def _fields(kind: str, rng: random.Random, texts: Sequence[str], incidents: int) -> dict[str, Any]:
    place = rng.choice(TERMS["place"][:24])
    if kind == "journal":
        return {"text": rng.choice(texts)}
    if kind == "message":
        priority = rng.choice(["einfach", "sofort", "sofort", "blitz"])
        return {"to": [rng.randrange(NODES)], "priority": priority, "text": rng.choice(texts)}
    if kind == "incident":
        lat, lon = round(rng.uniform(52.02, 52.4), 5), round(rng.uniform(7.15, 8.0), 5)
        named = {"id": incidents, "type": rng.choice(TYPES), "lat": lat, "lon": lon}
        return {**named, "status": "offen", "text": rng.choice(texts)[:60]}
    if kind == "update":
        status = rng.choice(["in Arbeit", "erledigt"])
        number = rng.randint(1, max(1, incidents))
        return {"id": number, "status": status, "affected": rng.randint(0, 120)}
    if kind == "reading":
        return {"gauge": rng.choice(TERMS["gauge"][:8]), "cm": rng.randint(150, 600)}
    if kind == "stock":
        amount = rng.choice([-200, -50, -10, 20, 100, 500])
        return {"item": rng.choice(TERMS["item"][:8]), "place": place, "delta": amount}
    hours, people = rng.randint(2, 12), rng.randint(1, 8)
    skill = rng.choice(TERMS["skill"][:8])
    return {"skill": skill, "place": place, "hours": hours, "count": people}
