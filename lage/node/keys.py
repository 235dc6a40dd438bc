# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node's keys at every moment: what the engine sends under, what the radio listens to.

A radio is touched only if its channel has a key of ours already: one that was set up for another
network, or not at all, stays as it is.
"""

from __future__ import annotations

import enum
import logging
from typing import TYPE_CHECKING

from hardware.protobuf import ProfileError
from hardware.radio_profile import (
    CHANNELS,
    RadioProfile,
    channel_key_of,
    second_index,
)
from lage.county.rekey import CONVINCED, KeyPlan, Keyring
from lage.kinds.setting import KEY_EPOCH
from lage.store.keys import load_node
from mesh.link import Link, SetUp

if TYPE_CHECKING:
    from lage.station import Station
    from sync.replica.engine import Engine

LOGGER = logging.getLogger("lage.node")
CHECK_MS = 3_000
"""How long a radio is given to take new channels, and to report them."""


class _Step(enum.Enum):
    """Where we are with the radio."""

    IDLE = 0
    TOLD = 1  # it was told the channels
    ASKED = 2  # and asked what it has


class KeyTender:
    """Brings engine and radio to the keys that are in force."""

    def __init__(self, station: Station, engine: Engine, link: Link | None) -> None:
        self._station, self._engine = station, engine
        self._radio = link if isinstance(link, SetUp) else None
        epoch = station.setting(KEY_EPOCH)
        seal = load_node(station.folder).seal
        self._ring = Keyring(station.network_keys, seal, epoch)
        self._step = _Step.IDLE
        self._since = 0
        self._told: list[bytes] = []
        self.second_channel = 1  # where the radio listens beside the first
        self.radio_refuses = False
        self._plan: KeyPlan | None = None

    @property
    def channel_key(self) -> bytes:
        """The channel key that is in force."""
        plan = self._plan
        return (
            self._station.network_keys.channel_key
            if plan is None
            else (plan.held[plan.epoch].channel)
        )

    @property
    def changing(self) -> frozenset[bytes]:
        """Channel keys from which a radio is being brought to the one in force."""
        return frozenset() if self.radio_refuses else frozenset(self._ring.channels)

    def use(self, link: Link | None) -> None:
        """Another radio is attached."""
        self._radio = link if isinstance(link, SetUp) else None
        self._step, self._told = _Step.IDLE, []

    def tend(self, now: int) -> KeyPlan:
        """Look what holds now; ``now``: ms of the machine's own clock, for the radio's patience."""
        station = self._station
        convinced = self._engine.changed >= CONVINCED
        before = self._ring.epoch
        plan = self._plan = self._ring.plan(station.roster, station.now(), convinced)
        self._engine.use_keys(plan.epoch, plan.network_keys)
        if plan.epoch != before:
            station.keep(KEY_EPOCH, plan.epoch)
            LOGGER.info("keys of epoch %d are in force", plan.epoch)
        if self._radio is not None:
            self._tend_radio(self._radio, plan, now)
        return plan

    def radio_is_ours(self) -> bool:
        """Whether the attached radio's first channel is one of this network."""
        if self._radio is None:
            return True  # a link that knows no channels
        try:
            return channel_key_of(self._radio.sections()) in self._ring.channels
        except ProfileError:
            return False

    def _tend_radio(self, radio: SetUp, plan: KeyPlan, now: int) -> None:
        sections = radio.sections()
        whole = all(f"channel:{index}" in sections for index in range(CHANNELS))
        if not whole or (self._step is not _Step.IDLE and now < self._since + CHECK_MS):
            return
        try:
            requests = self._wanted(sections, plan)
        except ProfileError as error:
            LOGGER.error("what the radio reports of its channels is not readable: %s", error)
            return
        # What is wanted may have changed meanwhile; that is no refusal of what was told before.
        step = self._step if requests == self._told else _Step.IDLE
        self._since, self._told = now, requests
        if not requests:
            self._step, self.radio_refuses = _Step.IDLE, False
        elif step is _Step.TOLD:
            radio.reread()
            self._step = _Step.ASKED
        else:
            self.radio_refuses = step is _Step.ASKED and requests == self._told
            radio.configure(requests)
            self._step, self._told = _Step.TOLD, requests

    def _wanted(self, sections: dict[str, bytes], plan: KeyPlan) -> list[bytes]:
        if channel_key_of(sections) not in self._ring.channels:
            return []
        name, held = self._station.network_keys.channel_name, plan.held
        listen = None if plan.second is None else held[plan.second].channel
        index = second_index(sections, self._ring.channels)
        profile = RadioProfile(name, held[plan.epoch].channel)
        self.second_channel = index or 0
        return profile.rekeyed(sections, listen, index)
