# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for the settings of a radio: what each is called, what a wrong value does."""

from __future__ import annotations

from hardware.radio_profile import Difference
from hardware.wanted import Class, Item, Kind, Why

SETTING_WORDS: dict[str, str] = {
    "lora.use_preset": "Voreinstellung benutzen",
    "lora.modem_preset": "Voreinstellung",
    "lora.coding_rate": "Fehlerschutz (Coding Rate)",
    "lora.frequency_offset": "Frequenzversatz in MHz",
    "lora.region": "Region",
    "lora.hop_limit": "Weiterleitungen",
    "lora.tx_enabled": "Sender eingeschaltet",
    "lora.tx_power": "Sendeleistung in dBm",
    "lora.channel_num": "Frequenzplatz",
    "lora.override_duty_cycle": "Sendezeitgrenze umgehen",
    "lora.override_frequency": "Feste Frequenz in MHz",
    "lora.ignore_incoming": "Liste überhörter Funkgeräte",
    "lora.ignore_mqtt": "Pakete aus MQTT überhören",
    "lora.config_ok_to_mqtt": "Weitergabe an MQTT erlauben",
    "lora.serial_hal_only": "Funkteil einem anderen Programm überlassen",
    "device.role": "Rolle",
    "device.rebroadcast_mode": "Weitersenden",
    "device.node_info_broadcast_secs": "Abstand der Knotenmeldung in Sekunden",
    "position.position_broadcast_secs": "Abstand der Standortmeldung in Sekunden",
    "position.position_broadcast_smart_enabled": "Standort bei Bewegung melden",
    "power.is_power_saving": "Stromsparen",
    "power.on_battery_shutdown_after_secs": "Abschalten auf Akku nach Sekunden",
    "network.wifi_enabled": "WLAN",
    "network.enabled_protocols": "Funkpakete im Netzwerk verteilen",
    "security.is_managed": "Verwaltet (sperrt Einstellungen)",
    "security.serial_enabled": "Kabel (serielle Schnittstelle)",
    "security.debug_log_api_enabled": "Fehlersuche über das Kabel",
    "security.admin_channel_enabled": "Fernverwaltung über den Kanal „admin“",
    "security.packet_signature_policy": "Nur unterschriebene Pakete annehmen",
    "owner.long_name": "Name des Funkgeräts",
    "owner.short_name": "Kurzname des Funkgeräts",
    "owner.is_licensed": "Amateurfunk (schaltet Verschlüsselung ab)",
    "channel:0.psk": "Kanalschlüssel",
    "channel:0.name": "Kanalname",
    "channel:0.role": "Kanal 0",
    "channel:0.uplink_enabled": "Kanal nach MQTT",
    "channel:0.downlink_enabled": "Kanal von MQTT",
    "mqtt.enabled": "MQTT",
    "mqtt.proxy_to_client_enabled": "MQTT über das Telefon",
    "mqtt.map_reporting_enabled": "Meldung an die öffentliche Karte",
    "serial.override_console_serial_port": "Serielles Modul belegt das Kabel",
    "serial.enabled": "Serielles Modul",
    "store_forward.enabled": "Speichern und Nachsenden",
    "store_forward.heartbeat": "Lebenszeichen von Speichern und Nachsenden",
    "range_test.enabled": "Reichweitentest",
    "telemetry.device_update_interval": "Abstand der Gerätewerte in Sekunden",
    "telemetry.health_measurement_enabled": "Gesundheitswerte senden",
    "audio.codec2_enabled": "Sprache",
    "remote_hardware.enabled": "Fernsteuern von Anschlüssen",
    "remote_hardware.allow_undefined_pin_access": "Fernsteuern beliebiger Anschlüsse",
    "neighbor_info.transmit_over_lora": "Nachbarliste senden",
    "paxcounter.enabled": "Zählen von Telefonen",
    "traffic_management.rate_limit_max_packets": "Höchstzahl Pakete je Funkgerät",
    "traffic_management.unknown_packet_threshold": "Höchstzahl fremder Pakete",
    "traffic_management.rate_limit_enabled": "Pakete je Funkgerät begrenzen",
    "traffic_management.drop_unknown_enabled": "Fremde Pakete verwerfen",
    "mesh_beacon.flags": "Werbefunk auf anderen Einstellungen (Mesh Beacon)",
}
"""Every setting that is judged, by its path (``hardware.wanted``)."""

