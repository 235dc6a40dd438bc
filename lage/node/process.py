# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The running node: log, engine, outbox and radio in one loop of one thread.

Events from the radio go into the engine; frames from the engine go through the outbox, which
spends the airtime, to the radio. Other processes may write to the log at any time: the loop sees
it by the heads of the feeds, publishes what is new, and so everything written anywhere is sent.

The thread sleeps until the radio reports something, a deadline is due, or ``POLL_S`` has passed
for a look at the log.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lage.exercise.player import Part
from lage.exercise.script import read_script
from lage.language.errors import LageError, StoreError, UsageError
from lage.node.pushed import Pushed
from lage.station import Station
from lage.store import Peer
from lage.store.lock import FolderLock
from lage.volunteers.envelope import tend
from mesh.airtime import PRESETS
from mesh.firmware import signs_broadcasts
from mesh.link import (
    Acknowledged,
    Link,
    Notice,
    Packet,
    RadioState,
    Received,
    Refusal,
    Sent,
    Urgency,
)
from mesh.send.outbox import Outbox
from mesh.send.outgoing import to_all, to_neighbours
from mesh.send.policy import OutboxConfig, new_account
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import Frame, HeardFrame, OwnFeedAhead, Priority, Reach, StoreFailed

LOGGER = logging.getLogger("lage.node")
POLL_S = 0.25
REPORT_S = 1.0
TEND_MS = 10_000
"""How often is looked whether helpers' private data must be handed on or destroyed."""

AHEAD_MS = 45_000
"""Airtime that is booked before it is used, so that no crash makes the account forget any of it:
room for three times the longest packet of the slowest preset."""

CLASS_NAMES = {
    Urgency.FLASH: "blitz",
    Urgency.IMMEDIATE: "sofort",
    Urgency.RECEIPT: "Quittungen",
    Urgency.ROUTINE: "einfach",
    Urgency.WANT: "Nachfragen",
    Urgency.REPAIR: "Nachlieferungen",
    Urgency.HAVE: "Stand",
}
REJECTED = {
    "frame": "unlesbar",
    "size": "falsche Länge",
    "type": "unbekannte Art",
    "version": "neuere Version",
    "mac": "fremdes Netz",
    "author": "unbekannte Stelle",
    "signature": "Unterschrift falsch",
    "limit": "nach Widerruf oder Verzweigung",
    "branch": "anderer Zweig",
    "proof": "Beweis falsch",
}
"""What the engine calls a packet it did not take, in words for the network screen."""


class NodeRunning(LageError):
    """Another process runs the node of this folder."""


