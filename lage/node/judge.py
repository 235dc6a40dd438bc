# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether the attached radio is set up for the county: looked at whenever it tells of itself.

That is at every handshake, and so after every swap or restart. A telephone may change settings
without a restart and the radio tells nobody: so what matters most is asked for in turn, one
question every half minute, which costs no air.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hardware.protobuf import ProfileError
from hardware.radio_profile import RadioProfile, channel_key_of, role_of, unjudged, written
from lage.kinds.setting import RADIO_PRESET
from lage.store.verdict import Verdict
from mesh.link import Link, SetUp

if TYPE_CHECKING:
    from lage.node.keys import KeyTender
    from lage.station import Station

LOGGER = logging.getLogger("lage.node")
ASK_MS = 30_000
ASKED = ("lora", "channel:0", "device", "security")


class Judge:
    """Compares what the radio reports with what the county wants."""

    def __init__(self, station: Station, keys: KeyTender, link: Link | None) -> None:
        self._station, self._keys = station, keys
        self.radio = link if isinstance(link, SetUp) else None
        self.verdict: Verdict | None = None  # None: there is nothing to judge yet
        self._seen: tuple[Mapping[str, bytes], RadioProfile] | None = None
        self._ask_at, self._asked = 0, 0
        self.questions: set[int] = set()  # ids of packets that were none of the network's

    def profile(self) -> RadioProfile:
        """What the county wants of this radio now. ProfileError for a network that cannot be."""
        return profile_for(self._station, self._keys.channel_key)

    def look(self, now: int, *, connected: bool) -> bool:
        """Judge anew where something has changed; whether the verdict is another one."""
        before = self.verdict
        if self.radio is None or not connected:
            self.verdict = self._seen = None
            return before is not None
        sections, profile = self.radio.sections(), self.profile()
        if self._seen != (sections, profile):
            self._seen = (sections, profile)
            self.verdict = judged(profile, sections, self._keys.changing)
            if self.verdict != before:
                wrong = [each.item.path for each in self.verdict.must]
                LOGGER.info("radio judged: %s", ", ".join(wrong) or "as it must be")
        if now >= self._ask_at:
            self._ask(now)
        return self.verdict != before

    def _ask(self, now: int) -> None:
        assert self.radio is not None
        if self._ask_at:  # not right after the handshake, which has just told everything
            section = ASKED[self._asked % len(ASKED)]
            self._asked += 1
            self.questions = set(self.radio.configure([written(section, b"").question]))
        self._ask_at = now + ASK_MS


def profile_for(station: Station, channel_key: bytes, preset: str | None = None) -> RadioProfile:
    """What the county wants of a radio of this staff. ProfileError."""
    me = station.me
    return RadioProfile(
        station.network_keys.channel_name,
        channel_key,
        preset or station.setting(RADIO_PRESET),
        long_name=me.name if me else "",
        short_name=me.code if me else "",
    )


def judged(profile: RadioProfile, sections: Mapping[str, bytes], ours: frozenset[bytes]) -> Verdict:
    """The verdict on a radio that reported these. A channel key of the county's that is not the one
    in force is being changed by whoever tends the keys: that is not wrong.
    """
    try:
        found = profile.differences(sections)
        former = channel_key_of(sections) in ours
        known = [d for d in found if not (former and d.item.path == "channel:0.psk")]
        return Verdict(tuple(known), tuple(unjudged(sections)), role=role_of(sections))
    except ProfileError as error:
        LOGGER.error("what the radio reports of itself is not readable: %s", error)
        return Verdict(readable=False)
