# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Attacks on a county's airtime and on what it believes, on the firmware-true ether.

The attacker has an ear and a mouth far apart, and a radio that keeps to no limit; what else it has
depends on the attack: nothing, the network key of a stolen laptop, or a seat. Each attack is a
function that says what goes on the air next.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mesh.air.config import RadioConfig
from mesh.link import Packet
from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.records import Reason, Revocation
from sync.feed.roster import ROOT
from sync.replica.events import Priority
from sync.schema.urgency import Urgency
from sync.wire.frames import Have, Hint, Missing, Runs, Seal, Want
from sync.wire.hearsay import Floor
from sync.wire.packet import encode_have, encode_news, encode_runs, encode_want
from sync.wire.summary import Summary
from tests.simulation.county import County, Plan
from tests.unit.sync.net import operation

STEP_MS = 20_000
MINUTE_MS = 60_000
OLD_MS = 15 * MINUTE_MS
SOON_MS = 120_000
_HAVE, _WANT = 1, 2

Deed = Callable[["Raid"], "bytes | None"]


class Besieged(County):
    """A county that remembers when each staff got each entry."""

    def __init__(self, places: Sequence[tuple[float, float]], plan: Plan) -> None:
        self.reached_at: dict[tuple[int, int, int], int] = {}
        super().__init__(places, plan)

    def arrived(self, at: int, author: int, first: int, last: int, now: int) -> None:
        """A node holds these operations now."""
        for number in range(first, last + 1):
            self.reached_at.setdefault((at, author, number), now)
        super().arrived(at, author, first, last, now)


@dataclass
class Raid:
    """One attacker in one county."""

    county: Besieged
    off: int  # a staff that is switched off
    thief: int  # one that was revoked, or the member that means harm
    rng: random.Random
    tape: list[tuple[int, bytes]] = field(default_factory=list)
    played: int = 0
    step: int = 0
    tip: bytes = b""

    def __post_init__(self) -> None:
        places = [radio.config.position for radio in self.county.ether.radios.values()]
        known = sorted(place for place in places if place is not None)
        spots = (known[0], known[-1])
        self.ear, self.mouth = (
            self.county.ether.add_radio(
                RadioConfig(9000 + place, spot, 30.0, duty_limit_ppm=1_000_000)
            )
            for place, spot in enumerate(spots)
        )
        keys = self.county.keys
        self.seal = Seal(keys.network_id, keys.network_key)
        self.tip = keys.roster.members[self.thief].origin

    def stamp(self) -> int:
        """A stamp that is fresh, and above the one before."""
        return self.county.now // 16_000 + 2

    def shout(self, payload: bytes) -> None:
        """Put a frame on the air, to be relayed as far as radios do."""
        packet = Packet(payload, self.rng.randrange(1, 2**32), hop_limit=3)
        self.mouth.submit(packet, self.county.now)

    def listen(self) -> None:
        """Record."""
        for received in self.ear.take_received():
            if received.port == 256:
                self.tape.append((self.county.now, received.payload))

    def everything(self) -> Summary:
        """Heads of somebody who has nothing but the roster."""
        return Summary(0, (self.county.size, *[0] * self.county.size))


# --- without keys ---------------------------------------------------------------------------------


def unsigned(raid: Raid) -> bytes:
    """A packet under the name of a staff that is off; nobody signed it."""
    run = Run(raid.off, 1 + raid.step, (operation(b"x"),), bytes(64))
    return encode_runs((run,), original=True)


def noise(raid: Raid) -> bytes:
    """Nothing that means anything: what any transmitter costs, and the radios that relay it."""
    return raid.rng.randbytes(80)


def long_noise(raid: Raid) -> bytes:
    """The same, as long as a packet may be."""
    return raid.rng.randbytes(231)


def recordings(raid: Raid) -> bytes | None:
    """Everything that was on the air a quarter of an hour ago, in its order, elsewhere."""
    while raid.played < len(raid.tape):
        when, payload = raid.tape[raid.played]
        if when > raid.county.now - OLD_MS:
            return None
        raid.played += 1
        return payload
    return None


def announcements(raid: Raid) -> bytes | None:
    """Old HAVEs and WANTs only, again and again in rising order."""
    old = [
        payload
        for when, payload in raid.tape
        if when <= raid.county.now - OLD_MS and payload[0] >> 2 & 7 in (_HAVE, _WANT)
    ]
    raid.played += 1
    return old[raid.played % len(old)] if old else None


