# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""New keys for all but the thief: one secret, sealed to each member, in feed 0.

The secret has 16 bytes, as much as an X25519 key is worth; network key and channel key are derived
from it. Feed 0 is signed by the root, so a slot needs no tag of its own: it is the secret under a
pad that only root and member can compute. Slot 0 is for the root itself, whose sealing key follows
from its signing key: whoever holds the county's key can give the secret to those who join later.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.feed.epochs import KeyEpoch
from sync.feed.records import SECRET_SIZE, KeyChange, KeySlots, Slot
from sync.feed.roster import ROOT, Roster

_DOMAIN = b"lage rekey v1"


@dataclass(frozen=True, slots=True)
class Keys:
    """What follows from a secret."""

    network: bytes  # 32 bytes, for control frames
    channel: bytes  # 32 bytes, for the radios


def change(
    roster: Roster, root: Ed25519PrivateKey, secret: bytes, begins: int, ephemeral: X25519PrivateKey
) -> list[bytes]:
    """The records by which all active members get a new secret, in force from ``begins`` on."""
    epoch = roster.keys[-1].epoch + 1 if roster.keys else 1
    receivers = {ROOT: root_seal_key(root).public_key().public_bytes_raw()}
    receivers |= {member.number: member.seal_key for member in roster.county()}
    public = ephemeral.public_key().public_bytes_raw()
    slots = []
    for number, key in sorted(receivers.items()):
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(key))
        context = _context(roster.network_id, epoch, number, public, key)
        slots.append(Slot(number, _pad(secret, shared, context)))
    first = KeyChange(epoch, begins, public, tuple(slots[: KeyChange.SLOTS_MAX]))
    rest = slots[KeyChange.SLOTS_MAX :]
    size = KeySlots.SLOTS_MAX
    parts = [tuple(rest[at : at + size]) for at in range(0, len(rest), size)]
    return [first.encode(), *(KeySlots(epoch, part).encode() for part in parts)]


def admit(
    roster: Roster, root: Ed25519PrivateKey, epoch: int, number: int, ephemeral: X25519PrivateKey
) -> bytes | None:
    """The record by which a later member gets the secret of an epoch."""
    known, member = roster.key_epoch(epoch), roster.members[number]
    secret = open_slot(roster, epoch, ROOT, root_seal_key(root))
    if known is None or secret is None:
        return None
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(member.seal_key))
    context = _context(roster.network_id, epoch, number, public, member.seal_key)
    slot = Slot(number, _pad(secret, shared, context))
    return KeyChange(epoch, known.begins, public, (slot,)).encode()


def open_slot(roster: Roster, epoch: int, number: int, key: X25519PrivateKey) -> bytes | None:
    """The secret of an epoch, if it was sealed to that number; ``key`` is its sealing key."""
    known = roster.key_epoch(epoch)
    slot = known.slots.get(number) if known else None
    if slot is None:
        return None
    public, sealed = slot
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return None
    own = key.public_key().public_bytes_raw()
    return _pad(sealed, shared, _context(roster.network_id, epoch, number, public, own))


def derive(secret: bytes, network_id: bytes, epoch: int) -> Keys:
    """The keys of an epoch."""
    context = _DOMAIN + b" keys" + network_id + epoch.to_bytes(2, "big")
    raw = HKDF(hashes.SHA256(), 64, salt=None, info=context).derive(secret)
    return Keys(raw[:32], raw[32:])


def root_seal_key(root: Ed25519PrivateKey) -> X25519PrivateKey:
    """The county's sealing key."""
    info = _DOMAIN + b" root"
    raw = HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(root.private_bytes_raw())
    return X25519PrivateKey.from_private_bytes(raw)


def current(epochs: tuple[KeyEpoch, ...], now: int) -> int:
    """The epoch in force at that log time; 0: the keys of the invitation."""
    return max((item.epoch for item in epochs if item.begins <= now), default=0)


def _context(network_id: bytes, epoch: int, number: int, public: bytes, receiver: bytes) -> bytes:
    numbers = epoch.to_bytes(2, "big") + number.to_bytes(2, "big")
    return _DOMAIN + b" slot" + network_id + numbers + public + receiver


def _pad(secret: bytes, shared: bytes, context: bytes) -> bytes:
    pad = HKDF(hashes.SHA256(), SECRET_SIZE, salt=None, info=context).derive(shared)
    return bytes(a ^ b for a, b in zip(secret, pad, strict=True))
