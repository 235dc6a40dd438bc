# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff that goes on under a new number answers for what went to the old one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.archive.audit import check
from lage.archive.backup import back_up, restore, successor_request
from lage.county import membership
from lage.kinds.directory import Directory
from lage.kinds.model import Draft
from lage.language.errors import UsageError
from lage.station import Station
from lage.store import keys
from lage.views.delivery import delivery, receipts_of
from lage.views.handover import handover
from lage.views.journal import computed_lines, journal, stored_lines
from lage.views.overview import overview
from lage.views.status import ReadMarks, unread_count, urgent_alarms
from lage.write import commands
from sync.schema.definition import Change
from tests.fixtures import FixedClock, replicate


def test_lines_and_heirs() -> None:
    """A successor's line reaches back over all earlier numbers; the last one is the heir."""
    staffs = [(n, "SAE Rheine", "sae", n == 5) for n in range(1, 6)]
    d = Directory(staffs, 5, {3: 1, 5: 3})
    assert d.line(5) == {1, 3, 5}
    assert d.line(2) == {2}
    assert [d.heir(n) for n in (1, 2, 3, 5, 99)] == [5, 2, 5, 5, 99]


def test_successor_takes_over_what_is_open(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages and tasks to the old number are the successor's: in lists, alarms and registers."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    holder, rheine, greven = (tmp_path / name for name in ("kreis", "rheine", "greven"))
    membership.found_county(holder, "Kreis Steinfurt", "rote Ampel 7")

    def admit(folder: Path, request: str, before: int = 0) -> None:
        admitted = membership.admit(
            holder, request, "sae", "rote Ampel 7", successor_of=before, clock=clock
        )
        membership.join(folder, admitted, clock=clock)

    admit(rheine, membership.request(rheine, "SAE Rheine"))
    admit(greven, membership.request(greven, "SAE Greven"))
    old, other = (Station.open(folder, clock=clock) for folder in (rheine, greven))
    replicate(other.store.log, old.store.log)
    asked: dict[str, Change] = {"text": "Pegel?", "priority": "blitz", "receipt_wanted": True}
    (first, _) = old.write(
        [Draft("message", {**asked, "to": (2,)}), Draft("journal", {"text": "vorher"})]
    )
    back_up(old, tmp_path / "s.lage")
    old.close()
    early, task, late = other.write(
        [
            Draft("message", {**asked, "to": (1,)}),
            Draft("task", {"text": "Pumpe", "to": (1,), "due": 5, "status": "offen"}),
            Draft("message", {"text": "an alle", "priority": "einfach"}),
        ]
    )
    restore(rheine, tmp_path / "s.lage", replace=True)
    admit(rheine, successor_request(rheine), before=1)
    successor = Station.open(rheine, clock=clock)
    replicate(other.store.log, successor.store.log)
    replicate(successor.store.log, other.store.log)
    context, marks = successor.context(), ReadMarks()
    assert context.ours == (1, 3)
    assert [m for _, m, _ in successor.reader.register()] == [late, early]
    assert unread_count(context, marks) == 3  # two messages and an order
    assert {record.id for record in overview(context).messages} == {early, late}
    successor.write([Draft("journal", {"text": "weiter"})])
    written = [(line.nr, line.text) for line in journal(context, automatic=False)]
    assert sorted(written) == [("1", "weiter"), ("RHE-T1", "vorher")]
    assert "Ausgang Nachricht RHE-N1" in " ".join(line.text for line in journal(context))
    assert len(journal(context)) == stored_lines(context) + len(computed_lines(context))
    state = handover(context, successor.queue())
    assert [alarm.entity for alarm in state.todo] == [early, task]
    assert [r.id for r in state.unconfirmed] == [first]
    assert [r.id for r in state.tasks] == [task]
    assert [alarm.entity for alarm in urgent_alarms(context, ())] == [early]
    about = [alarm.entity for alarm in overview(context).alarms]
    assert sorted(entity for entity in about if entity) == sorted([early, task])
    message = successor.reader.get(early)
    assert message is not None
    assert delivery(message, other.context()).open == (3,)
    successor.write(commands.acknowledge(message, "Kurz", successor.parse_context(), []))
    replicate(successor.store.log, other.store.log)
    assert delivery(message, other.context()).open == ()
    receipts = receipts_of(early, context)
    with pytest.raises(UsageError, match="schon quittiert"):
        commands.acknowledge(message, "Kurz", successor.parse_context(), receipts)
    assert check(successor).problems == []
    successor.close()
    other.close()
