# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One turn after the other: radio, engine, outbox and log of a node, all in one thread.

Events of the radio go into the engine, its frames through the outbox, which spends the airtime.
Whatever process writes to the log: the heads of the feeds show it, and what is new is published.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lage.kinds.setting import AIRTIME, ENGINE, PUSHED, RADIO_FIRMWARE, RADIO_KNOWN, RESTORED
from lage.language.epoch import to_unix
from lage.language.errors import LageError
from lage.language.fence import Fence, Place
from lage.node import board, roll_call
from lage.node.absence import Absence
from lage.node.attached import Attached
from lage.node.beside import Beside
from lage.node.exercise_clock import ExerciseClock
from lage.node.hearing import Hearing
from lage.node.keys import KeyTender
from lage.node.lives import Lives
from lage.node.outside import Outside
from lage.node.pushed import Pushed
from lage.node.radios import Radios
from lage.node.range_tests import RangeTests
from lage.node.recorder import Recorder
from lage.node.report import Reporter
from lage.node.sensors import Sensors
from lage.node.workers import Workers
from lage.outside import portals
from lage.store.lives import Way
from lage.volunteers.envelope import tend
from mesh.airtime import PRESETS
from mesh.firmware import signs_broadcasts
from mesh.link import (
    Acknowledged,
    FrameClass,
    Link,
    Notice,
    Packet,
    RadioState,
    Received,
    Refusal,
    Sent,
)
from mesh.nodes import MeshNode
from mesh.send.outbox import Outbox
from mesh.send.outgoing import outgoing
from mesh.send.policy import OutboxConfig, new_account
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import (
    Frame,
    HeardFrame,
    OwnFeedAhead,
    PeerHears,
    PeerSeen,
    PeerTells,
    RosterChanged,
    StoreFailed,
)
from sync.wire.statement import StatementError, read_statement

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from lage.station import Station

LOGGER = logging.getLogger("lage.node")
FAULT_S = 1.0
POLL_S = 0.25
"""How often the log is looked at when nothing else is due."""
MIND_MS = 1_000
"""How often is looked whether the workers are well."""
TEND_MS = 10_000
"""How often is looked whether helpers' private data must be handed on or destroyed."""


