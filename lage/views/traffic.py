# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What passed the radio, in words: who, how, and what the frame says. Pure.

Nothing is verified here but the MAC of control frames: a record shows what was heard, true or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lage.kinds.directory import Directory
from lage.language.radio import CLASSES, REJECTED, trouble_sentence
from lage.language.sensing import SENSES, measured_words
from mesh.link import BROADCAST, Acknowledged, Notice, Packet, RadioState, Received, Refusal, Sent
from mesh.nodes import MeshNode
from mesh.record import Passed
from sync.wire.frames import Have, PacketError, Runs, Seal, Tags, Want
from sync.wire.packet import decode

PRIVATE_APP = 256
RANGES_MAX = 4

REFUSALS: dict[Refusal, str] = {
    Refusal.NONE: "angenommen",
    Refusal.NO_ROUTE: "kein Weg dorthin",
    Refusal.MAX_RETRANSMIT: "niemand hat es weitergegeben",
    Refusal.TOO_LARGE: "zu lang",
    Refusal.DUTY_CYCLE_LIMIT: "Sendezeit der Stunde verbraucht",
    Refusal.QUEUE_FULL: "Warteschlange voll",
    Refusal.DISABLED: "Gerät sendet nicht (Region nicht gesetzt oder Sender aus)",
    Refusal.RATE_LIMIT_EXCEEDED: "zu schnell hintereinander",
    Refusal.OTHER: "abgelehnt",
    Refusal.DISCONNECTED: "Gerät war weg, bevor es geantwortet hat",
}
"""What a radio says to a packet."""


@dataclass(frozen=True, slots=True)
class Describer:
    """Says what passed, with the names that this folder knows."""

    directory: Directory
    seal: Seal
    radios: Mapping[int, str] = field(default_factory=dict)  # number -> name

    def words(self, what: Passed) -> str:
        """One line."""
        match what:
            case Packet():
                return self._sent(what)
            case Received():
                who = self._radio(what.sender)
                way = "direkt" if not what.hops else f"über {what.hops}"
                signal = f"{what.snr_db:.0f} dB, {what.rssi_dbm} dBm, {way}"
                return f"← {who} ({signal}): {self.frame(what.payload)}"
            case Sent():
                room = "" if what.free is None else f", {what.free} Plätze frei"
                return f"  Paket {what.packet_id:08x}: {REFUSALS[what.refusal]}{room}"
            case Acknowledged():
                said = "weitergegeben" if what.implicit else "angekommen"
                if what.refusal is not Refusal.NONE:
                    said = REFUSALS[what.refusal]
                return f"  Paket {what.packet_id:08x}: {said}"
            case RadioState():
                return f"  Funkgerät: {_state(what)}"
            case Notice():
                return f"  Meldung des Geräts: {what.text}"
            case MeshNode():
                return f"← {self._radio(what.number)}: {_told(what)}"

    def frame(self, payload: bytes) -> str:
        """What a frame of ours says."""
        size = f"{len(payload)} B"
        try:
            content = decode(payload, self.seal)
        except PacketError as error:
            return f"{REJECTED.get(error.reason, 'nicht lesbar')}, {size}"
        name = self.directory.name
        match content:
            case Runs():
                said = ", ".join(
                    f"{name(run.author)} {_span(run.first, run.last)}" for run in content.runs
                )
                kind = "Einträge" if content.original else "Nachlieferung"
                return f"{kind} {said}{' (eilig)' if content.urgent else ''}, {size}"
            case Have():
                return f"Stand von {name(content.sender)}, {size}"
            case Want():
                ranges = [
                    f"{name(r.author)} "
                    + (_span(r.first, r.first + r.count - 1) if r.count else f"ab {r.first}")
                    for r in content.ranges[:RANGES_MAX]
                ]
                more = " …" if len(content.ranges) > RANGES_MAX else ""
                return f"Nachfrage von {name(content.sender)}: {', '.join(ranges)}{more}, {size}"
            case Tags():
                return f"Vergleich von {name(content.sender)}, {size}"
            case _:
                return f"Beweis oder Entscheidung zu einer Verzweigung, {size}"

    def _sent(self, packet: Packet) -> str:
        to = (
            "an alle"
            if packet.destination == BROADCAST
            else f"an {self._radio(packet.destination)}"
        )
        reach = "nur Nachbarn" if not packet.hop_limit else f"bis {packet.hop_limit} Weitergaben"
        own = packet.port == PRIVATE_APP
        said = self.frame(packet.payload) if own else f"Dienst {packet.port}"
        return f"→ {to} ({CLASSES[packet.urgency]}, {reach}) {packet.id:08x}: {said}"

    def _radio(self, number: int) -> str:
        return self.radios.get(number, f"!{number:08x}")


def _span(first: int, last: int) -> str:
    return str(first) if first >= last else f"{first}–{last}"


def _state(state: RadioState) -> str:
    if not state.connected:
        return trouble_sentence(state.reason) if state.reason else "getrennt"
    if state.mute is not None:
        return trouble_sentence(state.mute)
    used = state.channel_utilisation
    busy = "" if used is None else f", Kanal belegt {used:.0f} %"
    return f"verbunden, {state.name or state.address}{busy}"


def _told(node: MeshNode) -> str:
    """What a radio said of itself in that piece."""
    said = []
    if node.name:
        said.append(f"heißt {node.name}")
    if node.place is not None:
        said.append(f"steht bei {node.place.latitude:.5f}, {node.place.longitude:.5f}")
    if node.on_mains:
        said.append("Netzstrom")
    said += [f"{SENSES[m].name} {measured_words(m, value)}" for m, value in node.measured.items()]
    return ", ".join(said) or "meldet sich"
