# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ``.kreis`` file: what another county needs to follow this one.

Name, network and roster are signed as a whole, by the county's root or by an active member of the
roster, so that no byte of a card can be changed on its way. Exercise or reality is part of the
network's id. Whether the card is that of the county one means, the telephone tells: both sides
compare the fingerprint of the root key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lage.language.errors import KeysError
from lage.store.sealing import armour, unarmour
from sync.feed.chain import is_exercise
from sync.feed.roster import ROOT, read_roster

MARK = "LAGE-KREIS-1:"
_DOMAIN = b"lage card v2"
_DAMAGED = "Der Kreisausweis ist beschädigt oder verändert: bitte die Datei neu holen."


@dataclass(frozen=True, slots=True)
class Card:
    """What another county needs to follow this one; nothing in it is secret."""

    name: str
    network_id: bytes  # 16 bytes
    root_public: bytes  # 32 bytes
    feed0: list[tuple[bytes, bytes]]  # (operation, signature) of every roster record so far

    @property
    def exercise(self) -> bool:
        """Whether it is an exercise."""
        return is_exercise(self.network_id)


def write_card(card: Card, author: int, sign: Callable[[bytes], bytes]) -> str:
    """The line of a ``.kreis`` file, signed by that member of the card's roster (0: the root)."""
    body = msgpack.packb([card.name, card.network_id, card.root_public, card.feed0, author])
    return armour(MARK, msgpack.packb([body, sign(_DOMAIN + body)]))


def read_card(text: str) -> Card:
    """The county in a file's text, signed as a whole; its roster's chain is not yet checked.

    Raises KeysError.
    """
    try:
        body, signature = msgpack.unpackb(unarmour(MARK, text, "Kreisausweis"))
        name, network_id, root, records, author = msgpack.unpackb(body)
        feed0 = [(bytes(operation), bytes(signature)) for operation, signature in records]
        if not (isinstance(name, str) and len(network_id) == 16 and len(root) == 32):
            raise KeysError(_DAMAGED)
        card = Card(name, bytes(network_id), bytes(root), feed0)
        Ed25519PublicKey.from_public_bytes(_key(card, author)).verify(signature, _DOMAIN + body)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise KeysError(_DAMAGED) from error
    return card


def _key(card: Card, author: int) -> bytes:
    if author == ROOT:
        return card.root_public
    records = [operation for operation, _ in card.feed0]
    member = read_roster(card.network_id, card.root_public, records).members.get(author)
    if member is None or not member.active:
        raise KeysError(_DAMAGED)
    return member.sign_key
