# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What feed 0 says about keys: since when which are in force, and which of them a thief knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sync.feed.records import KeyChange, KeySlots, Reason, Reopening, Revocation


@dataclass(frozen=True, slots=True)
class KeyEpoch:
    """A change of keys."""

    epoch: int  # 1, 2, …
    begins: int  # log time
    place: int  # number in feed 0 of its first record
    last: int  # and of the last one that brought slots to those who were members then
    slots: Mapping[int, tuple[bytes, bytes]]  # author -> (ephemeral key, sealed secret)


class Epochs:
    """Takes the records of one feed 0 in their order."""

    def __init__(self) -> None:
        self._epochs: dict[int, KeyEpoch] = {}
        self._ephemeral: dict[int, bytes] = {}
        self._lost: dict[int, int] = {}  # who lost its device -> where that was said

    @property
    def epochs(self) -> tuple[KeyEpoch, ...]:
        """All changes, in their order."""
        return tuple(self._epochs.values())

    @property
    def lost(self) -> int:
        """Where the last loss that still counts was said; 0: none."""
        return max(self._lost.values(), default=0)

    def decided(self, record: Revocation | Reopening, place: int) -> None:
        """A decision about a member took effect."""
        self._lost.pop(record.author, None)
        if isinstance(record, Revocation) and record.reason == Reason.LOST:
            self._lost[record.author] = place

    def take(self, record: KeyChange | KeySlots, place: int) -> bool:
        """A record about keys; whether it has an effect.

        Epochs follow one upon another and never begin anew; more records of one bring more slots.
        """
        known = self._epochs.get(record.epoch)
        if isinstance(record, KeyChange):
            if known is None and record.epoch == len(self._epochs) + 1:
                known = KeyEpoch(record.epoch, record.begins, place, place, {})
            if known is None or known.begins != record.begins:
                return False
            self._ephemeral[record.epoch] = record.ephemeral
        if known is None:
            return False
        ephemeral = self._ephemeral[record.epoch]
        more = {slot.author: (ephemeral, slot.sealed) for slot in record.slots}
        last = place if isinstance(record, KeySlots) else known.last
        self._epochs[record.epoch] = replace(known, last=last, slots={**known.slots, **more})
        return True
