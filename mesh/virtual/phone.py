# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The client API of one virtual radio: what the firmware answers to its client, without I/O.

Between a client that speaks ``ToRadio``/``FromRadio`` and a radio on the air. It imitates firmware
PhoneAPI.cpp, MeshService.cpp and the local part of Router.cpp: handshake, flow control by
queueStatus, rate limits, duplicate ids, admin messages, routing replies, and the small queues of
``mesh.virtual.outbound``. What comes from the air is judged in ``mesh.virtual.hearing``, what the
radio says by itself in ``mesh.virtual.voice``.

Whoever runs it feeds ``receive``, ``heard`` and ``noticed``, calls ``advance`` at
``next_deadline`` and fetches ``take_frames``. Times are milliseconds of the radio's own clock.

Limits: ``TO_SELF_MAX`` packets to the radio itself until it looks at them, the oldest go first.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable

from google.protobuf.message import DecodeError
from meshtastic.protobuf import admin_pb2, mesh_pb2, portnums_pb2

from mesh.link import BROADCAST, Acknowledged, Received, Refusal
from mesh.virtual.admin import handle_admin
from mesh.virtual.gate import ClientGate, Verdict
from mesh.virtual.hearing import Hearing
from mesh.virtual.manifest import Manifest
from mesh.virtual.outbound import Outbound
from mesh.virtual.settings import VirtualSettings
from mesh.virtual.voice import PhoneRadio, Voice

TO_SELF_MAX = 4
"""Packets from the client to its own radio that wait to be handled; a whole batch is read before
the first is (firmware Router.cpp, MAX_RX_FROMRADIO)."""

RESTART_S = 7
"""From a change to the restart that it needs (firmware AdminModule.h, DEFAULT_REBOOT_SECONDS)."""

TRACED_TOO_OFTEN = "TraceRoute can only be sent once every 30 seconds"
TRACED_TOO_FAR = "Multi-hop traceroute to broadcast address is not allowed"

Port = portnums_pb2.PortNum
Error = mesh_pb2.Routing.Error


