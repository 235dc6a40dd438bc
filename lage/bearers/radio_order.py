# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking the running node, which holds the radio, to do something with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lage.language.hardware import check_address
from lage.store.radio_order import ORDER, Order

if TYPE_CHECKING:
    from lage.kinds.radio_wish import Wish
    from lage.station import Station


def order_radio(
    station: Station, wish: Wish, address: str = "", *, relays: bool | None = None
) -> float:
    """The moment by which the node's report tells what came of it; ``relays``: whether a radio that
    is set up shall relay. Raises UsageError for an address that cannot be.
    """
    if address:
        check_address(address)
    order = Order(time.time(), wish, address, relays)
    station.keep(ORDER, order)
    return order.at
