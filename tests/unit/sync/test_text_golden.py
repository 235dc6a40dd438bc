# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Version 1 of the text model is frozen: stored and signed operations hold these bytes."""

import hashlib
from importlib.resources import files

import pytest

from sync import text as codec

GOLDEN = {
    "Stromausfall in Teilen von Emsdetten, Netzbetreiber informiert": "04eb8319d0700ef7ed",
    "SAE Recke bittet um 3 RTW bis 16:30 Uhr": "15b2fa37b9685e79",
    "UN 1203, ca. 40 l, K 53, UTMREF 32U LC 98543 91021": (
        "ef7153d2bdb049a5e66cb1d438cde5abaab414e83ac156e4"
    ),
    "Привет 🚒": "fdfe0c54202ac3e0f581b1af8dc40d",
    "ÜBUNG ÜBUNG ÜBUNG\nEnde": "f390caae764555",
    "qZ~\x00": "ff715a7e00",
}
FILE = "94da0d73196e2fb7e8dc55bb73f8ea9041c80ab32ca9d87a4167e1296e51aeba"


@pytest.mark.parametrize("sentence", GOLDEN)
def test_bytes_stay(sentence: str) -> None:
    """Texts have the bytes they always had, and these bytes the text."""
    data = bytes.fromhex(GOLDEN[sentence])
    assert codec.encode_tail(sentence, model=1) == data
    assert codec.decode_tail(data, max_chars=100) == sentence


def test_model_file_stays() -> None:
    """The model file is the one that the bytes were made with, and small enough to ship."""
    data = (files("sync") / "model" / "text1.bin").read_bytes()
    assert hashlib.sha256(data).hexdigest() == FILE
    assert len(data) < 2_000_000
