# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The passphrase of the county's key: what guessing it costs, and how much there is to guess.

Stretching is Argon2id with the second recommended set of RFC 9106 (§4): 3 passes, 4 lanes, 64 MiB,
about 0.15 s on two cores. The parameters stand beside the sealed key, so that they can grow; files
without any were written before and used scrypt.

The meter takes the smallest of three upper bounds for an attacker's work: what our model of German
needs to say the passphrase (words and places are cheap); its characters, with runs, rows of keys
and sequences counted as one bit each; and its parts: words, years, dates, digits, signs, with
letters in disguise (Passw0rt) read as letters and the county's own name nearly for nothing. What
is only repeated counts once. It cannot know a name or a song as guessable.
"""

from __future__ import annotations

import math
import re
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
_PART = re.compile(r"[^\W\d_]+|\d+|\s+|[^\w\s]+|_+")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})")
_DISGUISES = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
_COMMON_WORDS = """
hallo passwort kennwort password geheim lage kreis krisenstab stab admin feuerwehr hochwasser schatz
sommer winter fussball qwertz
"""
_COMMON = frozenset(_COMMON_WORDS.split())
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


def strength(passphrase: str, known: str = "") -> int:
    """Upper bound in bits of what there is to guess; words of ``known`` count little."""
    unit = _unit(passphrase)
    bounds = (8 * len(encode_tail(unit)), _characters(unit), _parts(unit, known))
    return math.ceil(min(bounds) + math.log2(len(passphrase) / len(unit) if unit else 1))


def _unit(text: str) -> str:
    """What is repeated, where a text is nothing but repetitions."""
    for size in range(1, len(text) // 2 + 1):
        if all(sign == text[place % size] for place, sign in enumerate(text)):
            return text[:size]
    return text


def _parts(text: str, known: str) -> float:
    """Words, years, dates, digits and signs one by one, letters in disguise read as letters."""
    bits = 0.0
    words = {word.casefold() for word in re.findall(r"\w+", known)} | _COMMON
    given = sorted((word for word in words if len(word) > 3), key=len, reverse=True)
    for part in _PART.findall(_DATE.sub(" \u0001 ", _undisguised(text))):
        word = part.casefold()
        if word == "\u0001":
            bits += 15
        elif any(name in word for name in given):
            rest = word
            for name in given:
                rest = rest.replace(name, "")
            bits += 4 + 4.7 * len(rest)
        elif part[0].isalpha():
            bits += min(8 * len(encode_tail(part.capitalize())), 4.7 * len(part)) + 1
        elif re.fullmatch(r"(?:19|20)\d\d", part):
            bits += 7
        else:
            bits += _characters(part) if part.strip() else 1
    return bits


def _undisguised(text: str) -> str:
    letters = [
        _DISGUISES.get(sign, sign)
        if any(near.isalpha() for near in text[max(0, at - 1) : at] + text[at + 1 : at + 2])
        else sign
        for at, sign in enumerate(text)
    ]
    return "".join(letters)


def grade(passphrase: str, known: str = "") -> str:
    """The strength in words; raises KeysError for a passphrase that is too weak for a county."""
    try:
        bits = strength(passphrase, known)
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