def tunnel(raid: Raid) -> bytes | None:
    """Every HAVE and WANT at once, where its sender is not."""
    for when, payload in reversed(raid.tape):
        if when < raid.county.now - STEP_MS:
            return None
        if payload[0] >> 2 & 7 in (_HAVE, _WANT):
            return payload
    return None


def hints(raid: Raid) -> bytes:
    """Recorded runs with hints of operations that do not exist."""
    authors = raid.rng.sample(range(1, raid.county.size + 1), 3)
    news = tuple(Hint(author, raid.rng.randrange(50, 4000), urgent=True) for author in authors)
    run = Run(authors[0], 1 + raid.step, (operation(b"x"),), bytes(64), bytes(16))
    return encode_news(Runs((run,), original=True, hints=news), Seal(bytes(16), bytes(32)))


def gaps(raid: Raid) -> bytes:
    """Runs whose predecessors are missing, because there are none."""
    authors = raid.rng.sample(range(1, raid.county.size + 1), 3)
    runs = tuple(
        Run(author, raid.rng.randrange(50, 4000), (operation(b"x"),), bytes(64))
        for author in authors
    )
    return encode_runs(runs, original=True, urgent=True)


def branches(raid: Raid) -> bytes:
    """Runs that do not continue what everybody holds."""
    author = 1 + raid.step % raid.county.size
    head = raid.county.staffs[0].log.head(author)
    return encode_runs((Run(author, head + 1, (operation(b"x"),), bytes(64)),), original=True)


# --- with the network key of a stolen laptop ------------------------------------------------------


def invented(raid: Raid) -> bytes:
    """Questions for everything, from senders that do not exist."""
    ranges = tuple(Missing(author, 1, 0) for author in range(raid.county.size + 1))
    return encode_want(Want(200 + raid.step % 800, ranges, raid.stamp(), mesh=True), raid.seal)


def thief(raid: Raid) -> bytes:
    """Under its own name: it has nothing, and three staffs that are off have everything."""
    size = raid.county.size
    heads = tuple(raid.county.staffs[0].log.head(author) for author in range(size + 1))
    names = tuple(sorted({raid.off, 1, 2}))
    have = Have(raid.thief, Summary(0, heads), 7, raid.stamp(), floor=Floor(heads, names))
    want = Want(raid.thief, (Missing(1, 1, 0),), raid.stamp(), mesh=True)
    return encode_want(want, raid.seal) if raid.step % 2 else encode_have(have, raid.seal)


def impostor(raid: Raid) -> bytes:
    """Under the names of others, who lack everything."""
    name = 1 + raid.step % raid.county.size
    if raid.step % 2:
        ranges = tuple(Missing(author, 1, 0) for author in range(1, raid.county.size + 1))
        return encode_want(Want(name, ranges, raid.stamp(), mesh=True), raid.seal)
    return encode_have(Have(name, raid.everything(), 7, raid.stamp()), raid.seal)


def nobody(raid: Raid) -> bytes:
    """Questions under others' names that only a node that does not exist shall answer."""
    ranges = tuple(Missing(author, 1, 0) for author in range(raid.county.size + 1))
    name = 1 + raid.step % raid.county.size
    return encode_want(Want(name, ranges, raid.stamp(), 999, mesh=True), raid.seal)


# --- with a seat ----------------------------------------------------------------------------------


def asker(raid: Raid) -> bytes:
    """A member that asks for everything without end."""
    ranges = tuple(Missing(author, 1, 0) for author in range(raid.county.size + 1))
    return encode_want(Want(raid.thief, ranges, raid.stamp(), mesh=True), raid.seal)


def writer(raid: Raid) -> bytes:
    """A member that writes without pause, everything urgent."""
    keys, number = raid.county.keys, raid.step + 1
    signer = keys.signers[raid.thief - 1]
    words = operation(raid.rng.randbytes(60))
    made = feed.make_run(signer, keys.network_id, raid.thief, number, raid.tip, [words])
    run = Run(raid.thief, number, made.operations, made.signature, raid.tip)
    raid.tip = made.chains[-1]
    return encode_runs((run,), original=True, urgent=True)


