# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wanted profile: every setting of a Meshtastic radio, classed, with the reason.

A setting *must* be as wanted where a wrong value makes the radio deaf, mute or unlawful; it
*should* be where it only costs air, privacy or comfort; all others are the owner's choice. The
lists stand in ``hardware.wanted_config`` and ``hardware.wanted_modules``; a test walks the
protobufs of the installed client library and fails for a field that nobody has classed.

Sources: firmware 2.7.26 and 2.8.0 (docs/developer/firmware.md, "Which settings matter").
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


def numbered(names: str, first: int = 0) -> dict[str, int]:
    """Name -> number, of names in the order of their numbers; a dash leaves one out."""
    return {name: at for at, name in enumerate(names.split(), first) if name != "-"}


PRESETS = {
    "LONG_FAST": 0,
    "LONG_SLOW": 1,
    "MEDIUM_SLOW": 3,
    "MEDIUM_FAST": 4,
    "SHORT_SLOW": 5,
    "SHORT_FAST": 6,
    "LONG_MODERATE": 7,
}
"""Presets that are lawful in EU_868, with their number in the protobuf."""

OTHER_PRESETS = {
    "VERY_LONG_SLOW": 2,
    "SHORT_TURBO": 8,
    "LONG_TURBO": 9,
    "LITE_FAST": 10,
    "LITE_SLOW": 11,
    "NARROW_FAST": 12,
    "NARROW_SLOW": 13,
    "TINY_FAST": 14,
    "TINY_SLOW": 15,
    "MEDIUM_TURBO": 16,
}
"""Presets of firmware 2.8 that a radio of ours may not have, so that they are called by name."""

WIDE_CODED = {"LONG_SLOW", "LONG_MODERATE"}
"""Presets with coding rate 4/8 and 125 kHz; all others of ours have 4/5 and 250 kHz."""

REGIONS = {"EU_868": 3, "EU_433": 2}
OTHER_REGIONS = numbered(
    "UNSET US - - CN JP ANZ KR TW RU IN NZ_865 TH LORA_24 UA_433 UA_868 MY_433 MY_919 SG_923"
    " PH_433 PH_868 PH_915 ANZ_433 KZ_433 KZ_863 NP_865 BR_902 ITU1_2M ITU2_2M EU_866 EU_874"
    " EU_917 EU_N_868 ITU3_2M ITU1_70CM ITU2_70CM ITU3_70CM ITU2_125CM"
)
"""Regions of firmware 2.8 that a radio of ours may not have."""

ROLES = numbered(
    "CLIENT CLIENT_MUTE ROUTER ROUTER_CLIENT REPEATER TRACKER SENSOR TAK CLIENT_HIDDEN"
    " LOST_AND_FOUND TAK_TRACKER ROUTER_LATE CLIENT_BASE"
)
MUTE_ROLE = ROLES["CLIENT_MUTE"]
"""Passes on nothing that others send: right where the plan of relays says so (``mesh.air.relays``),
so whether a radio has it is a choice, and no setting is judged wrong for it."""
RELAY_ROLES = frozenset({ROLES["ROUTER"], ROLES["ROUTER_LATE"], ROLES["CLIENT_BASE"]})
"""Given on purpose to a radio that stands there for others."""
REBROADCASTS = numbered("ALL ALL_SKIP_DECODING LOCAL_ONLY KNOWN_ONLY NONE CORE_PORTNUMS_ONLY")
SIGNATURES = {"COMPATIBLE": 0, "BALANCED": 1, "STRICT": 2}


class Class(enum.Enum):
    """How a setting is judged."""

    MUST = "must be"
    SHOULD = "should be"
    FREE = "owner's choice"


class Why(enum.Enum):
    """What a wrong value does or, of what is free, why it may be anything."""

    MUTE = "the radio does not send"
    APART = "it is on another frequency, or cannot read us nor we it"
    UNLAWFUL = "it would send where, how long or how strongly it may not"
    DEAF = "what others send does not reach the computer"
    NO_RELAY = "it does not pass on what others send"
    WEAK = "it does not reach far"
    LOCKED = "it takes no settings or gives no answer at the cable"
    SLEEPS = "it sleeps while something is to be received"
    AIR = "it sends by itself, and the air is everybody's"
    TELLS = "it tells the internet or strangers what is ours"
    NAME = "one sees on telephones whose radio it is"
    TASTE = "only its owner sees it"
    BOARD = "depends on how the board is built"
    POWER = "its owner knows how it is fed"
    NETWORK = "of use to its owner only, and without effect on the mesh"
    SENSOR = "what it measures is sent only as rarely as is judged elsewhere"
    IDLE = "without effect while what switches it on is as it should be"
    PLACE = "where the radio is, and how it knows"
    KEYS = "the radio's own; changing them makes it another radio"


HOLDS = frozenset({Why.MUTE, Why.APART, Why.UNLAWFUL})
"""While a setting that must be is wrong for one of these, nothing is given to the radio to send."""


class Kind(enum.Enum):
    """What a value is, as far as judging goes."""

    FLAG = "yes or no"
    NUMBER = "number"
    FLOAT = "32-bit float"
    TEXT = "text"
    LIST = "how long it is in bytes"


@dataclass(frozen=True, slots=True)
class Item:
    """One setting. ``wanted`` is its value, or names what of the profile it is; so is ``most``."""

    section: str
    name: str  # as the protobuf calls it
    number: int  # of the field
    judged: Class
    why: Why
    wanted: int | str = 0
    also: frozenset[int] = frozenset()  # just as good
    least: int | None = None  # so much or more is just as good
    most: int | str | None = None  # so much or less is just as good
    kind: Kind = Kind.NUMBER
    names: dict[str, int] = field(default_factory=dict, hash=False)
    new: bool = False  # came with firmware 2.8: the client library 2.7.11 does not know it

    @property
    def path(self) -> str:
        """As Meshtastic's own command line calls it: ``lora.region``."""
        return f"{self.section}.{self.name}"


def free(section: str, why: Why, /, *, new: bool = False, **numbers: int) -> tuple[Item, ...]:
    """Settings that may be anything, for that reason."""
    return tuple(
        Item(section, name, number, Class.FREE, why, new=new) for name, number in numbers.items()
    )


def off(
    section: str, judged: Class, why: Why, /, *, new: bool = False, **numbers: int
) -> tuple[Item, ...]:
    """Switches that are to be off."""
    return tuple(
        Item(section, name, number, judged, why, kind=Kind.FLAG, new=new)
        for name, number in numbers.items()
    )
