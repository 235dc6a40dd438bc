# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Setting a radio up and back, for the node on order and for the command line without a node.

What a radio had in the sections that are about to change is kept first; ``mesh.radio.setting_up``
then tells it one section after the other, reads each back, and compares all anew at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.protobuf import read_fields
from hardware.radio_profile import BEGIN_EDIT, COMMIT_EDIT, RadioProfile, written
from lage.kinds.radio_wish import Wish
from lage.kinds.setting import RADIO_ADDRESS
from lage.store.radio_order import (
    ORDER,
    WORKING,
    Order,
    OrderState,
    given_back,
    keep_copy,
    read_copy,
)
from mesh.radio.setting_up import Outcome, SettingUp, Step

if TYPE_CHECKING:
    from lage.station import Station
    from mesh.link import SetUp

__all__ = ["Setter", "ended", "radio_of", "setting_right", "undoing"]

LONGEST_MS = 180_000

KEYS = {"security": (1, 2), "owner": (1, 8)}
"""Where a radio tells its keys, by section and field, and the number that from 2.8 follows them."""

NAMING = (1, 4)
"""Fields of the owner's section: number as text, hardware address."""

FILLED_IN = {"lora": {3, 4, 5, 10}}
"""Bandwidth, spreading factor, coding rate, power: a radio that is told none writes down its own
(AdminModule.cpp, RadioInterface.cpp), so that zero never comes back."""


def setting_right(folder: Path, profile: RadioProfile, sections: Mapping[str, bytes]) -> SettingUp:
    """Bring a radio that reports these to the county's settings; keeps a copy. ProfileError."""
    changes = profile.changes(sections)
    if changes:
        before = {each.section: sections.get(each.section, b"") for each in changes}
        keep_copy(folder, radio_of(sections), before)

    def plan(now: Mapping[str, bytes]) -> list[Step]:
        return [Step(c.section, c.message, c.question) for c in profile.changes(now)]

    return SettingUp(plan, BEGIN_EDIT, COMMIT_EDIT)


def radio_of(sections: Mapping[str, bytes]) -> str:
    """By what a radio is known again: its hardware address, else its number in the mesh, which from
    firmware 2.8 changes with its keys.
    """
    owner = read_fields(sections.get("owner", b""))
    number, address = (owner.get(field) for field in NAMING)
    if isinstance(address, bytes) and any(address):
        return address.hex()
    return number.decode("utf8", "replace") if isinstance(number, bytes) else ""


def undoing(folder: Path, sections: Mapping[str, bytes]) -> SettingUp | None:
    """Bring a radio that reports these back to what it had when it came; None without a copy of
    its own: that of another one would make it pass for that.
    """
    copy = read_copy(folder, radio_of(sections))
    if copy is None:
        return None

    def plan(now: Mapping[str, bytes]) -> list[Step]:
        before = {
            section: _with_keys(section, body, now.get(section, b""))
            for section, body in copy.items()
        }
        changes = [
            written(section, body)
            for section, body in before.items()
            if not _as_before(section, _said(now.get(section, b"")), _said(body))
        ]
        return [Step(c.section, c.message, c.question) for c in changes]

    return SettingUp(plan, BEGIN_EDIT, COMMIT_EDIT)


def _with_keys(section: str, body: bytes, now: bytes) -> bytes:
    """The settings of before with the keys of today: a radio makes them with its region, and
    without them it would make others.
    """
    keys = {number: read_fields(now).get(number) for number in KEYS.get(section, ())}
    return body + b"".join(
        bytes((number << 3 | 2, len(key))) + key
        for number, key in keys.items()
        if isinstance(key, bytes)
    )


def _as_before(section: str, now: dict[int, int | bytes], before: dict[int, int | bytes]) -> bool:
    """Whether these are the same settings, but for what the radio fills in."""
    free = FILLED_IN.get(section, set()) - before.keys()
    return {number: value for number, value in now.items() if number not in free} == before


def _said(section: bytes) -> dict[int, int | bytes]:
    """A section's fields without those that are zero: told or not, they are the same."""
    return {number: value for number, value in read_fields(section).items() if value}


def ended(work: SettingUp, wish: Wish | None, *, connected: bool) -> OrderState:
    """How work that is over, or was given up, has ended; ``connected``: whether the radio is there.
    One that is away has refused nothing: perhaps it took all.
    """
    if work.outcome is not Outcome.RIGHT:
        return OrderState.REFUSED if connected else OrderState.LOST
    return OrderState.RESTORED if wish is Wish.UNDO else OrderState.RIGHT


class Setter:
    """Carries out the newest order, while the node goes on."""

    def __init__(self, station: Station, profile: Callable[[], RadioProfile]) -> None:
        self._station, self._profile = station, profile
        self._since = time.time()
        self._work: SettingUp | None = None
        self._order: Order | None = None
        self._began = 0
        self.order_at = 0.0
        self.state = OrderState.NONE
        self.at: str = station.setting(RADIO_ADDRESS) or ""  # where the radio is
        self.address: str | None = None  # where another radio shall be taken from

    def news(self) -> None:
        """Something was written beside the log: perhaps an order."""
        order = self._station.setting(ORDER)
        if order is not None and order.at > max(self._since, self.order_at):
            self._take(order)

    def _take(self, order: Order) -> None:
        self.order_at, self._work, self._order = order.at, None, order
        connect = order.wish is Wish.CONNECT
        self.state = OrderState.CONNECTING if connect else OrderState.RUNNING
        self.address = order.address if order.address not in ("", self.at) else None

    def unreached(self) -> None:
        """No radio is where the last order wanted one."""
        self.address, self._work, self.state = None, None, OrderState.UNREACHED

    def turn(self, now: int, radio: SetUp | None, *, connected: bool) -> None:
        """Do what is due; ``now`` in ms of the machine's own clock."""
        if self.state not in WORKING or self.address is not None:
            return
        if self._work is None:
            if not connected or radio is None:
                return
            self._begin(now, radio)
            if self._work is None:
                return
        for item in self._work.advance(now, radio.sections() if radio else {}, connected=connected):
            if radio is None:
                continue
            if isinstance(item, bytes):
                radio.configure([item])
            else:
                radio.reread()
        if self._work.outcome is not None:
            wish = self._order.wish if self._order else None
            self.state = ended(self._work, wish, connected=connected)
            if self.state is OrderState.RESTORED and radio is not None:
                given_back(self._station.folder, radio_of(radio.sections()))
        elif now > self._began + LONGEST_MS:
            self.state = OrderState.REFUSED if connected else OrderState.LOST

    def _begin(self, now: int, radio: SetUp) -> None:
        assert self._order is not None
        self._began = now
        folder = self._station.folder
        if self._order.wish is Wish.CONNECT:
            self.state = OrderState.CONNECTED
        elif self._order.wish is Wish.SET_UP:
            profile = replace(self._profile(), relays=self._order.relays)
            self._work = setting_right(folder, profile, radio.sections())
        else:
            self._work = undoing(folder, radio.sections())
            if self._work is None:
                self.state = OrderState.NO_COPY
