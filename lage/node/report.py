# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the node writes down: its report for other processes, and what a restart needs.

About once a second, and at once when the radio has changed or airtime booked ahead runs short. A
disk that refuses stops nothing: it is said once, and tried again.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from lage.kinds.setting import AIRTIME, ENGINE, PUSHED, Setting
from lage.language.errors import StoreError
from lage.store import Peer
from lage.store.caught import CAUGHT, with_faults
from lage.store.report import REPORT, NodeReport
from lage.store.ways import WAYS, WaysReport
from mesh.link import RadioState
from mesh.nodes import MeshNode

if TYPE_CHECKING:
    from lage.language.fence import Fault
    from lage.node.attached import Attached
    from lage.node.pushed import Pushed
    from lage.station import Station
    from mesh.send.outbox import Outbox
    from sync.replica.engine import Engine

LOGGER = logging.getLogger("lage.node")
REPORT_S = 1.0
FAULTS_MAX = 100
GPS_S = 900
"""A position by satellites that is no older says that the radio's clock goes by them."""
AHEAD_MS = 45_000
"""Airtime that is booked before it is used, so that no crash makes the account forget any of it:
room for three times the longest packet of the slowest preset."""

T = TypeVar("T")


class Reporter:
    """Keeps the settings that the node owns."""

    def __init__(
        self,
        station: Station,
        engine: Engine,
        outbox: Outbox,
        pushed: Pushed,
        attached: Attached,
    ) -> None:
        self._station, self._engine, self._attached = station, engine, attached
        self.away_s = 0  # how long the radio has neither heard nor sent
        self._outbox, self._pushed = outbox, pushed
        self.sent = 0  # packets since the start
        self.heard = 0
        self.notice: str | None = None
        self._radio_ahead_s: int | None = None
        self._radio_gps = False
        self.peers_changed = True
        self.key_epoch, self.keys_refused = 0, False
        self.faults = 0  # caught since the start
        self.ways = WaysReport()
        self._ways_kept: WaysReport | None = None
        self._caught: list[tuple[Fault, int]] = []  # of these, not kept yet
        self._radio = attached.unanswered
        self._due = 0.0  # by the machine's own clock
        self._disk_full = False

    def radio_changed(self, state: RadioState) -> None:
        """To be told at once."""
        self._radio = state
        self.due()

    def due(self) -> None:
        """Something is to be told at once."""
        self._due = 0.0

    def radio_time(self, unix_s: int) -> None:
        """What the radio's clock says now, 0 if it has none; the air of an exercise may hurry."""
        if unix_s and (self._station.timebase.steady or not self._station.timebase.own):
            self._radio_ahead_s = round(unix_s - time.time())

    @property
    def clock(self) -> tuple[int | None, bool]:
        """The radio's clock less this computer's, None without one; whether it has satellites."""
        return self._radio_ahead_s, self._radio_gps

    def radio_place(self, own: MeshNode | None) -> None:
        """Where the own radio says it stands: one that has satellites has their time too."""
        ahead, place = self._radio_ahead_s, own.place if own else None
        if place is not None and ahead is not None:
            age = time.time() + ahead - place.unix_s
            self._radio_gps = place.gps and abs(age) < GPS_S

    def faulted(self, fault: Fault) -> None:
        """An error was caught: to be kept with the next report, and logged once for each place."""
        number = self._station.faults.note(fault.error)
        if not any(fault.place is other.place for other, _ in self._caught):
            LOGGER.error("caught: %s: %s (%d)", fault.place.name, fault.reason, number)
        self.faults += 1
        if len(self._caught) < FAULTS_MAX:
            self._caught.append((fault, number))

    def report(self, now: int, *, stopped: bool = False) -> None:
        """Tell the other processes how the radio is, and keep what a restart needs, if due."""
        real = time.monotonic()
        credit = self._outbox.credit_ms or 0
        spent = credit < AHEAD_MS // 2 and not self._disk_full
        if real < self._due and not spent and not stopped:
            return
        self._due = real + REPORT_S
        if self.peers_changed:
            self._save_peers(now)
            self.keep(ENGINE, self._engine.export_state())
        ahead = 0 if stopped else AHEAD_MS
        if self.keep(AIRTIME, self._outbox.account(now, ahead)):
            self._outbox.booked(ahead, now)
        self.keep(PUSHED, self._pushed.upto)
        self._keep_faults()
        if self.ways != self._ways_kept and self.keep(WAYS, self.ways):
            self._ways_kept = self.ways
        self.keep(REPORT, self._state(now, stopped=stopped))

    def keep(self, setting: Setting[T], value: T) -> bool:
        """Keep a setting; False where the disk refuses, then the next report tries again."""
        try:
            self._station.keep(setting, value)
        except StoreError as error:
            self._disk_refused(error)
            return False
        self._disk_full = False
        return True

    def _keep_faults(self) -> None:
        if not self._caught:
            return
        known = self._station.setting(CAUGHT)
        if self.keep(CAUGHT, with_faults(known, self._caught, self._station.unix())):
            self._caught.clear()

    def _disk_refused(self, error: StoreError) -> None:
        """Say it once, not every second, until something could be kept again."""
        if not self._disk_full:
            LOGGER.error("could not be kept: %s", error)
        self._disk_full = True

    def _state(self, now: int, *, stopped: bool) -> NodeReport:
        radio, ledger = self._radio, self._outbox.ledger
        few, unrelayed, alone_since = self._attached.alone(now)
        return NodeReport(
            reported=time.time(),
            stopped=stopped,
            connected=radio.connected,
            address=radio.at or radio.address,
            name=radio.name,
            number=radio.number,
            firmware=radio.firmware,
            preset=radio.preset,
            region=radio.region,
            reason=radio.reason,
            mute=radio.mute,
            rival=radio.rival,
            notice=self.notice,
            channel_utilisation=radio.channel_utilisation,
            airtime_hour_ms=ledger.used_ms(now),
            airtime_limit_ms=ledger.limit_ms,
            queue=self._outbox.waiting(),
            packets_sent=self.sent,
            packets_heard=self.heard,
            rejected=self._engine.rejected,
            key_epoch=self.key_epoch,
            keys_refused=self.keys_refused,
            shares=self._engine.shares(now),
            strangers=self._engine.strangers,
            radio_ahead_s=self._radio_ahead_s,
            radio_gps=self._radio_gps,
            only_relay=self._attached.relaying.only(now),
            few_relays=few,
            unrelayed=unrelayed,
            alone_since=alone_since,
            verdict=self._attached.verdict,
            away_s=self.away_s,
            quiet_s=self._attached.quiet_s() if self._others() else None,
            unanswered_s=self._attached.unanswered_s() if self._others() else None,
            order_at=self._attached.setter.order_at,
            order=self._attached.setter.state,
        )

    def _others(self) -> bool:
        """Whether there is anybody who could be heard."""
        members = self._engine.roster.members.items()
        me = self._station.network_keys.author
        return any(member.active for number, member in members if number != me)

    def _save_peers(self, now: int) -> None:
        states = self._engine.peers()
        offset = int(self._station.unix()) - now // 1000
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
            self._station.store.local.save_peers(peers, vectors)
            self.peers_changed = False
        except StoreError as error:
            self._disk_refused(error)
