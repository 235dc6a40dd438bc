# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a radio must be set up for our network: what differs, and what mends it.

A ``RadioProfile`` is compared with what a radio reports of itself and turned into the admin
messages that change exactly what differs; everything else stays as the owner set it. Settings
travel as serialised protobuf sections (``lora``, ``telemetry``, ``owner``, ``channel:0`` …), so
neither side needs the other's code. Field numbers are those of Meshtastic's config.proto,
module_config.proto, channel.proto, mesh.proto and admin.proto.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Mapping
from dataclasses import dataclass

from hardware.protobuf import (
    ProfileError,
    ProfileFault,
    bytes_field,
    number_of,
    read_fields,
    varint_field,
    with_fields,
)
from hardware.wanted import (
    HOLDS,
    MUTE_ROLE,
    PRESETS,
    REGIONS,
    ROLES,
    WIDE_CODED,
    Class,
    Item,
    Kind,
    Why,
    numbered,
)
from hardware.wanted_config import CONFIG
from hardware.wanted_modules import MODULES

CHANNEL_NAME_MAX = 11
"""Bytes of a channel name (channel.options)."""
LONG_NAME_MAX, SHORT_NAME_MAX = 39, 4
"""Bytes of an owner's names (mesh.options)."""
CHANNELS = 8

ITEMS: tuple[Item, ...] = (*CONFIG, *MODULES)
JUDGED = tuple(item for item in ITEMS if item.judged is not Class.FREE)
ROLE = next(item for item in ITEMS if item.path == "device.role")
MUTE = "CLIENT_MUTE"
SILENT_IS_RIGHT = frozenset(item.section for item in MODULES) - {"telemetry"}
"""A firmware without a module says nothing of it; of all else silence is not taken for right."""

_OF_CHANNEL = 100  # from here on, numbers of items are fields of Channel itself
_PRIMARY, _SECONDARY = 1, 2
_SET_OWNER, _SET_CHANNEL, _SET_CONFIG, _SET_MODULE = 32, 33, 34, 35
_GET_CHANNEL, _GET_OWNER, _GET_CONFIG, _GET_MODULE = 1, 3, 5, 7
_CONFIGS = numbered("device position power network display lora bluetooth security", 1)
_MODULES = numbered(
    "mqtt serial external_notification store_forward range_test telemetry canned_message audio"
    " remote_hardware neighbor_info ambient_lighting detection_sensor paxcounter statusmessage"
    " traffic_management tak mesh_beacon",
    1,
)
"""Section -> its field in Config or ModuleConfig; it is asked for by one less."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that is not as wanted; keys themselves are never told, only whether ours."""

    item: Item
    wanted: bool | int | float | str
    found: bool | int | float | str | None  # None: not reported

    @property
    def judged(self) -> Class:
        """How it is judged: a radio that relays where it need not does no harm but to the air."""
        return Class.SHOULD if self._needless else self.item.judged

    @property
    def why(self) -> Why:
        """What this wrong value does."""
        if self.item.path == "lora.region" and self.found == "UNSET":
            return Why.MUTE  # no region at all is not another region
        return Why.AIR if self._needless else self.item.why

    @property
    def _needless(self) -> bool:
        return self.item.path == ROLE.path and self.wanted == MUTE

    @property
    def must(self) -> bool:
        """Whether it makes the radio deaf, mute or unlawful."""
        return self.judged is Class.MUST

    @property
    def holds(self) -> bool:
        """Whether nothing is given to the radio to send before it is mended."""
        return self.must and self.why in HOLDS


@dataclass(frozen=True, slots=True)
class Change:
    """A section that is not as wanted, as serialised admin messages."""

    section: str
    message: bytes  # sets it
    question: bytes  # asks for it


