# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``$filter`` in part: comparisons of properties with values, joined by ``and`` or by ``or``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

LENGTH_MAX = 500
_COMPARISON = re.compile(
    r"\s*([A-Za-z]+(?:/[A-Za-z_]+)*)\s+(eq|ne|gt|ge|lt|le)\s+"
    r"(?:'((?:[^']|''){0,200})'|(-?\d{1,12}(?:\.\d{1,9})?)|(\d{4}-\d\d-\d\dT[\d:.]{5,15}Z)"
    r"|(true|false|null))\s*"
)
_JOINED = re.compile(r"\s+(and|or)\s+(?=(?:[^']*'[^']*')*[^']*$)")
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge,
    "lt": operator.lt, "le": operator.le,
}  # fmt: skip
_WORDS = {"true": True, "false": False, "null": None}
Holds = Callable[[Mapping[str, Any]], bool]


class Refused(Exception):
    """What is asked cannot be answered; ``status`` as HTTP says it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def conditions(text: str) -> Holds:
    """The condition that a filter means. Raises Refused."""
    if len(text) > LENGTH_MAX:
        raise Refused(400, "$filter is too long")
    parts = _JOINED.split(text)
    joins = set(parts[1::2])
    if len(joins) > 1:
        raise Refused(501, "$filter: 'and' and 'or' together are not supported")
    all_of = [_comparison(part) for part in parts[::2]]
    together = any if joins == {"or"} else all
    return lambda entity: together(holds(entity) for holds in all_of)


def _comparison(text: str) -> Holds:
    match = _COMPARISON.fullmatch(text)
    if match is None:
        known = re.search(r"\b(not|contains|substringof|startswith|endswith|geo\.|st_|now)\b", text)
        status = 501 if known or "(" in text else 400
        raise Refused(status, "$filter takes comparisons of properties with values only")
    path, compare = match[1].split("/"), _OPERATORS[match[2]]
    ordered = match[2] not in ("eq", "ne")
    wanted = _value(match)

    def holds(entity: Mapping[str, Any]) -> bool:
        value: Any = entity
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        number = isinstance(value, int | float) and isinstance(wanted, int | float)
        text = isinstance(value, str) and isinstance(wanted, str)
        if not (number or text):
            return not ordered and bool(compare(value, wanted))
        return bool(compare(value, wanted))

    return holds


def _value(match: re.Match[str]) -> Any:
    if match[3] is not None:
        return match[3].replace("''", "'")
    if match[4] is not None:
        return float(match[4])
    return match[5] if match[5] is not None else _WORDS[match[6]]
