# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shared workload's lines as operations of our schema, coded by the codec that nodes use.

Where the shared workload is not beside the repository, ``day`` makes lines of the same shape.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lage.kinds.schema import SCHEMA
from lage.write import commands
from sync.codec import versions as codec
from sync.schema.causal import Sight, Stamp, Step, in_order
from sync.schema.definition import Change, EntityId, Point
from sync.schema.op import Operation
from tests.bench import day

SHARED = Path(__file__).resolve().parents[3] / "shared" / "bench"
EPOCH_S = 28_000_000
"""Log time at which the workload begins: 21 Nov 2026."""


@dataclass(frozen=True, slots=True)
class Line:
    """One operation of the workload."""

    at_s: int
    author: int  # 1..25
    number: int
    operation: Operation
    data: bytes
    urgency: int
    text: str


class WorkloadMissing(Exception):
    """The shared workload is not beside the repository."""


def load() -> Any:
    """The module ``../shared/bench/workload.py``."""
    path = SHARED / "workload.py"
    if not path.exists():
        raise WorkloadMissing(f"{path} is missing: the bench needs the shared workload")
    spec = importlib.util.spec_from_file_location("shared_workload", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def operations(texts: Sequence[str], seed: int, count: int) -> list[dict[str, Any]]:
    """Lines of the shared workload, or else of ``day``."""
    module: Any = load() if (SHARED / "workload.py").exists() else day
    return list(module.operations(texts, seed, count))


def texts(path: Path | None) -> Sequence[str]:
    """Lines of a text file; by default the shared one, or else those of ``day``."""
    chosen = path or SHARED / "texts.txt"
    if path is None and not chosen.exists():
        return day.TEXTS
    return [line for line in chosen.read_text("utf8").splitlines() if line]


def raw(text_file: Path | None, seed: int, count: int) -> list[dict[str, Any]]:
    """The workload's own lines."""
    return operations(texts(text_file), seed, count)


def lines(text_file: Path | None, seed: int, count: int, nodes: int = 25) -> Iterator[Line]:
    """The workload as coded operations, each numbered in its author's feed."""
    heads = dict.fromkeys(range(1, nodes + 1), 0)
    incidents: dict[int, EntityId] = {}
    steps: dict[EntityId, list[Step]] = {}  # of each incident; every staff has heard them all
    for line in raw(text_file, seed, count):
        author = line["node"] % nodes + 1
        heads[author] += 1
        number = heads[author]
        kind, changes, entity = _operation(line, incidents, nodes)
        if kind == "incident" and entity is None:
            incidents[line["id"]] = EntityId(author, number)
        time = EPOCH_S + line["t"]
        known = steps.setdefault(entity or EntityId(author, number), [])
        basis = Sight(in_order(known)).basis(author, changes) if entity else ()
        known.append(Step(Stamp(time, author, number), entity is None, changes, basis))
        operation = Operation(time, kind, changes, entity, basis=basis)
        data = codec.encode(operation, SCHEMA, author, number)
        urgency = commands.urgency_of(kind, changes)
        yield Line(line["t"], author, number, operation, data, urgency, line.get("text", ""))


def _operation(
    raw: dict[str, Any], incidents: dict[int, EntityId], nodes: int
) -> tuple[str, dict[str, Change], EntityId | None]:
    match raw["kind"]:
        case "journal":
            return "journal", {"text": raw["text"]}, None
        case "message":
            changes: dict[str, Change] = {
                "to": tuple(sorted({to % nodes + 1 for to in raw["to"]})),
                "priority": raw["priority"],
                "text": raw["text"],
            }
            if raw["priority"] != "einfach":
                changes["receipt_wanted"] = True
            return "message", changes, None
        case "incident":
            point = Point(round(raw["lat"] * 10_000), round(raw["lon"] * 10_000))
            named = {"type": raw["type"], "status": raw["status"], "text": raw["text"]}
            return "incident", {**named, "point": point}, None
        case "update":
            target = incidents.get(raw["id"], EntityId(2 if raw["node"] % nodes == 0 else 1, 1))
            return "incident", {"status": raw["status"], "affected": raw["affected"]}, target
        case "reading":
            return "reading", {"gauge": raw["gauge"], "value": raw["cm"]}, None
        case "stock":
            names = {"item": raw["item"], "place": raw["place"], "amount": raw["delta"]}
            return "stock_movement", names, None
    return (
        "helper",
        {
            "skills": (raw["skill"],),
            "place": raw["place"],
            "hours": raw["hours"],
            "count": raw["count"],
            "status": "gemeldet",
        },
        None,
    )