class Node:
    """One staff's node. Built and run in different threads if need be; ``run`` opens the log."""

    def __init__(
        self,
        folder: Path,
        radio: str | None,
        *,
        link: Link | None = None,
        script: Path | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """``radio`` None: that of the last start. Raises NodeRunning, UsageError, KeysError."""
        self.folder = folder
        self._rng = rng or random.Random(os.urandom(16))
        self._wake = threading.Event()
        self._lock = FolderLock(folder)
        self._script = read_script(script) if script else None
        if not folder.is_dir() or not self._lock.take():
            if folder.is_dir():
                raise NodeRunning(
                    "Der Knoten dieses Ordners läuft schon in einem anderen Programm."
                )
            raise LageError(f"Den Datenordner {folder} gibt es nicht: „lage knoten anlegen“.")
        try:
            self._link = link or _link(folder, radio, self.wake)
        except LageError:
            self._lock.release()
            raise

    def wake(self) -> None:
        """Let the loop look around now; callable from any thread."""
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``; then write down where we are and let go of the radio."""
        station = Station.open(self.folder)
        loop: _Loop | None = None
        try:
            loop = _Loop(station, self._link, self._rng)
            part = Part(self._script, station) if self._script else None
            if self._link is not None:
                self._link.start()
            while not stop.is_set():
                if part is not None:
                    part.play()
                    loop.tell_script(part)
                self._wake.wait(loop.turn())
                self._wake.clear()
        finally:
            if self._link is not None:
                self._link.stop()
            if loop is not None:
                loop.close()
            station.close()
            self._lock.release()


def _link(folder: Path, radio: str | None, wake: Callable[[], None]) -> Link | None:
    """The link to the stated radio, or to the one used last; None without any."""
    from mesh.radio.supervisor import AddressError, MeshtasticLink

    station = Station.open(folder)
    try:
        address = radio or station.setting("radio_address")
        if radio:
            station.keep("radio_address", radio)
    finally:
        station.close()
    if not address:
        return None
    try:
        return MeshtasticLink(str(address), on_events=wake)
    except AddressError as error:
        raise UsageError(str(error)) from error


class _Loop:
    """One turn after the other, all in the node's thread."""

    def __init__(self, station: Station, link: Link | None, rng: random.Random) -> None:
        self.station, self.link = station, link
        # Unix time at the start keeps our announcements recognisable over restarts; from then on
        # the clock on the wall may jump as it likes.
        self._offset_ms = int(station.unix() * 1000) - station.timebase.monotonic_ms()
        now = self._now()
        network = station.network_keys
        station.signer()  # refuses with its sentence where this node may not write
        assert network.author is not None
        self._me = network.author
        self.engine = Engine(
            station.store.log,
            network_id=network.network_id,
            network_key=network.network_key,
            root_public=network.root_public,
            author=self._me,
            rng=rng,
            now=now,
            config=EngineConfig(radio_signs=signs_broadcasts(station.setting("radio_firmware"))),
        )
        self.engine.import_state(station.setting("engine") or {})
        self.ledger = new_account()
        self.ledger.restore(station.setting("airtime") or [], now)
        signing = signs_broadcasts(station.setting("radio_firmware"))
        self.outbox = Outbox(OutboxConfig(signing=signing), self.ledger, rng)
        self.outbox.booked(0, now)
        self._pushed = Pushed(int(station.setting("pushed") or 0))
        self._radio = RadioState(connected=False, address="")
        self._published = self._pushed.upto
        self._version: int | None = None  # of the log's file, as other processes change it
        self._counts = Counter[str]()
        self._script_told: tuple[int, bool] | None = None
        self._report_at = 0.0
        self._tend_at = now
        self._peers_changed = True
        self._disk_full = False

    def turn(self) -> float:
        """Do everything that is due; seconds until the next turn at the latest."""
        now = self._now()
        self._hear(now)
        self._look_at_log(now)
        self.engine.advance(now)
        self._note_events()
        for frame in self.engine.take_frames():
            self._queue(frame, now)
        self.outbox.advance(now)
        for packet in self.outbox.take_frames():
            self._hand_over(packet)
        if now >= self._tend_at:
            self._tend_at = now + TEND_MS
            self._tend()
        self._report()
        due = [self.engine.next_deadline(), self.outbox.next_deadline()]
        wait_ms = min(deadline for deadline in due if deadline is not None) - now
        return min(POLL_S, max(0.0, self.station.timebase.real_seconds(wait_ms)))

    def _tend(self) -> None:
        """Hand on or destroy private data; a node that may not write goes on listening."""
        try:
            tend(self.station)
        except LageError as error:
            LOGGER.error("could not hand on or delete private data: %s", error)

    def close(self) -> None:
        """Write down what the next start needs."""
        self._report(stopped=True)

    def tell_script(self, part: Part) -> None:
        """Let the trainer's process know how far this staff's part has been played."""
        told = (part.done, part.finished)
        if told != self._script_told:
            self._script_told = told
            self._keep(
                "script", {"done": part.done, "finished": part.finished, "failed": part.failed}
            )

    # --- hearing --------------------------------------------------------------------------------

    def _hear(self, now: int) -> None:
        for event in self.link.take_events() if self.link else ():
            if isinstance(event, Received):
                self._counts["heard"] += 1
                self.engine.receive(HeardFrame(event.payload, event.snr_db, event.hops), now)
            elif isinstance(event, Sent):
                self.outbox.on_status(event, now)
                self._counts["sent"] += event.refusal is Refusal.NONE
            elif isinstance(event, Acknowledged):
                self.outbox.on_ack(event, now)
            elif isinstance(event, RadioState):
                self._radio_changed(event, now)
            elif isinstance(event, Notice):
                self._keep("radio_notice", event.text)
        for spans in self.outbox.take_events():
            assert isinstance(spans, tuple)
            self._pushed.taken(spans)

    def _radio_changed(self, state: RadioState, now: int) -> None:
        preset = PRESETS.get(state.preset or "", self.outbox.config.preset)
        signing = self.outbox.config.signing
        if state.firmware is not None:
            signing = signs_broadcasts(state.firmware)
            self._keep("radio_firmware", state.firmware)  # the engine's at the next start
        if (preset, signing) != (self.outbox.config.preset, self.outbox.config.signing):
            self.outbox.config = replace(self.outbox.config, preset=preset, signing=signing)
        self.outbox.on_radio(now, state.channel_utilisation, state.air_util_tx)
        self._radio = state
        self._report_at = 0.0

    def _note_events(self) -> None:
        for event in self.engine.take_events():
            if isinstance(event, OwnFeedAhead):
                self._keep("restored", True)
                self._keep("engine", self.engine.export_state())
            elif isinstance(event, StoreFailed):
                LOGGER.error("could not store what was heard: %s", event.reason)
            self._peers_changed = True

    # --- sending --------------------------------------------------------------------------------

    def _look_at_log(self, now: int) -> None:
        """Publish what any process has written, and take note of a changed roster."""
        log = self.station.store.log
        version = self.station.store.data_version()
        if version != self._version:
            self._version = version
            if self.engine.stale:
                self.engine.reload(now)
        head = log.head(self._me)
        for first, last, urgency in log.urgencies(self._me, self._published + 1, head):
            if self.engine.publish(first, last, Priority(urgency), now):
                self._published = last

    def _queue(self, frame: Frame, now: int) -> None:
        send = to_all if frame.reach is Reach.MESH else to_neighbours
        token = frame.own or None
        item = send(frame.payload, Urgency(frame.priority), frame.key, frame.expires, token)
        self.outbox.put(item, now)

    def _hand_over(self, packet: Packet) -> None:
        if self.link is None:
            self.outbox.on_status(Sent(packet.id, Refusal.DISCONNECTED), self._now())
        else:
            self.link.send(packet)

    # --- reporting ------------------------------------------------------------------------------

    def _report(self, *, stopped: bool = False) -> None:
        """Tell the other processes how the radio is, and keep what a restart needs."""
        real = time.monotonic()
        credit = self.outbox.credit_ms or 0
        spent = credit < AHEAD_MS // 2 and not self._disk_full
        if real < self._report_at and not spent and not stopped:
            return
        self._report_at = real + REPORT_S
        now = self._now()
        if self._peers_changed:
            self._save_peers()
            self._keep("engine", self.engine.export_state())
        ahead = 0 if stopped else AHEAD_MS
        if self._keep("airtime", self.outbox.account(now, ahead)):
            self.outbox.booked(ahead, now)
        self._keep("pushed", self._pushed.upto)
        self._keep("radio", self._state(now, stopped=stopped))

    def _keep(self, key: str, value: Any) -> bool:
        """Keep a setting; False where the disk refuses, then the next report tries again."""
        try:
            self.station.keep(key, value)
        except StoreError as error:
            self._disk_refused(error)
            return False
        self._disk_full = False
        return True

    def _disk_refused(self, error: StoreError) -> None:
        """Say it once, not every second, until something could be kept again."""
        if not self._disk_full:
            LOGGER.error("could not be kept: %s", error)
        self._disk_full = True

    def _state(self, now: int, *, stopped: bool) -> dict[str, Any]:
        radio = self._radio
        return {
            "reported": time.time(),
            "stopped": stopped,
            "connected": radio.connected,
            "address": radio.address,
            "name": radio.name,
            "number": radio.number,
            "firmware": radio.firmware,
            "preset": radio.preset,
            "region": radio.region,
            "reason": radio.reason,
            "channel_utilisation": radio.channel_utilisation,
            "airtime_hour_ms": self.ledger.used_ms(now),
            "airtime_limit_ms": self.ledger.limit_ms,
            "queue": {CLASS_NAMES[u]: count for u, count in self.outbox.waiting().items()},
            "packets_sent": self._counts["sent"],
            "packets_heard": self._counts["heard"],
            "rejected": {REJECTED.get(why, why): n for why, n in self.engine.rejected.items()},
        }

    def _save_peers(self) -> None:
        states = self.engine.peers()
        offset = int(self.station.unix()) - self._now() // 1000
        peers = [
            Peer(
                state.author,
                None if state.heard is None else state.heard // 1000 + offset,
                state.snr_db,
                state.hops,
            )
            for state in states
        ]
        vectors = {state.author: state.vector for state in states}
        try:
            self.station.store.local.save_peers(peers, vectors)
            self._peers_changed = False
        except StoreError as error:
            self._disk_refused(error)

    def _now(self) -> int:
        return self._offset_ms + self.station.timebase.monotonic_ms()