OUTSIDE: dict[str, Deed] = {
    "noise": noise,
    "long_noise": long_noise,
    "unsigned": unsigned,
    "recordings": recordings,
    "announcements": announcements,
    "tunnel": tunnel,
    "hints": hints,
    "gaps": gaps,
    "branches": branches,
}
STOLEN: dict[str, Deed] = {
    "invented": invented,
    "thief": thief,
    "impostor": impostor,
    "nobody": nobody,
}
SEAT: dict[str, Deed] = {"asker": asker, "writer": writer}
ALL = OUTSIDE | STOLEN | SEAT


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written while the raid goes on."""

    at_ms: int
    author: int
    data: bytes
    urgency: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a raid came to."""

    attacker_ms: int  # airtime of its mouth
    demand_ms: dict[int, int]  # repair, questions and announcements that each engine asked for
    urgent_in_time: float  # share of (urgent entry, staff that is on) within two minutes
    arrived: float  # share of (entry, staff that is on) in the end
    heard_off: int  # staffs that show the one that is off as heard meanwhile
    received_off: int  # entries counted as received by it


def play(
    places: Sequence[tuple[float, float]],
    plan: Plan,
    name: str | None,
    entries: Sequence[Entry],
    hours: float = 2.0,
) -> Outcome:
    """An hour of work, then a raid; without a name the same hours in peace."""
    county = Besieged(places, plan)
    size = county.size
    raid = Raid(county, size - 1, size, random.Random(f"raid {plan.seed}"))
    county.staffs[raid.off - 1].off = True
    if name in STOLEN:
        _revoke(county, raid.thief)
    if name in SEAT or name in STOLEN:
        county.staffs[raid.thief - 1].off = True  # the attacker has its place
    begins, ends = 60 * MINUTE_MS, 60 * MINUTE_MS + int(hours * 60 * MINUTE_MS)
    before: dict[int, int] = {}
    todo = sorted(entries, key=lambda entry: entry.at_ms)
    gone = {raid.off, raid.thief}
    while county.now < ends:
        county.run_until(county.now + STEP_MS)
        raid.listen()
        while todo and todo[0].at_ms <= county.now:
            entry = todo.pop(0)
            if entry.author not in gone:
                county.write(entry.author, entry.data, Urgency(entry.urgency))
        if county.now < begins:
            continue
        before = before or _demand(county)
        payload = ALL[name](raid) if name else None
        raid.step += 1
        if payload is not None:
            raid.shout(payload)
    return _outcome(county, raid, before, begins, gone)


def _outcome(
    county: Besieged, raid: Raid, before: dict[int, int], begins: int, gone: set[int]
) -> Outcome:
    on = [staff.number for staff in county.staffs if staff.number not in gone]
    late = county.now - 10 * MINUTE_MS
    born = {key: entry for key, entry in county.entries.items() if begins <= entry.born < late}
    urgent = {key: entry.born for key, entry in born.items() if entry.urgency.urgent}
    times = county.reached_at
    in_time = [
        times.get((at, *key), county.now * 2) - born_at <= SOON_MS
        for key, born_at in urgent.items()
        for at in on
        if at != key[0]
    ]
    there = [(at, *key) in times for key in born for at in on if at != key[0]]
    heard = received = 0
    for number in on:
        engine = county.staffs[number - 1].engine
        assert engine is not None
        heard += any(
            peer.author == raid.off and (peer.heard or 0) >= begins for peer in engine.peers()
        )
        received += sum(raid.off in engine.holders(*key) for key in born if key[0] == number)
    demand = {n: ms - before.get(n, 0) for n, ms in _demand(county).items() if n in on}
    return Outcome(
        raid.mouth.airtime.tx_own_ms,
        demand,
        round(sum(in_time) / max(1, len(in_time)), 4),
        round(sum(there) / max(1, len(there)), 4),
        heard,
        received,
    )


def _demand(county: County) -> dict[int, int]:
    kinds = (Priority.WANT, Priority.REPAIR, Priority.HAVE)
    return {s.number: sum(s.demand_ms[kind] for kind in kinds) for s in county.staffs}


def _revoke(county: County, number: int) -> None:
    keys = county.keys
    start = feed.root_origin(keys.network_id, keys.root_public)
    member = keys.roster.members[number]
    record = Revocation(number, 0, member.origin, Reason.LOST).encode()
    for staff in county.staffs:
        feed.append(staff.log, keys.root, keys.network_id, ROOT, start, [record])
        assert staff.engine is not None
        staff.engine.reload(0)
