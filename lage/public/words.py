# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fixed texts, in every language that people here read: ``words/LANGUAGE/TOPIC.toml``.

Each topic has a file of its own in each language, with the same keys and the same gaps in braces (a
test compares them); German is the original. ``words.page.title`` in a template is the key
``title`` of ``page.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    code: str  # in addresses
    tag: str  # for browsers and screen readers (BCP 47)
    name: str  # of the language in itself
    right_to_left: bool
    topics: Mapping[str, Mapping[str, Any]]

    @property
    def direction(self) -> str:
        """As HTML says it."""
        return "rtl" if self.right_to_left else "ltr"

    def __getattr__(self, topic: str) -> Mapping[str, Any]:
        try:
            return self.topics[topic]
        except KeyError:
            raise AttributeError(topic) from None


def _read(code: str, tag: str, name: str, *, right_to_left: bool = False) -> Words:
    topics = {
        path.stem: tomllib.loads(path.read_text("utf8"))
        for path in sorted((FOLDER / code).glob("*.toml"))
    }
    return Words(code, tag, name, right_to_left, topics)


LANGUAGES: Mapping[str, Words] = {
    words.code: words
    for words in (
        _read("de", "de", "Deutsch"),
        _read("leicht", "de-simple", "Leichte Sprache"),
        _read("en", "en", "English"),
        _read("uk", "uk", "Українська"),
        _read("ar", "ar", "العربية", right_to_left=True),
        _read("tr", "tr", "Türkçe"),
    )
}
"""In the order in which they are offered."""

GERMAN = "de"


def best_language(accept: str) -> str:
    """What to greet a browser in, from its ``Accept-Language``."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept[:500].split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.strip().lower()[:2]))
        except ValueError:
            continue
    known = (code for _, _, code in sorted(wanted) if code in LANGUAGES)
    return next(known, GERMAN)
