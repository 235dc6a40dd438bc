# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the simulated air does not carry: the protobuf fields around a payload.

The ether moves opaque payloads; a Meshtastic packet has more fields (request id, want_response,
emoji …). All radios served together share one manifest that keeps the full packet under
(sender, id) while it is on the air. The extra fields still cost air: as many bytes as they take
encoded are appended to the payload that the ether sees. The payload itself is the ether's, as a
relay may have added to it.

Limits: the ``ENTRIES_MAX`` newest packets; one that is forgotten arrives with its plain payload.
"""

from __future__ import annotations

from collections import OrderedDict

from meshtastic.protobuf import mesh_pb2

from mesh.firmware import PRIORITIES
from mesh.link import BROADCAST, FrameClass, Packet, Received

ENTRIES_MAX = 4096
PRIVATE_APP = 256

_DEFAULT_PRIORITY = 64


class Manifest:
    """Full packets on their way, by originator and id."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[int, int], mesh_pb2.MeshPacket] = OrderedDict()

    def enter(self, packet: mesh_pb2.MeshPacket, channel_key: int) -> Packet:
        """Note a packet whose ``from`` and ``id`` are set; the form in which the ether takes it."""
        kept = mesh_pb2.MeshPacket()
        kept.CopyFrom(packet)
        sender = int(getattr(packet, "from"))
        self._entries[sender, packet.id] = kept
        self._entries.move_to_end((sender, packet.id))
        while len(self._entries) > ENTRIES_MAX:
            self._entries.popitem(last=False)
        data = packet.decoded
        return Packet(
            payload=data.payload + bytes(extra_bytes(data)),
            id=packet.id,
            destination=packet.to,
            hop_limit=packet.hop_limit,
            want_ack=packet.want_ack,
            urgency=_urgency(packet.priority),
            channel=channel_key,
            port=data.portnum,
        )

    def kept(self, sender: int, packet_id: int) -> mesh_pb2.MeshPacket | None:
        """The packet as its originator sent it, if it is known."""
        return self._entries.get((sender, packet_id))

    def leave(self, item: Received) -> mesh_pb2.MeshPacket | None:
        """The packet as its receiver's client gets it; None for background without content."""
        kept = self._entries.get((item.sender, item.id))
        packet = mesh_pb2.MeshPacket(to=item.destination, id=item.id)
        if kept is not None:
            packet.decoded.CopyFrom(kept.decoded)
            packet.decoded.payload = plain_payload(item.payload, kept.decoded)
            packet.priority = kept.priority
            packet.want_ack = kept.want_ack and item.destination != BROADCAST
        elif item.port == PRIVATE_APP:
            packet.decoded.portnum, packet.decoded.payload = item.port, item.payload
        else:
            return None
        setattr(packet, "from", item.sender)
        if not packet.decoded.HasField("bitfield"):
            packet.decoded.bitfield = 0  # the firmware always sends the field
        packet.rx_snr, packet.rx_rssi = item.snr_db, item.rssi_dbm
        packet.hop_limit, packet.hop_start = item.hop_limit, item.hop_start
        packet.relay_node = item.relay
        return packet


def plain_payload(payload: bytes, data: mesh_pb2.Data) -> bytes:
    """What the ether carried, without the bytes that stand for the other fields of ``data``."""
    return payload[: len(payload) - extra_bytes(data)]


def extra_bytes(data: mesh_pb2.Data) -> int:
    """Encoded size of the fields beyond port, payload and bitfield, in bytes."""
    rest = mesh_pb2.Data()
    rest.CopyFrom(data)
    for name in ("portnum", "payload", "bitfield"):
        rest.ClearField(name)
    return int(rest.ByteSize())


def _urgency(priority: int) -> FrameClass:
    """The class whose priority in the TX queue comes nearest from below; 0 is not set."""
    priority = priority or _DEFAULT_PRIORITY
    return next((u for u in FrameClass if PRIORITIES[u] <= priority), FrameClass.HAVE)
