# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The process of a node: it takes the folder's lock and the radio, and turns the loop until told.

The thread sleeps until the radio reports something, a deadline is due, or it is time to look at
the log, where other processes write.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardware.power import read_power
from lage.exercise.player import Part, played_beside
from lage.exercise.script.read import read_script
from lage.exercise.script.unattended import unattended
from lage.kinds.setting import RADIO_ADDRESS, RADIO_KNOWN
from lage.language.errors import KeysError, LageError, UsageError
from lage.language.fence import Place
from lage.language.hardware import address_sentence
from lage.node.changing import Changing
from lage.node.loop import Loop
from lage.station import Station
from lage.store.lock import FolderLock
from mesh.link import Link

if TYPE_CHECKING:
    from mesh.radio.plug import Known
LOGGER = logging.getLogger("lage.node")


class NodeRunning(LageError):
    """Another process runs the node of this folder."""


class Node:
    """One staff's node. Built and run in different threads if need be; ``run`` opens the log."""

    def __init__(
        self,
        folder: Path,
        radio: str | None,
        *,
        link: Link | None = None,
        script: Path | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """``radio`` None: that of the last start. Raises NodeRunning, UsageError, KeysError."""
        self.folder = folder
        self._rng = rng or random.Random(os.urandom(16))
        self._wake = threading.Event()
        self._lock = FolderLock(folder)
        self._script = unattended(read_script(script)) if script else None
        if not folder.is_dir():
            raise LageError(f"Den Datenordner {folder} gibt es nicht: „lage knoten anlegen“.")
        if not self._lock.take():
            raise NodeRunning("Der Knoten dieses Ordners läuft schon in einem anderen Programm.")
        try:
            self._link = link or _link(folder, radio, self.wake)
        except LageError:
            self._lock.release()
            raise

    def wake(self) -> None:
        """Let the loop look around now; callable from any thread."""
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``; then write down where we are and let go of the radio."""
        station = Station.open(self.folder)
        station.power = read_power
        loop: Loop | None = None
        changing: Changing | None = None
        try:
            loop = Loop(station, self._link, self._rng, self.wake)
            another = partial(_open_link, station, self.wake)
            changing = Changing(station, loop, self._link, another)
            beside = partial(played_beside, self.folder)
            part = Part(self._script, station, beside) if self._script else None
            if self._link is not None:
                self._link.start()
            while not stop.is_set():
                if part is not None:
                    with loop.fence(Place.SCRIPT):
                        part.play()
                self._wake.wait(loop.turn())
                self._wake.clear()
                with loop.fence(Place.KEYS):
                    changing.turn(time.monotonic())
        finally:
            link = changing.link if changing else self._link
            if link is not None:
                link.stop()
            if loop is not None:
                loop.close()
            station.close()
            self._lock.release()


def _link(folder: Path, radio: str | None, wake: Callable[[], None]) -> Link | None:
    """The link to the stated radio, or to the one used last; None without any. Raises LageError,
    also where a node cannot write."""
    station = Station.open(folder)
    try:
        if station.past is not None:
            raise KeysError(
                f"{folder} zeigt {station.past} und ist nur zum Lesen: ein Knoten läuft im Ordner"
                " der Stelle selbst."
            )
        station.store.check_writable()  # before anybody is told that the node runs
        address = radio or station.setting(RADIO_ADDRESS)
        if radio:
            station.keep(RADIO_ADDRESS, radio)
        return _open_link(station, wake, str(address)) if address else None
    finally:
        station.close()


def _open_link(station: Station, wake: Callable[[], None], address: str) -> Link:
    """The link to the radio at that address."""
    from mesh.radio.supervisor import AddressError, MeshtasticLink

    known = _known(station.setting(RADIO_KNOWN), address)
    try:
        return MeshtasticLink(address, on_events=wake, known=known)
    except AddressError as error:
        raise UsageError(address_sentence(error)) from error


def _known(kept: list[Any], address: str) -> Known | None:
    """The radio that was at that address before, by what the folder keeps of it."""
    from mesh.radio.plug import Known, Plug

    match kept:
        case [str(at), int(number), int(vendor), int(product), str(serial)] if at == address:
            return Known(Plug("", vendor, product, serial), number)
    return None
