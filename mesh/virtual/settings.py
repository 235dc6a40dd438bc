# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a virtual radio remembers: owner, eight channels, its configuration and whom it has heard.

The protobuf messages are those of the Meshtastic client API. The handshake is cut from here, in
the order of firmware PhoneAPI.cpp; admin messages change it. Defaults are those of a fresh radio;
one that is not ``factory_new`` has its region set, so the official command line finds nothing
missing.

Limits: 8 channels; the node database keeps the ``NODES_MAX`` most recently heard.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from google.protobuf.unknown_fields import UnknownFieldSet
from meshtastic.protobuf import (
    channel_pb2,
    config_pb2,
    device_ui_pb2,
    mesh_pb2,
    module_config_pb2,
)

from mesh.firmware import Role
from mesh.virtual.boards import BOARDS, USUAL, Board
from mesh.virtual.regions import region_presets

CHANNELS = 8
NODES_MAX = 100
"""Firmware keeps about 100 on most boards (firmware, src/mesh/mesh-pb-constants.h)."""

NONCE_CONFIG_ONLY = 69420
NONCE_NODES_ONLY = 69421
"""Special values of want_config_id (firmware PhoneAPI.h)."""

DEFAULT_KEY = bytes.fromhex("d4f1bb3a20290759f0bcffabcf4e6901")
"""What the one-byte key 0x01 stands for (firmware Channels.h)."""

CONFIG_SECTIONS = [
    "device",
    "position",
    "power",
    "network",
    "display",
    "lora",
    "bluetooth",
    "security",
    "sessionkey",
    "device_ui",
]
"""In the order of the handshake and of AdminMessage.ConfigType."""

MODULE_SECTIONS = (
    *("mqtt", "serial", "external_notification", "store_forward", "range_test", "telemetry"),
    *("canned_message", "audio", "remote_hardware", "neighbor_info", "ambient_lighting"),
    *("detection_sensor", "paxcounter"),
)
"""In the order of the handshake and of AdminMessage.ModuleConfigType."""

MODULE_SECTIONS_28 = ("statusmessage", "traffic_management", "tak")
"""What firmware 2.8 adds; 2.7 sends as many sections without content in their place."""

MESH_BEACON_28 = bytes.fromhex("8a01020805")
"""The last section of 2.8, which the client library does not know yet, as a new radio sends it."""

POWER_DBM = 22
SPREADING_FACTOR, CODING_RATE = 11, 5
"""What a radio writes down for itself where it is told none."""

BEACON_FIELD = 17

NODE_INFO_LEAST_S = 3600
"""Default.h, min_node_info_broadcast_secs."""

Roles = config_pb2.Config.DeviceConfig.Role
_AIR_ROLES = {
    Role.CLIENT: Roles.CLIENT,
    Role.ROUTER: Roles.ROUTER,
    Role.CLIENT_MUTE: Roles.CLIENT_MUTE,
}

_PRESET_NAMES = {"LONG_MODERATE": "LongMod"}


def node_id(number: int) -> str:
    """The user id of a radio number: ``!`` and eight hex digits."""
    return f"!{number:08x}"


def modem_preset(preset: int) -> str:
    """LONG_FAST and so on; a number that this protocol version doesn't know as ``PRESET_n``."""
    try:
        return str(config_pb2.Config.LoRaConfig.ModemPreset.Name(preset))
    except ValueError:
        return f"PRESET_{preset}"


def preset_name(preset: int) -> str:
    """Name of an unnamed primary channel, as LONG_FAST -> LongFast (firmware Channels.cpp)."""
    name = modem_preset(preset)
    return _PRESET_NAMES.get(name, "".join(part.capitalize() for part in name.split("_")))


def module_name(module: module_config_pb2.ModuleConfig) -> str | None:
    """Which section it is, also the one that the client library does not know."""
    rest = cast("Iterable[Any]", UnknownFieldSet(module))
    new = any(item.field_number == BEACON_FIELD for item in rest)
    known: str | None = module.WhichOneof("payload_variant")
    return known or ("mesh_beacon" if new else None)


def expand_key(psk: bytes) -> bytes:
    """The real key: one byte stands for the well-known key with its last byte raised."""
    if len(psk) != 1:
        return psk
    return b"" if psk[0] == 0 else DEFAULT_KEY[:-1] + bytes([(DEFAULT_KEY[-1] + psk[0] - 1) & 255])


