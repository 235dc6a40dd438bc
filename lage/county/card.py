# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ``.kreis`` file: what another county needs to follow this one."""

from __future__ import annotations

from dataclasses import dataclass

import msgpack

from lage.language.errors import KeysError
from lage.store.keys import armour, unarmour

MARK = "LAGE-KREIS-1:"


@dataclass(frozen=True, slots=True)
class Card:
    """What another county needs to follow this one; nothing in it is secret."""

    name: str
    network_id: bytes  # 16 bytes
    root_public: bytes  # 32 bytes
    exercise: bool
    feed0: list[tuple[bytes, bytes]]  # (operation, signature) of every roster record so far


def write_card(card: Card) -> str:
    """The line of a ``.kreis`` file."""
    parts = [card.name, card.network_id, card.root_public, card.exercise, card.feed0]
    return armour(MARK, msgpack.packb(parts))


def read_card(text: str) -> Card:
    """The county in a file's text, its roster not yet checked. Raises KeysError."""
    damaged = "Der Kreisausweis ist beschädigt: bitte die Datei neu holen."
    try:
        name, network_id, root, exercise, records = msgpack.unpackb(
            unarmour(MARK, text, "Kreisausweis")
        )
        feed0 = [(bytes(operation), bytes(signature)) for operation, signature in records]
        whole = len(network_id) == 16 and len(root) == 32
        card = Card(str(name), bytes(network_id), bytes(root), bool(exercise), feed0)
    except (ValueError, TypeError) as error:
        raise KeysError(damaged) from error
    if not whole:
        raise KeysError(damaged)
    return card
