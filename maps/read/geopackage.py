# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The geometry blob of a GeoPackage: a small header before well-known binary.

Header (OGC 12-128r19, 2.1.3): "GP", version, flags, coordinate system (int32), then an envelope
of 0, 32, 48, 48 or 64 bytes as bits 1 to 3 of the flags say. Bit 4 marks an empty geometry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from maps.geo.errors import Fault, Flaw

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_EMPTY = 0x10


def decode_blob(blob: object) -> BaseGeometry | Flaw:
    """The geometry of a blob, or the flaw for which there is none."""
    if blob is None:
        return Flaw(Fault.NO_GEOMETRY)
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return Flaw(Fault.NO_GEOPACKAGE)
    flags = blob[3]
    kind = flags >> 1 & 0x07
    if kind >= len(_ENVELOPE_BYTES):
        return Flaw(Fault.BAD_HEADER)
    if flags & _EMPTY:
        return Flaw(Fault.EMPTY)
    try:
        return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[kind] :])
    except (shapely.errors.GEOSException, ValueError):
        return Flaw(Fault.DAMAGED)
