# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one reader of numbers: what people, tables and sensors write, as an exact decimal number.

``350``, ``3,50``, ``3.50``, ``1.234,5``, ``1,234.5``, ``1 234 567``. A single point with three
digits behind it can mean thousands or decimals: people who count mean thousands, programs and
whoever measures in fractions mean decimals, so the caller says which.
"""

from __future__ import annotations

import re
from decimal import Decimal

_WHOLE = (
    r"[+-]?(?:\d{1,12}|[1-9]\d{0,2}(?:\.\d{3}){1,3}(?!\.)|[1-9]\d{0,2}(?: \d{3}){1,3}"
    r"|[1-9]\d{0,2}(?:,\d{3}){1,3}(?=\.))"
)
_VALUE = re.compile(rf"({_WHOLE})(?:[.,](\d{{1,20}}))?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
_UNIT = r"(?:m3/s|[^\d\s.,;:+\-/][^\d\s]{0,15}(?: [^\d\s]{1,12}){0,2})"
_QUANTITY = re.compile(rf"({_WHOLE}(?:[.,]\d{{1,20}})?) ?({_UNIT})?", re.ASCII)
_MINUS = str.maketrans("\u2212\u2013", "--")
"""Word processors and some programs write a minus so."""


def read_number(text: str, *, thousands: bool = False) -> Decimal | None:
    """The number that a text is; None where it is none. ``thousands``: what ``1.250`` means."""
    plain = _plain(text)
    match = _VALUE.fullmatch(plain)
    if match is None:
        return None
    if _GROUPED.fullmatch(plain) and (thousands or plain.count(".") > 1):
        return Decimal(plain.replace(".", ""))
    return Decimal(f"{re.sub('[ .,]', '', match[1])}.{match[2] or 0}")


def split_unit(text: str) -> tuple[str, str]:
    """A number's text and the unit behind it, empty where none is; two empty for no number."""
    match = _QUANTITY.fullmatch(_plain(text))
    return (match[1], match[2] or "") if match else ("", "")


def doubtful_zeros(text: str) -> bool:
    """Whether nothing but three zeros or more stand behind a comma: ``3,000`` may be thousands."""
    match = _VALUE.fullmatch(_plain(text))
    return match is not None and "," in text and len(match[2] or "") > 2 and not int(match[2])


def _plain(text: str) -> str:
    return " ".join(text.translate(_MINUS).split())
