# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A schema as a few bytes, to see whether two builds mean the same by the same operation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sync.schema.definition import Schema


def fingerprint(schema: Schema, terms: Mapping[str, tuple[str, ...]]) -> str:
    """Eight hexadecimal digits over all kinds, fields, types and lists of terms."""
    state = hashlib.blake2b(digest_size=4)
    for kind in sorted(schema.kinds, key=lambda kind: kind.number):
        state.update(f"{kind.number} {kind.name}\n".encode())
        for item in sorted(kind.fields, key=lambda item: item.number):
            state.update(f"{item!r}\n".encode())
    for name, words in sorted(terms.items()):
        state.update(f"{name} {words!r}\n".encode())
    return state.hexdigest()
