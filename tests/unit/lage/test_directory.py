# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Staffs by number, name and code; labels."""

from __future__ import annotations

import pytest

from lage.kinds.directory import Directory
from lage.kinds.model import Record
from lage.language.errors import NotFound, UsageError
from sync.schema.definition import EntityId

NAMES = [
    "Krisenstab Steinfurt",
    "SAE Rheine",
    "SAE Greven",
    "SAE Steinfurt",
    "SAE Recke",
    "SAE Hörstel",
]


def directory(me: int | None = 2) -> Directory:
    """Six staffs; SAE Recke has left."""
    return Directory(((n, name, "sae", name != "SAE Recke") for n, name in enumerate(NAMES, 1)), me)


def test_codes_are_short_and_unique() -> None:
    """Three letters from the place; nobody has another's."""
    codes = [staff.code for staff in directory().staffs]
    assert codes[:3] == ["KST", "RHE", "GRE"]
    assert len(set(codes)) == len(codes)


def test_a_later_member_never_changes_earlier_codes() -> None:
    """Labels on paper stay true when the county grows."""
    before = directory().staffs
    more = Directory(((n, f"SAE Rhein{n}", "sae", True) for n in range(1, 60)), 1).staffs
    assert [
        s.code for s in Directory(((s.number, s.name, s.role, s.active) for s in before), 1).staffs
    ] == [s.code for s in before]
    assert len({s.code for s in more}) == len(more)


def test_finding() -> None:
    """By name, part of it or code, umlauts either way; doubt and strangers are named."""
    d = directory()
    assert d.find("rhe").number == 2
    assert d.find("hoerstel").number == 6
    assert d.find("Krisenstab").number == 1
    with pytest.raises(UsageError, match="nicht eindeutig"):
        d.find("Steinfurt")
    with pytest.raises(NotFound, match="SAE Rheine"):
        d.find("Emden")
    with pytest.raises(NotFound):
        d.find("Recke")
    assert d.find_all("GRE, rheine; GRE") == (3, 2)
    assert d.find_all("alle") == ()


def test_labels() -> None:
    """A label is code, letter of the kind and running number, and is read back."""
    d = directory()
    record = Record(EntityId(3, 9), "message", 7, 0, 0, 0)
    assert d.label(record) == "GRE-N7"
    assert d.parse_label("gre-n7", "message") == (3, 7)
    assert d.parse_label("12", "incident") == (2, 12)
    assert d.label(Record(EntityId(3, 9), "task", None, 0, 0, 0)) == "GRE-A?"
    with pytest.raises(UsageError, match="keine Nummer"):
        d.parse_label("GRE-", "incident")
    with pytest.raises(NotFound):
        d.parse_label("XYZ-1", "incident")
    with pytest.raises(UsageError, match="noch zu keinem Kreis"):
        directory(None).parse_label("3", "incident")


def test_strangers_are_shown_by_number() -> None:
    """A member whose certificate has not arrived yet has a name all the same."""
    assert (directory().name(99), directory().code(99)) == ("Knoten 99", "K99")
