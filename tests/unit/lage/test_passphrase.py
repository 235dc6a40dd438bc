# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Guessing the county's passphrase is dear, and a cheap passphrase is refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lage.language.errors import KeysError
from lage.store import keys
from lage.store.passphrase import ARGON2ID, BITS_MIN, grade, strength, stretch

GOOD = "Zaun Nebel Ruder Kiste"


@pytest.mark.parametrize(
    "weak",
    ["", "kurz", "12345678", "xxxxxxxxxxxxxxxx", "qwertzui", "passwort", "Passwort1",
     "abcdefghijkl", "Kreis Steinfurt", "\ud800" * 9],
)  # fmt: skip
def test_weak_passphrases_are_refused(tmp_path: Path, weak: str) -> None:
    """Short, repeated, in rows of keys, or plain words of the county: nothing is written."""
    with pytest.raises(KeysError, match="Kennwort"):
        keys.make_county(tmp_path, "Kreis", weak)

    assert list(tmp_path.iterdir()) == []


def test_words_without_a_connection_are_good() -> None:
    """More to guess gives a better word."""
    assert grade(GOOD).startswith(("gut", "sehr gut"))
    assert grade("rote Ampel 7").startswith("mäßig")
    assert strength(GOOD) > strength("rote Ampel 7") >= BITS_MIN


def test_the_key_is_stretched_as_rfc_9106_recommends(tmp_path: Path) -> None:
    """64 MiB, three passes, four lanes, stated in the file; only the right word opens it."""
    keys.make_county(tmp_path, "Kreis", GOOD)
    stated = json.loads((tmp_path / keys.COUNTY_FILE).read_text("utf8"))

    assert stated["argon2id"] == {"passes": 3, "lanes": 4, "kib": 65536} == dict(ARGON2ID)
    keys.unlock_county(tmp_path, GOOD)
    with pytest.raises(KeysError, match="falsch"):
        keys.unlock_county(tmp_path, GOOD + "!")


def test_a_key_of_an_earlier_version_still_opens(tmp_path: Path) -> None:
    """Files without stated parameters used scrypt."""
    network = keys.make_county(tmp_path, "Kreis", GOOD)
    root = keys.unlock_county(tmp_path, GOOD)
    salt, nonce = b"s" * 16, b"n" * 12
    sealed = ChaCha20Poly1305(stretch(GOOD, salt, None)).encrypt(
        nonce, root.private_bytes_raw(), network.network_id
    )
    old = {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    (tmp_path / keys.COUNTY_FILE).write_text(json.dumps(old), "utf8")

    assert keys.unlock_county(tmp_path, GOOD).private_bytes_raw() == root.private_bytes_raw()


@pytest.mark.parametrize(
    "asked",
    [
        {"passes": 3, "lanes": 4, "kib": 2**30},
        {"passes": 0, "lanes": 1, "kib": 64},
        {"kib": "x"},
        7,
    ],
)
def test_a_file_cannot_ask_for_all_the_memory(tmp_path: Path, asked: object) -> None:
    """Parameters that nobody of ours wrote are damage, said in a sentence."""
    keys.make_county(tmp_path, "Kreis", GOOD)
    path = tmp_path / keys.COUNTY_FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf8")), "argon2id": asked}), "utf8")

    with pytest.raises(KeysError, match="beschädigt"):
        keys.unlock_county(tmp_path, GOOD)


@pytest.mark.parametrize(
    "weak",
    ["hallohallohallohallo", "Passw0rd!2026", "Rheine2026!", "P@ssw0rt123", "Krisenstab2026",
     "abcabcabcabcabcabcabc", "Steinfurt#112", "KreisSteinfurt1", "24.11.2026", "Musterland!!2026"],
)  # fmt: skip
def test_what_people_take_for_strong_is_refused(tmp_path: Path, weak: str) -> None:
    """Repetition, disguised letters, years, the county's own name: cheap to guess."""
    with pytest.raises(KeysError, match="zu leicht zu erraten"):
        keys.make_county(tmp_path, "Kreis Musterland Steinfurt", weak)


@pytest.mark.parametrize("good", ["Falke Zimt Motor Ebbe Huf", "gVt3-Kq9z-Lp2w", GOOD])
def test_what_is_strong_is_called_so(good: str) -> None:
    """Words without a connection, or many signs of chance."""
    assert strength(good, "Kreis Steinfurt") >= 56
