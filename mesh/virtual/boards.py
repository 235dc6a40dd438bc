# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boards that a virtual radio can be: what of its behaviour depends on the hardware.

Sources: firmware mesh-pb-constants.h (``MAX_RX_TOPHONE``), AdminModule.cpp (no restart for LoRa
settings where the radio is simulated).
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
    lora_restarts: bool = True  # up to 2.7: new LoRa settings need a restart


BOARDS = {
    "esp32": Board(Model.TBEAM, places=8),
    "esp32s3": Board(Model.HELTEC_V3),
    "nativ": Board(Model.PORTDUINO, places=100, lora_restarts=False),
}
"""By the name on the command line: classic ESP32, ESP32-S3 and nRF52, firmware built for Linux."""

USUAL = "esp32s3"
