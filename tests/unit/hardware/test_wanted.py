# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every setting that the library knows is classed, and each judged one is found and mended."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from meshtastic.protobuf import admin_pb2, channel_pb2, config_pb2, mesh_pb2, module_config_pb2

from hardware import wanted
from hardware.protobuf import bytes_field, read_fields, varint_field, with_fields
from hardware.radio_profile import ITEMS, JUDGED, Change, RadioProfile, unjudged, written
from hardware.wanted import Class, Item, Kind
from lage.language.settings import SETTING_WORDS

LoRa = config_pb2.Config.LoRaConfig
Device = config_pb2.Config.DeviceConfig
PROFILE = RadioProfile(
    "lage", bytes(range(32)), preset="MEDIUM_FAST", long_name="SAE Rheine", short_name="RHE"
)


def library_fields() -> dict[tuple[str, int], str]:
    """(section, number) -> name, of every setting in the protobufs of the installed library."""
    found: dict[tuple[str, int], str] = {}
    for whole in (config_pb2.Config, module_config_pb2.ModuleConfig):
        for section in whole.DESCRIPTOR.fields:
            for setting in section.message_type.fields:
                found[section.name, setting.number] = setting.name
    for setting in mesh_pb2.User.DESCRIPTOR.fields:
        found["owner", setting.number] = setting.name
    for setting in channel_pb2.ChannelSettings.DESCRIPTOR.fields:
        found["channel:0", setting.number] = setting.name
    for setting in channel_pb2.Channel.DESCRIPTOR.fields:
        if setting.name != "settings":
            found["channel:0", 100 + setting.number] = setting.name
    return found


def unclassed(items: tuple[Item, ...]) -> set[str]:
    """What the library knows and the table does not, or calls otherwise."""
    table = {(item.section, item.number): item.name for item in items}
    known = library_fields()
    return {
        f"{section}.{name}"
        for (section, number), name in known.items()
        if table.get((section, number)) != name
    }


def test_every_setting_of_the_installed_library_is_classed() -> None:
    """Whoever brings a new client library says of each new setting how it is judged, and why."""
    assert not unclassed(ITEMS)
    assert len(library_fields()) > 200


@pytest.mark.parametrize("gone", ["lora.region", "tak.role", "owner.is_licensed", "channel:0.psk"])
def test_one_that_nobody_has_classed_is_noticed(gone: str) -> None:
    """The same walk over a table that lacks one finds just that one."""
    left = tuple(item for item in ITEMS if item.path != gone)
    assert unclassed(left) == {gone}


def test_each_setting_is_classed_once_and_new_ones_are_marked_as_such() -> None:
    """What the library does not know yet is marked; once it does, the mark must go."""
    paths = [(item.section, item.number) for item in ITEMS]
    assert len(set(paths)) == len(paths)
    known = library_fields()
    assert {item.path for item in ITEMS if (item.section, item.number) not in known} == {
        item.path for item in ITEMS if item.new
    }


def test_presets_regions_roles_and_modes_are_those_of_the_library_and_more() -> None:
    """Every one has its number; firmware 2.8 brings some that the library has no name for."""
    for ours, theirs in (
        (wanted.PRESETS | wanted.OTHER_PRESETS, LoRa.ModemPreset),
        (wanted.REGIONS | wanted.OTHER_REGIONS, LoRa.RegionCode),
        (wanted.ROLES, Device.Role),
        (wanted.REBROADCASTS, Device.RebroadcastMode),
    ):
        assert ours.items() >= dict(theirs.items()).items()
    assert wanted.OTHER_PRESETS["MEDIUM_TURBO"] == 16
    assert wanted.OTHER_REGIONS["ITU2_125CM"] == 37


def test_every_judged_setting_has_german_words() -> None:
    """What may stand in an alarm has a name there."""
    assert {item.path for item in JUDGED} == set(SETTING_WORDS)


def right_radio() -> dict[str, bytes]:
    """A radio after setting up, with every section."""
    sections = {
        section.name: b""
        for whole in (config_pb2.Config, module_config_pb2.ModuleConfig)
        for section in whole.DESCRIPTOR.fields
    } | {"owner": b"", "channel:0": b"", "mesh_beacon": b""}
    sections |= dict(map(taken, PROFILE.changes(sections)))
    assert PROFILE.differences(sections) == []
    return sections


