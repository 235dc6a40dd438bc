# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Version 1 of the text model is frozen: stored and signed operations hold these bytes."""

import hashlib
from importlib.resources import files

import pytest

from sync.text import prose as codec

GOLDEN = {
    "Stromausfall in Teilen von Emsdetten, Netzbetreiber informiert": "0564be90ed322655ae35",
    "SAE Recke bittet um 3 RTW bis 16:30 Uhr": "274a6fc95f9b760d",
    "UN 1203, ca. 40 l, K 53, UTMREF 32U LC 98543 91021": (
        "fcf7b0960f117da530259d705c46b3c77a5bf087b4"
    ),
    "Привет 🚒": "fdffdad93a34e4f3d318f33b404d34",
    "ÜBUNG ÜBUNG ÜBUNG\nEnde": "fd48e000e296bf",
    "qZ~\x00": "ff715a7e00",
}
FILE = "cd1b29bdfac45f31f476e602aee753880aa951b0912170047ff0ef7d8456ed10"


@pytest.mark.parametrize("sentence", GOLDEN)
def test_bytes_stay(sentence: str) -> None:
    """Texts have the bytes they always had, and these bytes the text."""
    data = bytes.fromhex(GOLDEN[sentence])
    assert codec.encode_tail(sentence, model=1) == data
    assert codec.decode_tail(data, max_chars=100) == sentence


def test_model_file_stays() -> None:
    """The model file is the one that the bytes were made with, and small enough to ship."""
    data = (files("sync.text") / "data" / "text1.bin").read_bytes()
    assert hashlib.sha256(data).hexdigest() == FILE
    assert len(data) < 2_000_000
