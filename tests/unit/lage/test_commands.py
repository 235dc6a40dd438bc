# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may write what: the rules of the staffs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.kinds.model import Draft, Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.write import commands
from sync.schema.definition import EntityId, SetChange, Value
from sync.schema.urgency import Urgency


def record(kind: str, author: int = 1, number: int = 5, **values: object) -> Record:
    """An entity as a list shows it."""
    return Record(EntityId(author, number), kind, 1, 0, 0, 0, values)  # type: ignore[arg-type]


MESSAGE = record("message", text="Lage?", priority="sofort", to=(2,))


def test_urgent_messages_want_a_quittung() -> None:
    """From sofort on a Quittung is wanted by itself; routine ones ask for it."""
    (urgent,) = commands.create("message", {"text": "x", "priority": "blitz", "to": (2,)}, 1)
    (routine,) = commands.create("message", {"text": "x"}, 1)
    assert urgent.changes["receipt_wanted"] is True
    assert urgent.urgency == Urgency.FLASH
    assert "receipt_wanted" not in routine.changes
    assert routine.changes["priority"] == "einfach"


def test_no_message_to_oneself() -> None:
    """A message to the own staff alone is refused."""
    with pytest.raises(UsageError, match="eigene Stelle"):
        commands.create("message", {"text": "x", "to": (1,)}, 1)


def test_quittung_rules(county: list[Station]) -> None:
    """By name, once per staff, by an addressee, not by the sender."""
    contexts = {number: each.parse_context() for number, each in enumerate(county, 1)}
    (draft,) = commands.acknowledge(MESSAGE, " Meyer ", contexts[2], [])
    assert draft.changes == {"message": MESSAGE.id, "person": "Meyer"}
    assert draft.urgency is Urgency.RECEIPT
    cases: tuple[tuple[int, str, list[Record], str], ...] = (
        (2, "", [], "Wer quittiert"),
        (2, "M" * 41, [], "41 Zeichen lang"),
        (1, "Meyer", [], "eigene Nachricht"),
        (3, "Meyer", [], "nicht an diese Stelle"),
        (2, "Meyer", [record("receipt", author=2)], "schon quittiert"),
    )
    for me, person, receipts, reason in cases:
        with pytest.raises(UsageError, match=reason):
            commands.acknowledge(MESSAGE, person, contexts[me], receipts)


def test_answer_goes_to_the_sender(station: Station) -> None:
    """An answer names what it answers."""
    (draft,) = commands.answer(MESSAGE, {"text": "Gut."}, station.parse_context())
    assert draft.changes["to"] == (1,)
    assert draft.changes["answers"] == MESSAGE.id


def test_forwarding_keeps_text_and_priority(station: Station) -> None:
    """What is forwarded is word for word what came; it may go to all."""
    typed = {"to": "Krisenstab, Greven"}
    (draft,) = commands.forward(MESSAGE, typed, station.parse_context())
    assert (draft.changes["text"], draft.changes["priority"]) == ("Lage?", "sofort")
    assert draft.changes["to"] == (1, 3)
    assert draft.changes["forwards"] == MESSAGE.id
    (draft,) = commands.forward(MESSAGE, {"to": "alle"}, station.parse_context())
    assert "to" not in draft.changes


def test_correction_refers_and_is_the_writers_own(county: list[Station]) -> None:
    """Only the staff that wrote may correct, and must say what is right."""
    entry = record("journal", text="falsch")
    krisenstab, rheine = (each.parse_context() for each in county[:2])
    (draft,) = commands.strike(entry, {"text": " richtig ", "sign": "Me"}, krisenstab)
    assert draft.changes == {"text": "richtig", "strikes": entry.id, "sign": "Me"}
    with pytest.raises(UsageError, match="geschrieben hat"):
        commands.strike(entry, {"text": "x"}, rheine)
    with pytest.raises(UsageError, match="braucht einen Text"):
        commands.strike(entry, {"text": " "}, krisenstab)


