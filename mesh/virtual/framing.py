# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Frames of the Meshtastic stream protocol on a serial line or TCP, as pure bytes in and out.

A frame is 0x94 0xC3, a big-endian 16-bit length and that many bytes; there is no checksum.
Whatever stands between frames is console text. A length above 512 can't be a frame: the reader
drops the header and hunts for 0x94 again (firmware StreamAPI.cpp, client stream_interface.py).

Limits: at most one frame of 512 bytes is held back; console text is counted, not kept.
"""

from __future__ import annotations

START1 = 0x94
START2 = 0xC3
HEADER_LEN = 4
FRAME_MAX = 512
"""Largest body of a frame in bytes."""

WAKE = bytes([START2] * 32)
"""What the client sends first: wakes a sleeping radio and cannot be mistaken for a frame."""


def frame(body: bytes) -> bytes:
    """The bytes on the line for ``body`` (0..512 bytes); ValueError above."""
    if len(body) > FRAME_MAX:
        raise ValueError(f"frame body of {len(body)} bytes exceeds {FRAME_MAX}")
    return bytes((START1, START2, len(body) >> 8, len(body) & 0xFF)) + body


class FrameReader:
    """Cuts a stream of any bytes into frame bodies; every input is accepted."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.garbage = 0  # bytes that belonged to no frame

    def feed(self, data: bytes) -> list[bytes]:
        """Bodies completed by ``data``, in order."""
        self._held += data
        bodies: list[bytes] = []
        position = 0
        while True:
            start = self._held.find(START1, position)
            if start < 0:
                self.garbage += len(self._held) - position
                position = len(self._held)
                break
            self.garbage += start - position
            position = start
            if len(self._held) - start < 2:
                break
            if self._held[start + 1] != START2:
                self.garbage += 1
                position = start + 1
                continue
            if len(self._held) - start < HEADER_LEN:
                break
            length = int.from_bytes(self._held[start + 2 : start + 4], "big")
            if length > FRAME_MAX:
                self.garbage += HEADER_LEN
                position = start + HEADER_LEN
                continue
            end = start + HEADER_LEN + length
            if len(self._held) < end:
                break
            bodies.append(bytes(self._held[start + HEADER_LEN : end]))
            position = end
        del self._held[:position]
        return bodies
