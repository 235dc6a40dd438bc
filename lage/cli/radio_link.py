# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A radio that a command speaks to itself, while no node of this folder holds it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from lage.language.errors import RadioError, UsageError
from lage.language.hardware import address_sentence
from lage.language.radio import trouble_sentence
from mesh.link import RadioState, Reason, Trouble
from mesh.radio.supervisor import AddressError, MeshtasticLink, parse_address


class Watched(MeshtasticLink):
    """A link that remembers what its radio last said of itself."""

    state: RadioState | None = None

    def note(self) -> None:
        """Fetch the events and keep the newest state."""
        for event in self.take_events():
            if isinstance(event, RadioState):
                self.state = event


@contextmanager
def connected(address: str, wait_s: float) -> Iterator[Watched]:
    """A connected link, closed at the end. Raises RadioError, UsageError."""
    try:
        link = Watched(parse_address(address))
    except AddressError as error:
        raise UsageError(address_sentence(error)) from error
    link.start()
    try:
        _wait_connected(link, address, wait_s)
        yield link
    finally:
        link.stop()


def _wait_connected(link: Watched, address: str, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    link.note()
    while link.state is None or not link.state.connected:
        if time.monotonic() > until:
            known = link.state.reason if link.state else None
            if known is None or known.trouble is Trouble.CONNECTING:
                known = Reason(Trouble.NO_HANDSHAKE, address)
            reason = trouble_sentence(known)
            raise RadioError(f"Das Funkgerät {address} ist nicht erreichbar: {reason}")
        time.sleep(0.1)
        link.note()
