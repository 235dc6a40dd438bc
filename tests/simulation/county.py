# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole county on the firmware-true ether: the real engine, outbox and feeds, in virtual time.

Each staff has a ``sync.replica.engine.Engine`` over a log, a ``mesh.send.outbox.Outbox`` and a
simulated radio; three hill-top routers carry the flood. Two baselines send the same operations
without engine: ``Flood`` once and never again, ``Acked`` with an acknowledgement by every
receiver and resends. Everything follows from the seed. Times are ms of virtual time.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from mesh.air.ether import Ether, EtherConfig, RadioConfig, Role, SimRadio
from mesh.air.relays import reach, relaying
from mesh.airtime import PRESETS, payload_airtime_ms
from mesh.link import BROADCAST, FrameClass, Received
from mesh.send.outbox import Outbox
from mesh.send.outgoing import Outgoing, outgoing
from mesh.send.policy import OutboxConfig, new_account
from sync.feed import chain as feed
from sync.feed.log import Log
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate
from sync.feed.roster import ROOT, read_roster
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import CARRIED_AS, Accepted, HeardFrame, Priority
from sync.schema.urgency import Urgency
from sync.wire.packet import encode_runs

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
"""How often a radio that was set up says its name and state (``hardware.radio_profile``)."""
SOON_MS = 120_000
"""So long after an urgent entry its author shall know who has it."""
CRISIS_STAFF, TOWN_STAFF = 0, 1
TOWERS = {
    "Schafberg": (52.300, 7.770),
    "Tecklenburg": (52.222, 7.812),
    "Buchenberg": (52.148, 7.360),
}
ACK_BYTES = 12
ACK_AGAIN_MS = 90_000
ACK_TRIES = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of county, on what kind of day."""

    seed: int = 1
    preset: str = "LONG_FAST"
    loss: float = 0.1
    terrain_clutter_db: float = 10.0
    chatter: bool = True  # the radios' own telemetry and node info
    firmware: Literal["2.7", "2.8"] = "2.7"  # 2.8: the radios sign small broadcasts
    planned: bool = False  # only those radios relay that the plan for the positions needs
    set_up: bool = False  # the staffs' radios chatter as ``lage funk einrichten`` leaves them


@dataclass(slots=True)
class Entry:
    """One operation on its way."""

    author: int
    number: int
    born: int
    urgency: Urgency
    reached: set[int] = field(default_factory=set)
    everywhere: int | None = None  # when the last node got it


class Keys:
    """Deterministic keys of a county."""

    def __init__(self, seed: int, nodes: int) -> None:
        rng = random.Random(f"keys {seed}")
        self.network_id = feed.network_id(rng.randbytes(16), exercise=False)
        self.network_key = rng.randbytes(32)
        self.root = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        self.root_public = self.root.public_key().public_bytes_raw()
        self.signers = [
            Ed25519PrivateKey.from_private_bytes(rng.randbytes(32)) for _ in range(nodes)
        ]
        self.seals = [X25519PrivateKey.from_private_bytes(rng.randbytes(32)) for _ in self.signers]
        self.records = [
            Certificate(
                number,
                key.public_key().public_bytes_raw(),
                seal.public_key().public_bytes_raw(),
                f"Stelle {number}",
                role=CRISIS_STAFF if number == 1 else TOWN_STAFF,
            ).encode()
            for number, (key, seal) in enumerate(zip(self.signers, self.seals, strict=True), 1)
        ]
        self.roster = read_roster(self.network_id, self.root_public, self.records)
        self.allied: list[tuple[int, Keys]] = []  # (first number of the block, that county)

    def seed_log(self, log: Log) -> None:
        """Give a log the roster, and those of allied counties, as an invitation file does."""
        start = feed.root_origin(self.network_id, self.root_public)
        for record in self.records:  # each signed, as when nodes join one after the other
            feed.append(log, self.root, self.network_id, ROOT, start, [record])
        for block, county in self.allied:
            chain = feed.root_origin(county.network_id, county.root_public)
            for number, record in enumerate(county.records, 1):
                signed = feed.make_run(
                    county.root, county.network_id, ROOT, number, chain, [record]
                )
                log.store([replace(signed, author=block)])
                chain = signed.chains[-1]


class Staff:
    """One node: what the laptop and its radio are."""

    def __init__(self, number: int, radio: SimRadio, county: County, log: Log) -> None:
        self.number, self.radio, self.log = number, radio, log
        self.county = county
        plan, rng = county.plan, random.Random(f"{county.plan.seed} staff {number}")
        self.ledger = new_account()
        policy = OutboxConfig(preset=PRESETS[plan.preset], signing=plan.firmware == "2.8")
        self.outbox = Outbox(policy, self.ledger, rng)
        self.engine: Engine | None = None
        self.off = False
        self.demand_ms: Counter[Priority] = Counter()  # airtime that the engine asked for
        self.channels = (0, 0)  # for the members, and for those who have the key before
        if county.kind == "lage":
            keys = county.keys
            self.engine = Engine(
                log,
                network_id=keys.network_id,
                network_key=keys.network_key,
                root_public=keys.root_public,
                author=number,
                rng=rng,
                now=county.now,
                config=county.config,
            )
        self.unacked: dict[
            tuple[int, int], list[Any]
        ] = {}  # (author, number) -> [payload, due, left]

    def write(self, entry: Entry, operation: bytes, now: int) -> None:
        """Append an operation to the own feed and let it be sent."""
        keys = self.county.keys
        origin = keys.roster.members[self.number].origin
        key = keys.signers[self.number - 1]
        run = feed.append(self.log, key, keys.network_id, self.number, origin, [operation])
        if self.engine is not None:
            self.engine.publish(run.first, run.last, entry.urgency, now)
            return
        single = feed.Run(run.author, run.first, run.operations, run.signature)
        payload = encode_runs((single,), original=True)
        urgency = FrameClass[CARRIED_AS[entry.urgency].name]
        self.outbox.put(outgoing(payload, urgency), now)
        if self.county.kind == "acked":
            self.unacked[(self.number, run.first)] = [payload, now + ACK_AGAIN_MS, ACK_TRIES, set()]

    def turn(self, now: int) -> int | None:
        """Do what is due; when the next turn is due at the latest."""
        for received in self.radio.take_received():
            if received.port == 256:
                self._hear(received, now)
        deadlines: list[int | None] = []
        if self.engine is not None:
            self.engine.advance(now)
            for event in self.engine.take_events():
                if isinstance(event, Accepted):
                    self.county.arrived(self.number, event.author, event.first, event.last, now)
                    self._call_roll(event, now)
            for frame in self.engine.take_frames():
                policy = self.outbox.config
                size = payload_airtime_ms(policy.preset, len(frame.payload), signing=policy.signing)
                self.demand_ms[frame.priority] += size
                urgency, reach = FrameClass[frame.priority.name], frame.reach.value
                item = outgoing(
                    frame.payload, urgency, reach, frame.key, frame.expires, insist=frame.insist
                )
                self.outbox.put(replace(item, channel=self.channels[frame.former]), now)
            deadlines.append(self.engine.next_deadline())
        deadlines.append(self._resend(now))
        self.outbox.on_radio(now, self.radio.channel_utilisation(now), None)
        self.outbox.advance(now)
        for packet in self.outbox.take_frames():
            self.outbox.on_status(self.radio.submit(packet, now), now)
        for ack in self.radio.take_notices():
            self.outbox.on_ack(ack, now)
        self.outbox.advance(now)
        deadlines.append(self.outbox.next_deadline())
        lapsed = self.outbox.take_lapsed()
        if self.engine is not None and lapsed:
            self.engine.lapsed(lapsed, now)
            deadlines.append(self.engine.next_deadline())
        due = [deadline for deadline in deadlines if deadline is not None]
        return max(now + 1, min(due)) if due else None

    def _call_roll(self, event: Accepted, now: int) -> None:
        """As a node does (``lage.node.roll_call``) that reads what was flooded to it as urgent."""
        assert self.engine is not None
        if not event.urgent:
            return
        for number in range(event.last, event.first - 1, -1):
            entry = self.county.entries.get((event.author, number))
            if entry is not None and entry.urgency.urgent:
                self.engine.call_roll(event.author, number, entry.urgency, now)
                return

    def _hear(self, received: Received, now: int) -> None:
        if self.engine is not None:
            self.engine.receive(
                HeardFrame(
                    received.payload, received.snr_db, received.hops, relays=received.hop_start
                ),
                now,
            )
            return
        if len(received.payload) == ACK_BYTES:
            author, number, receiver = (
                int.from_bytes(received.payload[i : i + 4], "big") for i in (0, 4, 8)
            )
            waiting = self.unacked.get((author, number))
            if waiting is not None and author == self.number:
                waiting[3].add(receiver)
                if len(waiting[3]) == self.county.size - 1:
                    del self.unacked[(author, number)]
            return
        head = int.from_bytes(received.payload[1:3], "big")
        author = head & 1023
        number = self.county.number_of(received.payload)
        self.county.arrived(self.number, author, number, number, now)
        if self.county.kind == "acked":
            ack = b"".join(n.to_bytes(4, "big") for n in (author, number, self.number))
            key = f"{author}/{number}"
            target = self.county.radio_number(author)
            self.outbox.put(Outgoing(ack, FrameClass.REPAIR, key, None, 3, target), now)

    def _resend(self, now: int) -> int | None:
        for key, waiting in list(self.unacked.items()):
            if waiting[1] <= now:
                if waiting[2] == 0:
                    del self.unacked[key]
                    continue
                self.outbox.put(outgoing(waiting[0], FrameClass.REPAIR, key=f"again {key}"), now)
                waiting[1], waiting[2] = now + ACK_AGAIN_MS * 2, waiting[2] - 1
        return min((waiting[1] for waiting in self.unacked.values()), default=None)


class County:
    """Staffs, towers, air, and what has arrived where."""

    def __init__(
        self,
        positions: Sequence[tuple[float, float]],
        plan: Plan,
        *,
        kind: str = "lage",
        towers: Sequence[tuple[float, float]] = (),
        make_log: Callable[[int], Log] | None = None,
        config: EngineConfig | None = None,
        keys: Keys | None = None,
    ) -> None:
        """``kind``: lage, flood or acked."""
        self.plan, self.kind, self.now = plan, kind, 0
        self.size = len(positions)
        signs = plan.firmware == "2.8"
        self.config = replace(config or EngineConfig(), radio_signs=signs)
        self.keys = keys or Keys(plan.seed, self.size)
        self.ether = Ether(
            random.Random(f"ether {plan.seed}"),
            EtherConfig(
                preset=PRESETS[plan.preset], loss=plan.loss, clutter_db=plan.terrain_clutter_db
            ),
        )
        self.entries: dict[tuple[int, int], Entry] = {}
        self._woken: set[int] = set()
        self._queue: list[tuple[int, int]] = []
        self._due: dict[int, int] = {}
        self.staffs: list[Staff] = []
        self._asked: list[Entry] = []  # urgent ones whose author is to be asked, oldest first
        self._soon: Counter[tuple[Urgency, str]] = Counter()
        self.falsely_known = 0  # (operation, node) of which the author was told and was not so
        chatter = RadioConfig(
            1,
            firmware=plan.firmware,
            node_info_ms=10_800_000 if plan.chatter else 0,
            telemetry_ms=1_800_000 if plan.chatter else 0,
        )
        quieter = chatter
        if plan.set_up and plan.chatter:
            quieter = replace(chatter, node_info_ms=DAY_MS, telemetry_ms=DAY_MS)
        placed = [
            replace(quieter, num=number, position=position)
            for number, position in enumerate(positions, 1)
        ]
        hills = [
            replace(
                chatter,
                num=10_000 + place,
                position=position,
                antenna_height_m=80.0,
                role=Role.ROUTER,
            )
            for place, position in enumerate(towers)
        ]
        radios = [*placed, *hills]
        if plan.planned:
            within = reach(radios, preset=PRESETS[plan.preset], clutter_db=plan.terrain_clutter_db)
            relays = relaying(radios, within)
            placed = [
                one if one.num in relays else replace(one, role=Role.CLIENT_MUTE) for one in placed
            ]
        for number, config in enumerate(placed, 1):
            radio = self.ether.add_radio(config)
            radio.on_client = partial(self._woken_by, number)
            log: Log = make_log(number) if make_log else MemoryLog()
            self.keys.seed_log(log)
            self.staffs.append(Staff(number, radio, self, log))
        for hill in hills:
            self.ether.add_radio(hill)
        for staff in self.staffs:
            self._turn(staff, 0)

    def _woken_by(self, number: int) -> None:
        self._woken.add(number)

    def radio_number(self, author: int) -> int:
        """Number of an author's radio."""
        return author if 1 <= author <= self.size else BROADCAST

    def number_of(self, payload: bytes) -> int:
        """Operation number in a baseline's packet."""
        value = 0
        for byte in payload[3:7]:
            value = value << 7 | byte & 127
            if byte < 128:
                break
        return value

    def write(self, author: int, operation: bytes, urgency: Urgency) -> None:
        """Let a staff write an operation now."""
        staff = self.staffs[author - 1]
        number = staff.log.head(author) + 1
        entry = Entry(author, number, self.now, urgency, {author})
        self.entries[(author, number)] = entry
        if urgency.urgent and self.kind == "lage":
            self._asked.append(entry)
        staff.write(entry, operation, self.now)
        self._turn(staff, self.now)

    def arrived(self, at: int, author: int, first: int, last: int, now: int) -> None:
        """A node holds these operations now."""
        for number in range(first, last + 1):
            entry = self.entries.get((author, number))
            if entry is not None and at not in entry.reached:
                entry.reached.add(at)
                if len(entry.reached) == self.size:
                    entry.everywhere = now

    def run_until(self, end: int, done: Callable[[], bool] | None = None) -> None:
        """Let time pass until ``end`` or until ``done`` says so (asked once a virtual minute)."""
        ask_at = self.now + 60_000
        while self.now < end:
            following = [end]
            deadline = self.ether.next_deadline()
            if deadline is not None:
                following.append(deadline)
            while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
                heapq.heappop(self._queue)
            if self._queue:
                following.append(self._queue[0][0])
            if self._asked:
                following.append(self._asked[0].born + SOON_MS)
            self.now = max(self.now, min(following))
            self.ether.advance(self.now)
            woken, self._woken = sorted(self._woken), set()
            while self._queue and self._queue[0][0] <= self.now:
                due, number = heapq.heappop(self._queue)
                if self._due.get(number) == due and number not in woken:
                    woken.append(number)
            for number in woken:
                self._turn(self.staffs[number - 1], self.now)
            while self._asked and self._asked[0].born + SOON_MS <= self.now:
                self._ask_author(self._asked.pop(0))
            if done is not None and self.now >= ask_at:
                ask_at = self.now + 60_000
                if done():
                    return

    def turn_of(self, staff: Staff) -> None:
        """Let a staff act now, as after something was stored from outside."""
        self._turn(staff, self.now)

    def converged(self) -> bool:
        """Whether every operation is everywhere."""
        return all(entry.everywhere is not None for entry in self.entries.values())

    def _turn(self, staff: Staff, now: int) -> None:
        due = None if staff.off else staff.turn(now)
        if due is None:
            self._due.pop(staff.number, None)
        else:
            self._due[staff.number] = due
            heapq.heappush(self._queue, (due, staff.number))

    # --- figures --------------------------------------------------------------------------------

    def delivered_share(self) -> float:
        """Share of (operation, node) pairs that arrived."""
        wanted = len(self.entries) * self.size
        return sum(len(entry.reached) for entry in self.entries.values()) / wanted

    def _ask_author(self, entry: Entry) -> None:
        """Two minutes after an urgent entry: of whom does its author know that they have it?"""
        engine = self.staffs[entry.author - 1].engine
        assert engine is not None
        holders = engine.holders(entry.author, entry.number)
        self._soon[entry.urgency, "there"] += len(entry.reached)
        self._soon[entry.urgency, "known"] += len(holders & entry.reached)
        self.falsely_known += len(holders - entry.reached)

    def soon_known_share(self, urgency: Urgency) -> float:
        """Like ``received_known_share``, of that urgency, each two minutes after it was made."""
        return self._soon[urgency, "known"] / max(1, self._soon[urgency, "there"])

    def received_known_share(self) -> float:
        """Share of (operation, node that has it) of which the operation's author knows."""
        known = there = 0
        for (author, number), entry in self.entries.items():
            engine = self.staffs[author - 1].engine
            assert engine is not None
            there += len(entry.reached)
            known += len(engine.holders(author, number) & entry.reached)
        return known / there

    def complete_share(self) -> float:
        """Share of operations that are at every node."""
        complete = sum(entry.everywhere is not None for entry in self.entries.values())
        return complete / len(self.entries)

    def airtime(self) -> dict[str, int]:
        """ms of all radios: first flooding, repair, HAVE/WANT, and the radios' own chatter."""
        spent = self.ether.airtime_ms
        floods = (FrameClass.FLASH, FrameClass.IMMEDIATE, FrameClass.RECEIPT, FrameClass.ROUTINE)
        return {
            "flood": sum(spent[urgency] for urgency in floods),
            "repair": spent[FrameClass.REPAIR],
            "control": spent[FrameClass.HAVE] + spent[FrameClass.WANT],
            "background": spent[None],
        }

    def latencies_s(self, *, urgent: bool) -> list[float]:
        """Seconds until all nodes had it, of complete operations, ascending."""
        chosen = [
            (entry.everywhere - entry.born) / 1000
            for entry in self.entries.values()
            if entry.everywhere is not None and entry.urgency.urgent is urgent
        ]
        return sorted(chosen)

    def max_duty_cycle(self) -> float:
        """Largest share of any hour that any radio sent."""
        return max(radio.ledger.peak_ms for radio in self.ether.radios.values()) / HOUR_MS


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which that share lies; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
