# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagemeldung as it goes over the radio: few packets, the most important first."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.strength import Strength
from lage.language.tactical import tactical
from lage.views.gauges import GaugeView
from lage.views.overview import ServiceRow
from lage.views.sums import Total

SHORT_MAX = 400


def short_form(
    context: ViewContext,
    incidents: list[Record],
    harm: Mapping[str, Total],
    strength: Strength,
    gauges: list[GaugeView],
    services: list[ServiceRow],
    free: Mapping[str, str],
) -> str:
    """The whole of it, at most ``SHORT_MAX`` characters."""
    critical = sum(1 for row in incidents if row.text("priority") == "kritisch")
    figures = "/".join("?" if t.unknown and not t.known else str(t.known) for t in harm.values())
    parts = [
        f"Lage {tactical(context.now)}",
        f"Vorfälle {len(incidents)}" + (f", kritisch {critical}" if critical else ""),
        f"Betr/Verl/Verm/Tote {figures}",
    ]
    if strength.total != 0:
        parts.append(f"Kräfte {strength}")
    for view in gauges[:4]:
        if view.latest and (view.level or len(gauges) <= 2):
            value, sign = view.show(view.latest.value), view.arrow.strip("=?")
            parts.append(f"{plain(view.name)} {value}{sign} Info {view.level}")
    for place, service in enumerate(SERVICES):
        out = [plain(row.municipality) for row in services if row.states[place] == "ausgefallen"]
        if out:
            more = f" und {len(out) - 3} weitere" if len(out) > 3 else ""
            parts.append(f"{service} aus: {', '.join(out[:3])}{more}")
    for name, title in (("intent", "Absicht"), ("general", "Allgemein")):
        if free.get(name, "").strip():
            parts.append(f"{title}: {' '.join(free[name].split())}")
    text = "; ".join(parts)
    return text if len(text) <= SHORT_MAX else text[: SHORT_MAX - 2].rsplit(" ", 1)[0] + " …"