@dataclass(slots=True)
class VirtualSettings:
    """The persistent part of one virtual radio."""

    number: int
    long_name: str
    short_name: str
    firmware: str = "2.7.26.54e0d8d"
    factory_new: bool = False
    board: Board = BOARDS[USUAL]
    fresh: bool = True  # has not introduced itself since it left the factory
    own: mesh_pb2.NodeInfo = field(default_factory=mesh_pb2.NodeInfo)
    channels: list[channel_pb2.Channel] = field(default_factory=list)
    config: dict[str, config_pb2.Config] = field(default_factory=dict)
    modules: dict[str, module_config_pb2.ModuleConfig] = field(default_factory=dict)
    nodes: dict[int, mesh_pb2.NodeInfo] = field(default_factory=dict)
    canned: str = ""
    ringtone: str = ""

    def __post_init__(self) -> None:
        user = self.own.user
        user.id, user.long_name, user.short_name = (
            node_id(self.number),
            self.long_name,
            self.short_name,
        )
        user.macaddr = b"\x02\x00" + self.number.to_bytes(4, "big")
        user.hw_model = self.board.model
        self.own.num, self.own.is_favorite = self.number, True
        self.reset()
        if not self.factory_new:
            self.lora.region = config_pb2.Config.LoRaConfig.RegionCode.EU_868

    def reset(self) -> None:
        """Factory settings: one open channel, no region, LONG_FAST, hop limit 3."""
        self.fresh = True
        self.channels = [channel_pb2.Channel(index=index) for index in range(CHANNELS)]
        self.channels[0].role = channel_pb2.Channel.Role.PRIMARY
        self.channels[0].settings.psk = b"\x01"
        precision = 0 if self.is_28 else 13  # from 2.8 a radio tells its place only if told to
        self.channels[0].settings.module_settings.position_precision = precision
        self.config = {name: config_pb2.Config() for name in CONFIG_SECTIONS}
        for name, section in self.config.items():
            getattr(section, name).SetInParent()
        lora = self.config["lora"].lora
        lora.use_preset, lora.tx_enabled, lora.hop_limit = True, True, 3
        lora.tx_power = POWER_DBM
        self.config["device"].device.node_info_broadcast_secs = 10800
        names = (*MODULE_SECTIONS, *MODULE_SECTIONS_28 * self.is_28)
        self.modules = {name: module_config_pb2.ModuleConfig() for name in names}
        for name, module in self.modules.items():
            getattr(module, name).SetInParent()
        if self.is_28:
            beacon = module_config_pb2.ModuleConfig.FromString(MESH_BEACON_28)
            self.modules["mesh_beacon"] = beacon
        self.modules["telemetry"].telemetry.device_update_interval = 1800

    @property
    def lora(self) -> config_pb2.Config.LoRaConfig:
        """The radio settings in force."""
        return self.config["lora"].lora

    @property
    def may_transmit(self) -> bool:
        """Whether anything is sent: not without a region, or with the transmitter off."""
        unset = config_pb2.Config.LoRaConfig.RegionCode.UNSET
        allowed = self.lora.region != unset and self.lora.tx_enabled
        return bool(allowed or self.board.simulated)

    @property
    def air_role(self) -> Role:
        """What it does for others, of what the simulated air tells apart."""
        role = self.config["device"].device.role
        return next((known for known, number in _AIR_ROLES.items() if number == role), Role.CLIENT)

    def take_role(self, role: Role) -> None:
        """A radio that comes with that role, and tells it of itself."""
        self.config["device"].device.role = self.own.user.role = _AIR_ROLES[role]

    def complete_device(self) -> None:
        """What a radio makes of new device settings: roles that no longer are become CLIENT, and a
        node info every hour is the most (AdminModule.cpp).
        """
        device = self.config["device"].device
        if device.role in (Roles.ROUTER_CLIENT, Roles.REPEATER):
            device.role = Roles.CLIENT
        device.node_info_broadcast_secs = max(NODE_INFO_LEAST_S, device.node_info_broadcast_secs)

    def complete_lora(self, before: config_pb2.Config.LoRaConfig) -> None:
        """What a radio makes of new LoRa settings (AdminModule.cpp, RadioInterface.cpp).

        It fills in what is missing; a first region switches the transmitter on.
        """
        lora, regions = self.lora, config_pb2.Config.LoRaConfig.RegionCode
        lora.tx_power = lora.tx_power or POWER_DBM
        lora.coding_rate = lora.coding_rate if 4 <= lora.coding_rate <= 8 else CODING_RATE
        if not 5 <= lora.spread_factor <= 12:
            lora.spread_factor = SPREADING_FACTOR
        if before.region == regions.UNSET != lora.region:
            lora.tx_enabled = True
            lora.ignore_mqtt |= lora.region == regions.EU_868
        if self.is_28 and before.region != regions.UNSET == lora.region:
            lora.tx_enabled = False

    @property
    def is_28(self) -> bool:
        """Whether firmware 2.8 or later is imitated."""
        return self.firmware.startswith("2.8")

    # -- identity ------------------------------------------------------------------------------

    def make_keys(self, rng: random.Random) -> bool:
        """A radio gets its keys when the region is set for the first time; whether it did now.

        They are only the right length: nothing is encrypted or signed with them here.
        """
        security = self.config["security"].security
        unset = config_pb2.Config.LoRaConfig.RegionCode.UNSET
        ready = self.lora.region != unset or (self.is_28 and self.board.simulated)
        if security.private_key or not ready:
            return False
        security.private_key, security.public_key = rng.randbytes(32), rng.randbytes(32)
        self.own.user.public_key = security.public_key
        return True

    def start(self) -> None:
        """What a radio that starts tells anew of itself (NodeDB.cpp): its role; and from 2.8 a
        number by its public key.
        """
        self.own.user.role = self.config["device"].device.role
        key = self.config["security"].security.public_key
        if self.is_28 and key:
            self.number = self.own.num = zlib.crc32(key)
            self.own.user.id = node_id(self.number)
            self.nodes.pop(self.number, None)

    # -- channels ------------------------------------------------------------------------------

    def channel_key(self, index: int) -> int | None:
        """What stations must share to understand each other on a channel, None if it is off.

        Firmware sends an 8-bit hash and then fails to decrypt on a chance match; here name and
        key give 32 bits, so a chance match does not happen.
        """
        if not 0 <= index < CHANNELS:
            return None
        channel = self.channels[index]
        if channel.role == channel_pb2.Channel.Role.DISABLED:
            return None
        name = channel.settings.name or preset_name(self.lora.modem_preset)
        return zlib.crc32(name.encode() + b"\0" + expand_key(channel.settings.psk))

    def channel_keys(self) -> dict[int, int]:
        """Key -> channel index, of the channels that are on."""
        keys: dict[int, int] = {}
        for index in range(CHANNELS):
            key = self.channel_key(index)
            if key is not None:
                keys.setdefault(key, index)
        return keys

    # -- nodes ---------------------------------------------------------------------------------

    def heard(self, number: int, now_s: int, snr_db: float, hops: int) -> mesh_pb2.NodeInfo:
        """Note that a radio was heard; drops the one silent for longest when full."""
        entry = self.nodes.pop(number, None)
        if entry is None:
            entry = mesh_pb2.NodeInfo(num=number)
            while len(self.nodes) >= NODES_MAX:
                del self.nodes[next(iter(self.nodes))]
        self.nodes[number] = entry
        entry.last_heard, entry.hops_away, entry.snr = now_s, hops, snr_db
        return entry

    # -- handshake -----------------------------------------------------------------------------

    def handshake(self, nonce: int) -> Iterator[mesh_pb2.FromRadio]:
        """Every frame that answers ``want_config_id = nonce``, in firmware order."""
        if nonce != NONCE_NODES_ONLY:
            yield mesh_pb2.FromRadio(my_info=self._my_info())
            yield mesh_pb2.FromRadio(deviceuiConfig=device_ui_pb2.DeviceUIConfig(version=1))
        yield mesh_pb2.FromRadio(node_info=self.own)
        if nonce != NONCE_NODES_ONLY:
            yield mesh_pb2.FromRadio(metadata=self.metadata())
            if self.is_28:
                yield region_presets()
            for channel in self.channels:
                yield mesh_pb2.FromRadio(channel=channel)
            for section in self.config.values():
                yield mesh_pb2.FromRadio(config=section)
            for module in self.modules.values():
                yield mesh_pb2.FromRadio(moduleConfig=module)
            for _ in () if self.is_28 else MODULE_SECTIONS_28:
                yield mesh_pb2.FromRadio(moduleConfig=module_config_pb2.ModuleConfig())
        if nonce != NONCE_CONFIG_ONLY:
            for entry in list(self.nodes.values()):
                yield mesh_pb2.FromRadio(node_info=entry)
        if nonce != NONCE_NODES_ONLY:
            file = mesh_pb2.FileInfo(file_name="/prefs/config.proto", size_bytes=512)
            yield mesh_pb2.FromRadio(fileInfo=file)
        yield mesh_pb2.FromRadio(config_complete_id=nonce)

    def _my_info(self) -> mesh_pb2.MyNodeInfo:
        return mesh_pb2.MyNodeInfo(
            my_node_num=self.number,
            min_app_version=30200,
            device_id=self.number.to_bytes(16, "big"),
            pio_env="virtual",
            nodedb_count=1 + len(self.nodes),
        )

    def metadata(self) -> mesh_pb2.DeviceMetadata:
        """Firmware version and what the board can do."""
        return mesh_pb2.DeviceMetadata(
            firmware_version=self.firmware,
            device_state_version=24,
            hw_model=self.board.model,
            role=self.config["device"].device.role,
        )
