# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what is plugged in: addresses of radios, serial ports, settings that differ."""

from __future__ import annotations

from hardware.ports import PortKind, SerialPort, find_ports
from hardware.protobuf import ProfileError, ProfileFault
from lage.language.errors import UsageError
from mesh.radio.address import TCP_PORT, AddressError, AddressFault, parse_address

ADDRESSES: dict[AddressFault, str] = {
    AddressFault.UNPRINTABLE: (
        "Die Adresse des Funkgeräts ist zu lang oder enthält Steuerzeichen; bitte etwa"
        " „tcp:localhost:4403“ oder „serial:/dev/ttyUSB0“ angeben."
    ),
    AddressFault.UNKNOWN_KIND: (
        "„{about}“ ist keine Adresse eines Funkgeräts; bitte „tcp:RECHNER:PORT“, „serial:GERÄT“"
        " oder „ble:ADRESSE“ angeben."
    ),
    AddressFault.NO_SERIAL: (
        "Nach „serial:“ fehlt das Gerät; bitte etwa „serial:/dev/ttyUSB0“ angeben."
    ),
    AddressFault.NO_BLE: (
        "Nach „ble:“ fehlt das Gerät; bitte etwa „ble:AA:BB:CC:DD:EE:FF“ angeben."
    ),
    AddressFault.NO_HOST: (
        "Nach „tcp:“ fehlt der Name des Rechners; bitte etwa „tcp:localhost:4403“ angeben."
    ),
    AddressFault.BAD_PORT: (
        "„{about}“ ist kein Port; bitte eine Zahl von 1 bis 65535 angeben, üblich ist"
        f" {TCP_PORT}."
    ),
    AddressFault.BARE_IPV6: (
        "Eine IPv6-Adresse gehört in eckige Klammern; bitte etwa „tcp:[::1]:4403“ angeben."
    ),
}

PORTS: dict[PortKind, str] = {
    PortKind.RADIO: "Funkgerät",
    PortKind.MAYBE_RADIO: "vielleicht ein Funkgerät",
    PortKind.GPS: "GPS-Empfänger",
    PortKind.UNKNOWN: "unbekanntes USB-Gerät",
    PortKind.NO_USB: "Anschluss ohne USB",
    PortKind.BOOTLOADER: "Funkgerät im Bootloader, bitte neu starten",
    PortKind.OTHER: "anderes Gerät",
}

PROFILES: dict[ProfileFault, str] = {
    ProfileFault.REGION: "Die Region „{about}“ ist hier nicht vorgesehen.",
    ProfileFault.PRESET: "Die Voreinstellung „{about}“ ist in EU_868 nicht zulässig.",
    ProfileFault.KEY_LENGTH: "Der Kanalschlüssel muss 32 Byte lang sein.",
    ProfileFault.NAME_LENGTH: "Der Kanalname muss 1 bis {about} Byte lang sein.",
    ProfileFault.HOP_LIMIT: "Die Zahl der Weiterleitungen muss zwischen 1 und 7 liegen.",
    ProfileFault.INTERVAL: "Zeitabstände müssen mindestens 60 Sekunden betragen.",
    ProfileFault.REPORT_TOO_LONG: "Das Funkgerät meldet Einstellungen, die zu lang sind.",
    ProfileFault.REPORT_UNREADABLE: "Das Funkgerät meldet Einstellungen, die nicht lesbar sind.",
}

NO_PTY = (
    "Auf diesem System gibt es keine Pseudo-Terminals: bitte das virtuelle Funkgerät über TCP"
    " ansprechen."
)


def address_sentence(error: AddressError) -> str:
    """What is wrong with the address of a radio."""
    return ADDRESSES[error.fault].format(about=error.about)


def port_words(port: SerialPort) -> str:
    """What sits on a port: kind, then chip and what the device says of itself."""
    return f"{PORTS[port.kind]}: {port.name}" if port.name else PORTS[port.kind]


def profile_sentence(error: ProfileError) -> str:
    """Why settings cannot be, or cannot be read."""
    return PROFILES[error.fault].format(about=error.about)


def check_address(address: str) -> None:
    """Raises UsageError where that cannot be the address of a radio."""
    try:
        parse_address(address)
    except AddressError as error:
        raise UsageError(address_sentence(error)) from error


def plugged() -> list[tuple[str, str]]:
    """(address, words) of what is plugged in and may be a radio, the most likely first."""
    likely = (PortKind.RADIO, PortKind.MAYBE_RADIO, PortKind.UNKNOWN, PortKind.NO_USB)
    ports = [port for port in find_ports() if port.kind in likely]
    return [(port.address, f"{port.device}  {port_words(port)}") for port in ports]
