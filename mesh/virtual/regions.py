# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which presets are legal in which region, as firmware 2.8 tells its client in the handshake.

The client library has no name for that message yet (field 19 of FromRadio), so its bytes are put
together here: groups of presets, and for every region the number of its group (firmware
RadioInterface.cpp, ``getRegionPresetMap``).
"""

from __future__ import annotations

from collections.abc import Sequence

from meshtastic.protobuf import mesh_pb2

REGION_PRESETS_FIELD = 19

_EU = (0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13)  # of the three neighbours in the 868 MHz band
_GROUPS: Sequence[
    tuple[Sequence[int], int, bool]
] = (  # presets, the usual one, radio amateurs only
    ((0, 1, 3, 4, 5, 6, 7, 8, 9, 16), 0, False),
    (_EU, 0, False),
    (_EU, 10, False),
    (_EU, 13, False),
    ((14, 15), 14, True),
    ((12, 13), 13, True),
)
_REGIONS: Sequence[tuple[int, Sequence[int]]] = (  # number of the group, regions
    (0, (1, 2)),
    (1, (3,)),
    (2, (29,)),
    (3, (32,)),
    (0, (4, 5, 6, 22, 9, 7, 8, 10, 11, 12, 14, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26)),
    (4, (27, 28, 33)),
    (5, (37, 34, 35, 36)),
    (0, (13,)),
)


def region_presets() -> mesh_pb2.FromRadio:
    """The message; the client library keeps it as a field that it does not know."""
    body = b"".join(_part(1, _group(*group)) for group in _GROUPS)
    for group, regions in _REGIONS:
        for region in regions:
            body += _part(2, _number(1, region) + _number(2, group))
    tag = REGION_PRESETS_FIELD << 3 | 2
    length = bytes((len(body) & 0x7F | 0x80, len(body) >> 7))
    return mesh_pb2.FromRadio.FromString(bytes((tag & 0x7F | 0x80, tag >> 7)) + length + body)


def _group(presets: Sequence[int], usual: int, licensed: bool) -> bytes:
    return _part(1, bytes(presets)) + _number(2, usual) + _number(3, int(licensed))


def _part(field: int, body: bytes) -> bytes:
    return bytes((field << 3 | 2, len(body))) + body


def _number(field: int, value: int) -> bytes:
    """A number below 128; zero is not written."""
    return bytes((field << 3, value)) if value else b""
