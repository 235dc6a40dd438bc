# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text too long for one operation: cut, stored, and read back whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.model import Draft
from lage.language.errors import UsageError
from lage.station import Station
from lage.write.pieces import Fits, cut
from sync.schema.definition import EntityId
from tests.fixtures import share


def size(limit: int) -> Fits:
    """A stand-in for the codec: so many characters fit."""
    return lambda draft: sum(len(str(v)) for v in draft.changes.values()) <= limit


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text("ab \n", min_size=1, max_size=300), limit=st.integers(10, 40))
def test_pieces_join_to_the_text(text: str, limit: int) -> None:
    """Whatever the cuts, the pieces are the text, and each fits."""
    fits = size(limit)
    places: list[int] = []
    pieces = list(cut([Draft("journal", {"text": text})], fits, places))
    assert "".join(str(piece.changes["text"]) for piece in pieces) == text
    assert all(fits(piece) for piece in pieces)
    assert places == [0]
    assert [piece.entity for piece in pieces] == [None, *[0] * (len(pieces) - 1)]


def test_cuts_behind_spaces() -> None:
    """Words stay whole where there is a space to cut at."""
    pieces = cut([Draft("journal", {"text": "eins zwei drei"})], size(10), [])
    assert [p.changes["text"] for p in pieces] == ["eins zwei ", "drei"]


def test_places_name_the_first_piece() -> None:
    """A later draft that names an earlier one still finds it after cutting."""
    drafts = [
        Draft("incident", {"type": "Brand", "status": "offen", "text": "x" * 20, "place": "y" * 8}),
        Draft("incident", {"status": "erledigt"}, 0),
    ]
    places: list[int] = []
    pieces = list(cut(drafts, size(25), places))
    assert places[0] == 0
    assert pieces[places[1]].entity == 0
    assert all(piece.entity == 0 for piece in pieces[1:])


def test_what_cannot_be_continued_is_refused() -> None:
    """A value that fits nowhere gives a sentence, not a loop."""
    draft = Draft("receipt", {"message": EntityId(1, 1), "person": "x" * 99})
    with pytest.raises(UsageError, match="zu lang"):
        next(cut([draft], size(20), []))


def test_long_text_reaches_the_others_whole(county: list[Station]) -> None:
    """Four thousand characters, written here, are the same there."""
    _, rheine, greven = county
    text = "".join(f"Satz {number} über die Lage an der Ems. " for number in range(130))[:4000]
    (entity,) = rheine.write([Draft("journal", {"text": text, "action": text[:600]})])
    share(rheine, greven)
    record = greven.reader.get(entity)
    assert record is not None
    assert record.values["text"] == text
    assert record.values["action"] == text[:600]
    assert record.nr == 1


def test_next_entry_after_a_long_one(station: Station) -> None:
    """What follows a continued text does not become part of it."""
    first, second = station.write(
        [Draft("journal", {"text": "lang " * 100}), Draft("journal", {"text": "kurz"})]
    )
    records = [station.reader.get(first), station.reader.get(second)]
    assert [r.values["text"] for r in records if r] == ["lang " * 100, "kurz"]
