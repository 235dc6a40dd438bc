# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Public keys that keep nothing secret and vouch for nothing: points of low order.

What is sealed to such an X25519 key can be opened by anybody (libraries refuse it with an error in
the middle of the work, so it must not get there); for such an Ed25519 key signatures can be made
without its secret half. No honest node makes them (RFC 7748 § 6.1, RFC 8032 § 8.9; the lists are
those of libsodium). So they are refused where a certificate or a record is read.
"""

from __future__ import annotations

KEY_SIZE = 32

_P = 2**255 - 19
_LOW_X = frozenset(
    (
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    )
)
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_LOW_Y = frozenset((0, 1, _P - 1, _Y8, _P - _Y8))


def fit_to_seal(key: bytes) -> bool:
    """Whether a secret can be shared with the holder of that X25519 key."""
    return len(key) == KEY_SIZE and _coordinate(key) not in _LOW_X


def fit_to_sign(key: bytes) -> bool:
    """Whether only one holder can sign for that Ed25519 key."""
    return len(key) == KEY_SIZE and _coordinate(key) not in _LOW_Y


def _coordinate(key: bytes) -> int:
    return (int.from_bytes(key, "little") & 2**255 - 1) % _P
