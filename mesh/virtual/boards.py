# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boards that a virtual radio can be: what of its behaviour depends on the hardware.

Sources: firmware mesh-pb-constants.h (``MAX_RX_TOPHONE``), and of a build for Linux that simulates
its LoRa SimRadio.cpp (sends whatever the settings say), AdminModule.cpp (no restart for them),
NodeDB.cpp (2.8: keys without a region).
"""

from __future__ import annotations

from dataclasses import dataclass

from meshtastic.protobuf import mesh_pb2

Model = mesh_pb2.HardwareModel


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of hardware."""

    model: int  # mesh_pb2.HardwareModel
    places: int = 32  # packets that wait for an absent client
    simulated: bool = False  # its LoRa, by the firmware: needs neither restarts nor a region


BOARDS = {
    "esp32": Board(Model.TBEAM, places=8),
    "esp32s3": Board(Model.HELTEC_V3),
    "nativ": Board(Model.PORTDUINO, places=100, simulated=True),
}
"""By the name on the command line: classic ESP32, ESP32-S3 and nRF52, firmware built for Linux with
its LoRa simulated."""

USUAL = "esp32s3"
