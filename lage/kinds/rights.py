# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what: the one table of rights. What is not in it is open to every member.

The table is read twice. ``lage.write`` refuses with a sentence what this node's own staff may not
do. The fold (``lage.kinds.verdict``) leaves without effect what others did all the same; therefore
it stands here, below both. A right depends on nothing but the entry's creation, the author of the
change and the county's word on who succeeds whom, so all nodes judge alike, whatever came first.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from sync.schema.definition import Change, Value


class Who(enum.Enum):
    """Whose change of a field counts."""

    ISSUER = "issuer"  # who registered the entry, or the successor of that number
    PARTIES = "parties"  # the issuer and the addressees; addressed to nobody is addressed to all


@dataclass(frozen=True, slots=True)
class Right:
    """A field that is not everybody's.

    ``ends``: only these values are reserved, and they end the entry: while it stands so, nobody
    else changes the field either. Without them every change is reserved.
    """

    who: Who
    ends: tuple[str, ...] = ()


RIGHTS: Mapping[tuple[str, str], Right] = {
    # erasing: each node destroys keys by these, so nobody may say it for another
    ("helper", "erased"): Right(Who.ISSUER),
    ("helper", "delete_at"): Right(Who.ISSUER),
    ("sealing_key", "destroyed"): Right(Who.ISSUER),
    # cancelling, withdrawing, dismissing
    ("assignment", "cancelled"): Right(Who.ISSUER),
    ("request", "status"): Right(Who.ISSUER, ends=("zurückgezogen",)),
    ("helper", "status"): Right(Who.ISSUER, ends=("entlassen",)),
    # ending
    ("area", "status"): Right(Who.ISSUER, ends=("aufgehoben",)),
    ("unit", "status"): Right(Who.ISSUER, ends=("außer Dienst",)),
    ("shelter", "status"): Right(Who.ISSUER, ends=("geschlossen",)),
    ("road_closure", "status"): Right(Who.ISSUER, ends=("freigegeben",)),
    ("appeal", "status"): Right(Who.ISSUER, ends=("beendet",)),
    # orders
    ("task", "status"): Right(Who.PARTIES),
}


DIRECTION_ONLY = frozenset({"exercise_clock"})
"""Kinds that only the direction of an exercise writes; of anybody else they count for nothing."""

OWN_ONLY = frozenset({("journal", "strikes")})
"""Fields that name an entry of one's own: nobody strikes what another staff has written."""


def permits(
    right: Right,
    issuer: int,
    values: Mapping[str, Change] | Mapping[str, Value],
    line: frozenset[int],
) -> bool:
    """Whether a staff may use a right.

    ``issuer`` created the entry, ``values`` is what it said then, ``line`` are the numbers under
    which the staff has written (``Directory.line``).
    """
    if issuer in line:
        return True
    if right.who is Who.ISSUER:
        return False
    to = values.get("to")
    return not isinstance(to, tuple) or not to or any(member in line for member in to)
