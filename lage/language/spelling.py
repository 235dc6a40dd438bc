# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One spelling of what people and programs write: the cleaning at every door.

The same word arrives composed and decomposed (ü as one character or as u with a mark above), with
no-break spaces from word processors and with soft hyphens, zero-width spaces and byte order marks
that nobody sees. Two spellings would be two gauges, an empty search, a lost column.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\v\f]")
_LINE = re.compile("\r\n|\r|\u0085|\u2028|\u2029")


def clean(text: str) -> str:
    """The text in composed form (NFC), without what is unseen, with plain spaces; tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE.sub("\n", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", _UNSEEN.sub("", text))


def clean_line(text: str) -> str:
    """The same as one line, without spaces at its ends and with single ones within."""
    return " ".join(clean(text).split())