@dataclass(frozen=True, slots=True)
class RadioProfile:
    """The settings that all radios of a network share; intervals in seconds."""

    channel_name: str
    channel_key: bytes  # 32 bytes
    preset: str = "LONG_FAST"
    region: str = "EU_868"
    hop_limit: int = 3  # 1..7
    node_info_s: int = 86_400  # the rarer, the more air for messages
    telemetry_s: int = 86_400
    position_s: int = 86_400
    long_name: str = ""  # of the staff; empty: whatever the owner chose
    short_name: str = ""
    relays: bool | None = None  # whether it shall pass on what others send; None: as it is

    def __post_init__(self) -> None:
        if self.region not in REGIONS:
            raise ProfileError(ProfileFault.REGION, self.region)
        if self.preset not in PRESETS:
            raise ProfileError(ProfileFault.PRESET, self.preset)
        if len(self.channel_key) != 32:
            raise ProfileError(ProfileFault.KEY_LENGTH)
        if not 1 <= len(self.channel_name.encode()) <= CHANNEL_NAME_MAX:
            raise ProfileError(ProfileFault.NAME_LENGTH, str(CHANNEL_NAME_MAX))
        if not 1 <= self.hop_limit <= 7:
            raise ProfileError(ProfileFault.HOP_LIMIT)
        if not all(
            60 <= s < 1 << 31 for s in (self.node_info_s, self.telemetry_s, self.position_s)
        ):
            raise ProfileError(ProfileFault.INTERVAL)

    # -- what is wanted ------------------------------------------------------------------------

    def _value(self, named: int | str) -> int | bytes:
        """What an item wants, in the radio's terms."""
        if isinstance(named, int):
            return named
        wide = self.preset in WIDE_CODED
        values: dict[str, int | bytes] = {
            "preset": PRESETS[self.preset],
            "region": REGIONS[self.region],
            "hop_limit": self.hop_limit,
            "role": MUTE_ROLE if self.relays is False else ROLES["CLIENT"],
            "coding_rate": 8 if wide else 5,
            "slots": 0 if wide else 1,
            "node_info_s": self.node_info_s,
            "telemetry_s": self.telemetry_s,
            "position_s": self.position_s,
            "long_name": _cut(self.long_name, LONG_NAME_MAX),
            "short_name": _cut(self.short_name, SHORT_NAME_MAX),
            "channel_key": self.channel_key,
            "channel_name": self.channel_name.encode(),
        }
        return values[named]

    def channel_settings(self) -> bytes:
        """Serialised ChannelSettings: key and name, neither to nor from MQTT."""
        return bytes_field(2, self.channel_key) + bytes_field(3, self.channel_name.encode())

    def channel(self) -> bytes:
        """Serialised Channel: the primary channel of the radio."""
        return bytes_field(2, self.channel_settings()) + varint_field(3, _PRIMARY)

    def second_channel(self, index: int, listen_key: bytes | None) -> bytes:
        """Serialised Channel: one of the same name to listen to under another key, or none."""
        if listen_key is None:
            return varint_field(1, index)
        settings = bytes_field(2, listen_key) + bytes_field(3, self.channel_name.encode())
        return varint_field(1, index) + bytes_field(2, settings) + varint_field(3, _SECONDARY)

    def rekeyed(
        self, sections: Mapping[str, bytes], listen_key: bytes | None, index: int | None
    ) -> list[bytes]:
        """Serialised admin messages that bring channel 0 to our key and that one to the other; []
        if they are so. ``index`` None: there is no room for another. Not in a transaction, whose
        end would restart the radio.
        """
        requests = []
        if any(each.item.section == "channel:0" for each in self.differences(sections)):
            body = self._mended_channel(sections.get("channel:0", b""))
            requests.append(bytes_field(_SET_CHANNEL, body))
        if index is None:
            return requests
        wanted = self.second_channel(index, listen_key)
        if _key_and_role(sections.get(f"channel:{index}", b"")) != _key_and_role(wanted):
            requests.append(bytes_field(_SET_CHANNEL, wanted))
        return requests

    def channel_url(self) -> str:
        """The link that sets up channel and LoRa in Meshtastic's own apps; it holds the key."""
        lora = with_fields(b"", self._mends("lora", {}))
        data = bytes_field(1, self.channel_settings()) + bytes_field(2, lora)
        return "https://meshtastic.org/e/#" + base64.urlsafe_b64encode(data).decode().rstrip("=")

    # -- compared with a radio -----------------------------------------------------------------

    def differences(self, sections: Mapping[str, bytes]) -> list[Difference]:
        """What is not as wanted, the worst first; ProfileError for a report that can't be read."""
        found: list[Difference] = []
        for section in dict.fromkeys(item.section for item in JUDGED):
            report = sections.get(section)
            if report is None and section in SILENT_IS_RIGHT:
                continue
            fields = None if report is None else _fields_of(section, report)
            items = [item for item in JUDGED if item.section == section]
            found += filter(None, (self._difference(item, fields) for item in items))
        return sorted(found, key=lambda each: (not each.holds, not each.must))

    def _difference(
        self, item: Item, fields: Mapping[int, int | bytes] | None
    ) -> Difference | None:
        wanted = self._value(item.wanted)
        if item.section == "owner" and item.kind is Kind.TEXT and not wanted:
            return None
        if fields is None:
            return Difference(item, _shown(item, wanted), None)
        value = fields.get(item.number, b"" if item.kind in (Kind.TEXT, Kind.LIST) else 0)
        if item.kind is Kind.TEXT:
            if value == wanted:
                return None
            if item.wanted == "channel_key":
                return Difference(item, True, False)
            return Difference(item, _shown(item, wanted), _shown(item, value))
        number = len(value) if item.kind is Kind.LIST and isinstance(value, bytes) else None
        number_found = number_of(value) if number is None else number
        if self._good(item, number_found):
            return None
        return Difference(item, _shown(item, wanted), _shown(item, number_found))

    def _good(self, item: Item, value: float) -> bool:
        if value == self._value(item.wanted) or value in self._also(item):
            return True
        if item.least is not None and value >= item.least:
            return True
        most = None if item.most is None else self._value(item.most)
        return isinstance(most, int) and 0 <= value <= most

    def _also(self, item: Item) -> frozenset[int]:
        """What is just as good; a radio that is told whether to relay has one choice less."""
        if item.path != ROLE.path or self.relays is None:
            return item.also
        return item.also - {MUTE_ROLE} if self.relays else frozenset()

    def _mends(self, section: str, fields: Mapping[int, int | bytes]) -> dict[int, int | bytes]:
        """Field -> value, of what is not as wanted in a section."""
        wrong = [
            item
            for item in JUDGED
            if item.section == section and self._difference(item, fields) is not None
        ]
        return {item.number: self._value(item.wanted) for item in wrong}

    def changes(self, sections: Mapping[str, bytes]) -> list[Change]:
        """What mends all differences, the radio's own settings last; [] if there are none."""
        wrong = dict.fromkeys(each.item.section for each in self.differences(sections))
        order = ("owner", "channel:0", *(name for name in reversed(_ORDER) if name in wrong))
        found = []
        for section in dict.fromkeys(name for name in order if name in wrong):
            body = sections.get(section, b"")
            if section == "channel:0":
                found.append(written(section, self._mended_channel(body)))
                continue
            mends = self._mends(section, read_fields(body))
            found.append(written(section, with_fields(body, mends)))
        return found

    def _mended_channel(self, report: bytes) -> bytes:
        """Ours, with what the owner chose about positions on it."""
        inner = read_fields(report).get(2, b"")
        kept = read_fields(inner if isinstance(inner, bytes) else b"").get(7, b"")
        settings = self.channel_settings()
        if isinstance(kept, bytes) and kept:
            settings += bytes_field(7, kept)
        return bytes_field(2, settings) + varint_field(3, _PRIMARY)


