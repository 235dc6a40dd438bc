# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same person twice, at staffs that see nothing of each other's private parts.

The log gets sixteen bits of a keyed hash of the telephone number (or e-mail). Equal bits at two
staffs are a hint to ask each other, no more: of a thousand helpers fifteen have a stranger's. And
they tell a member who wants to guess a number that one of 65,000 is right, which leaves tens of
thousands of numbers of this country for each; outside the county the hash cannot be made at all.

Within one staff, which may read its own people, names and numbers are compared as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rapidfuzz.fuzz import token_sort_ratio

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text
from lage.volunteers.private import Person

NEARLY = 88
"""Of a hundred, from which on two names are taken for one."""


def of(network_key: bytes, phone: str, mail: str) -> int | None:
    """The mark of a person, 1 to 65,535; None without telephone and e-mail."""
    said = number_of(phone) or fold_text(mail)
    if not said:
        return None
    digest = hashlib.blake2b(said.encode(), key=network_key, digest_size=2, person=b"lage doppelt")
    return int.from_bytes(digest.digest(), "big") or 1


def number_of(phone: str) -> str:
    """A telephone number without what people write differently: +49, 0049, spaces."""
    digits = "".join(c for c in phone if c.isdigit())
    if phone.strip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        digits = "0" + digits.removeprefix("49") if digits.startswith("49") else digits
    return digits


def elsewhere(context: ViewContext, value: int | None) -> list[Record]:
    """Helpers of other staffs with that mark: perhaps the same person."""
    if value is None:
        return []
    rows = context.reader.select(Query("helper", (Where("mark", "=", value),), limit=50))
    return [row for row in rows if row.id.author not in context.ours and not row.flag("erased")]


def same(one: Person, other: Person) -> bool:
    """Whether two descriptions are likely one person."""
    numbers = number_of(one.phone), number_of(other.phone)
    if numbers[0] and numbers[0] == numbers[1]:
        return True
    names = token_sort_ratio(fold_text(one.name), fold_text(other.name))
    if names < NEARLY:
        return False
    if one.born is not None and other.born is not None:
        return one.born == other.born
    addresses = fold_text(one.address), fold_text(other.address)
    return bool(addresses[0]) and token_sort_ratio(*addresses) >= NEARLY


def doubles(person: Person, others: Iterable[tuple[Record, Person]]) -> list[Record]:
    """Those of this staff's own helpers who are likely that person."""
    return [record for record, other in others if same(person, other)]
