# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what is decided by the set of operations: all nodes judge alike, whatever came first.

Staffs 1 to 3 write what they like about each other's entries; 4 is admitted as successor of 1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.rights import RIGHTS
from lage.kinds.schema import SCHEMA
from lage.store import Store
from sync.codec import versions as codec
from sync.feed.log import VerifiedRun
from sync.feed.records import Certificate
from sync.schema.definition import Change, EntityId
from sync.schema.op import Operation
from tests.fixtures import picture, seed

CREATED: list[tuple[str, dict[str, Change]]] = [
    ("helper", {"skills": ("Pflege",), "place": "Rheine", "status": "gemeldet"}),
    ("task", {"text": "Pumpe", "to": (2,), "status": "offen"}),
    ("request", {"item": "Sand", "status": "offen"}),
    ("assignment", {"helper": EntityId(1, 1), "to": 2}),
    ("sealing_key", {"assignment": EntityId(1, 4), "key": bytes(32)}),
    ("incident", {"type": "Brand", "status": "offen"}),
]
"""Staff 1 creates them, so they are (1, 1) to (1, 6)."""

CHANGES: list[tuple[int, dict[str, Change]]] = [
    (1, {"erased": True}),
    (1, {"delete_at": 5}),
    (1, {"status": "entlassen"}),
    (1, {"status": "im Einsatz", "hours": 3}),
    (1, {"skills": None, "place": None}),
    (2, {"status": "abgelehnt", "feedback": "nein"}),
    (2, {"status": "erledigt"}),
    (3, {"status": "zurückgezogen"}),
    (3, {"status": "unterwegs"}),
    (4, {"cancelled": True}),
    (5, {"destroyed": True}),
    (6, {"type": None, "status": "erledigt"}),
    (6, {"affected": 4}),
]

ROOT = tuple(
    Certificate(n, seed(str(n)), seed(str(n), "x"), f"Stelle {n}", successor_of=before).encode()
    for n, before in ((1, 0), (2, 0), (3, 0), (4, 1))
)

Written = tuple[int, int, int]
"""Author, time and place in ``CHANGES``."""


def runs_of(written: Iterable[Written]) -> list[VerifiedRun]:
    """Each operation as a run of its own; feed 0 first, in the end what the staffs changed."""
    heads = dict.fromkeys(range(5), 0)
    found = []

    def add(author: int, data: bytes) -> None:
        heads[author] += 1
        chain = seed(str(author), str(heads[author]))[:16]
        found.append(VerifiedRun(author, heads[author], (data,), (chain,), bytes(64)))

    def say(author: int, operation: Operation) -> None:
        add(author, codec.encode(operation, SCHEMA, author, heads[author] + 1))

    for record in ROOT:
        add(0, record)
    for kind, values in CREATED:
        say(1, Operation(1000, kind, values))
    for author, time, place in written:
        entity, changes = CHANGES[place]
        say(author, Operation(time, CREATED[entity - 1][0], changes, EntityId(1, entity)))
    return found


def picture_of(runs: Sequence[VerifiedRun], heaps: set[int]) -> dict[str, Any]:
    """The rows after these runs arrived in heaps; also those that a rebuild gives."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "lage.db")
        store.connection.execute("PRAGMA synchronous = OFF")
        start = 0
        for end in sorted({*heaps, len(runs)}):
            store.log.store(runs[start:end])
            start = end
        found = picture(store)
        store.rebuild()
        assert picture(store) == found
        store.close()
        return found


written = st.lists(
    st.tuples(st.integers(1, 4), st.integers(990, 1010), st.integers(0, len(CHANGES) - 1)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(written, st.randoms(use_true_random=False), st.sets(st.integers(1, 20)))
def test_any_order_of_arrival_is_judged_alike(
    written: list[Written], dice: Any, heaps: set[int]
) -> None:
    """The county's word on the successor may come first or last as well."""
    runs = runs_of(written)
    mixed = list(runs)
    dice.shuffle(mixed)
    heaps = {end for end in heaps if end < len(runs)}
    assert picture_of(mixed, heaps) == picture_of(runs, set())


@settings(max_examples=25, deadline=None, derandomize=True)
@given(written)
def test_what_is_reserved_changes_only_by_those_who_may(written: list[Written]) -> None:
    """Leaving out every change without the right gives the very same picture."""
    allowed = {"task": {1, 2, 4}}

    def counts(author: int, place: int) -> bool:
        entity, changes = CHANGES[place]
        kind = CREATED[entity - 1][0]
        ends = {name: RIGHTS[kind, name].ends for name in changes if (kind, name) in RIGHTS}
        reserved = any(not values or changes[name] in values for name, values in ends.items())
        return not reserved or author in allowed.get(kind, {1, 4})

    def ending(author: int, place: int) -> bool:
        """Writes to a field that the issuer may have ended."""
        return author not in (1, 4) and place in (3, 8)

    left = [each for each in written if not ending(each[0], each[2])]
    # Feedback beside a refused status stands for itself and counts, so it is asked apart.
    left = [each for each in left if each[2] != 5 or counts(each[0], each[2])]
    honest = [each for each in left if counts(each[0], each[2])]
    assert picture_of(runs_of(left), set()) == picture_of(runs_of(honest), set())


def test_a_required_field_cannot_be_cleared() -> None:
    """Whoever says so, and however it got into the log."""
    cleared = [(1, 1005, 4), (3, 1006, 11)]
    found = picture_of(runs_of(cleared), set())
    assert found["helper"] == picture_of(runs_of([]), set())["helper"]
    (incident,) = found["incident"]
    assert "Brand" in incident
    assert "erledigt" in incident