_ORDER = tuple(dict.fromkeys(item.section for item in (*CONFIG, *MODULES)))


def written(section: str, body: bytes) -> Change:
    """The admin messages that set a section to that, and ask for it. KeyError: not one of ours."""
    if section == "owner":
        return Change(section, bytes_field(_SET_OWNER, body), varint_field(_GET_OWNER, 1))
    if section.startswith("channel:"):
        index = int(section.partition(":")[2])
        question = varint_field(_GET_CHANNEL, index + 1)  # the wire counts from one
        return Change(section, bytes_field(_SET_CHANNEL, body), question)
    if section in _CONFIGS:
        number, outer, asked = _CONFIGS[section], _SET_CONFIG, _GET_CONFIG
    else:
        number, outer, asked = _MODULES[section], _SET_MODULE, _GET_MODULE
    message = bytes_field(outer, bytes_field(number, body))
    return Change(section, message, varint_field(asked, number - 1))


def unjudged(sections: Mapping[str, bytes]) -> list[str]:
    """Settings that came with a firmware newer than this table, as ``section.number``."""
    known = {(item.section, item.number) for item in ITEMS}
    return sorted(
        f"{section}.{number}"
        for section, report in sections.items()
        if not section.startswith("channel:")
        for number in read_fields(report)
        if (section, number) not in known
    )


