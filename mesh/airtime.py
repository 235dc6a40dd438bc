# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a packet costs on the air: modem presets, bytes around a payload, time on air.

Airtime is the currency of the mesh, so it is computed exactly, in integer microseconds, by the
formula of the chip's maker. Who may still send is the account's business (``mesh.ledger``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

HEADER_LEN = 16
"""Bytes of the Meshtastic packet header (firmware RadioInterface.h)."""

FRAME_MAX = 255
"""Largest LoRa frame in bytes, header included."""

PRIVATE_APP = 256
SIGNATURE_LEN = 66
"""XEdDSA signature of the radio with its tag and length, from firmware 2.8 (Router.cpp)."""

PREAMBLE_SYMBOLS = 16


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of the LoRa modem; all radios of a mesh share them."""

    name: str  # as in the Meshtastic enumeration ModemPreset
    spreading_factor: int  # 7..12
    bandwidth_hz: int
    coding_rate: int  # denominator: 5..8 stands for 4/5..4/8
    legal_eu_868: bool = True

    @property
    def symbol_us(self) -> int:
        """Length of one symbol in microseconds; exact for every preset."""
        return (1 << self.spreading_factor) * 1_000_000 // self.bandwidth_hz


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("SHORT_TURBO", 7, 500_000, 5, legal_eu_868=False),
        Preset("SHORT_FAST", 7, 250_000, 5),
        Preset("SHORT_SLOW", 8, 250_000, 5),
        Preset("MEDIUM_FAST", 9, 250_000, 5),
        Preset("MEDIUM_SLOW", 10, 250_000, 5),
        Preset("LONG_TURBO", 11, 500_000, 8, legal_eu_868=False),
        Preset("LONG_FAST", 11, 250_000, 5),
        Preset("LONG_MODERATE", 11, 125_000, 8),
        Preset("LONG_SLOW", 12, 125_000, 8),
    )
}
"""Presets by name (firmware MeshRadio.h, ``modemPresetToParams``)."""

LONG_FAST = PRESETS["LONG_FAST"]


@lru_cache(maxsize=4096)
def time_on_air_us(preset: Preset, frame_len: int) -> int:
    """Microseconds that a frame of ``frame_len`` bytes (header included) is on the air.

    Semtech AN1200.13 with explicit header and CRC; low-data-rate optimisation above 16 ms symbols.
    """
    factor = preset.spreading_factor
    optimised = 2 if preset.symbol_us > 16_000 else 0
    bits = 8 * frame_len - 4 * factor + 44
    blocks = -(-bits // (4 * (factor - optimised)))
    symbols = 8 + max(blocks * preset.coding_rate, 0)
    return (PREAMBLE_SYMBOLS + symbols) * preset.symbol_us + preset.symbol_us * 17 // 4


def time_on_air_ms(preset: Preset, frame_len: int) -> int:
    """``time_on_air_us`` rounded up to whole milliseconds."""
    return -(-time_on_air_us(preset, frame_len) // 1000)


def data_len(payload_len: int, port: int = PRIVATE_APP, *, answer: bool = False) -> int:
    """Bytes of the encoded ``Data`` message around a payload.

    Port number, payload with tag and length, and the bitfield that the sending radio always adds;
    ``answer`` adds the request id of a reply (firmware Router.cpp, ``perhapsEncode``).
    """
    length = 1 + _varint_len(port) + 2
    if payload_len:
        length += 1 + _varint_len(payload_len) + payload_len
    return length + 5 if answer else length


def frame_len(
    payload_len: int,
    port: int = PRIVATE_APP,
    *,
    signing: bool = False,
    broadcast: bool = True,
    answer: bool = False,
) -> int:
    """Bytes on the air for a payload; above ``FRAME_MAX`` the radio refuses it.

    ``signing``: the radio runs firmware 2.8 and signs broadcasts that still fit when signed.
    """
    length = HEADER_LEN + data_len(payload_len, port, answer=answer)
    if signing and broadcast and length + SIGNATURE_LEN <= FRAME_MAX:
        length += SIGNATURE_LEN
    return length


def payload_airtime_ms(preset: Preset, payload_len: int, *, signing: bool = False) -> int:
    """Milliseconds on the air of one broadcast on PRIVATE_APP with a payload of that length."""
    return time_on_air_ms(preset, frame_len(payload_len, signing=signing))


def _varint_len(value: int) -> int:
    return max(1, -(-value.bit_length() // 7))
