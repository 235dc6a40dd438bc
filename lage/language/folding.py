# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German as it is searched and compared: case, umlauts and ß make no difference."""

from __future__ import annotations

import hashlib
import re

from lage.language.spelling import clean

_FOLDS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"}
)


def fold_text(text: str) -> str:
    """Text as it is searched: lower case, umlauts and ß spelt out, so either way finds both."""
    return clean(text).translate(_FOLDS).lower()


def file_stem(name: str) -> str:
    """``sae-rheine``: a name in letters that every file system takes; where it has none of them
    ``name-`` and four digits that tell it from others."""
    kept = re.sub(r"[^a-z0-9]+", "-", fold_text(name)).strip("-")
    return kept or f"name-{hashlib.blake2b(name.encode(), digest_size=2).hexdigest()}"
