# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the shipped ground says about the county's towns."""

from __future__ import annotations

from lage.store.ground import Ground
from maps.read.layers import load_layers
from sync.schema.vocabulary import TERMS


def test_the_quick_table_has_the_towns_of_the_boundaries() -> None:
    """Names and people come from a table; the word list of the log begins with the same names."""
    towns = Ground(None).towns()
    boundaries = load_layers().municipalities
    assert towns == {town.name: town.population for town in boundaries}
    assert list(towns) == sorted(TERMS["place"][: len(towns)])


def test_inhabitants_are_known_for_each() -> None:
    """However the name is spelt, and for no other name."""
    ground = Ground(None)
    assert all((ground.people(name) or 0) > 1000 for name in ground.towns())
    assert ground.people("IBBENBUEREN") == ground.people("Ibbenbüren")
    assert ground.people("Atlantis") is None
