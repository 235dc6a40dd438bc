# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One card for every kind of entry: each module in this folder holds one, as ``CARD``.

Gauges, supplies and the supply situation are keyed by name ("Pegel Rheine"), not by reference, so
that two staffs who start writing about the same thing without having heard of each other agree.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from lage.kinds.card import Card


def _cards() -> Iterator[Card]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        yield importlib.import_module(module.name).CARD


CARDS: Mapping[str, Card] = {
    card.name: card for card in sorted(_cards(), key=lambda card: card.kind.number)
}
"""Every card by its kind, in the order of their numbers on the air."""
