# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people outside told, as much of it as an entry holds.

A form on a telephone takes more letters than an operation on the air. Nobody at the Infopunkt can
shorten what somebody else wrote, and no call may wait for that: the longest words lose their ends
until the entry fits. What was told stays whole in its sealed box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from lage.kinds.model import Draft
from lage.kinds.outside import Call, Offer
from lage.language.errors import UsageError
from lage.station import Station
from sync.schema.values import ValueRefused

_Told = TypeVar("_Told", Call, Offer)
LEAST = 8
"""Letters that are always kept: below them length is not what is wrong."""


def fitting(
    station: Station, told: _Told, texts: Sequence[str], make: Callable[[_Told], list[Draft]]
) -> list[Draft]:
    """The entries that ``make`` says it with; ``texts``: the fields that may lose their ends.

    Raises UsageError where it is not the length that is wrong.
    """
    while True:
        longest = max(texts, key=lambda name: len(getattr(told, name).encode()))
        text = getattr(told, longest)
        try:
            drafts = make(told)
            station.coded(drafts)
        except (UsageError, ValueRefused):
            if len(text) <= LEAST:
                raise
        else:
            return drafts
        told = replace(told, **{longest: text[: len(text) * 3 // 4].rstrip(" …") + "…"})
