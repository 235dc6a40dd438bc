# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Wanted radio settings, compared with what Meshtastic's own protobufs say."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtastic.protobuf import admin_pb2, apponly_pb2, channel_pb2, config_pb2, module_config_pb2

from hardware.protobuf import ProfileError, read_fields
from hardware.radio_profile import (
    BEGIN_EDIT,
    COMMIT_EDIT,
    Difference,
    RadioProfile,
    role_change,
    role_of,
)
from mesh.radio.reader import RadioReport
from mesh.virtual.admin import handle_admin
from mesh.virtual.memory import memory, recall
from mesh.virtual.settings import VirtualSettings

KEY = bytes(range(32))
PROFILE = RadioProfile("lage", KEY, preset="MEDIUM_FAST")
LoRa = config_pb2.Config.LoRaConfig


def fresh_radio() -> dict[str, bytes]:
    """What a radio reports that nobody has set up yet."""
    lora = LoRa(use_preset=True, region=3, hop_limit=3, tx_enabled=True, tx_power=20)
    channel = channel_pb2.Channel(role=1)
    channel.settings.psk = b"\x01"
    security = config_pb2.Config.SecurityConfig(serial_enabled=True)
    return {
        "lora": lora.SerializeToString(),
        "device": config_pb2.Config.DeviceConfig(tzdef="CET").SerializeToString(),
        "position": config_pb2.Config.PositionConfig(gps_mode=1).SerializeToString(),
        "telemetry": module_config_pb2.ModuleConfig.TelemetryConfig().SerializeToString(),
        "security": security.SerializeToString(),
        "channel:0": channel.SerializeToString(),
    } | dict.fromkeys(("power", "network", "bluetooth", "owner"), b"")


def paths(differences: list[Difference]) -> list[str]:
    """Which settings differ."""
    return [each.item.path for each in differences]


def applied(requests: list[bytes], sections: dict[str, bytes]) -> dict[str, bytes]:
    """The sections after the radio has taken the admin messages."""
    result = dict(sections)
    for request in map(admin_pb2.AdminMessage.FromString, requests):
        kind = request.WhichOneof("payload_variant")
        if kind == "set_channel":
            result["channel:0"] = request.set_channel.SerializeToString()
        elif kind in ("set_config", "set_module_config"):
            outer = getattr(request, kind)
            name = outer.WhichOneof("payload_variant")
            result[name] = getattr(outer, name).SerializeToString()
    return result


def requests(sections: dict[str, bytes]) -> list[bytes]:
    """What is told to a radio that reported these."""
    changes = [change.message for change in PROFILE.changes(sections)]
    return [BEGIN_EDIT, *changes, COMMIT_EDIT] if changes else []


def test_differences_are_told_without_the_key() -> None:
    """Preset, channel and intervals of a fresh radio differ."""
    differences = PROFILE.differences(fresh_radio())

    assert sorted(paths(differences)) == [
        "channel:0.name",
        "channel:0.psk",
        "device.node_info_broadcast_secs",
        "lora.ignore_mqtt",
        "lora.modem_preset",
        "position.position_broadcast_secs",
        "telemetry.device_update_interval",
    ]
    by_path = dict(zip(paths(differences), differences, strict=True))
    preset = by_path["lora.modem_preset"]
    assert (preset.wanted, preset.found) == ("MEDIUM_FAST", "LONG_FAST")
    assert by_path["channel:0.name"].found == ""
    assert [each.holds for each in differences] == [True] * 3 + [False] * 4
    assert not {KEY, KEY.hex()} & {item.wanted for item in differences}


def test_admin_messages_mend_all_differences_and_nothing_else() -> None:
    """After them nothing differs, and what the owner set stays."""
    before = fresh_radio()
    sent = requests(before)
    after = applied(sent, before)

    kinds = [admin_pb2.AdminMessage.FromString(r).WhichOneof("payload_variant") for r in sent]
    assert kinds[0] == "begin_edit_settings"
    assert kinds[-1] == "commit_edit_settings"
    assert PROFILE.differences(after) == []
    assert requests(after) == []
    lora = LoRa.FromString(after["lora"])
    assert (lora.tx_power, lora.modem_preset, lora.region) == (20, LoRa.MEDIUM_FAST, LoRa.EU_868)
    assert config_pb2.Config.DeviceConfig.FromString(after["device"]).tzdef == "CET"


def test_only_what_differs_is_sent() -> None:
    """A radio that is right but for the hop limit gets its LoRa section only."""
    good = applied(requests(fresh_radio()), fresh_radio())
    lora = LoRa.FromString(good["lora"])
    lora.hop_limit = 7
    good["lora"] = lora.SerializeToString()

    (difference,) = PROFILE.differences(good)
    assert (difference.item.path, difference.wanted, difference.found) == ("lora.hop_limit", 3, 7)
    assert not difference.must
    assert len(requests(good)) == 3


