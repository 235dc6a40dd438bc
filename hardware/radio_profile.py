# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a radio must be set up for our network: wanted settings as data, and what differs.

A ``RadioProfile`` is compared with what a radio reports of itself and turned into the admin
messages that change exactly what differs; everything else stays as the owner set it. Settings
travel as serialised protobuf sections (``lora``, ``device``, ``position``, ``telemetry``,
``channel:0``), so neither side needs the other's code. Field numbers are those of Meshtastic's
config.proto, module_config.proto, channel.proto and admin.proto.

Setting a field means appending it: in a protobuf the last value of a field counts.
"""

from __future__ import annotations

import base64
import enum
from collections.abc import Container, Mapping
from dataclasses import dataclass

REGIONS = {"EU_868": 3, "EU_433": 2}
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

CHANNEL_NAME_MAX = 11
"""Bytes of a channel name (channel.options)."""

SECTION_MAX = 512
CHANNELS = 8

_CONFIG_FIELDS = {"device": (1, 0), "position": (2, 1), "lora": (6, 5)}
_MODULE_FIELDS = {"telemetry": (6, 5)}
"""Section -> field of the message that sets it, number by which it is asked for."""
_GET_CHANNEL, _GET_CONFIG, _GET_MODULE = 1, 5, 7
_SET_CHANNEL, _SET_CONFIG, _SET_MODULE = 33, 34, 35
_PRIMARY, _SECONDARY = 1, 2


class ProfileFault(enum.Enum):
    """Why a profile cannot be, or a report cannot be read."""

    REGION = "region not provided for"
    PRESET = "preset not lawful"
    KEY_LENGTH = "key not 32 bytes"
    NAME_LENGTH = "name of the channel too short or long"
    HOP_LIMIT = "hop limit out of range"
    INTERVAL = "interval too short"
    REPORT_TOO_LONG = "report too long"
    REPORT_UNREADABLE = "report unreadable"


class ProfileError(ValueError):
    """A profile that cannot be, or a report that is no protobuf."""

    def __init__(self, fault: ProfileFault, about: str = "") -> None:
        super().__init__(f"{fault.value}: {about}")
        self.fault = fault
        self.about = about


class Setting(enum.Enum):
    """What a network wants set."""

    USE_PRESET = "use preset"
    PRESET = "preset"
    REGION = "region"
    HOP_LIMIT = "hop limit"
    TRANSMITTER = "transmitter on"
    IGNORE_DUTY_CYCLE = "override duty cycle"
    NODE_INFO_S = "node info interval"
    POSITION_S = "position interval"
    POSITION_ON_MOVE = "position when moving"
    TELEMETRY_S = "telemetry interval"
    CHANNEL_NAME = "channel name"
    CHANNEL_KEY = "channel key"
    CHANNEL_PRIMARY = "channel 0 is primary"
    TO_MQTT = "uplink to MQTT"
    FROM_MQTT = "downlink from MQTT"


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that is not as wanted; keys themselves are never told, only whether ours."""

    section: str
    setting: Setting
    wanted: bool | int | str
    found: bool | int | str | None  # None: not reported


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

    def _wanted(self) -> dict[str, tuple[_Field, ...]]:
        return {
            "lora": (
                _Field(1, 1, Setting.USE_PRESET, flag=True),
                _Field(2, PRESETS[self.preset], Setting.PRESET, PRESETS),
                _Field(7, REGIONS[self.region], Setting.REGION, REGIONS),
                _Field(8, self.hop_limit, Setting.HOP_LIMIT),
                _Field(9, 1, Setting.TRANSMITTER, flag=True),
                _Field(12, 0, Setting.IGNORE_DUTY_CYCLE, flag=True),
            ),
            "device": (_Field(7, self.node_info_s, Setting.NODE_INFO_S),),
            "position": (
                _Field(1, self.position_s, Setting.POSITION_S),
                _Field(2, 0, Setting.POSITION_ON_MOVE, flag=True),
            ),
            "telemetry": (_Field(1, self.telemetry_s, Setting.TELEMETRY_S),),
        }

    def channel_settings(self) -> bytes:
        """Serialised ChannelSettings: key and name, neither to nor from MQTT."""
        return _bytes(2, self.channel_key) + _bytes(3, self.channel_name.encode())

    def channel(self) -> bytes:
        """Serialised Channel: the primary channel of the radio."""
        return _bytes(2, self.channel_settings()) + _varint_field(3, _PRIMARY)

    def second_channel(self, index: int, listen_key: bytes | None) -> bytes:
        """Serialised Channel: one of the same name to listen to under another key, or none."""
        if listen_key is None:
            return _varint_field(1, index)
        settings = _bytes(2, listen_key) + _bytes(3, self.channel_name.encode())
        return _varint_field(1, index) + _bytes(2, settings) + _varint_field(3, _SECONDARY)

    def rekeyed(
        self, sections: Mapping[str, bytes], listen_key: bytes | None, index: int | None
    ) -> list[bytes]:
        """Serialised admin messages that bring channel 0 to our key and that one to the other; []
        if they are so. ``index`` None: there is no room for another. Not in a transaction, whose
        end would restart the radio.
        """
        requests = []
        if self._channel_differences(sections.get("channel:0")):
            requests.append(_bytes(_SET_CHANNEL, self.channel()))
        if index is None:
            return requests
        wanted = self.second_channel(index, listen_key)
        if _key_and_role(sections.get(f"channel:{index}", b"")) != _key_and_role(wanted):
            requests.append(_bytes(_SET_CHANNEL, wanted))
        return requests

    def channel_url(self) -> str:
        """The link that sets up channel and LoRa in Meshtastic's own apps; it holds the key."""
        lora = b"".join(_varint_field(s.number, s.value) for s in self._wanted()["lora"])
        data = _bytes(1, self.channel_settings()) + _bytes(2, lora)
        return "https://meshtastic.org/e/#" + base64.urlsafe_b64encode(data).decode().rstrip("=")

    # -- compared with a radio -----------------------------------------------------------------

    def differences(self, sections: Mapping[str, bytes]) -> list[Difference]:
        """What is not as wanted; ProfileError for a report that can't be read.

        A section that the radio did not report counts as different throughout.
        """
        found: list[Difference] = []
        for section, wanted in self._wanted().items():
            report = read_fields(sections[section]) if section in sections else None
            for item in wanted:
                value = None if report is None else report.get(item.number, 0)
                if value != item.value:
                    shown = item.shown(item.value)
                    assert shown is not None
                    found.append(Difference(section, item.setting, shown, item.shown(value)))
        return found + self._channel_differences(sections.get("channel:0"))

    def _channel_differences(self, report: bytes | None) -> list[Difference]:
        section = "channel:0"
        channel = read_fields(report or b"")
        inner = channel.get(2, b"")
        settings = read_fields(inner if isinstance(inner, bytes) else b"")
        found = []
        name = settings.get(3, b"")
        if name != self.channel_name.encode():
            told = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
            shown = "".join(sign for sign in told if sign.isprintable())
            found.append(Difference(section, Setting.CHANNEL_NAME, self.channel_name, shown))
        for setting, right in (
            (Setting.CHANNEL_KEY, settings.get(2, b"") == self.channel_key),
            (Setting.CHANNEL_PRIMARY, channel.get(3, 0) == _PRIMARY),
        ):
            if not right:
                found.append(Difference(section, setting, True, False))
        for number, setting in ((5, Setting.TO_MQTT), (6, Setting.FROM_MQTT)):
            if settings.get(number, 0) != 0:
                found.append(Difference(section, setting, False, True))
        return found

    def changes(self, sections: Mapping[str, bytes]) -> list[Change]:
        """What mends all differences, the radio's own settings last; [] if there are none."""
        wrong = {difference.section for difference in self.differences(sections)}
        found = []
        if "channel:0" in wrong:
            question = _varint_field(_GET_CHANNEL, 1)  # the wire counts from one
            found.append(Change("channel:0", _bytes(_SET_CHANNEL, self.channel()), question))
        for section, settings in reversed(self._wanted().items()):
            if section not in wrong:
                continue
            changed = b"".join(_varint_field(s.number, s.value) for s in settings)
            body = sections.get(section, b"") + changed
            if section in _CONFIG_FIELDS:
                number, kind = _CONFIG_FIELDS[section]
                message = _bytes(_SET_CONFIG, _bytes(number, body))
                question = _varint_field(_GET_CONFIG, kind)
            else:
                number, kind = _MODULE_FIELDS[section]
                message = _bytes(_SET_MODULE, _bytes(number, body))
                question = _varint_field(_GET_MODULE, kind)
            found.append(Change(section, message, question))
        return found


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
    fields = read_fields(channel)
    inner, role = fields.get(2, b""), fields.get(3, 0)
    key = read_fields(inner if isinstance(inner, bytes) else b"").get(2, b"")
    return (key if isinstance(key, bytes) else b"", role if isinstance(role, int) else 0)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a section and the value that it shall have."""

    number: int
    value: int
    setting: Setting
    names: Mapping[str, int] | None = None
    flag: bool = False

    def shown(self, value: int | bytes | None) -> bool | int | str | None:
        """A value by its name where it has one; None for what is no number."""
        if not isinstance(value, int):
            return None
        if self.flag:
            return bool(value)
        named = {number: name for name, number in (self.names or {}).items()}
        return named.get(value, value)


def read_fields(data: bytes) -> dict[int, int | bytes]:
    """Fields of a serialised protobuf message by number, the last value of each; ProfileError."""
    if len(data) > SECTION_MAX:
        raise ProfileError(ProfileFault.REPORT_TOO_LONG)
    fields: dict[int, int | bytes] = {}
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            fields[number], at = _read_varint(data, at)
            continue
        if wire == 2:
            size, at = _read_varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(wire, SECTION_MAX + 1)
        if at + size > len(data):
            raise ProfileError(ProfileFault.REPORT_UNREADABLE)
        fields[number] = data[at : at + size]
        at += size
    return fields


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ProfileError(ProfileFault.REPORT_UNREADABLE)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varint_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


BEGIN_EDIT, COMMIT_EDIT = _varint_field(64, 1), _varint_field(65, 1)
"""Admin messages around changes that belong together: one restart for all of them."""
