# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys that keep nothing secret are known for what they are, and no certificate holds one."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.feed import weak
from sync.feed.records import Alliance, Certificate, decode_record
from sync.feed.roster import read_roster
from sync.feed.weak import fit_to_seal, fit_to_sign
from sync.schema.op import OperationError

P = 2**255 - 19


def key(value: int, high: int = 0) -> bytes:
    """A coordinate as the bytes of a key."""
    return (value | high << 255).to_bytes(32, "little")


SEALING = [key(value, high) for value in (*weak._LOW_X, P, P + 1) for high in (0, 1)]
SIGNING = [key(value, high) for value in (*weak._LOW_Y, P, P + 1) for high in (0, 1)]


@pytest.mark.parametrize("public", SEALING, ids=bytes.hex)
def test_keys_with_which_nothing_can_be_sealed(public: bytes) -> None:
    """The library gives no shared secret for them, in whatever form they are written."""
    with pytest.raises(ValueError, match="shared"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))

    assert not fit_to_seal(public)


def test_signing_keys_of_low_order_are_points_that_vanish() -> None:
    """Eight times each of them is the neutral point: computed with the curve's own addition."""
    d = -121665 * pow(121666, P - 2, P) % P
    for y in weak._LOW_Y:
        square = (y * y - 1) * pow(d * y * y + 1, P - 2, P) % P
        root = pow(square, (P + 3) // 8, P)
        x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
        assert x * x % P == square
        point = (x, y)
        for _ in range(3):
            point = _doubled(point, d)
        assert point == (0, 1)


def _doubled(point: tuple[int, int], d: int) -> tuple[int, int]:
    x, y = point
    product = d * x * x * y * y % P
    return (
        2 * x * y * pow(1 + product, P - 2, P) % P,
        (y * y + x * x) * pow(1 - product, P - 2, P) % P,
    )


def test_true_keys_are_taken() -> None:
    """What nodes make is fit; another length is not."""
    for _ in range(20):
        seal = X25519PrivateKey.generate().public_key().public_bytes_raw()
        sign = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        assert fit_to_seal(seal)
        assert fit_to_sign(sign)
        assert not fit_to_seal(seal[:-1])
        assert not fit_to_sign(sign + b"\0")


@pytest.mark.parametrize(("sign", "seal"), [(b"s" * 32, SEALING[0]), (SIGNING[0], b"x" * 32)])
def test_no_certificate_holds_a_weak_key(sign: bytes, seal: bytes) -> None:
    """It cannot be made; one in feed 0 makes nobody a member and is counted as against a rule."""
    good = Certificate(5, b"s" * 32, b"x" * 32, "SAE Laer")
    with pytest.raises(OperationError, match="key"):
        Certificate(5, sign, seal, "SAE Laer").encode()

    bad = good.encode().replace(b"s" * 32 + b"x" * 32, sign + seal)
    with pytest.raises(OperationError):
        decode_record(bad)
    roster = read_roster(b"n" * 16, b"r" * 32, [bad])
    assert roster.members == {}
    assert roster.ignored == 1


def test_no_alliance_with_a_root_that_anybody_can_sign_for() -> None:
    """The same for another county's root."""
    with pytest.raises(OperationError, match="key"):
        Alliance(100, 25, SIGNING[0], b"n" * 16, "Kreis Borken").encode()
