# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from lage.write.places import MUNICIPALITIES, inhabitants
from maps.read.layers import load_layers


def test_the_county_has_the_municipalities_of_the_map() -> None:
    """The log's word list begins with the same names that the boundaries have."""
    assert set(MUNICIPALITIES) == {town.name for town in load_layers().municipalities}


def test_inhabitants_are_known_for_each() -> None:
    """And for no other name."""
    assert all((inhabitants(name) or 0) > 1000 for name in MUNICIPALITIES)
    assert inhabitants("Atlantis") is None
