# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every setting of a radio's configuration, its owner and its first channel, classed."""

from __future__ import annotations

from hardware.wanted import (
    MUTE_ROLE,
    OTHER_PRESETS,
    OTHER_REGIONS,
    PRESETS,
    REBROADCASTS,
    REGIONS,
    RELAY_ROLES,
    ROLES,
    SIGNATURES,
    Class,
    Item,
    Kind,
    Why,
    free,
    off,
)

MUST, SHOULD = Class.MUST, Class.SHOULD
RARE_S = 10_800
"""What a radio sends by itself every three hours or more rarely does no harm."""

LORA = (
    Item("lora", "use_preset", 1, MUST, Why.APART, 1, kind=Kind.FLAG),
    Item("lora", "modem_preset", 2, MUST, Why.APART, "preset", names=PRESETS | OTHER_PRESETS),
    # A higher coding rate than the preset's makes every packet longer than our account says.
    Item("lora", "coding_rate", 5, MUST, Why.UNLAWFUL, 0, most="coding_rate"),
    Item("lora", "frequency_offset", 6, MUST, Why.APART, 0, kind=Kind.FLOAT),
    Item("lora", "region", 7, MUST, Why.UNLAWFUL, "region", names=REGIONS | OTHER_REGIONS),
    Item("lora", "hop_limit", 8, SHOULD, Why.WEAK, "hop_limit"),
    Item("lora", "tx_enabled", 9, MUST, Why.MUTE, 1, kind=Kind.FLAG),
    # The firmware writes back what it really uses: 22 to 27 dBm, as the board can.
    Item("lora", "tx_power", 10, MUST, Why.WEAK, 0, least=10),
    Item("lora", "channel_num", 11, MUST, Why.APART, 0, most="slots"),
    Item("lora", "override_duty_cycle", 12, MUST, Why.UNLAWFUL, 0, kind=Kind.FLAG),
    Item("lora", "override_frequency", 14, MUST, Why.UNLAWFUL, 0, kind=Kind.FLOAT),
    Item("lora", "ignore_incoming", 103, MUST, Why.DEAF, 0, kind=Kind.LIST),
    Item("lora", "ignore_mqtt", 104, SHOULD, Why.AIR, 1, kind=Kind.FLAG),
    *off("lora", SHOULD, Why.TELLS, config_ok_to_mqtt=105),
    *off("lora", MUST, Why.MUTE, serial_hal_only=107),
    *free("lora", Why.IDLE, bandwidth=3, spread_factor=4),
    *free("lora", Why.BOARD, sx126x_rx_boosted_gain=13, pa_fan_disabled=15, fem_lna_mode=106),
)

DEVICE = (
    Item(
        "device",
        "role",
        1,
        MUST,
        Why.NO_RELAY,
        "role",
        also=frozenset({MUTE_ROLE, *RELAY_ROLES}),
        names=ROLES,
    ),
    Item(
        "device",
        "rebroadcast_mode",
        6,
        MUST,
        Why.DEAF,
        0,
        also=frozenset({REBROADCASTS["ALL_SKIP_DECODING"], REBROADCASTS["LOCAL_ONLY"]}),
        names=REBROADCASTS,
    ),
    Item("device", "node_info_broadcast_secs", 7, SHOULD, Why.AIR, "node_info_s", least=RARE_S),
    *free("device", Why.IDLE, serial_enabled=2, is_managed=9),  # moved to security
    *free("device", Why.BOARD, button_gpio=4, buzzer_gpio=5),
    *free("device", Why.TASTE, double_tap_as_button_press=8, disable_triple_click=10, tzdef=11),
    *free("device", Why.TASTE, led_heartbeat_disabled=12, buzzer_mode=13),
)

POSITION = (
    Item("position", "position_broadcast_secs", 1, SHOULD, Why.AIR, "position_s", least=RARE_S),
    *off("position", SHOULD, Why.AIR, position_broadcast_smart_enabled=2),
    *free("position", Why.PLACE, fixed_position=3, gps_enabled=4, gps_update_interval=5),
    *free("position", Why.PLACE, gps_attempt_time=6, position_flags=7, gps_mode=13),
    *free("position", Why.BOARD, rx_gpio=8, tx_gpio=9, gps_en_gpio=12),
    *free("position", Why.IDLE, broadcast_smart_minimum_distance=10),
    *free("position", Why.IDLE, broadcast_smart_minimum_interval_secs=11),
)

