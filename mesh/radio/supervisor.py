# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Meshtastic radio as a ``Link``: whatever the client library or the cable does, we go on.

One supervisor thread runs the state machine of ``radio_watch``; every connection attempt has a
worker thread of its own that calls into the library (``radio_client``) and can be given up. The
caller's thread never touches the library: it hands in packets and fetches events.

Several links may live in one process. Limits: ``INBOX_MAX`` items to the supervisor,
``EVENTS_MAX`` events to the caller (the oldest received packets go first), ``STUCK_MAX``
connection attempts that hang in the library at the same time.
"""

from __future__ import annotations

import logging
import queue
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mesh.link import (
    PAYLOAD_MAX,
    FrameClass,
    LinkEvent,
    Packet,
    RadioState,
    Reason,
    Received,
    Refusal,
    Sent,
    Trouble,
)
from mesh.radio.address import AddressError, RadioAddress, parse_address
from mesh.radio.attempt import BROKEN, Attempt, Turn
from mesh.radio.plug import Known, Plugs, PortFinder, plugged_in

if TYPE_CHECKING:
    from mesh.radio.watch import Command, RadioWatch, WatchConfig

__all__ = ["AddressError", "MeshtasticLink", "RadioAddress", "parse_address"]

INBOX_MAX = 1024
EVENTS_MAX = 4096
STUCK_MAX = 4
STOP_S = 3.0
"""How long ``stop`` waits for the supervisor."""
LOOK_S = 5.0
"""How often is looked whether the library's threads are alive."""
FAULT_S = 1.0
"""How long is waited after an error of our own, before everything is begun anew."""

ADMIN_APP = 6

_log = logging.getLogger(__name__)


