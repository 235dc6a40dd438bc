# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Open or ended: the one definition, from the cards. Lists, sums, alarms and the map all ask here.

An entry has ended when its status is one of those that its card calls closed (done, refused,
withdrawn), or when the field is known that ends it (cancelled). What stands behind another that is
the same is open there.
"""

from __future__ import annotations

from lage.kinds.cards import CARDS
from lage.kinds.model import Record, Where


def open_only(kind: str) -> tuple[Where, ...]:
    """Conditions that leave the open entries of a kind."""
    card = CARDS[kind]
    ended = (Where(card.ended_by, "unknown"),) if card.ended_by else ()
    if card.merges:
        ended = (*ended, Where("behind", "unknown"))
    return (*(Where("status", "!=", status) for status in card.closed), *ended)


def is_open(record: Record) -> bool:
    """Whether an entry still stands."""
    card = CARDS[record.kind]
    return (
        record.values.get("status") not in card.closed
        and card.ended_by not in record.values
        and record.behind is None
    )


def is_late(record: Record, now: int) -> bool:
    """Whether something should have been done by now and was not."""
    due = record.moment(CARDS[record.kind].due)
    return due is not None and due < now and is_open(record)