def taken(change: Change) -> tuple[str, bytes]:
    """Section and content, as a radio has them that has taken the change."""
    (body,) = read_fields(change.message).values()
    if isinstance(body, bytes) and change.section not in ("owner", "channel:0"):
        (body,) = read_fields(body).values()
    assert isinstance(body, bytes)
    return change.section, body


def wrong_value(item: Item) -> Any:
    """A value that is not as wanted."""
    if item.kind is Kind.LIST:
        return b"\x01\x02\x03"
    if item.kind is Kind.TEXT:
        return b"other"
    taken = {PROFILE._value(item.wanted), *item.also}
    return next(n for n in (0, 9, 3) if n not in taken and (item.least is None or n < item.least))


@pytest.mark.parametrize("item", JUDGED, ids=lambda item: item.path)
def test_each_judged_setting_is_found_wrong_and_mended(item: Item) -> None:
    """One after the other is spoilt on a right radio: found, named, and right after the change."""
    sections = right_radio()
    value = 1 if item.kind is Kind.FLAG and item.wanted == 0 else wrong_value(item)
    if item.kind is Kind.FLOAT:
        spoilt = with_fields(sections[item.section], {}) + bytes([item.number << 3 | 5]) + b"5CYD"
    elif item.section == "channel:0":
        inner = with_fields(PROFILE.channel_settings(), {item.number: value})
        role = varint_field(3, 2 if item.name == "role" else 1)
        spoilt = bytes_field(2, inner) + role
    else:
        spoilt = with_fields(sections[item.section], {item.number: value})
    differences = PROFILE.differences(sections | {item.section: spoilt})
    assert [each.item.path for each in differences] == [item.path]
    assert differences[0].must is (item.judged is Class.MUST)
    (change,) = PROFILE.changes(sections | {item.section: spoilt})
    section, mended = taken(change)
    assert section == item.section
    assert PROFILE.differences(sections | {section: mended}) == []


def test_sections_have_the_numbers_of_the_protobufs() -> None:
    """What sets and asks for a section names it as Config, ModuleConfig and AdminMessage do."""
    admin = admin_pb2.AdminMessage
    for section in dict.fromkeys(item.section for item in JUDGED if not item.new):
        if section == "mesh_beacon":
            continue
        change = written(section, b"")
        message, question = map(admin.FromString, (change.message, change.question))
        kind = message.WhichOneof("payload_variant")
        asked = getattr(question, question.WhichOneof("payload_variant"))
        if kind in ("set_config", "set_module_config"):
            assert getattr(message, kind).WhichOneof("payload_variant") == section
            numbers = admin.ConfigType if kind == "set_config" else admin.ModuleConfigType
            short = numbers.Name(asked).removesuffix("_CONFIG").lower()
            assert short[:3] == section[:3]


def test_what_a_newer_firmware_has_is_told_and_not_touched() -> None:
    """A field and a module that nobody knows: named by number, kept by what mends the rest."""
    sections = right_radio()
    sections["lora"] = varint_field(110, 7) + with_fields(sections["lora"], {9: 0})
    sections["module:18"] = varint_field(1, 1)
    assert unjudged(sections) == ["lora.110", "module:18.1"]
    (change,) = PROFILE.changes(sections)
    assert varint_field(110, 7) in change.message


def test_lists_are_walked_to_their_ends() -> None:
    """Messages inside a section are judged as one with their field: none is classed in pieces."""
    inner = FieldDescriptor.TYPE_MESSAGE
    nested = {
        f"{section.name}.{setting.name}"
        for whole in (config_pb2.Config, module_config_pb2.ModuleConfig)
        for section in whole.DESCRIPTOR.fields
        for setting in section.message_type.fields
        if setting.type == inner and section.name != "device_ui"
    }
    free = {item.path for item in ITEMS if item.judged is Class.FREE}
    assert nested == {
        "network.ipv4_config",
        "mqtt.map_report_settings",
        "remote_hardware.available_pins",
    }
    assert nested <= free
