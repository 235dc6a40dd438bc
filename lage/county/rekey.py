# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A change of keys: what the county decides, and what follows from it for one node.

After a theft the root gives all active members a new secret, sealed in feed 0
(``sync.feed.rekey``). Network key and channel key follow from it. Until it begins, nodes listen to
the coming keys as well; afterwards they listen to the former ones for a week, for those who were
off. So nothing depends on clocks that agree.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.county.holder import Holder, holding
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.store import keys
from sync.feed import chain as feed
from sync.feed import rekey
from sync.feed.epochs import KeyEpoch
from sync.feed.rekey import Keys
from sync.feed.roster import Roster

SOONEST_S, LATEST_S = 60, 14 * 86_400
GRACE_S = 7 * 86_400
"""How long the former keys are listened to: who was off longer joins anew."""

CONVINCED = 3
"""So many members speaking under the coming keys say that it is time, whatever our clock says."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided."""

    epoch: int
    begins: int  # log time
    members: tuple[str, ...]  # who gets the new keys
    left_out: tuple[str, ...]  # who is revoked and does not
    size: int  # bytes in feed 0, signatures included
    records: int


def change_keys(
    folder: Path, in_s: int, passphrase: str, *, clock: Callable[[], float] = time
) -> Change:
    """Give all active members new keys, in force in so many seconds."""
    if not SOONEST_S <= in_s <= LATEST_S:
        raise UsageError("Der Wechsel muss in einer Minute bis vierzehn Tagen liegen.")
    with holding(folder, passphrase, clock) as county:
        roster, now = county.roster, from_unix(clock())
        if roster.keys and roster.keys[-1].begins > now:
            raise UsageError("Ein Schlüsselwechsel steht schon bevor: bitte ihn erst abwarten.")
        county.check_current()
        begins = now + in_s
        secret, ephemeral = secrets.token_bytes(16), X25519PrivateKey.generate()
        records = rekey.change(roster, county.root, secret, begins, ephemeral)
        county.append(*records)
    own = [member for member in roster.members.values() if not member.alliance]
    return Change(
        len(roster.keys) + 1,
        begins,
        tuple(member.name for member in own if member.active),
        tuple(member.name for member in own if not member.active),
        sum(map(len, records)) + len(records) * feed.SIGNATURE_SIZE,
        len(records),
    )


def give_keys(county: Holder, member: int, now: int) -> None:
    """Give a member that was admitted later the keys in force at that time and those to come, and
    the former ones while the others still listen to them."""
    epochs = county.roster.keys
    first = rekey.current(epochs, now)
    if first and now < epochs[first - 1].begins + GRACE_S:
        first -= 1
    for item in epochs:
        if item.epoch >= first:
            ephemeral = X25519PrivateKey.generate()
            record = rekey.admit(county.roster, county.root, item.epoch, member, ephemeral)
            if record is not None:
                county.append(record)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """The keys of a node at a moment."""

    epoch: int  # under which it sends
    held: Mapping[int, Keys]  # to all of which it listens
    second: int | None  # the epoch that the radio's second channel listens to
    coming: KeyEpoch | None

    @property
    def network_keys(self) -> dict[int, bytes]:
        """For control frames."""
        return {epoch: item.network for epoch, item in self.held.items()}


class Keyring:
    """All keys that a node can open; never goes back to a former one."""

    def __init__(self, network: keys.Network, seal: X25519PrivateKey, epoch: int) -> None:
        assert network.author is not None
        self._author, self._seal = network.author, seal
        self._first = Keys(network.network_key, network.channel_key)
        self._opened: dict[tuple[int, bytes], Keys] = {}  # by epoch and sealed secret
        self._held: dict[int, Keys] = {0: self._first}
        self.epoch = epoch  # in force when last looked

    def plan(self, roster: Roster, now: int, convinced: bool) -> KeyPlan:
        """What holds at that log time; ``convinced``: others use the coming keys already."""
        self._open(roster)
        ours = tuple(item for item in roster.keys if item.epoch in self._held)
        later = [item.epoch for item in ours if item.epoch > self.epoch]
        due = rekey.current(ours, now)
        if convinced and later:
            due = max(due, later[0])
        if self.epoch not in self._held:
            self.epoch = 0
        self.epoch = max(self.epoch, due)
        coming = next((item for item in ours if item.epoch > self.epoch), None)
        former = (
            self.epoch - 1 if self.epoch - 1 in self._held else None
        )  # an older one is nobody's
        began = roster.key_epoch(self.epoch)
        if began is None or now >= began.begins + GRACE_S:
            former = None
        second = coming.epoch if coming else former
        listened = {self.epoch, former, coming.epoch if coming else None}
        held = {epoch: item for epoch, item in self._held.items() if epoch in listened}
        return KeyPlan(self.epoch, held, second, coming)

    def _open(self, roster: Roster) -> None:
        """All slots of ours, each once; the root may have decided for another branch of feed 0."""
        self._held = {0: self._first}
        for item in roster.keys:
            slot = item.slots.get(self._author)
            if slot is None:
                continue
            known = self._opened.get((item.epoch, slot[1]))
            if known is None:
                secret = rekey.open_slot(roster, item.epoch, self._author, self._seal)
                if secret is None:
                    continue
                known = rekey.derive(secret, roster.network_id, item.epoch)
                self._opened[item.epoch, slot[1]] = known
            self._held[item.epoch] = known

    @property
    def channels(self) -> set[bytes]:
        """Channel keys by which a radio is known as one of ours."""
        return {item.channel for item in self._held.values()}
