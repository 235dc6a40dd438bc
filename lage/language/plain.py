# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one filter before every terminal: text from the network is shown, never obeyed.

Escape sequences (a clipboard write by OSC 52, say), bidirectional overrides, zero-width and other
characters that one cannot see become a visible sign; nothing else changes.
"""

from __future__ import annotations

import unicodedata

SIGN = "\N{REPLACEMENT CHARACTER}"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def plain(text: str) -> str:
    """One line of text; line breaks and tabs become spaces."""
    return text if text.isprintable() else "".join(map(_visible, text))


def plain_lines(text: str) -> str:
    """The same for text of several lines: its ``\\n`` stay."""
    return "\n".join(map(plain, text.split("\n")))


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return SIGN if unicodedata.category(character) in _UNSEEN else character
