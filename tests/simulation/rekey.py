# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county after a theft: who has the new keys when, what it costs, and what the thief still hears.

Each staff keeps the product's keyring and gives its radio the channels that this says, as the
node's key tender does. Clocks are wrong by minutes, some staffs are off. The thief is a member
that was revoked: its laptop and radio go on with the keys they know.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.county.rekey import CONVINCED, Keyring
from lage.language.epoch import from_unix
from lage.store.keys import Network
from mesh.link import FrameClass
from sync.feed import chain as feed
from sync.feed import rekey
from sync.feed.records import Reason, Revocation
from sync.feed.roster import ROOT
from sync.schema.urgency import Urgency
from tests.simulation.county import HOUR_MS, County, Staff

MINUTE_MS = 60_000
TEND_MS = 10_000
UNIX_S = 1_800_000_000
NOWHERE = 1 << 20
"""A channel that nobody sends on."""


@dataclass(slots=True)
class _Holder:
    """A staff with its keys."""

    staff: Staff
    ring: Keyring
    clock_s: int  # by how much its clock is wrong
    switched: int | None = None


class Theft:
    """A county in which one staff is robbed and the root changes the keys."""

    def __init__(self, county: County, thief: int, off: frozenset[int] = frozenset()) -> None:
        self.county, self.thief = county, thief
        self.begins = 0  # log time of the right clock
        self._rng = random.Random(f"theft {county.plan.seed}")
        self.holders = [
            _Holder(staff, self._ring(staff), self._rng.randrange(-240, 240))
            for staff in county.staffs
        ]
        self.heard_by_thief = 0
        for holder in self.holders:
            if holder.staff.number in off:
                self._switch_off(holder, off=True)

    def _ring(self, staff: Staff) -> Keyring:
        keys = self.county.keys
        network = Network(
            "Kreis", keys.network_id, keys.network_key, keys.root_public, "Lage", bytes(32),
            False, staff.number,
        )  # fmt: skip
        return Keyring(network, keys.seals[staff.number - 1], 0)

    def _switch_off(self, holder: _Holder, *, off: bool) -> None:
        holder.staff.off = off
        radio = holder.staff.radio
        radio.config = replace(radio.config, channels=frozenset((NOWHERE,)) if off else None)

    def decide(self, in_s: int) -> int:
        """The root revokes the thief and gives new keys in so many seconds; bytes of feed 0."""
        county, keys = self.county, self.county.keys
        root = county.staffs[0]
        assert root.engine is not None
        records = [Revocation(self.thief, 0, keys.roster.members[self.thief].origin, Reason.LOST)]
        start = feed.root_origin(keys.network_id, keys.root_public)
        feed.append(root.log, keys.root, keys.network_id, ROOT, start, [records[0].encode()])
        root.engine.reload(county.now)
        self.begins = self._log_time() + in_s
        ephemeral = X25519PrivateKey.from_private_bytes(self._rng.randbytes(32))
        secret = self._rng.randbytes(16)
        changes = rekey.change(root.engine.roster, keys.root, secret, self.begins, ephemeral)
        for record in changes:
            feed.append(root.log, keys.root, keys.network_id, ROOT, start, [record])
        root.engine.reload(county.now)
        county.turn_of(root)
        return sum(map(len, changes)) + feed.SIGNATURE_SIZE * len(changes)

    def back(self, number: int) -> None:
        """Somebody switches a staff on again."""
        self._switch_off(self.holders[number - 1], off=False)
        self.county.turn_of(self.holders[number - 1].staff)

    def run_until(self, end: int) -> None:
        """Let time pass; every ten seconds all look after their keys."""
        while self.county.now < end:
            self.county.run_until(min(end, self.county.now + TEND_MS))
            for holder in self.holders:
                if not holder.staff.off:
                    self._tend(holder)

    def _log_time(self) -> int:
        return from_unix(UNIX_S + self.county.now / 1000)

    def _tend(self, holder: _Holder) -> None:
        engine, radio = holder.staff.engine, holder.staff.radio
        assert engine is not None
        now = self._log_time() + holder.clock_s
        plan = holder.ring.plan(engine.roster, now, engine.changed >= CONVINCED)
        engine.use_keys(plan.epoch, plan.network_keys)
        second = plan.epoch if plan.second is None else plan.second
        holder.staff.channels = (plan.epoch, second)
        radio.config = replace(radio.config, channels=frozenset((plan.epoch, second)))
        if plan.epoch and holder.switched is None:
            holder.switched = self.county.now

    @property
    def members(self) -> list[_Holder]:
        """All but the thief."""
        return [holder for holder in self.holders if holder.staff.number != self.thief]

    def waiting_for(self) -> list[int]:
        """Members that still send under the key the thief knows."""
        return [holder.staff.number for holder in self.members if holder.switched is None]

    def thief_holds(self) -> int:
        """Operations in the thief's log."""
        log = self.holders[self.thief - 1].staff.log
        return sum(log.head(author) for author in log.authors() if author != ROOT)


def play(
    county: County, *, in_s: int, hours: float, off: frozenset[int], operation: bytes
) -> dict[str, Any]:
    """The theft, an hour of silence for the measurement, then a day's work; what it came to."""
    theft = Theft(county, thief=county.size, off=off)
    theft.run_until(20 * MINUTE_MS)
    before = dict(county.ether.airtime_ms)
    decided = county.now
    size = theft.decide(in_s)
    told = _run_until_told(theft, decided + HOUR_MS)
    after = dict(county.ether.airtime_ms)
    theft.run_until(decided + in_s * 1000 + 10 * MINUTE_MS)
    on_time = len(theft.waiting_for())
    held = theft.thief_holds()
    end = decided + int(hours * HOUR_MS)
    returning = sorted(off)
    step = 0
    while county.now < end:
        author = 1 + step % (county.size - 1)
        if author not in off:
            county.write(author, operation, Urgency.ROUTINE)
        step += 1
        theft.run_until(county.now + 5 * MINUTE_MS)
        if returning and county.now > decided + in_s * 1000 + HOUR_MS:
            theft.back(returning.pop())
    theft.run_until(end + 2 * HOUR_MS)
    times = [(h.switched - decided) / 1000 for h in theft.members if h.switched is not None]
    classes = (FrameClass.REPAIR, FrameClass.WANT, FrameClass.HAVE)
    return {
        "bytes": size,
        "told_s": told,
        "airtime_s": {
            kind.name.lower(): round((after[kind] - before[kind]) / 1000, 1) for kind in classes
        },
        "not_switched_on_time": on_time,
        "off": len(off),
        "switched_s": {"first": round(min(times)), "last": round(max(times))},
        "not_switched": theft.waiting_for(),
        "entries_after": step,
        "thief_got_of_them": theft.thief_holds() - held,
    }


def _run_until_told(theft: Theft, end: int) -> float | None:
    """Seconds until every member that is on has all of feed 0."""
    county = theft.county
    begun, wanted = county.now, county.staffs[0].log.head(ROOT)
    while county.now < end:
        theft.run_until(county.now + TEND_MS)
        on = [holder.staff for holder in theft.members if not holder.staff.off]
        if all(staff.log.head(ROOT) == wanted for staff in on):
            return (county.now - begun) / 1000
    return None
