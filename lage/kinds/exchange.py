# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node and a portal on another computer say to each other: one question, one answer. Pure.

The node always asks. A question brings what the portal is to have (which boxes are safe at the
staff, answers to tickets, sheets, the Aushang) and is answered by what waits there. Each part may
be said twice: said again it changes nothing, so whatever breaks in between is simply asked again.

Each link has a key pair of its own, which signs nothing else. Instead of a time, which is wrong in
a blackout, a question carries a number greater than any before, so a recorded one counts no more.
Reading is total: anything else raises ``Unreadable``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lage.kinds.outside import Unreadable

PATH = "/knoten/abgleich"
HEADER = "lage-abgleich"
ASK_MAX = 8 * 2**20
"""Bytes of a question."""
REPLY_MAX = 2**20
"""Bytes of an answer."""
BOXES = 50
"""Boxes in an answer: at most 800 kB."""
SAID = 100
"""Answers, ids of each kind in a question."""
NUMBER_MAX = 2**53
SEALED_MAX = 16_384
_DOMAIN = b"lage portal 1\x00"
_FORM = 1


@dataclass(frozen=True, slots=True)
class Ask:
    """What the node says."""

    fetched: tuple[bytes, ...] = ()  # boxes that are on the staff's disk
    answers: tuple[tuple[bytes, bytes, int], ...] = ()  # ticket's id, sealed (empty: none), until
    forget: tuple[bytes, ...] = ()
    sheets: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)  # of the Aushang, packed by gzip
    numbers: Mapping[str, int] = field(default_factory=dict)  # highest of each kind that was given


@dataclass(frozen=True, slots=True)
class Waiting:
    """A box as the portal has it."""

    id: bytes
    kind: str
    number: int
    received: int  # unix seconds, by the portal's clock
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the portal says."""

    place: bytes  # differs where the portal was set up anew and knows nothing of before
    unix: int  # its clock
    boxes: tuple[Waiting, ...] = ()
    sheets: Mapping[str, bytes] = field(default_factory=dict)  # digests of what it has
    files: Mapping[str, bytes] = field(default_factory=dict)


def digest(content: bytes) -> bytes:
    """By which both sides know whether they hold the same."""
    return hashlib.blake2b(content, digest_size=16).digest()


def pack_ask(ask: Ask) -> bytes:
    """A question as it travels."""
    named = dict(ask.sheets), dict(ask.files), dict(ask.numbers)
    return _packed([_FORM, ask.fetched, ask.answers, ask.forget, *named])


def read_ask(data: bytes) -> Ask:
    """Inverse of ``pack_ask``. Raises Unreadable."""
    form, fetched, answers, forget, sheets, files, numbers = _read(data, ASK_MAX, 7)
    said = tuple((_id(i), _bytes(s, SEALED_MAX), _whole(u)) for i, s, u in _list(answers))
    _check(form == _FORM)
    return Ask(
        tuple(map(_id, _list(fetched))),
        said,
        tuple(map(_id, _list(forget))),
        _named(sheets, 2**20),
        _named(files, ASK_MAX),
        {_text(kind): _whole(number) for kind, number in _few(numbers).items()},
    )


def pack_reply(reply: Reply) -> bytes:
    """An answer as it travels."""
    boxes = [[b.id, b.kind, b.number, b.received, b.sealed] for b in reply.boxes]
    return _packed([_FORM, reply.place, reply.unix, boxes, dict(reply.sheets), dict(reply.files)])


def read_reply(data: bytes) -> Reply:
    """Inverse of ``pack_reply``. Raises Unreadable."""
    form, place, unix, boxes, sheets, files = _read(data, REPLY_MAX, 6)
    _check(form == _FORM)
    waiting = tuple(
        Waiting(_id(i), _text(k), _whole(n), _whole(r), _bytes(s, SEALED_MAX))
        for i, k, n, r, s in _list(boxes)
    )
    named = _named(sheets, 16), _named(files, 16)
    return Reply(_bytes(place, 16), _whole(unix), waiting, *named)


def sign(key: Ed25519PrivateKey, number: int, body: bytes) -> str:
    """The header of a question."""
    return f"{number}.{_sum(body)}.{key.sign(_signed(number, _sum(body))).hex()}"


def check_header(header: str, public: bytes) -> tuple[int, str]:
    """Number and checksum of a question that the node has signed; before its body is read.

    Raises Unreadable.
    """
    parts = header[:400].split(".")
    _check(len(parts) == 3)
    number, said, signature = parts
    _check(number.isascii() and number.isdecimal() and len(number) <= 16)
    _check(int(number) <= NUMBER_MAX)
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(bytes.fromhex(signature), _signed(int(number), said))
    except (InvalidSignature, ValueError) as error:
        raise Unreadable("not signed by our node") from error
    return int(number), said


def fits(body: bytes, checksum: str) -> bool:
    """Whether that is the body that was signed."""
    return _sum(body) == checksum


def _sum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _signed(number: int, checksum: str) -> bytes:
    return _DOMAIN + number.to_bytes(8, "big") + checksum.encode("utf8", "replace")


def _packed(said: list[Any]) -> bytes:
    packed: bytes = msgpack.packb(said)
    return packed


def _read(data: bytes, most: int, parts: int) -> list[Any]:
    _check(len(data) <= most)
    try:
        found = msgpack.unpackb(data, strict_map_key=True)
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError) as error:
        raise Unreadable("no message") from error
    _check(type(found) is list and len(found) == parts)
    return list(found)


def _list(value: Any) -> list[Any]:
    _check(type(value) is list and len(value) <= 1000)
    for each in value:
        _check(type(each) is bytes or (type(each) is list and len(each) in (3, 5)))
    _check(len({len(each) for each in value if type(each) is list}) <= 1)
    return list(value)


def _id(value: Any) -> bytes:
    _check(type(value) is bytes and len(value) == 16)
    return bytes(value)


def _bytes(value: Any, most: int) -> bytes:
    _check(type(value) is bytes and len(value) <= most)
    return bytes(value)


def _whole(value: Any) -> int:
    _check(type(value) is int and 0 <= value < 2**62)
    return int(value)


def _text(value: Any) -> str:
    _check(type(value) is str and len(value) <= 20 and value.isprintable())
    return str(value)


def _named(value: Any, most: int) -> dict[str, bytes]:
    return {_text(name): _bytes(content, most) for name, content in _few(value).items()}


def _few(value: Any) -> dict[Any, Any]:
    _check(type(value) is dict and len(value) <= 10)
    return dict(value)


def _check(holds: bool) -> None:
    if not holds:
        raise Unreadable("not understood")