class MeshtasticLink:
    """Keeps one radio connected and carries packets; fulfils ``mesh.link.Link``."""

    def __init__(
        self,
        address: RadioAddress | str,
        *,
        config: WatchConfig | None = None,
        rng: random.Random | None = None,
        on_events: Callable[[], None] | None = None,
        known: Known | None = None,
        plugs: Plugs = plugged_in,
    ) -> None:
        """AddressError for a bad address. ``on_events`` is called on the supervisor's thread
        whenever there is something to take; it must return at once and not raise. ``known``: the
        radio that was there before, should it be plugged in elsewhere now.
        """
        self.address = parse_address(address) if isinstance(address, str) else address
        self._config, self._rng = config, rng or random.Random(secrets.randbits(64))
        self._on_events = on_events
        self._finder = PortFinder(self.address, known, plugs)
        self._inbox: queue.Queue[Turn] = queue.Queue(INBOX_MAX)
        self._lock = threading.Lock()
        self._events: deque[LinkEvent] = deque()
        self._sections: dict[str, bytes] = {}
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._attempt: Attempt | None = None
        self._given_up: list[Attempt] = []
        self.events_dropped = 0

    # -- the caller's side ---------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect; returns at once and reconnects for ever."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._supervise, name=f"radio {self.address}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Give up the connection; returns within a few seconds, whatever the library does."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        self._post(lambda _watch, _now: None)
        thread.join(STOP_S)

    def send(self, packet: Packet) -> None:
        """Hand in a packet; a ``Sent`` event with its id follows. ValueError above 231 bytes."""
        if len(packet.payload) > PAYLOAD_MAX:
            raise ValueError(f"payload of {len(packet.payload)} bytes exceeds {PAYLOAD_MAX}")
        if self._thread is None:
            self._push([Sent(packet.id, Refusal.DISCONNECTED)])
        elif not self._post(lambda watch, now: watch.send(packet, now)):
            self._push([Sent(packet.id, Refusal.QUEUE_FULL)])

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call, oldest first (at most ``EVENTS_MAX``)."""
        with self._lock:
            events = list(self._events)
            self._events.clear()
        return events

    def sections(self) -> dict[str, bytes]:
        """Serialised settings as the radio reported them, by name; empty before the handshake.

        Names: ``lora``, ``device``, ``position``, ``telemetry`` and ``channel:0`` … ``channel:7``.
        """
        with self._lock:
            return dict(self._sections)

    def configure(self, requests: Sequence[bytes]) -> tuple[int, ...]:
        """Send serialised admin messages to the attached radio; the ids of their packets.

        A ``Sent`` event follows for each. The radio may restart; the link comes back by itself.
        """
        ids = tuple(secrets.randbelow(0xFFFFFFFF) + 1 for _ in requests)
        for packet_id, request in zip(ids, requests, strict=True):
            packet = Packet(
                request, packet_id, 0, want_ack=True, urgency=FrameClass.FLASH, port=ADMIN_APP
            )
            self.send(packet)
        return ids

    def reread(self) -> None:
        """Connect anew, so that ``sections`` tells what the radio now has."""
        self._post(lambda watch, now: watch.lost(watch.session, Reason(Trouble.REREAD), now))

    # -- the supervisor ------------------------------------------------------------------------

    def _post(self, turn: Turn) -> bool:
        try:
            self._inbox.put_nowait(turn)
        except queue.Full:
            return False
        return True

    def _supervise(self) -> None:
        from mesh.radio.watch import RadioWatch  # loads the protobufs: not needed by everybody

        session = 0
        while not self._stopping.is_set():
            watch = RadioWatch(str(self.address), self._rng, self._config, self._finder)
            watch.session = session  # what an attempt of before still says is ignored
            watch.start(_now())
            try:
                self._keep_turning(watch)
            except Exception:  # noqa: BLE001
                # A fault of ours, by whatever a radio said: whoever waits is answered, and all is
                # begun anew. A link that has died would look like a quiet radio.
                _log.exception("the radio link failed")
            try:
                watch.stop(_now())
                self._turn(watch)
            except Exception:  # noqa: BLE001
                _log.exception("the radio link could not be ended")
            session = watch.session
            self._stopping.wait(FAULT_S)

    def _keep_turning(self, watch: RadioWatch) -> None:
        while not self._stopping.is_set():
            self._turn(watch)
            due = watch.next_deadline()
            timeout = LOOK_S if due is None else min(LOOK_S, max(0.0, (due - _now()) / 1000))
            try:
                turn = self._inbox.get(timeout=timeout)
            except queue.Empty:
                continue
            turn(watch, _now())
            for _ in range(self._inbox.qsize()):
                self._inbox.get_nowait()(watch, _now())

    def _turn(self, watch: RadioWatch) -> None:
        if self._attempt is not None and self._attempt.dead:
            watch.lost(self._attempt.session, BROKEN, _now())
        watch.advance(_now())
        for command in watch.take_commands():
            self._execute(command, watch)
        with self._lock:
            self._sections = dict(watch.report.sections)
        self._push(watch.take_events())

    def _execute(self, command: Command, watch: RadioWatch) -> None:
        from mesh.radio.watch import Act

        if command.act is Act.OPEN:
            self._open(command.session, watch)
        elif self._attempt is not None and self._attempt.session == command.session:
            if command.act is Act.DROP:
                self._attempt.give_up()
                self._given_up.append(self._attempt)
                self._attempt = None
            elif command.act is Act.PROBE:
                self._attempt.jobs.put(lambda client: client.probe())
            elif command.act is Act.LIST:
                self._attempt.jobs.put(lambda client: client.list_nodes())
            elif command.packet is not None:
                packet, number = command.packet, watch.report.number or 0
                self._attempt.jobs.put(lambda client: client.send(packet, number))

    def _open(self, session: int, watch: RadioWatch) -> None:
        self._given_up = [attempt for attempt in self._given_up if attempt.thread.is_alive()]
        if len(self._given_up) >= STUCK_MAX:
            watch.lost(session, Reason(Trouble.STUCK), _now())
            return
        self._attempt = Attempt(session, self.address, self._finder, self._from_attempt)
        self._attempt.thread.start()

    def _from_attempt(self, turn: Turn) -> None:
        """Called on the library's threads; a full inbox holds up its reader, but not for ever."""
        try:
            self._inbox.put(turn, timeout=5.0)
        except queue.Full:
            return

    def _push(self, events: Sequence[LinkEvent]) -> None:
        if not events:
            return
        with self._lock:
            for event in events:
                if len(self._events) >= EVENTS_MAX:
                    self._make_room()
                self._events.append(event)
        if self._on_events is not None:
            self._on_events()

    def _make_room(self) -> None:
        """Received packets and old states can be spared: repair and the next state follow."""
        self.events_dropped += 1
        for index, event in enumerate(self._events):
            if isinstance(event, (Received, RadioState)):
                del self._events[index]
                return
        self._events.popleft()


def _now() -> int:
    return time.monotonic_ns() // 1_000_000
