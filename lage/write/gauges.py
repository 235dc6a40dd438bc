# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two gauges that are one, and taking that back. Pure; raises UsageError."""

from __future__ import annotations

from collections.abc import Sequence

from lage.kinds.model import Draft, Record
from lage.kinds.states import is_open
from lage.language.errors import UsageError


def merge_gauges(duplicate: Record, into: Record) -> list[Draft]:
    """Say that two gauges are one: readings of the first count with those of the second."""
    if duplicate.id == into.id or duplicate.text("name") == into.text("name"):
        raise UsageError("Eine Messstelle kann nicht mit sich selbst zusammengeführt werden.")
    if duplicate.behind == into.id:
        raise UsageError("Diese Messstellen sind schon zusammengeführt.")
    if into.behind is not None:
        raise UsageError("Die Zielmessstelle ist selbst schon mit einer anderen zusammengeführt.")
    if is_open(duplicate) and not is_open(into):
        raise UsageError(
            "Die Zielmessstelle ist beendet: zusammengeführt wird mit einer, die misst."
        )
    if measure_of(duplicate) != measure_of(into):
        raise UsageError(
            "Die beiden messen in verschiedenen Einheiten oder Nachkommastellen: ihre Werte sind"
            " nicht eine Reihe."
        )
    return [Draft("gauge", {"merged_into": into.id}, duplicate.id, seen=duplicate.seq)]


def unmerge_gauge(records: Sequence[Record]) -> list[Draft]:
    """Take a merge back; ``records``: all Stammdaten of that name, of whichever staff."""
    merged = [record for record in records if record.values.get("merged_into") is not None]
    if not merged:
        raise UsageError("Diese Messstelle ist mit keiner anderen zusammengeführt.")
    return [Draft("gauge", {"merged_into": None}, each.id, seen=each.seq) for each in merged]


def measure_of(record: Record) -> tuple[str, int]:
    """(unit, decimals) in which the readings of a gauge count."""
    return record.text("unit", "cm"), record.whole("decimals") or 0