class VirtualPhone:
    """One radio's side of the client API."""

    def __init__(
        self,
        settings: VirtualSettings,
        radio: PhoneRadio,
        manifest: Manifest,
        rng: random.Random,
        unix_offset_s: int = 0,
    ) -> None:
        """``unix_offset_s`` is the wall clock at time 0, in seconds since 1970."""
        self.settings = settings
        self.restart_in_s: int | None = None  # None: not wanted
        self.shutdown_wanted = False
        self.air_changed = False
        self.changed = False  # something that outlives a loss of power
        if settings.make_keys(rng) and settings.factory_new:
            settings.start()
        self._rng = rng
        self._radio, self._manifest = radio, manifest
        self._gate = ClientGate()
        self._out = Outbound(settings.board.places)
        self._voice = Voice(settings, radio, manifest, self._out, rng, unix_offset_s)
        self.hearing = Hearing(settings, radio, manifest, self._out, self._voice)
        self._self: deque[mesh_pb2.MeshPacket] = deque(maxlen=TO_SELF_MAX)
        self._editing = False
        self._restart_after_edit = False
        self.hung_up = False  # the client has said goodbye: a TCP line is closed
        self.bad_frames = 0  # ToRadio that could not be decoded

    @property
    def attached(self) -> bool:
        """Whether a client has asked for the configuration and not hung up."""
        return self._out.attached

    @property
    def dropped_for_client(self) -> int:
        """Packets that the absent client will never see."""
        return self._out.dropped

    # -- the five methods ----------------------------------------------------------------------

    def receive(self, body: bytes, now: int) -> None:
        """One frame from the client; undecodable ones are counted and ignored."""
        try:
            message = mesh_pb2.ToRadio.FromString(body)
        except DecodeError:
            self.bad_frames += 1
            return
        match message.WhichOneof("payload_variant"):
            case "want_config_id":
                self._start_config(message.want_config_id)
            case "disconnect":
                self.detach()
                self.hung_up = True
            case "heartbeat":
                self._heartbeat(message.heartbeat.nonce, now)
            case "packet":
                self._from_client(message.packet, now)
            case _:
                pass  # xmodem and MQTT: nothing to do for a radio without files and internet

    def advance(self, now: int) -> None:
        """Do what is due: packets to the radio itself, own node info, telemetry for the client."""
        while self._self:
            self._to_self(self._self.popleft(), now)
        self._voice.advance(now)

    def next_deadline(self) -> int:
        """When ``advance`` has something to do."""
        return 0 if self._self else self._voice.next_deadline()

    def take_frames(self) -> list[bytes]:
        """Bodies of the frames for the client since the last call."""
        return self._out.take()

    # -- the client's side ---------------------------------------------------------------------

    def detach(self) -> None:
        """The client has hung up or was lost: from now on packets wait."""
        self._out.detach()
        self._editing = False

    def reboot(self, now: int) -> None:
        """The radio starts again: nobody is attached, what waited is lost, settings stay."""
        self.detach()
        self._out.forget()
        self._self.clear()
        self._gate = ClientGate()
        self.restart_in_s, self.shutdown_wanted = None, False
        self.settings.start()
        self._voice.restart(now)

    def greet(self) -> None:
        """Tell a serial client, once it talks, that the radio has started again."""
        self._out.greet(mesh_pb2.FromRadio(rebooted=True))

    def _start_config(self, nonce: int) -> None:
        self._out.attach(self.settings.handshake(nonce))

    def _heartbeat(self, nonce: int, now: int) -> None:
        if nonce == 1:  # "tell the others who I am"; not answered
            self._voice.introduce(BROADCAST, now, ask=True, urgent=True)
        elif self.attached:
            self._voice.status(0, Error.NONE)

    def notify(self, text: str, reply_id: int, now: int) -> None:
        """A notification for the client's user."""
        note = mesh_pb2.ClientNotification(
            message=text, reply_id=reply_id, time=self._voice.unix_s(now), level="WARNING"
        )
        self._out.tell(mesh_pb2.FromRadio(clientNotification=note))

    # -- packets from the client ---------------------------------------------------------------

    def _from_client(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        if packet.id == 0:
            packet.id = self._voice.new_id()
        verdict = self._gate.judge(packet.id, packet.decoded.portnum, now)
        if verdict is Verdict.DUPLICATE:
            return  # without a queueStatus, as the firmware does
        if packet.WhichOneof("payload_variant") != "decoded":
            self._voice.status(packet.id, Error.BAD_REQUEST)
            return
        tracing = packet.decoded.portnum == Port.TRACEROUTE_APP
        wide = tracing and packet.to == BROADCAST and packet.hop_limit > 0
        if verdict is not Verdict.ADMIT or wide:
            if tracing:
                self.notify(TRACED_TOO_OFTEN if not wide else TRACED_TOO_FAR, packet.id, now)
            self._voice.status(packet.id, Error.NONE)
            if verdict is Verdict.NAK:
                self._refuse_text(packet, now)
            return
        packet.want_ack |= tracing and packet.to != BROADCAST
        setattr(packet, "from", self.settings.number)
        if packet.to == self.settings.number:
            self._voice.status(packet.id, Error.NONE)
            self._self.append(packet)  # of too many the oldest is gone
        else:
            self.transmit(packet, now)

    def _refuse_text(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        """The NAK goes to whom the client gave as sender: mostly nobody, so to number 0 by air."""
        to = getattr(packet, "from")
        if to == self.settings.number:
            self._routing(packet.id, Error.RATE_LIMIT_EXCEEDED, now)
            return
        answer = self._voice.routing(to, packet.id, Error.RATE_LIMIT_EXCEEDED, now)
        answer.channel = packet.channel
        self._voice.send(answer, now, silent=True)

    def transmit(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        """Hand a packet of this radio to the air, tell the client what became of it."""
        key = self.settings.channel_key(packet.channel)
        if key is None:
            self._voice.status(packet.id, Error.NO_CHANNEL)
            self._routing(packet.id, Error.NO_CHANNEL, now)
            return
        if not self.settings.may_transmit:
            self._voice.status(packet.id, Refusal.DISABLED.value)
            return
        packet.hop_limit = min(packet.hop_limit, 7)
        if packet.want_ack and packet.hop_limit == 0:
            default = min(self.settings.lora.hop_limit, 7) or 3
            packet.hop_limit = default  # firmware Router.cpp sendLocal
        status = self._radio.submit(self._manifest.enter(packet, key), now)
        self._voice.status(packet.id, status.refusal.value)
        if status.refusal not in (Refusal.NONE, Refusal.QUEUE_FULL):
            self._routing(packet.id, status.refusal.value, now)

    def _to_self(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        error = Error.NONE
        answered = False
        if packet.decoded.portnum == Port.ADMIN_APP:
            error, answered = self._admin(packet, now)
        if error != Error.NONE or (packet.want_ack and not answered):
            self._routing(packet.id, error, now)

    def _admin(self, packet: mesh_pb2.MeshPacket, now: int) -> tuple[int, bool]:
        try:
            request = admin_pb2.AdminMessage.FromString(packet.decoded.payload)
        except DecodeError:
            return Error.BAD_REQUEST, False
        outcome = handle_admin(self.settings, request)
        variant = request.WhichOneof("payload_variant")
        if variant == "begin_edit_settings":
            self._editing = True
        elif variant == "commit_edit_settings":
            self._editing = False
            if self._restart_after_edit:
                self.restart_in_s = RESTART_S
            self._restart_after_edit = False
        elif self._editing:
            self._restart_after_edit |= outcome.restart
        elif outcome.restart:
            self.restart_in_s = outcome.restart_in_s or RESTART_S
        self.shutdown_wanted |= outcome.shutdown
        self.air_changed |= outcome.air_changed
        self.changed |= outcome.changed
        if outcome.air_changed:
            self.settings.make_keys(self._rng)
        if outcome.owner_changed:
            self._voice.introduce(BROADCAST, now)
        if outcome.response is None:
            return outcome.error, False
        data = mesh_pb2.Data(
            portnum=Port.ADMIN_APP,
            payload=outcome.response.SerializeToString(),
            request_id=packet.id,
        )
        answer = self._voice.packet(self.settings.number, data, now)
        self._voice.status(answer.id, Error.NONE)  # as for every packet of the radio's own
        self._out.packet(answer)
        return outcome.error, True

    # -- the air's side ------------------------------------------------------------------------

    def heard(self, received: Iterable[Received], now: int) -> None:
        """Packets that the radio received."""
        self.hearing.heard(received, now)

    def noticed(self, notices: Iterable[Acknowledged], now: int) -> None:
        """What became of packets sent earlier."""
        for notice in notices:
            self._routing(notice.packet_id, notice.refusal.value, now)

    def _routing(self, request_id: int, error: int, now: int) -> None:
        """A routing reply of the radio itself: implicit ack or NAK."""
        packet = self._voice.routing(self.settings.number, request_id, error, now)
        self._out.packet(packet)
        if error == Error.DUTY_CYCLE_LIMIT:
            self.notify("Duty cycle limit exceeded. You can send again soon.", request_id, now)
