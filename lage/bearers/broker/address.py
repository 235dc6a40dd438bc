# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a broker is, as people write it: ``mqtt://host``, ``mqtts://name@host:8883``."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from lage.bearers.lan.address import parse_address
from lage.language.errors import UsageError, why

AUTHORITY_MAX = 256 * 1024
PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker and the name we have there."""

    host: str
    port: int
    secure: bool = False
    user: str = ""

    def __str__(self) -> str:
        scheme = "mqtts" if self.secure else "mqtt"
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{user}{host}:{self.port}"


def read_authority(path: Path) -> str:
    """Certificates in a PEM file, as text. Raises UsageError."""
    wrong = UsageError(
        f"{path} enthält kein Zertifikat (PEM, beginnt mit „-----BEGIN CERTIFICATE-----“)."
    )
    try:
        text = path.read_bytes()[:AUTHORITY_MAX].decode("ascii")
        ssl.create_default_context(cadata=text)
    except FileNotFoundError:
        raise UsageError(f"Die Datei {path} gibt es nicht.") from None
    except OSError as error:
        if isinstance(error, ssl.SSLError):
            raise wrong from None
        raise UsageError(f"{path} ist nicht lesbar: {why(error)}.") from error
    except ValueError:
        raise wrong from None
    if "BEGIN CERTIFICATE" not in text:
        raise wrong
    return text


def parse_broker(typed: str) -> BrokerAddress:
    """Raises UsageError for anything else; a password does not belong there."""
    wrong = UsageError(
        f"„{typed.strip()}“ ist keine Adresse eines Vermittlers: bitte so angeben:"
        " mqtt://host oder mqtts://name@host:8883."
    )
    match = re.fullmatch(r"(mqtts?)://(?:([^@/\s]+)@)?([^@/\s]+)/?", typed.strip())
    if match is None:
        raise wrong
    scheme, user, rest = match[1], match[2] or "", match[3]
    if ":" in user:
        raise UsageError("Das Kennwort bitte nicht in die Adresse schreiben: es wird erfragt.")
    try:
        address = parse_address(rest)
    except UsageError:
        raise wrong from None
    stated = re.search(r"(?<=[^:]):\d+$", rest) and (rest.count(":") == 1 or "]" in rest)
    port = address.port if stated else PORTS[scheme]
    return BrokerAddress(address.host, port, scheme == "mqtts", user)
