# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forecasts of services: kept apart from measurements, and few of them, for each costs airtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.imports.series import Sample, gauge_named, thinned
from lage.kinds.model import Draft, Query, Where
from lage.kinds.reader import Reader
from lage.views.gauge_book import written
from lage.write import commands
from lage.write.quantity import scale
from sync.schema.definition import Value

SPACING_S = 6 * 3600
POINTS_MAX = 12
"""Of a forecast: the highest of each span, and its end."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One value that a service expects."""

    sample: Sample
    issued: int | None
    estimate: bool


def forecast_drafts(
    reader: Reader, name: str, found: Sequence[Announced], source: str, *, unit: str = ""
) -> tuple[list[Draft], int]:
    """The newest forecast among these, as entries, and how many of it are there already.

    Raises UsageError where the unit does not fit the gauge.
    """
    if not found:
        return [], 0
    name = written(reader, name)
    into = scale(gauge_named(reader, name), name, unit)
    issued = max((each.issued for each in found if each.issued is not None), default=None)
    newest = [each for each in found if each.issued == issued]
    samples = sorted((each.sample for each in newest), key=lambda sample: sample.time)
    spacing = max(SPACING_S, (samples[-1].time - samples[0].time) // (POINTS_MAX - 2))
    estimates = {each.sample.time for each in newest if each.estimate}
    where = (Where("gauge", "=", name), Where("sort_time", ">=", samples[0].time))
    have = {
        (row.event_time, row.whole("value"), row.moment("issued"))
        for row in reader.select(Query("forecast", where, limit=100_000))
    }
    drafts: list[Draft] = []
    known = 0
    for sample in thinned(samples, spacing):
        values: dict[str, Value] = {
            "gauge": name, "value": into.whole(sample.value), "at": sample.time, "source": source,
        }  # fmt: skip
        if issued is not None:
            values["issued"] = issued
        if sample.time in estimates:
            values["estimate"] = True
        if (sample.time, values["value"], issued) in have:
            known += 1
        else:
            drafts += commands.create("forecast", values, -1)
    return drafts, known