def role_of(sections: Mapping[str, bytes]) -> str | None:
    """The role that a radio reported, by its name; None where it has not. ProfileError."""
    report = sections.get(ROLE.section)
    if report is None:
        return None
    return str(_shown(ROLE, number_of(read_fields(report).get(ROLE.number, 0))))


def role_change(found: str, relays: bool) -> Difference | None:
    """What changes for a radio of that role that shall relay from now on, or no more; None where
    it does so already.
    """
    if relays is not (found == MUTE):
        return None
    return Difference(ROLE, "CLIENT" if relays else MUTE, found)


def channel_key_of(sections: Mapping[str, bytes], index: int = 0) -> bytes | None:
    """The key of a channel that a radio reported; None if that is off. ProfileError."""
    key, role = _key_and_role(sections.get(f"channel:{index}", b""))
    return key if role else None


def second_index(sections: Mapping[str, bytes], ours: Container[bytes]) -> int | None:
    """The channel to listen on beside the first: one of ours, else a free one. ProfileError."""
    found = [channel_key_of(sections, index) for index in range(CHANNELS)]
    mine = [index for index in range(1, CHANNELS) if (key := found[index]) and key in ours]
    free = [index for index in range(1, CHANNELS) if found[index] is None]
    return next(iter((*mine, *free)), None)


def _key_and_role(channel: bytes) -> tuple[bytes, int]:
    fields = _fields_of("channel:0", channel)
    key, role = fields.get(2, b""), fields.get(_OF_CHANNEL + 3, 0)
    return (key if isinstance(key, bytes) else b"", role if isinstance(role, int) else 0)


def _fields_of(section: str, report: bytes) -> dict[int, int | bytes]:
    """A section's fields as the items number them."""
    fields = read_fields(report)
    if not section.startswith("channel:"):
        return fields
    inner = fields.pop(2, b"")
    settings = read_fields(inner if isinstance(inner, bytes) else b"")
    return {_OF_CHANNEL + number: value for number, value in fields.items()} | settings


def _cut(text: str, most: int) -> bytes:
    """As much of a name as a radio takes."""
    return text.encode()[:most].decode("utf8", "ignore").encode()


def _shown(item: Item, value: float | bytes) -> bool | int | float | str:
    """A value by its name where it has one."""
    if item.wanted == "channel_key":
        return True
    if isinstance(value, bytes):
        told = value.decode("utf8", "replace")
        return "".join(sign for sign in told if sign.isprintable())
    if item.kind is Kind.FLAG:
        return bool(value)
    if item.kind is Kind.FLOAT:
        return round(float(value), 4)
    named = {number: name for name, number in item.names.items()}
    return named.get(int(value), int(value))


BEGIN_EDIT, COMMIT_EDIT = varint_field(64, 1), varint_field(65, 1)
"""Admin messages around changes that belong together: one restart for all of them."""
