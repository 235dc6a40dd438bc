# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be shown stands there as such, and everything beside it stays.

An entry of another version, or one that somebody made up, may hold what no view expects. A view
fences each entry that it shows; the fault is noted under a number, which stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lage.kinds.reader import ViewContext
from lage.language.errors import LageError

T = TypeVar("T")
S = TypeVar("S")


def unshown(number: int) -> str:
    """What stands where something could not be shown."""
    return f"nicht darstellbar (Vermerk {number})"


def fenced(make: Callable[[], T], instead: Callable[[str], T], context: ViewContext) -> T:
    """What ``make`` gives; where it fails, ``instead`` with the words that say so."""
    try:
        return make()
    except LageError:
        raise
    except Exception as error:  # noqa: BLE001  # the fence
        return instead(unshown(context.odd(error)))


def each(
    items: Iterable[S],
    make: Callable[[S], T],
    instead: Callable[[S, str], T],
    context: ViewContext,
) -> Iterator[T]:
    """``make`` of every item; an odd one stands for itself."""
    for item in items:
        try:
            yield make(item)
        except LageError:
            raise
        except Exception as error:  # noqa: BLE001  # the fence
            yield instead(item, unshown(context.odd(error)))


def sound(items: Iterable[S], make: Callable[[S], T], context: ViewContext) -> Iterator[T]:
    """``make`` of every item that it can be made of; for the map and for sums."""
    for item in items:
        try:
            yield make(item)
        except Exception as error:  # noqa: BLE001  # the fence
            context.odd(error)