POWER = (
    *off("power", MUST, Why.SLEEPS, is_power_saving=1),
    Item("power", "on_battery_shutdown_after_secs", 2, SHOULD, Why.SLEEPS, 0),
    *free("power", Why.BOARD, adc_multiplier_override=3, device_battery_ina_address=9),
    *free("power", Why.IDLE, wait_bluetooth_secs=4, sds_secs=6, ls_secs=7, min_wake_secs=8),
    *free("power", Why.POWER, powermon_enables=32),
)

NETWORK = (
    # On ESP32 boards the firmware has Bluetooth or WLAN, and WLAN draws the battery down.
    *off("network", SHOULD, Why.TELLS, wifi_enabled=1),
    *free("network", Why.NETWORK, wifi_ssid=3, wifi_psk=4, ntp_server=5, eth_enabled=6),
    *free("network", Why.NETWORK, address_mode=7, ipv4_config=8, rsyslog_server=9),
    *free("network", Why.NETWORK, ipv6_enabled=11),
    Item("network", "enabled_protocols", 10, SHOULD, Why.TELLS, 0),  # mesh packets over UDP
)

DISPLAY = (
    *free("display", Why.TASTE, screen_on_secs=1, gps_format=2, auto_screen_carousel_secs=3),
    *free("display", Why.TASTE, compass_north_top=4, flip_screen=5, units=6, oled=7, displaymode=8),
    *free("display", Why.TASTE, heading_bold=9, wake_on_tap_or_motion=10, compass_orientation=11),
    *free("display", Why.TASTE, use_12h_clock=12, use_long_node_name=13, enable_message_bubbles=14),
)

BLUETOOTH = (
    *free("bluetooth", Why.TASTE, enabled=1, mode=2),
    *free("bluetooth", Why.KEYS, fixed_pin=3),
)

SECURITY = (
    *free("security", Why.KEYS, public_key=1, private_key=2, admin_key=3),
    *off("security", MUST, Why.LOCKED, is_managed=4),
    Item("security", "serial_enabled", 5, MUST, Why.LOCKED, 1, kind=Kind.FLAG),
    *off("security", SHOULD, Why.LOCKED, debug_log_api_enabled=6),
    *off("security", SHOULD, Why.LOCKED, admin_channel_enabled=8),
    # STRICT drops what is unsigned, so every frame of ours above 165 bytes.
    Item(
        "security",
        "packet_signature_policy",
        9,
        MUST,
        Why.DEAF,
        0,
        also=frozenset({SIGNATURES["BALANCED"]}),
        names=SIGNATURES,
        new=True,
    ),
)

DEVICE_UI = (
    *free("device_ui", Why.TASTE, version=1, screen_brightness=2, screen_timeout=3),
    *free("device_ui", Why.TASTE, screen_lock=4, settings_lock=5, pin_code=6, theme=7),
    *free("device_ui", Why.TASTE, alert_enabled=8, banner_enabled=9, ring_tone_id=10),
    *free("device_ui", Why.TASTE, language=11, node_filter=12, node_highlight=13),
    *free("device_ui", Why.TASTE, calibration_data=14, map_data=15, compass_mode=16),
    *free("device_ui", Why.TASTE, screen_rgb_color=17, is_clockface_analog=18, gps_format=19),
)

OWNER = (
    Item("owner", "long_name", 2, SHOULD, Why.NAME, "long_name", kind=Kind.TEXT),
    Item("owner", "short_name", 3, SHOULD, Why.NAME, "short_name", kind=Kind.TEXT),
    # Radio amateurs may not encrypt: the firmware then takes the keys off all channels.
    *off("owner", MUST, Why.APART, is_licensed=6),
    *free("owner", Why.KEYS, id=1, macaddr=4, public_key=8),
    *free("owner", Why.BOARD, hw_model=5),
    *free("owner", Why.IDLE, role=7, is_unmessagable=9),
)

CHANNEL = (
    Item("channel:0", "psk", 2, MUST, Why.APART, "channel_key", kind=Kind.TEXT),
    Item("channel:0", "name", 3, MUST, Why.APART, "channel_name", kind=Kind.TEXT),
    Item("channel:0", "role", 103, MUST, Why.APART, 1),
    *off("channel:0", SHOULD, Why.TELLS, uplink_enabled=5, downlink_enabled=6),
    *free("channel:0", Why.IDLE, channel_num=1, id=4, index=101),
    *free("channel:0", Why.PLACE, module_settings=7),
)
"""Numbers from 101 on are fields of ``Channel``, the others of its ``ChannelSettings``."""

CONFIG: tuple[Item, ...] = (
    *LORA,
    *DEVICE,
    *POSITION,
    *POWER,
    *NETWORK,
    *DISPLAY,
    *BLUETOOTH,
    *SECURITY,
    *DEVICE_UI,
    *OWNER,
    *CHANNEL,
)
