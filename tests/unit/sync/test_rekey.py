# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""New keys in feed 0: all active members and the root can open them, nobody else."""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.feed import rekey
from sync.feed.chain import RUN_OPERATIONS_MAX, SIGNATURE_SIZE
from sync.feed.records import Certificate, KeyChange, KeySlots, Reason, Reopening, Revocation, Slot
from sync.feed.roster import ROOT, Roster, read_roster

NETWORK = bytes(range(16))
SECRET = b"sixteen bytes..."


def private(number: int) -> X25519PrivateKey:
    """A key that is the same in every run."""
    return X25519PrivateKey.from_private_bytes(random.Random(number).randbytes(32))


class County:
    """Members 1..n with their sealing keys, and the records of feed 0."""

    def __init__(self, members: int) -> None:
        self.root = Ed25519PrivateKey.from_private_bytes(bytes(32))
        self.seals = {number: private(number) for number in range(1, members + 1)}
        self.records = [self.certificate(number) for number in self.seals]

    def certificate(self, number: int) -> bytes:
        """As the root makes it."""
        sign = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32).public_key()
        seal = self.seals[number].public_key().public_bytes_raw()
        return Certificate(number, sign.public_bytes_raw(), seal, f"Stab {number}").encode()

    @property
    def roster(self) -> Roster:
        """The fold of feed 0."""
        return read_roster(NETWORK, self.root.public_key().public_bytes_raw(), self.records)

    def revoke(self, number: int, reason: Reason = Reason.LOST) -> None:
        """End a member's feed."""
        self.records.append(Revocation(number, 0, bytes(16), reason).encode())

    def rekey(self, begins: int = 1000) -> list[bytes]:
        """A change of keys."""
        new = rekey.change(self.roster, self.root, SECRET, begins, private(999))
        self.records += new
        return new


def test_all_but_the_thief_open_the_secret() -> None:
    """A revoked member has no slot, and another's does not open with its key."""
    county = County(25)
    county.revoke(7)
    new = county.rekey()
    roster = county.roster

    opened = {n: rekey.open_slot(roster, 1, n, key) for n, key in county.seals.items()}
    assert [number for number, secret in opened.items() if secret != SECRET] == [7]
    assert opened[7] is None
    assert rekey.open_slot(roster, 1, 8, county.seals[7]) != SECRET
    assert rekey.open_slot(roster, 1, ROOT, rekey.root_seal_key(county.root)) == SECRET
    assert roster.ignored == 0
    runs = len(new) * (SIGNATURE_SIZE + 4)
    assert len(new) <= 4 < RUN_OPERATIONS_MAX
    assert sum(map(len, new)) + runs < 900


def test_keys_follow_from_secret_network_and_epoch() -> None:
    """Another exercise, another epoch: other keys; channel and network have their own."""
    keys = rekey.derive(SECRET, NETWORK, 1)
    others = [rekey.derive(SECRET, NETWORK, 2), rekey.derive(SECRET, bytes(16), 1)]

    found = {keys.network, keys.channel, *(key for item in others for key in _both(item))}
    assert len(found) == 6
    assert {len(key) for key in found} == {32}


def _both(keys: rekey.Keys) -> tuple[bytes, bytes]:
    return keys.network, keys.channel


def test_who_joins_later_gets_the_secret_too() -> None:
    """The root opens its own slot and seals the secret anew, without having kept it."""
    county = County(3)
    county.rekey()
    county.seals[4] = private(4)
    county.records.append(county.certificate(4))
    assert rekey.open_slot(county.roster, 1, 4, county.seals[4]) is None
    record = rekey.admit(county.roster, county.root, 1, 4, private(1000))
    assert record is not None
    county.records.append(record)

    assert rekey.open_slot(county.roster, 1, 4, county.seals[4]) == SECRET
    assert rekey.open_slot(county.roster, 1, 3, county.seals[3]) == SECRET
    assert rekey.admit(county.roster, county.root, 2, 4, private(1000)) is None


def test_a_key_is_doubted_from_the_loss_to_the_next_change() -> None:
    """Only a lost device, not one that was handed in; a decision that is taken back lifts it."""
    county = County(4)
    county.revoke(1, Reason.LEFT)
    assert not county.roster.doubted(0)
    county.revoke(2)
    assert county.roster.doubted(0)
    county.rekey()
    assert county.roster.doubted(0)
    assert not county.roster.doubted(1)
    county.revoke(3)
    assert county.roster.doubted(1)
    county.records.append(Reopening(3, 1, bytes(16)).encode())
    assert not county.roster.doubted(1)


def test_epochs_follow_one_upon_another() -> None:
    """What skips an epoch, begins one anew or names none is without effect and counted."""
    county = County(2)
    slot = (Slot(1, bytes(16)),)
    for record in (
        KeyChange(2, 5, bytes([9]) * 32, slot),
        KeySlots(1, slot),
    ):
        county.records.append(record.encode())
    county.rekey(1000)
    county.records.append(KeyChange(1, 5, bytes([9]) * 32, slot).encode())
    roster = county.roster

    assert roster.ignored == 3
    assert [item.epoch for item in roster.keys] == [1]
    assert rekey.open_slot(roster, 1, 1, county.seals[1]) == SECRET
    assert rekey.current(roster.keys, 999) == 0
    assert rekey.current(roster.keys, 1000) == 1