def test_whether_a_radio_relays_is_a_choice_and_wrong_only_where_it_was_made() -> None:
    """Undecided, a mute radio and a router are right; told to relay or not, each as told."""
    device = config_pb2.Config.DeviceConfig(node_info_broadcast_secs=86_400)
    for relays, role, wanted in (
        (None, "CLIENT_MUTE", None),
        (None, "ROUTER", None),
        (None, "TRACKER", "CLIENT"),
        (True, "CLIENT_MUTE", "CLIENT"),
        (True, "ROUTER", None),
        (False, "CLIENT", "CLIENT_MUTE"),
        (False, "ROUTER", "CLIENT_MUTE"),
    ):
        device.role = config_pb2.Config.DeviceConfig.Role.Value(role)
        sections = fresh_radio() | {"device": device.SerializeToString()}
        profile = replace(PROFILE, relays=relays)
        found = [d for d in profile.differences(sections) if d.item.section == "device"]
        assert [(d.wanted, d.found) for d in found] == ([(wanted, role)] if wanted else [])
        assert all(d.must is (wanted == "CLIENT") for d in found)
        assert role_of(sections) == role
        if relays is not None:
            assert role_change(role, relays) == (found[0] if found else None)


def test_duty_cycle_override_is_switched_off() -> None:
    """A radio that was told to break the law is set right."""
    sections = fresh_radio()
    sections["lora"] += LoRa(override_duty_cycle=True).SerializeToString()
    mended = applied(requests(sections), sections)
    assert not LoRa.FromString(mended["lora"]).override_duty_cycle


def test_radio_that_reported_nothing_differs_throughout() -> None:
    """Missing sections are unknown, not right; of a module it only means that there is none."""
    differences = PROFILE.differences({})
    assert {each.found for each in differences if each.item.section != "channel:0"} == {None}
    sections = {each.item.section for each in differences}
    assert {"lora", "device", "security", "telemetry", "channel:0"} <= sections
    assert not sections & {"mqtt", "mesh_beacon", "traffic_management"}


def test_channel_url_is_what_the_apps_read() -> None:
    """Meshtastic's own ChannelSet has our channel and LoRa settings."""
    link = PROFILE.channel_url()
    data = link.partition("#")[2]
    channel_set = apponly_pb2.ChannelSet.FromString(
        base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    )
    assert channel_set.settings[0].name == "lage"
    assert channel_set.settings[0].psk == KEY
    assert channel_set.lora_config.modem_preset == LoRa.MEDIUM_FAST


@pytest.mark.parametrize(
    "change",
    [
        {"region": "US"},
        {"preset": "SHORT_TURBO"},
        {"channel_key": b"kurz"},
        {"channel_name": ""},
        {"channel_name": "Krisenstäbe1"},
        {"hop_limit": 0},
        {"hop_limit": 8},
        {"telemetry_s": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_impossible_profiles_are_refused(change: dict[str, object]) -> None:
    """Each limit is kept."""
    values: dict[str, object] = {"channel_name": "lage", "channel_key": KEY} | change
    with pytest.raises(ProfileError):
        RadioProfile(**values)  # type: ignore[arg-type]


@given(st.binary(max_size=600))
def test_reports_are_read_totally(data: bytes) -> None:
    """Any bytes give fields or a ProfileError; so do whole reports."""
    names = ("lora", "device", "position", "telemetry", "channel:0")
    with contextlib.suppress(ProfileError):
        assert all(number >= 0 for number in read_fields(data))
    with contextlib.suppress(ProfileError):
        assert requests(dict.fromkeys(names, data))


@pytest.mark.parametrize("firmware", ["2.7.26", "2.8.0"])
def test_a_new_virtual_radio_takes_every_change(firmware: str) -> None:
    """Seen: one of 2.8 refused the module that the library does not know, and stayed mute."""
    settings = VirtualSettings(7, "Neu", "N", firmware, factory_new=True)
    report = RadioReport()
    for _ in range(2):
        for frame in settings.handshake(1):
            report.read(frame.SerializeToString())
        for change in PROFILE.changes(report.sections):
            told = admin_pb2.AdminMessage.FromString(change.message)
            assert handle_admin(settings, told).error == 0, change.section
            asked = handle_admin(settings, admin_pb2.AdminMessage.FromString(change.question))
            assert asked.response is not None
    assert not PROFILE.differences(report.sections)
    restarted = VirtualSettings(7, "Neu", "N", firmware)
    recall(restarted, memory(settings))
    assert restarted.modules == settings.modules