HARMS: dict[Why, str] = {
    Why.MUTE: "das Funkgerät sendet nicht",
    Why.APART: "es versteht die anderen nicht, und sie verstehen es nicht",
    Why.UNLAWFUL: "es würde senden, wo, wie lange oder wie stark es nicht darf",
    Why.DEAF: "was andere senden, kommt hier nicht an",
    Why.NO_RELAY: "es gibt nicht weiter, was andere senden",
    Why.WEAK: "es reicht nicht weit",
    Why.LOCKED: "es nimmt keine Einstellungen an oder schweigt am Kabel",
    Why.SLEEPS: "es schläft, während gesendet wird",
    Why.AIR: "es belegt die Luft, die allen gehört",
    Why.TELLS: "es gibt weiter, was Fremde nichts angeht",
    Why.NAME: "auf Telefonen sieht man nicht, wem es gehört",
}
"""What a wrong value does, of what is judged."""

BRIEFLY: dict[Why, str] = {
    Why.MUTE: "stumm",
    Why.APART: "anderes Netz",
    Why.UNLAWFUL: "unzulässig",
    Why.DEAF: "taub",
    Why.NO_RELAY: "reicht nicht weiter",
    Why.WEAK: "kommt nicht weit",
    Why.LOCKED: "gesperrt",
    Why.SLEEPS: "schläft",
    Why.AIR: "belegt die Luft",
    Why.TELLS: "verrät etwas",
    Why.NAME: "ohne Namen",
}
"""The same for tables."""

_FLAGS = {
    "channel:0.psk": ("ein anderer", "der des Netzes"),
    "security.is_managed": ("nein", "ja"),
}
"""What no and yes mean where it is not „nein“ and „ja“."""


RELAYING_WORDS = {"CLIENT": "leitet weiter", "CLIENT_MUTE": "leitet nicht weiter"}
"""What a role means for what others send."""


def difference_words(difference: Difference) -> str:
    """``Weiterleitungen: 7, gewünscht 3``."""
    item = difference.item
    found, wanted = value_words(item, difference.found), value_words(item, difference.wanted)
    return f"{SETTING_WORDS[item.path]}: {found}, gewünscht {wanted}"


def class_word(difference: Difference) -> str:
    """``muss`` or ``soll``."""
    return {Class.MUST: "muss", Class.SHOULD: "soll", Class.FREE: "frei"}[difference.judged]


def value_words(item: Item, value: bool | int | float | str | None) -> str:
    """A value in German."""
    if value is None:
        return "unbekannt"
    if item.path == "lora.region" and value == "UNSET":
        return "nicht gesetzt"
    if item.path == "device.role" and value in RELAYING_WORDS:
        return f"{value} ({RELAYING_WORDS[str(value)]})"
    if item.path == "channel:0.role":
        return "Hauptkanal" if value == 1 else "nicht Hauptkanal"
    if item.kind is Kind.LIST:
        return "leer" if value == 0 else "nicht leer"
    if item.path == "lora.tx_power" and value == 0:
        return "die höchste erlaubte"
    if item.path in ("lora.override_frequency", "lora.channel_num") and value == 0:
        return "die der Voreinstellung"
    if isinstance(value, bool):
        return _FLAGS.get(item.path, ("nein", "ja"))[value]
    return str(value).replace(".", ",") if isinstance(value, float) else str(value) or "ohne Namen"
