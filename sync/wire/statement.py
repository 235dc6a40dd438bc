# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A member's signed word on what it holds: for ways on which nobody can ask back.

On the air a HAVE says the same in thirty bytes, vouched for by the network's key. A statement
travels by stick, cable or broker, is passed on by others, and is believed by its author's
signature alone. It marks entries as "empfangen" and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgpack

from sync.feed import chain as feed
from sync.feed.roster import Roster
from sync.wire.heartbeat import PAGE_BITS, PAGES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_DOMAIN = b"lage holds v1"
STATEMENT_MAX = 16_384
"""Bytes: 1024 authors with numbers of four bytes."""


class StatementError(ValueError):
    """Bytes that are no statement, or that nobody of the roster signed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a member held at a moment of its clock."""

    member: int
    stamp: int  # log time in seconds, by its own clock; the later one of a member counts
    heads: Mapping[int, int]  # author -> last number without gap
    radio: bool  # whether its radio sends: then its own entries are on the air, too
    data: bytes = field(repr=False)  # as it is passed on
    pages: tuple[int, ...] = ()  # of its heartbeat; none: it said nothing of it


def state(
    key: Ed25519PrivateKey,
    network_id: bytes,
    member: int,
    stamp: int,
    heads: Mapping[int, int],
    *,
    radio: bool,
    pages: tuple[int, ...] = (),
) -> Statement:
    """Sign what a member holds, and how it is."""
    held = {author: head for author, head in sorted(heads.items()) if head}
    body = msgpack.packb([member, stamp, held, radio, *([pages] if pages else ())])
    data = msgpack.packb([body, key.sign(_DOMAIN + network_id + body)])
    return Statement(member, stamp, held, radio, data, pages)


def read_statement(data: bytes, roster: Roster) -> Statement:
    """The statement in these bytes. Raises StatementError."""
    try:
        if len(data) > STATEMENT_MAX:
            raise ValueError("too long")
        body, signature = msgpack.unpackb(data, use_list=False)
        number, stamp, heads, radio, *more = msgpack.unpackb(body, strict_map_key=False)
        values = (number, stamp, *heads, *heads.values())
        if any(type(value) is not int or not 0 <= value < 2**32 for value in values):
            raise ValueError("no numbers")
        if max(heads, default=0) > feed.AUTHOR_MAX:
            raise ValueError("no author")
        if max(heads.values(), default=0) > feed.NUMBER_MAX:
            raise ValueError("no number")
        if not isinstance(signature, bytes):
            raise ValueError("no signature")
    except (ValueError, TypeError, AttributeError, msgpack.UnpackException) as error:
        raise StatementError("damaged") from error
    member = roster.members.get(number)
    if member is None or not member.active or member.alliance:
        raise StatementError("no member")
    if not feed.signed_by(member.sign_key, _DOMAIN + roster.network_id + body, signature):
        raise StatementError("not signed")
    return Statement(number, stamp, heads, radio is True, data, _pages(more))


def _pages(more: list[object]) -> tuple[int, ...]:
    """How its author is; a later version may say it otherwise."""
    found = more[0] if more and isinstance(more[0], list | tuple) else ()
    return tuple(n for n in found[:PAGES] if type(n) is int and 0 <= n < 1 << PAGE_BITS)
