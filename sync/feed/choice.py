# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When feed 0 itself has forked: the root says which branch counts.

A decision about a member's feed stands in feed 0. Of feed 0 each node may hold the other branch,
and would never read a record on this one; so a choice is signed by itself. Whoever holds the
chosen branch tells it to whoever still shows the other.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.feed.chain import signed_by
from sync.feed.records import Choice

ROUND_MAX = 255
_DOMAIN = b"lage choice v1"


def choose(
    key: Ed25519PrivateKey, network_id: bytes, round_: int, number: int, chain: bytes
) -> Choice:
    """The root chooses the branch with that chain value at that number."""
    content = _content(network_id, round_, number, chain)
    return Choice(round_, number, chain, key.sign(content))


def chosen(choice: Choice, public: bytes, network_id: bytes) -> bool:
    """Whether the root of that network made that choice; never raises."""
    content = _content(network_id, choice.round, choice.number, choice.chain)
    return signed_by(public, content, choice.signature)


def _content(network_id: bytes, round_: int, number: int, chain: bytes) -> bytes:
    return _DOMAIN + network_id + bytes((round_,)) + number.to_bytes(4, "big") + chain