class Loop:
    """The work of a node, turn by turn."""

    def __init__(
        self,
        station: Station,
        link: Link | None,
        rng: random.Random,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """``wake`` lets a thread of a bearer end the wait between two turns."""
        self.station, self.link = station, link
        # Unix time at the start keeps our announcements recognisable over restarts; from then on
        # the clock on the wall may jump as it likes.
        began = time.time() if station.timebase.steady else station.unix()
        self._offset_ms = int(began * 1000) - station.timebase.monotonic_ms()
        now = self._now()
        station.signer()  # refuses with its sentence where this node may not write
        network = station.network_keys
        assert network.author is not None
        self._me = network.author
        signing = signs_broadcasts(station.setting(RADIO_FIRMWARE))
        self.engine = Engine(
            station.store.log,
            network_id=network.network_id,
            network_key=network.network_key,
            root_public=network.root_public,
            author=self._me,
            rng=rng,
            now=now,
            config=EngineConfig(radio_signs=signing),
        )
        remembered = station.setting(ENGINE)
        self.engine.import_state(remembered, now)
        ledger = new_account()
        spent = station.setting(AIRTIME)
        ledger.restore(spent, now)
        self.outbox = Outbox(OutboxConfig(signing=signing), ledger, rng)
        self.outbox.booked(0, now)
        self._pushed = Pushed(station.setting(PUSHED))
        self._absence = Absence(station, self.engine, self._pushed, self._me, now)
        self._published = self._pushed.upto
        self._version: int | None = None  # of the log's file, as other processes change it
        self._stated: dict[int, int] = {}  # member -> stamp of its last statement that counts here
        self._radios, self._sensors = Radios(station), Sensors(station)
        self._lives, self._hearing = Lives(station, self._me), Hearing(station, self._me)
        self._recorder = Recorder(station.folder)
        self._tests = RangeTests(station, self.outbox, self._radios)
        self._workers = Workers(station.folder)
        self._exercise = ExerciseClock(station, self._clock_jumped)
        self._keys = KeyTender(station, self.engine, link)
        fence = partial(self.fence, Place.WAYS)
        self._beside = Beside(
            *(station, self.engine, self._me, rng, self._held_by),
            *(self._absence.on_air, self._lives, wake, fence),
        )
        self.attached = Attached(station, self._keys, link)
        self._reporter = Reporter(station, self.engine, self.outbox, self._pushed, self.attached)
        self._outside = Outside(station.folder, wake)
        self._radio = RadioState(connected=False, address="")
        with self.fence(Place.KEYS):
            self._tend_keys()
        self._tend_at = self._mind_at = now

    def turn(self) -> float:
        """Do everything that is due; seconds until the next turn at the latest.

        Each part is fenced: an error in it is kept and told, and costs its own work only.
        """
        now, before = self._now(), self._reporter.faults
        self._hear(now)
        with self.fence(Place.LOG):
            self._look_at_log(now)
        with self.fence(Place.KEYS):
            self._mind_radio(now)
        with self.fence(Place.ENGINE):
            self.engine.advance(now)
            self._note_events()
        with self.fence(Place.WAYS):
            self._beside.turn(now)
        with self.fence(Place.SENDING):
            self._tests.advance(now)
        with self.fence(Place.SENDING):
            for frame in self.engine.take_frames():
                self._queue(frame, now)
            self.outbox.advance(now)
            for packet in self.outbox.take_frames():
                self._hand_over(packet)
        if now >= self._tend_at:
            self._tend_at = now + TEND_MS
            with self.fence(Place.KEYS):
                self._tend_keys()
            with self.fence(Place.TENDING):
                self._tend()
            with self.fence(Place.WAYS):
                self._beside.tend()
            with self.fence(Place.OUTSIDE):
                self._outside.tend(self.station)
            self.station.store.log.reading.rest(unless_used=True)
        if now >= self._mind_at:
            self._mind_at = now + MIND_MS
            with self.fence(Place.BOARD):
                self._workers.turn(board.wanted(self.station) | portals.wanted(self.station.folder))
        with self.fence(Place.LOG):
            self._exercise.turn()
        with self.fence(Place.REPORT):
            self._reporter.ways = self._beside.report(now)
            self._reporter.report(now)
            self._radios.keep(self._reporter, now)
            self._lives.turn(now, self._reporter, self._radios.all(), self._radios.own)
            self.engine.feels(self._lives.own, now)
            self._beside.listen(self._hearing, now)
            self._hearing.turn(self._reporter)
            self._recorder.write(now)
            self._tests.keep(self._reporter)
        if self._reporter.faults != before:
            return FAULT_S  # what is still due would only fail again at once
        due = [
            self.engine.next_deadline(),
            self.outbox.next_deadline(),
            *self._beside.deadlines(now),
        ]
        wait_ms = min(deadline for deadline in due if deadline is not None) - now
        return min(POLL_S, max(0.0, self.station.timebase.real_seconds(wait_ms)))

    def fence(self, place: Place) -> Fence:
        """Around work of the node whose errors must not end it."""
        return Fence(place, self._reporter.faulted)

    def close(self) -> None:
        """Let go of all ways, and write down what the next start needs."""
        self._workers.close()
        self._outside.close()
        self._beside.close()
        self._reporter.report(self._now(), stopped=True)

    def _tend(self) -> None:
        """Hand on or destroy private data; a node that may not write goes on listening."""
        try:
            tend(self.station)
        except LageError as error:
            LOGGER.error("could not hand on or delete private data: %s", error)

    def use(self, link: Link | None, address: str) -> None:
        """Another radio is attached from now on."""
        self.link = link
        self._radio = RadioState(connected=False, address=address)
        self._reporter.radio_changed(self._radio)
        self.attached.use(link, address)

    def _clock_jumped(self, seconds: int) -> None:
        """The clock of an exercise was set: nobody was silent for it."""
        for part in (self._lives, self._hearing, self._radios, self.attached):
            part.jump(seconds)
        self._reporter.peers_changed = True

    def _mind_radio(self, now: int) -> None:
        """Judge the radio; one that could not carry our packets is given none, and they stay."""
        if self.attached.turn():
            self._reporter.due()
        self.outbox.shut = self._radio.connected and self.attached.holds
        away = self.outbox.shut or not self._radio.connected or self._radio.mute is not None
        self._absence.note(now, away=away)
        self._reporter.away_s = self._absence.seconds(now)

    def _tend_keys(self) -> None:
        plan = self._keys.tend(time.monotonic_ns() // 1_000_000)
        self._beside.use_keys(plan)
        self._reporter.key_epoch = plan.epoch
        self._reporter.keys_refused = self._keys.radio_refuses

    # --- hearing --------------------------------------------------------------------------------

    def _hear(self, now: int) -> None:
        for event in self.link.take_events() if self.link else ():
            with self.fence(Place.HEARD):
                self._recorder.note(event, now)
                self._heard(event, now)
        with self.fence(Place.SENDING):
            for spans in self.outbox.take_events():
                assert isinstance(spans, tuple)
                self._pushed.taken(spans)
            self.engine.lapsed(self.outbox.take_lapsed(), now)

    def _heard(self, event: object, now: int) -> None:
        if isinstance(event, Received):
            self._reporter.heard += 1
            self.attached.heard(event, now)
            self._reporter.radio_time(event.radio_unix_s)
            self._radios.received(event)
            how = event.snr_db, event.hops, event.sender, event.hop_start
            self.engine.receive(HeardFrame(event.payload, *how), now)
        elif isinstance(event, MeshNode):
            self._told(event)
        elif isinstance(event, Sent):
            if not self.attached.asked_by_us(event.packet_id):
                self._reporter.sent += event.refusal is Refusal.NONE
            self.outbox.on_status(event, now)
            self._tests.on_event(event, now)
        elif isinstance(event, Acknowledged):
            self.outbox.on_ack(event, now)
            self.attached.acknowledged(event)
            self._tests.on_event(event, now)
        elif isinstance(event, RadioState):
            self._radio_changed(event, now)
        elif isinstance(event, Notice):
            self._reporter.notice = event.text

    def _told(self, event: MeshNode) -> None:
        """A radio said something of itself."""
        if event.number != self._radios.own and not self._keys.radio_is_ours():
            return  # whom a radio of another network hears is none of ours
        news = self._radios.told(event)
        self._reporter.radio_time(news.radio_unix_s)
        if news.number == self._radios.own:
            self._reporter.radio_place(self._radios.get(news.number))
        self._sensors.take(news)

    def _radio_changed(self, state: RadioState, now: int) -> None:
        config = self.outbox.config
        preset, signing = PRESETS.get(state.preset or "", config.preset), config.signing
        if state.firmware is not None:
            signing = signs_broadcasts(state.firmware)
            self._reporter.keep(RADIO_FIRMWARE, state.firmware)  # the engine's at the next start
        if (preset, signing) != (config.preset, config.signing):
            self.outbox.config = replace(config, preset=preset, signing=signing)
        self.outbox.on_radio(now, state.channel_utilisation, state.air_util_tx)
        self._reporter.radio_changed(state)
        self._radios.own = state.number or self._radios.own
        if state.plug is not None:
            self._reporter.keep(RADIO_KNOWN, [state.address, state.number, *state.plug])
        self._radio = state
        self.attached.changed(state)

    def _note_events(self) -> None:
        for event in self.engine.take_events():
            roll_call.note(event, self.station.store.log, self.engine, self._now())
            if isinstance(event, OwnFeedAhead):
                self._reporter.keep(RESTORED, True)
                self._reporter.keep(ENGINE, self.engine.export_state())
            elif isinstance(event, StoreFailed):
                LOGGER.error("could not store what was heard: %s", event.reason)
            elif isinstance(event, RosterChanged):
                self._tend_at = 0  # there may be new keys in it
            elif isinstance(event, PeerTells):
                self._lives.told(event.author, event.pages)
            elif isinstance(event, PeerHears):
                self._hearing.told(event.author, event.neighbour)
            elif isinstance(event, PeerSeen):
                self._lives.there(event.author, Way.RADIO)
                if not event.hops:
                    self._hearing.here(event.author, Way.RADIO, event.snr_db)
                if event.radio is not None:
                    self._radios.belongs(event.radio, event.author)
            self._reporter.peers_changed = True

    # --- sending --------------------------------------------------------------------------------

    def _look_at_log(self, now: int) -> None:
        """Publish what any process has written, and take note of a changed roster."""
        log = self.station.store.log
        version = self.station.store.data_version()
        if version != self._version:
            self._version = version
            if self.engine.stale:
                self.engine.reload(now)
            self._look_at_statements(now)
            self.attached.setter.news()
            self._tests.look(now)
        head = log.head(self._me)
        for first, last, urgency in log.urgencies(self._me, self._published + 1, head):
            if self.engine.publish(first, last, urgency, now):
                self._published = last
                self._beside.published(last, now, urgent=urgency.urgent)

    def _held_by(self, _member: int, upto: int) -> None:
        """Somebody took over our entries by a way besides the radio."""
        self._absence.held(min(upto, self._published))

    def _look_at_statements(self, now: int) -> None:
        """What members signed to hold came by another way than the air: it counts as received."""
        local = self.station.store.local
        for member, stamp in local.statement_stamps().items():
            if self._stated.get(member) == stamp:
                continue
            self._stated[member] = stamp
            try:
                statement = read_statement(local.statement(member), self.engine.roster)
            except StatementError:
                continue  # its author was revoked since
            at, radio = to_unix(statement.stamp), statement.radio
            self.engine.vouched(member, statement.heads, radio=radio, at=1000 * at, now=now)
            self._lives.told(member, statement.pages, at)
            self._reporter.peers_changed = True

    def _queue(self, frame: Frame, now: int) -> None:
        priority, token = FrameClass[frame.priority.name], frame.own or None
        how = priority, frame.reach.value, frame.key, frame.expires, token
        item = outgoing(frame.payload, *how, insist=frame.insist)
        if frame.former:
            item = replace(item, channel=self._keys.second_channel)
        self.outbox.put(item, now)

    def _hand_over(self, packet: Packet) -> None:
        if self.link is None:
            self.outbox.on_status(Sent(packet.id, Refusal.DISCONNECTED), self._now())
            return
        self.attached.sent(packet, self._now())
        self._recorder.note(packet, self._now())
        self._tests.handed(packet, self._now())
        self.link.send(packet)

    def _now(self) -> int:
        return self._offset_ms + self.station.timebase.monotonic_ms()
