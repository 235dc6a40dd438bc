# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a folder keeps beside its log for this node alone: each setting by name, with its type.

Reading is total: what is damaged, or was written by a version that meant something else by it,
counts as not set. The settings of one part only stand there (``Setting`` in its module).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Setting(Generic[T]):
    """A setting: its name on disk, what it is where nothing is kept, and how it is read."""

    def __init__(
        self,
        key: str,
        default: T,
        of: Callable[[Any], T],
        kept: Callable[[T], Any] = lambda value: value,
    ) -> None:
        """``of`` reads a JSON value, and raises ValueError or TypeError for anything else than
        what ``kept`` makes."""
        self.key = key
        self.default = default
        self.kept = kept
        self._of = of

    def read(self, value: Any) -> T:
        """The value that a JSON value stands for."""
        try:
            return self._of(value)
        except (TypeError, ValueError, KeyError, AttributeError):
            return self.default


def exactly(kind: type[T]) -> Callable[[Any], T]:
    """Reads values of that very type; a flag is no number."""

    def of(value: Any) -> T:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return of


def _authors(value: Any) -> tuple[int, ...]:
    return tuple(map(exactly(int), value if isinstance(value, list) else [value]))


AUTHORS = Setting[tuple[int, ...]]("author", (), _authors, sorted)
"""This node's number with those it had before; the register of incoming messages goes by it."""
RESTORED = Setting("restored", False, exactly(bool))
"""The log comes from a backup or exists twice: it is never written on."""
MARKED = Setting[int | None]("marked", None, exactly(int))
"""The author whose mark stands beside the log (``lage.store.mark``)."""
PROJECTION = Setting("projection", "", exactly(str))
"""Which version of fold and tables made the projection."""

PROGRAM = Setting("program", "", exactly(str))
"""The version of the program that last read the log anew."""

PUSHED = Setting("pushed", 0, exactly(int))
"""Own operations up to this number have gone out."""
ENGINE = Setting[dict[str, Any]]("engine", {}, exactly(dict))
"""What the replication engine remembers over a restart."""
AIRTIME = Setting[list[Any]]("airtime", [], exactly(list))
"""Airtime that was spent or booked, as the account keeps it."""
KEY_EPOCH = Setting("key_epoch", 0, exactly(int))
"""Of the network's keys that were in force when last looked."""
RADIO_ADDRESS = Setting("radio_address", "", exactly(str))
"""The radio that was used last."""
RADIO_KNOWN = Setting[list[Any]]("radio_known", [], exactly(list))
"""The radio at that address: address, node number, and its USB chip's maker, product, number."""
RADIO_PRESET = Setting("radio_preset", "LONG_FAST", exactly(str))
"""The preset that the county's radios have: that of the last setting up."""
RADIO_FIRMWARE = Setting[str | None]("radio_firmware", None, exactly(str))
"""Its firmware, as it last said."""

LAN = Setting[dict[str, Any]]("lan", {}, exactly(dict))
"""Local network: ``listen`` (an address, empty: off), ``addresses`` of others, ``find``."""

STATED = Setting("stated", 0, exactly(int))
"""The stamp of what we last signed to hold: the next one is later, whatever our clock says then."""

PERSON = Setting("person", "", exactly(str))
"""Who confirmed last, offered for the next time."""
SIGN = Setting("zeichen", "", exactly(str))
"""The Zeichen that was typed last, offered for the next time."""
