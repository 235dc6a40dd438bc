# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The text of a file in whatever code a program saved it, and a sentence where that was guessed."""

from __future__ import annotations

import codecs
import re

_LOOKED_AT = 100_000
_GUESSED = (
    "Die Datei ist nicht in UTF-8 gespeichert; gelesen wurde sie als {}-Text ({}): bitte"
    " Umlaute prüfen."
)
_IN_WORDS = {
    "cp1252": re.compile(rb"[A-Za-z][\xe4\xf6\xfc\xdf](?=[a-z])|[\xc4\xd6\xdc](?=[a-z])"),
    "cp850": re.compile(
        rb"[A-Za-z][\x81\x84\x94\xe1](?=[a-z])|(?<![A-Za-z])[\x8e\x99\x9a](?=[a-z])"
    ),
    "mac_roman": re.compile(
        rb"[A-Za-z][\x8a\x9a\x9f\xa7](?=[a-z])|(?<![A-Za-z])[\x80\x85\x86](?=[a-z])"
    ),
}
"""Umlauts and ß within words as Windows, DOS and old Macs write them; the first of equals."""
_OF = {"cp1252": "Windows", "cp850": "DOS", "mac_roman": "Mac"}
_TWICE = re.compile("Ã[¤¶¼Ÿ„–œ]")
_CODED_TWICE = "Die Umlaute der Datei waren doppelt kodiert („Ã¤“ statt „ä“): bitte prüfen."
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x7f]")


def decoded(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8, -16, -32, or else what has the most umlauts within words; None for no text at all."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", errors="replace"), ()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), ()
    if len(data) > 1 and _every_second_is_zero(data[:200]):  # UTF-16 without its mark
        return data.decode("utf-16-le" if data[0] else "utf-16-be", errors="replace"), ()
    if _CONTROL.search(data[:_LOOKED_AT]):
        return None
    try:
        return _once(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        code = max(_IN_WORDS, key=lambda each: len(_IN_WORDS[each].findall(data)))
        return data.decode(code, errors="replace"), (_GUESSED.format(_OF[code], code),)


def _once(text: str) -> tuple[str, tuple[str, ...]]:
    """A text whose umlauts some program coded twice, put right: „Ã¤“ is an ä."""
    if _TWICE.search(text) is None:
        return text, ()
    try:
        return text.encode("cp1252").decode("utf-8-sig"), (_CODED_TWICE,)
    except UnicodeError:
        return text, ()


def _every_second_is_zero(data: bytes) -> bool:
    half = len(data) // 2
    return half > 0 and max(data[::2].count(0), data[1::2].count(0)) > half * 0.6
