# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The passphrase of the county's key: what guessing it costs, and how much there is to guess.

Stretching is Argon2id with the second recommended set of RFC 9106 (§4): 3 passes, 4 lanes, 64 MiB,
about 0.15 s on two cores. The parameters stand beside the sealed key, so that they can grow; files
without any were written before and used scrypt.

The meter takes the smaller of two upper bounds for an attacker's work: what our model of German
needs to say the passphrase (words and places are cheap), and its characters with runs, rows of
keys and sequences counted as one bit each. It cannot know a name or a birthday as guessable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lage.language.errors import KeysError
from sync.text.prose import encode_tail

ARGON2ID: Mapping[str, int] = {"passes": 3, "lanes": 4, "kib": 2**16}
MOST_KIB, MOST_PASSES, MOST_LANES = 2**20, 16, 16
"""What a file may ask for; more would be an attack on the memory of who opens it."""
_SCRYPT_LOG_N = 15  # files before Argon2id
LENGTH_MIN = 8
BITS_MIN = 36
_GRADES = ((56, "mäßig"), (80, "gut"))
_ROWS = ("1234567890", "qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm")


def stretch(passphrase: str, salt: bytes, parameters: Mapping[str, Any] | None) -> bytes:
    """A key of 32 bytes; ValueError for parameters that nobody of ours has written."""
    if parameters is None:
        return Scrypt(salt=salt, length=32, n=2**_SCRYPT_LOG_N, r=8, p=1).derive(
            passphrase.encode()
        )
    passes, lanes, kib = (int(parameters[name]) for name in ("passes", "lanes", "kib"))
    if not (0 < passes <= MOST_PASSES and 0 < lanes <= MOST_LANES and 8 * lanes <= kib <= MOST_KIB):
        raise ValueError("parameters out of range")
    return stretch_with(passphrase.encode(), salt, {"passes": passes, "lanes": lanes, "kib": kib})


def stretch_with(content: bytes, salt: bytes, cost: Mapping[str, int]) -> bytes:
    """32 bytes by Argon2id."""
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=cost["passes"],
        lanes=cost["lanes"],
        memory_cost=cost["kib"],
    )
    return kdf.derive(content)


def slow_digest(content: bytes, size: int) -> bytes:
    """A digest of few bytes, for comparing by ear: a forger's try costs what a guess costs."""
    return stretch_with(content, b"lage check words", ARGON2ID)[:size]


def strength(passphrase: str) -> int:
    """Upper bound in bits of what there is to guess."""
    return min(8 * len(encode_tail(passphrase)), math.ceil(_characters(passphrase)))


def grade(passphrase: str) -> str:
    """The strength in words; raises KeysError for a passphrase that is too weak for a county."""
    try:
        bits = strength(passphrase)
    except ValueError:
        raise KeysError("Das Kennwort enthält ein Zeichen, das keines ist: bitte neu.") from None
    if len(passphrase) < LENGTH_MIN:
        raise KeysError(f"Das Kennwort ist zu kurz: bitte mindestens {LENGTH_MIN} Zeichen.")
    if bits < BITS_MIN:
        raise KeysError(
            f"Das Kennwort ist zu leicht zu erraten (höchstens {bits} Bit): bitte vier oder mehr"
            " Wörter nehmen, die nichts miteinander zu tun haben."
        )
    word = next((word for limit, word in _GRADES if bits < limit), "sehr gut")
    return f"{word} (höchstens {bits} Bit)"


def _characters(text: str) -> float:
    classes = (str.islower, 26), (str.isupper, 26), (str.isdigit, 10)
    pool = sum(size for test, size in classes if any(map(test, text)))
    pool += 30 * any(not c.isalnum() for c in text)
    each = math.log2(max(2, pool))
    folded = text.lower()
    follows = sum(map(_continues, folded, folded[1:]))
    return follows + (len(text) - follows) * each


def _continues(before: str, after: str) -> bool:
    """Whether the second character says nothing new: repeated, counted on, or the next key."""
    return abs(ord(before) - ord(after)) <= 1 or any(
        before + after in row or after + before in row for row in _ROWS
    )
