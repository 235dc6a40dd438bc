# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every setting of a radio's modules, classed.

Most modules are off as a radio comes; one that sends by itself takes air from everybody, one at the
cable takes the port from us. ``traffic_management`` and ``mesh_beacon`` came with firmware 2.8.
"""

from __future__ import annotations

from hardware.wanted import Class, Item, Why, free, off

MUST, SHOULD = Class.MUST, Class.SHOULD
RARE_S = 10_800

MQTT = (
    *off("mqtt", SHOULD, Why.TELLS, enabled=1, proxy_to_client_enabled=9),
    *off("mqtt", SHOULD, Why.TELLS, map_reporting_enabled=10),
    *free("mqtt", Why.IDLE, address=2, username=3, password=4, encryption_enabled=5),
    *free("mqtt", Why.IDLE, json_enabled=6, tls_enabled=7, root=8, map_report_settings=11),
)

SERIAL = (
    # With this the module takes the cable's own port away from us.
    *off("serial", MUST, Why.LOCKED, override_console_serial_port=8),
    *off("serial", SHOULD, Why.AIR, enabled=1),
    *free("serial", Why.IDLE, echo=2, baud=5, timeout=6, mode=7),
    *free("serial", Why.BOARD, rxd=3, txd=4),
)

NOTIFICATION = (
    *free("external_notification", Why.TASTE, enabled=1, output_ms=2, active=4, alert_message=5),
    *free("external_notification", Why.TASTE, alert_bell=6, use_pwm=7, alert_message_vibra=10),
    *free("external_notification", Why.TASTE, alert_message_buzzer=11, alert_bell_vibra=12),
    *free("external_notification", Why.TASTE, alert_bell_buzzer=13, nag_timeout=14),
    *free("external_notification", Why.BOARD, output=3, output_vibra=8, output_buzzer=9),
    *free("external_notification", Why.BOARD, use_i2s_as_buzzer=15),
)

STORE_FORWARD = (
    *off("store_forward", SHOULD, Why.AIR, enabled=1, heartbeat=2),
    *free("store_forward", Why.IDLE, records=3, history_return_max=4, history_return_window=5),
    *free("store_forward", Why.IDLE, is_server=6),
)

RANGE_TEST = (
    *off("range_test", SHOULD, Why.AIR, enabled=1),
    *free("range_test", Why.IDLE, sender=2, save=3, clear_on_reboot=4),
)

TELEMETRY = (
    Item("telemetry", "device_update_interval", 1, SHOULD, Why.AIR, "telemetry_s", least=RARE_S),
    # Intervals of 0 mean half an hour; they count only where the measuring is switched on.
    *free("telemetry", Why.SENSOR, environment_update_interval=2, air_quality_interval=7),
    *free("telemetry", Why.SENSOR, power_update_interval=9, health_update_interval=12),
    *free("telemetry", Why.SENSOR, environment_measurement_enabled=3, air_quality_enabled=6),
    *free("telemetry", Why.SENSOR, power_measurement_enabled=8, device_telemetry_enabled=14),
    *off("telemetry", SHOULD, Why.TELLS, health_measurement_enabled=11),
    *free("telemetry", Why.TASTE, environment_screen_enabled=4, environment_display_fahrenheit=5),
    *free("telemetry", Why.TASTE, power_screen_enabled=10, health_screen_enabled=13),
    *free("telemetry", Why.TASTE, air_quality_screen_enabled=15),
)

CANNED = (
    *free("canned_message", Why.BOARD, rotary1_enabled=1, inputbroker_pin_a=2),
    *free("canned_message", Why.BOARD, inputbroker_pin_b=3, inputbroker_pin_press=4),
    *free("canned_message", Why.BOARD, inputbroker_event_cw=5, inputbroker_event_ccw=6),
    *free("canned_message", Why.BOARD, inputbroker_event_press=7, updown1_enabled=8),
    *free("canned_message", Why.TASTE, enabled=9, allow_input_source=10, send_bell=11),
)

AUDIO = (
    *off("audio", SHOULD, Why.AIR, codec2_enabled=1),
    *free("audio", Why.IDLE, ptt_pin=2, bitrate=3, i2s_ws=4, i2s_sd=5, i2s_din=6, i2s_sck=7),
)

REMOTE_HARDWARE = (
    *off("remote_hardware", SHOULD, Why.TELLS, enabled=1, allow_undefined_pin_access=2),
    *free("remote_hardware", Why.BOARD, available_pins=3),
)

NEIGHBOURS = (
    *off("neighbor_info", SHOULD, Why.AIR, transmit_over_lora=3),
    *free("neighbor_info", Why.IDLE, enabled=1, update_interval=2),
)

SENSORS = (
    *free("detection_sensor", Why.SENSOR, enabled=1, minimum_broadcast_secs=2),
    *free("detection_sensor", Why.SENSOR, state_broadcast_secs=3, send_bell=4, name=5),
    *free("detection_sensor", Why.BOARD, monitor_pin=6, detection_trigger_type=7, use_pullup=8),
    *off("paxcounter", SHOULD, Why.AIR, enabled=1),
    *free("paxcounter", Why.IDLE, paxcounter_update_interval=2, wifi_threshold=3, ble_threshold=4),
)

SMALL = (
    *free("ambient_lighting", Why.TASTE, led_state=1, current=2, red=3, green=4, blue=5),
    *free("statusmessage", Why.TASTE, node_status=1),
    *free("tak", Why.TASTE, team=1, role=2),
)

TRAFFIC = (
    # Up to library 2.7.11 a switch each; in firmware 2.8.0 a number above 0 switches it on.
    Item("traffic_management", "rate_limit_max_packets", 9, MUST, Why.DEAF, 0),
    Item("traffic_management", "unknown_packet_threshold", 11, MUST, Why.NO_RELAY, 0),
    *off("traffic_management", MUST, Why.DEAF, rate_limit_enabled=7),
    *off("traffic_management", MUST, Why.NO_RELAY, drop_unknown_enabled=10),
    *free("traffic_management", Why.IDLE, enabled=1, rate_limit_window_secs=8),
    *free("traffic_management", Why.PLACE, position_dedup_enabled=2, position_precision_bits=3),
    *free("traffic_management", Why.PLACE, position_min_interval_secs=4),
    *free("traffic_management", Why.NETWORK, nodeinfo_direct_response=5),
    *free("traffic_management", Why.NETWORK, nodeinfo_direct_response_max_hops=6),
    *free("traffic_management", Why.NETWORK, exhaust_hop_telemetry=12, exhaust_hop_position=13),
    *free("traffic_management", Why.NETWORK, router_preserve_hops=14),
)

BEACON = (
    # Flag 1 listens; broadcasting leaves our frequency for other presets and regions.
    Item("mesh_beacon", "flags", 1, MUST, Why.UNLAWFUL, 0, also=frozenset({1}), new=True),
    *free("mesh_beacon", Why.IDLE, new=True, broadcast_send_as_node=3, broadcast_message=4),
    *free("mesh_beacon", Why.IDLE, new=True, broadcast_offer_channel=5, broadcast_offer_region=6),
    *free("mesh_beacon", Why.IDLE, new=True, broadcast_offer_preset=7, broadcast_on_channel=8),
    *free("mesh_beacon", Why.IDLE, new=True, broadcast_on_region=9, broadcast_on_preset=10),
    *free("mesh_beacon", Why.IDLE, new=True, broadcast_interval_secs=11, broadcast_targets=13),
)

MODULES: tuple[Item, ...] = (
    *MQTT,
    *SERIAL,
    *NOTIFICATION,
    *STORE_FORWARD,
    *RANGE_TEST,
    *TELEMETRY,
    *CANNED,
    *AUDIO,
    *REMOTE_HARDWARE,
    *NEIGHBOURS,
    *SENSORS,
    *SMALL,
    *TRAFFIC,
    *BEACON,
)