def test_change_leaves_out_what_is_equal() -> None:
    """Only what differs is written; nothing to change is said."""
    incident = record("incident", type="Brand", status="offen", affected=3)
    (draft,) = commands.change(incident, {"status": "offen", "affected": None})
    assert draft.changes == {"affected": None}
    assert draft.entity == incident.id
    with pytest.raises(UsageError, match="nichts geändert"):
        commands.change(incident, {"status": "offen"})


def test_urgency_of_incidents() -> None:
    """A person in danger and a critical incident go on the air at once."""
    for values in ({"type": "Person in Not"}, {"type": "Brand", "priority": "kritisch"}):
        (draft,) = commands.create("incident", {**values, "status": "offen"}, 1)
        assert draft.urgency == Urgency.IMMEDIATE
    (draft,) = commands.create("incident", {"type": "Brand", "status": "offen"}, 1)
    assert draft.urgency == Urgency.ROUTINE


def test_movements() -> None:
    """Nothing is moved by zero, a transfer is positive and between two places."""
    base: dict[str, Value] = {"item": "Sandsäcke", "place": "Greven"}
    cases: tuple[tuple[dict[str, Value], str], ...] = (
        ({"amount": 0}, "bewegt nichts"),
        ({"amount": -5, "to_place": "Rheine"}, "ohne Minus"),
        ({"amount": 5, "to_place": "Greven"}, "zwei verschiedene"),
    )
    for extra, reason in cases:
        with pytest.raises(UsageError, match=reason):
            commands.create("stock_movement", {**base, **extra}, 1)


def test_merging_incidents_and_back() -> None:
    """A duplicate points to the incident it is; never to itself or to a merged one."""
    a, b = record("incident", 1, 1), record("incident", 2, 1)
    merged = replace(record("incident", 1, 1, merged_into=b.id), behind=b.id)
    (draft,) = commands.merge_incidents(a, b)
    assert draft == Draft("incident", {"merged_into": b.id}, a.id, seen=a.seq)
    (back,) = commands.unmerge_incident(merged)
    assert back.changes == {"merged_into": None}
    with pytest.raises(UsageError, match="mit sich selbst"):
        commands.merge_incidents(a, a)
    with pytest.raises(UsageError, match="selbst schon"):
        commands.merge_incidents(b, merged)
    with pytest.raises(UsageError, match="schon zusammengeführt"):
        commands.merge_incidents(merged, b)
    with pytest.raises(UsageError, match="nur in einem offenen"):
        commands.merge_incidents(a, record("incident", 2, 1, status="erledigt"))
    with pytest.raises(UsageError, match="keinem anderen"):
        commands.unmerge_incident(a)


def test_who_ends_an_incident_ends_its_duplicates() -> None:
    """They stand behind an open one only: else they would come back to the lists."""
    a, b = record("incident", 1, 1, status="offen"), record("incident", 2, 1, status="offen")
    done = record("incident", 2, 2, status="erledigt")

    drafts = commands.change(a, {"status": "erledigt", "dead": 0}, [b, done])
    assert [(draft.entity, dict(draft.changes)) for draft in drafts] == [
        (a.id, {"status": "erledigt", "dead": 0}),
        (b.id, {"status": "erledigt"}),
    ]
    assert len(commands.change(a, {"status": "in Arbeit"}, [b, done])) == 1


def test_group_members_withdraw_what_was_seen() -> None:
    """Removing names the additions one has seen, so that a concurrent addition stays."""
    dots = (EntityId(1, 2), EntityId(3, 4))
    (draft,) = commands.group_members(EntityId(1, 1), [5], {2: dots})
    assert draft.changes["members"] == SetChange((5,), ((dots[0], 2), (dots[1], 2)))


def test_requests_say_what() -> None:
    """A request without item and reason is refused."""
    with pytest.raises(UsageError, match="Was wird angefordert"):
        commands.create("request", {"amount": 3}, 1)


def test_areas_have_corners() -> None:
    """Two corners are no area."""
    from sync.schema.definition import Point

    with pytest.raises(UsageError, match="drei Eckpunkte"):
        commands.create("area", {"type": "überflutet", "outline": (Point(1, 1), Point(2, 2))}, 1)
