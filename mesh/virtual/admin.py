# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Admin messages of the attached client: read and change what a virtual radio remembers.

Pure: a request and the settings in, an outcome out (firmware AdminModule.cpp). Enough for
``meshtastic --info``, ``--set``, ``--set-owner``, ``--ch-set`` and a transaction around them.
Only the local client may administer; remote administration is refused by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

from meshtastic.protobuf import (
    admin_pb2,
    channel_pb2,
    config_pb2,
    connection_status_pb2,
    mesh_pb2,
)

from mesh.virtual.settings import CHANNELS, CONFIG_SECTIONS, VirtualSettings, module_name

_RESTARTING_CONFIGS = frozenset({"power", "network", "display", "bluetooth", "security"})

SESSION_KEY = bytes(range(8))
"""Session passkey of every virtual radio; it guards nothing, as only the local client is heard."""


@dataclass(slots=True)
class AdminOutcome:
    """What an admin message leads to beyond the changed settings."""

    response: admin_pb2.AdminMessage | None = None
    error: int = mesh_pb2.Routing.Error.NONE
    changed: bool = False  # something is saved; a restart may follow
    restart: bool = False
    restart_in_s: int = 0  # 0: as the firmware does by itself
    shutdown: bool = False
    owner_changed: bool = False
    air_changed: bool = False  # LoRa settings or channels


def handle_admin(settings: VirtualSettings, request: admin_pb2.AdminMessage) -> AdminOutcome:
    """Apply one admin message; an unknown request is answered with BAD_REQUEST."""
    variant = request.WhichOneof("payload_variant")
    if variant is None:
        return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
    if variant.startswith("get_"):
        return _read(settings, variant, request)
    return _write(settings, variant, request)


def _read(settings: VirtualSettings, variant: str, request: admin_pb2.AdminMessage) -> AdminOutcome:
    answer = admin_pb2.AdminMessage(session_passkey=SESSION_KEY)
    match variant:
        case "get_owner_request":
            answer.get_owner_response.CopyFrom(settings.own.user)
        case "get_channel_request" if 1 <= request.get_channel_request <= CHANNELS:
            index = request.get_channel_request - 1  # the wire counts from one
            answer.get_channel_response.CopyFrom(settings.channels[index])
        case "get_config_request" if request.get_config_request < len(CONFIG_SECTIONS):
            name = CONFIG_SECTIONS[request.get_config_request]
            answer.get_config_response.CopyFrom(settings.config[name])
        case "get_module_config_request" if request.get_module_config_request < len(
            settings.modules
        ):
            name = [*settings.modules][request.get_module_config_request]
            answer.get_module_config_response.CopyFrom(settings.modules[name])
        case "get_device_metadata_request":
            answer.get_device_metadata_response.CopyFrom(settings.metadata())
        case "get_canned_message_module_messages_request":
            answer.get_canned_message_module_messages_response = settings.canned
        case "get_ringtone_request":
            answer.get_ringtone_response = settings.ringtone
        case "get_device_connection_status_request":
            answer.get_device_connection_status_response.CopyFrom(
                connection_status_pb2.DeviceConnectionStatus()
            )
        case _:
            return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
    return AdminOutcome(response=answer)


def _write(
    settings: VirtualSettings, variant: str, request: admin_pb2.AdminMessage
) -> AdminOutcome:
    match variant:
        case "set_owner":
            return _set_owner(settings, request.set_owner)
        case "set_channel":
            return _set_channel(settings, request.set_channel)
        case "set_config":
            return _set_config(settings, request)
        case "set_module_config":
            module = module_name(request.set_module_config)
            if module not in settings.modules:
                return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
            settings.modules[module].CopyFrom(request.set_module_config)
            return AdminOutcome(changed=True, restart=True)
        case "set_canned_message_module_messages":
            settings.canned = request.set_canned_message_module_messages
        case "set_ringtone_message":
            settings.ringtone = request.set_ringtone_message
        case "remove_by_nodenum":
            settings.nodes.pop(request.remove_by_nodenum, None)
        case "set_fixed_position":
            settings.own.position.CopyFrom(request.set_fixed_position)
            settings.own.position.location_source = mesh_pb2.Position.LocSource.LOC_MANUAL
            settings.config["position"].position.fixed_position = True
        case "remove_fixed_position":
            settings.own.ClearField("position")
            settings.config["position"].position.fixed_position = False
        case "nodedb_reset":
            settings.nodes.clear()
            return AdminOutcome(changed=True, restart=True)
        case "factory_reset_config" | "factory_reset_device":
            settings.reset()
            return AdminOutcome(changed=True, restart=True, air_changed=True)
        case "reboot_seconds":
            return AdminOutcome(restart=True, restart_in_s=max(1, request.reboot_seconds))
        case "shutdown_seconds":
            return AdminOutcome(shutdown=True)
        case "set_time_only" | "begin_edit_settings" | "commit_edit_settings":
            return AdminOutcome()
        case _:
            return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
    return AdminOutcome(changed=True)


def _set_owner(settings: VirtualSettings, owner: mesh_pb2.User) -> AdminOutcome:
    user = settings.own.user
    user.long_name = owner.long_name or user.long_name
    user.short_name = owner.short_name or user.short_name
    return AdminOutcome(changed=True, owner_changed=True)


def _set_channel(settings: VirtualSettings, channel: channel_pb2.Channel) -> AdminOutcome:
    if not 0 <= channel.index < CHANNELS or len(channel.settings.psk) not in (0, 1, 16, 32):
        return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
    settings.channels[channel.index].CopyFrom(channel)
    return AdminOutcome(changed=True, air_changed=True)


def _set_config(settings: VirtualSettings, request: admin_pb2.AdminMessage) -> AdminOutcome:
    name = request.set_config.WhichOneof("payload_variant")
    if name not in settings.config:
        return AdminOutcome(error=mesh_pb2.Routing.Error.BAD_REQUEST)
    before = settings.config[name].SerializeToString(deterministic=True)
    settings.config[name].CopyFrom(request.set_config)
    former = config_pb2.Config.FromString(before)
    if name == "lora":
        settings.complete_lora(former.lora)
    if name == "device":
        settings.complete_device()
    if settings.config[name].SerializeToString(deterministic=True) == before:
        return AdminOutcome(changed=True)
    if name == "lora":  # from 2.8 applied live (firmware, src/modules/AdminModule.cpp)
        return AdminOutcome(changed=True, restart=_lora_restarts(settings), air_changed=True)
    if name == "device":  # roles count at once, and start the radio anew all the same
        restart = _device_restarts(former.device, settings.config[name].device)
        return AdminOutcome(changed=True, restart=restart, air_changed=True)
    return AdminOutcome(changed=True, restart=name in _RESTARTING_CONFIGS)


def _device_restarts(
    before: config_pb2.Config.DeviceConfig, now: config_pb2.Config.DeviceConfig
) -> bool:
    names = ("button_gpio", "buzzer_gpio", "role", "rebroadcast_mode")
    return any(getattr(before, name) != getattr(now, name) for name in names)


def _lora_restarts(settings: VirtualSettings) -> bool:
    return not (settings.board.simulated or settings.is_28)
