# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tests of the way to other radios: asked for by a command, done by the running node, kept here.

Reading is total: what another version or damage left is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from lage.kinds.setting import Setting, exactly
from mesh.link import Refusal
from mesh.send.range_test import COUNT_MAX, SIZE_MAX, Order, Probe

RUNS_MAX = 20
ORDER_S = 60.0
"""An order that no node took up so long after it was given is void."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order, and when it was given."""

    order: Order
    unix_s: float  # by the machine's own clock


@dataclass(frozen=True, slots=True)
class TestRun:
    """A test and what came of it so far."""

    id: int
    radio: int
    began: int  # unix seconds
    size: int = 0
    done: bool = False
    probes: tuple[Probe, ...] = ()

    __test__ = False  # no test of ours, whatever its name


def _asked(kept: Any) -> Asked | None:
    row = exactly(dict)(kept)
    order = Order(**{f.name: row[f.name] for f in fields(Order) if type(row.get(f.name)) is int})
    sound = 0 <= order.count <= COUNT_MAX and 0 < order.size <= SIZE_MAX and order.pause_ms >= 0
    if not sound or not 0 < order.radio < 0xFFFFFFFF:
        raise ValueError(row)
    return Asked(order, float(row["unix_s"]))


def _order(asked: Asked | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    order = {f.name: getattr(asked.order, f.name) for f in fields(Order)}
    return order | {"unix_s": asked.unix_s}


def _runs(kept: Any) -> tuple[TestRun, ...]:
    rows = [row for row in exactly(list)(kept) if isinstance(row, dict)][:RUNS_MAX]
    return tuple(_run(row) for row in rows if _whole(row, "id", "radio", "began"))


def _run(row: Mapping[str, Any]) -> TestRun:
    probes = row.get("probes")
    return TestRun(
        row["id"],
        row["radio"],
        row["began"],
        row["size"] if _whole(row, "size") else 0,
        row.get("done") is True,
        tuple(
            _probe(probe)
            for probe in (probes if isinstance(probes, list) else ())[:COUNT_MAX]
            if isinstance(probe, dict) and _whole(probe, "at")
        ),
    )


def _whole(row: Mapping[str, Any], *names: str) -> bool:
    return all(type(row.get(name)) is int for name in names)


def _probe(row: Mapping[str, Any]) -> Probe:
    values: dict[str, Any] = {
        name: row[name]
        for name in ("at", "answered_ms", "rssi_dbm", "hops", "distance_m")
        if _whole(row, name)
    }
    values |= {name: row[name] for name in ("first_try", "relayed") if type(row.get(name)) is bool}
    if type(row.get("snr_db")) in (int, float):
        values["snr_db"] = float(row["snr_db"])
    refusal = Refusal.__members__.get(str(row.get("refusal")), Refusal.NONE)
    return Probe(**values, refusal=refusal)


def _kept(runs: tuple[TestRun, ...]) -> list[dict[str, Any]]:
    return [
        {
            **{f.name: getattr(run, f.name) for f in fields(TestRun)},
            "probes": [
                {
                    f.name: value.name if isinstance(value, Refusal) else value
                    for f in fields(Probe)
                    if (value := getattr(probe, f.name)) is not None
                }
                for probe in run.probes
            ],
        }
        for run in runs[:RUNS_MAX]
    ]


ORDER = Setting[Asked | None]("range_test", None, _asked, _order)
"""The last test that somebody asked for."""
RUNS = Setting[tuple[TestRun, ...]]("range_tests", (), _runs, _kept)
"""What came of the last tests, the newest first."""
