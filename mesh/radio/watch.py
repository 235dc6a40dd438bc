# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When to connect, to probe, to send and to give up: the state machine behind a radio link.

Pure: frames, packets and the time go in; commands for the shell and link events come out. It
trusts nothing below it. A radio that says nothing for ``quiet_ms`` is asked for its queue status;
one that does not answer is dropped and tried again for ever, ever more slowly. Each connection
attempt has a number, and what an abandoned attempt still says is ignored. ``mesh.radio.phases``
holds the states as a table.

Every packet handed in ends in exactly one ``Sent`` event. The radio remembers two answers for its
client and drops older ones, so no more than two packets are unanswered at a time; and as it answers
in order, a later answer says that what came before was taken. A packet without any answer counts as
DISCONNECTED: it may be on the air nevertheless, so whoever tries again uses the same id.

Limits: ``pending_max`` packets below us; the shell bounds the events.
"""

from __future__ import annotations

import enum
import random
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Protocol

from mesh.link import (
    Acknowledged,
    LinkEvent,
    Packet,
    RadioState,
    Reason,
    Received,
    Refusal,
    Sent,
    Trouble,
)
from mesh.nodes import MeshNode
from mesh.radio.phases import TURNS, Phase, Turn
from mesh.radio.reader import ConfigComplete, QueueReport, RadioReport, Rebooted
from mesh.radio.rivals import Rivals

UNANSWERED_MAX = 2
"""So many answers the firmware keeps for its client (MAX_RX_QUEUESTATUS_TOPHONE)."""


OLD_NEWS_MS = 10_000
"""So long after the handshake a radio delivers what it kept for an absent client: a time in that
is of then, not of now."""


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """Times in ms. The defaults cost an idle radio one small frame a minute."""

    open_ms: int = 60_000  # longest handshake
    quiet_ms: int = 60_000  # silence after which the radio is asked
    answer_ms: int = 15_000  # how long an answer may take
    full_probe_ms: int = 2_000  # how often a full queue is asked for room
    full_max_ms: int = 60_000  # how long a packet waits for room
    backoff_first_ms: int = 1_000
    backoff_max_ms: int = 30_000
    steady_ms: int = 30_000  # a connection this old starts the backoff anew
    pending_max: int = 32


class Act(enum.Enum):
    """What the shell shall do."""

    OPEN = "open"
    SEND = "send"
    PROBE = "probe"
    LIST = "list"  # ask for the radios that it knows
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Command:
    """One order for the shell, about the connection attempt ``session``."""

    act: Act
    session: int
    packet: Packet | None = None


class Harbour(Protocol):
    """Knows which radio is meant, whatever its port is called now."""

    @property
    def moved(self) -> str | None:
        """The address of the last attempt, if it is not the stated one."""

    @property
    def plug(self) -> tuple[int, int, str] | None:
        """The USB chip of the radio: maker, product, serial number."""

    def connected(self, number: int) -> bool:
        """A radio with that number answered; whether it is the one that is meant."""


class RadioWatch:
    """Keeps one radio connected."""

    def __init__(
        self,
        address: str,
        rng: random.Random,
        config: WatchConfig | None = None,
        harbour: Harbour | None = None,
    ) -> None:
        """``address`` appears in the events as the user wrote it."""
        self._harbour = harbour
        self.config = config or WatchConfig()
        self.report = RadioReport()
        self.session = 0
        self._rng = rng
        self._phase = Phase.STOPPED
        self._since = 0  # when the phase began
        self._heard = 0
        self._probed: int | None = None
        self._retry_at = 0
        self._failures = 0
        self._free: int | None = None
        self._waiting: OrderedDict[int, tuple[Packet, int]] = OrderedDict()
        self._handed: OrderedDict[int, int] = OrderedDict()
        self._commands: list[Command] = []
        self._events: list[LinkEvent] = []
        self._asked_at: int | None = None  # when the queue status was last asked for
        self._refuses: Reason | None = None
        self._rivals = Rivals()
        self._state = RadioState(connected=False, address=address, reason=Reason(Trouble.STOPPED))

    # -- events in -----------------------------------------------------------------------------

    def start(self, now: int) -> None:
        """Connect as soon as possible; without effect when already started."""
        if self._phase is Phase.STOPPED:
            self._turn(Turn.START, now)
            self._retry_at, self._failures = now, 0
            self._tell(replace(self._state, reason=Reason(Trouble.CONNECTING)))

    def stop(self, now: int) -> None:
        """Give up the connection for good."""
        if self._phase is not Phase.STOPPED:
            self._drop(Reason(Trouble.STOPPED), now)
            self._turn(Turn.STOP, now)

    def send(self, packet: Packet, now: int) -> None:
        """Take a packet; one whose id is still pending is ignored."""
        if packet.id in self._waiting or packet.id in self._handed:
            return
        if self._phase is not Phase.READY:
            self._events.append(Sent(packet.id, Refusal.DISCONNECTED))
        elif len(self._waiting) + len(self._handed) >= self.config.pending_max:
            self._events.append(Sent(packet.id, Refusal.QUEUE_FULL, self._free))
        else:
            self._waiting[packet.id] = (packet, now)
            self._pump(now)

    def frame(self, session: int, body: bytes, now: int) -> None:
        """A frame from the radio."""
        if session != self.session or self._phase not in (Phase.OPENING, Phase.READY):
            return
        self._heard, self._probed = now, None
        for finding in self.report.read(body):
            match finding:
                case ConfigComplete():
                    self._ready(now)
                case Rebooted():
                    self._rebooted(now)
                case QueueReport():
                    self._queue(finding, now)
                case Received() if now < self._since + OLD_NEWS_MS:
                    self._events.append(replace(finding, radio_unix_s=0))
                case MeshNode() if now < self._since + OLD_NEWS_MS:
                    self._events.append(replace(finding, radio_unix_s=0, late=True))
                case Acknowledged():
                    self._rivals.answered(finding.packet_id, now)
                    self._events.append(finding)
                case _:
                    self._events.append(finding)
        if self._phase is Phase.READY:
            self._tell(self._described(now))

    def lost(self, session: int, reason: Reason, now: int) -> None:
        """The connection attempt has ended."""
        if session == self.session and self._phase in (Phase.OPENING, Phase.READY):
            self._lose(Turn.LOSS, reason, now)

    # -- time ----------------------------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Do what is due."""
        if self._phase is Phase.WAITING and now >= self._retry_at:
            self._open(now)
        elif self._phase is Phase.OPENING and now >= self._since + self.config.open_ms:
            self._lose(Turn.TIMEOUT, Reason(Trouble.NO_HANDSHAKE, self._state.address), now)
        elif self._phase is Phase.READY:
            self._advance_ready(now)

    def next_deadline(self) -> int | None:
        """When ``advance`` has something to do, or None."""
        config = self.config
        if self._phase is Phase.WAITING:
            return self._retry_at
        if self._phase is Phase.OPENING:
            return self._since + config.open_ms
        if self._phase is Phase.STOPPED:
            return None
        due = [self._probe_due()]
        if self._handed:
            due.append(next(iter(self._handed.values())) + 2 * config.answer_ms)
        if self._waiting:
            due.append(next(iter(self._waiting.values()))[1] + config.full_max_ms)
        return min(due)

    def _probe_due(self) -> int:
        """When to probe next or, after a probe, when to lose patience."""
        config = self.config
        if self._probed is not None:
            return self._probed + config.answer_ms
        due = self._heard + config.quiet_ms
        if self._handed:
            oldest = next(iter(self._handed.values()))
            due = min(due, max(oldest, self._asked_at or oldest) + config.answer_ms)
        if self._waiting:
            due = min(due, self._heard + config.full_probe_ms)
        return due

    def _advance_ready(self, now: int) -> None:
        config = self.config
        if now >= self._probe_due():
            if self._probed is not None:
                self._lose(Turn.SILENCE, Reason(Trouble.SILENT), now)
                return
            self._probed = self._asked_at = now
            self._commands.append(Command(Act.PROBE, self.session))
        while self._handed:
            packet_id, at = next(iter(self._handed.items()))
            if now < at + 2 * config.answer_ms:
                break
            del self._handed[packet_id]
            self._events.append(Sent(packet_id, Refusal.DISCONNECTED, self._free))
        while self._waiting:
            packet, at = next(iter(self._waiting.values()))
            if now < at + config.full_max_ms:
                break
            del self._waiting[packet.id]
            self._events.append(Sent(packet.id, Refusal.QUEUE_FULL, self._free))

    # -- what comes out ------------------------------------------------------------------------

    def take_commands(self) -> list[Command]:
        """Orders for the shell since the last call."""
        commands, self._commands = self._commands, []
        return commands

    def take_events(self) -> list[LinkEvent]:
        """Link events since the last call."""
        events, self._events = self._events, []
        return events

    # -- transitions ---------------------------------------------------------------------------

    def _turn(self, turn: Turn, now: int) -> None:
        self._phase, self._since = TURNS[self._phase, turn], now

    def _open(self, now: int) -> None:
        self.session += 1
        self.report = RadioReport()
        self._free, self._probed, self._heard = None, None, now
        self._asked_at, self._refuses = None, None
        self._turn(Turn.TRY, now)
        self._commands.append(Command(Act.OPEN, self.session))

    def _ready(self, now: int) -> None:
        number = self.report.number
        if self._phase is not Phase.OPENING or number is None:
            return
        if self._harbour is not None and not self._harbour.connected(number):
            self._lose(Turn.LOSS, Reason(Trouble.ANOTHER, self._harbour.moved or ""), now)
        else:
            self._turn(Turn.ANSWER, now)
            self._commands.append(Command(Act.LIST, self.session))

    def _rebooted(self, now: int) -> None:
        """The client library asks for the configuration again by itself."""
        self._fail_pending()
        self._turn(Turn.REBOOT, now)
        state = self._described(now)
        self._tell(replace(state, connected=False, reason=Reason(Trouble.REBOOTING)))

    def _lose(self, turn: Turn, reason: Reason, now: int) -> None:
        if self._phase is Phase.READY and reason.trouble in (Trouble.BROKEN, Trouble.SILENT):
            self._rivals.broke(now - self._since, now)
            if self._rivals.suspected(now):
                reason = Reason(Trouble.SHARED, self._state.address)
        if self._phase is Phase.READY and now - self._since >= self.config.steady_ms:
            self._failures = 0
        self._drop(reason, now)
        self._turn(turn, now)
        backoff = self.config.backoff_first_ms << min(self._failures, 16)
        backoff = min(backoff, self.config.backoff_max_ms)
        self._failures += 1
        self._retry_at = now + round(backoff * self._rng.uniform(0.8, 1.2))

    def _drop(self, reason: Reason, now: int) -> None:
        self._commands.append(Command(Act.DROP, self.session))
        self._fail_pending()
        self._tell(RadioState(connected=False, address=self._state.address, reason=reason))

    def _fail_pending(self) -> None:
        for packet_id in (*self._handed, *self._waiting):
            self._events.append(Sent(packet_id, Refusal.DISCONNECTED))
        self._handed.clear()
        self._waiting.clear()

    # -- flow ----------------------------------------------------------------------------------

    def _queue(self, status: QueueReport, now: int) -> None:
        self._free = status.free
        if status.packet_id in self._handed:
            self._taken_before(status)
            del self._handed[status.packet_id]
            self._events.append(Sent(status.packet_id, status.refusal, status.free))
            self._refuses = None
            if status.refusal in (Refusal.DISABLED, Refusal.OTHER):
                self._refuses = Reason(Trouble.REFUSES, detail=str(status.code))
        elif status.packet_id == 0:
            self._taken_before(status)
        self._pump(now)

    def _taken_before(self, status: QueueReport) -> None:
        """What was handed over before the packet, or the question, that is answered here."""
        for packet_id, at in list(self._handed.items()):
            if packet_id == status.packet_id:
                return
            if status.packet_id or (self._asked_at is not None and at <= self._asked_at):
                del self._handed[packet_id]
                self._events.append(Sent(packet_id, Refusal.NONE, status.free))

    def _pump(self, now: int) -> None:
        """Hand over what the radio has room for."""
        while (
            self._waiting
            and len(self._handed) < UNANSWERED_MAX
            and (self._free is None or self._free > 0)
        ):
            packet_id, (packet, _) = self._waiting.popitem(last=False)
            self._handed[packet_id] = now
            self._rivals.sent(packet_id, now)
            if self._free is not None:
                self._free -= 1
            self._commands.append(Command(Act.SEND, self.session, packet))

    def _tell(self, state: RadioState) -> None:
        if state != self._state:
            self._state = state
            self._events.append(state)

    def _described(self, now: int) -> RadioState:
        report, rival = self.report, self._rivals.suspected(now)
        return RadioState(
            connected=True,
            address=self._state.address,
            number=report.number,
            name=report.name,
            firmware=report.firmware,
            hardware=report.hardware,
            region=report.region,
            preset=report.preset,
            channel_utilisation=report.channel_utilisation,
            air_util_tx=report.air_util_tx,
            battery_percent=report.battery_percent,
            mute=self._mute(),
            rival=Reason(Trouble.SHARED, self._state.address) if rival else None,
            at=self._harbour.moved if self._harbour else None,
            plug=self._harbour.plug if self._harbour else None,
        )

    def _mute(self) -> Reason | None:
        """Why a connected radio does not send, by its settings or its last answer."""
        if self.report.region == "UNSET":
            return Reason(Trouble.REGION_UNSET)
        if self.report.transmits is False:
            return Reason(Trouble.TRANSMITTER_OFF)
        return self._refuses
