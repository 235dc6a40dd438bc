# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a virtual radio remembers, as bytes: the frames with which it describes itself to a client.

What such a file does not say stays as it is, so one of another version is read as well.
"""

from __future__ import annotations

from pathlib import Path

from google.protobuf.message import DecodeError
from meshtastic.protobuf import mesh_pb2

from mesh.virtual.framing import FrameReader, frame
from mesh.virtual.settings import CHANNELS, NODES_MAX, VirtualSettings, module_name


def memory(settings: VirtualSettings) -> bytes:
    """Owner, channels, settings and known radios."""
    return b"".join(frame(message.SerializeToString()) for message in settings.handshake(0))


def keep(settings: VirtualSettings, path: Path | None) -> None:
    """Write down what outlives the server; as a whole, so that nobody reads a half."""
    if path is not None:
        fresh = path.with_name(path.name + ".neu")
        fresh.write_bytes(memory(settings))
        fresh.replace(path)


def recall(settings: VirtualSettings, kept: bytes) -> None:
    """Take over what ``memory`` wrote; frames that cannot be read are passed over."""
    settings.fresh = False
    for body in FrameReader().feed(kept):
        try:
            message = mesh_pb2.FromRadio.FromString(body)
        except DecodeError:
            continue
        match message.WhichOneof("payload_variant"):
            case "my_info":
                settings.number = message.my_info.my_node_num
            case "node_info":
                _node(settings, message.node_info)
            case "channel" if 0 <= message.channel.index < CHANNELS:
                settings.channels[message.channel.index].CopyFrom(message.channel)
            case "config":
                name = message.config.WhichOneof("payload_variant")
                if name in settings.config:
                    settings.config[name].CopyFrom(message.config)
            case "moduleConfig":
                module = module_name(message.moduleConfig)
                if module in settings.modules:
                    settings.modules[module].CopyFrom(message.moduleConfig)


def _node(settings: VirtualSettings, node: mesh_pb2.NodeInfo) -> None:
    if node.num == settings.number:
        settings.own.CopyFrom(node)
    elif len(settings.nodes) < NODES_MAX:
        settings.nodes[node.num] = node
