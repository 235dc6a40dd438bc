# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The short code of an entry, to say on the telephone which one is the last to count.

A node prints it with the entry's number; the county's key is told both. It is the chain value
there (16 bytes) and twelve bits that fit it to this very county, staff and number, in 28 letters
and digits that nobody mistakes for each other.
"""

from __future__ import annotations

import hashlib

from lage.language.errors import UsageError
from sync.feed.chain import CHAIN_SIZE

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_CHECK_BITS = 12
_LENGTH = (8 * CHAIN_SIZE + _CHECK_BITS) // 5


def code_of(network_id: bytes, author: int, number: int, chain: bytes) -> str:
    """The code of that staff's entry, in groups of four."""
    value = int.from_bytes(chain) << _CHECK_BITS | _check(network_id, author, number, chain)
    letters = "".join(_ALPHABET[value >> 5 * at & 31] for at in reversed(range(_LENGTH)))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def chain_of(network_id: bytes, author: int, number: int, code: str) -> bytes:
    """The chain value that a code stands for. Raises UsageError where it is not of that entry."""
    letters = "".join(code.upper().translate(_ALIKE).replace("-", " ").split())
    wrong = UsageError(
        f"Die Kennung gehört nicht zu Eintrag {number} dieser Stelle: bitte Nummer und Kennung noch"
        " einmal vorlesen lassen („lage kreis stand STELLE“)."
    )
    if len(letters) != _LENGTH or not set(letters) <= set(_ALPHABET):
        raise wrong
    value = 0
    for letter in letters:
        value = value << 5 | _ALPHABET.index(letter)
    chain = (value >> _CHECK_BITS).to_bytes(CHAIN_SIZE)
    if value & (1 << _CHECK_BITS) - 1 != _check(network_id, author, number, chain):
        raise wrong
    return chain


def _check(network_id: bytes, author: int, number: int, chain: bytes) -> int:
    place = author.to_bytes(2, "big") + number.to_bytes(4, "big")
    digest = hashlib.blake2b(network_id + place + chain, digest_size=2, person=b"lage position")
    return int.from_bytes(digest.digest()) >> 16 - _CHECK_BITS
