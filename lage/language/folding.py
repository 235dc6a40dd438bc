# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German as it is searched and compared: case, umlauts and ß make no difference."""

from __future__ import annotations

from lage.language.spelling import clean

_FOLDS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"}
)


def fold_text(text: str) -> str:
    """Text as it is searched: lower case, umlauts and ß spelt out, so either way finds both."""
    return clean(text).translate(_FOLDS).lower()
