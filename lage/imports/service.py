# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking a service on the internet for a JSON document, while there still is an internet.

One request at a time, with a limit of time and size; every failure is a ServiceError in a sentence.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from typing import Any

from lage.imports.plan import FILE_BYTES_MAX, Plan, read_json, unpacked
from lage.imports.stations import told
from lage.language.errors import ImportRefused, ServiceError, UsageError, why

_CHUNK = 64 * 1024
_TOLD_MAX = 10_000


class NoData(ServiceError):
    """The service answers, and gives nothing at that address."""


class Each:
    """Asks for one gauge's series after the other: one without does not hinder the others.

    As soon as the service itself is gone nothing more is asked, and what it gave before stays.
    """

    def __init__(self, service: str, timeout_s: float) -> None:
        self._service, self._timeout_s = service, timeout_s
        self._gone = False

    def plans(self, address: str, name: str, read: Callable[[Any], Plan]) -> list[Plan]:
        """What is to be written of one gauge's series, or why there is nothing."""
        if self._gone:
            return [_without(f"{name}: nicht gefragt.")]
        try:
            return [read(fetch_json(address, self._service, self._timeout_s))]
        except (NoData, UsageError) as error:
            return [_without(f"{name}: {error}")]
        except ServiceError as error:
            self._gone = True
            return [_without(f"{name}: {error}")]


def _without(reason: str) -> Plan:
    return Plan((), 0, left_out=1, notes=(reason,))


def fetch_json(address: str, service: str, timeout_s: float) -> Any:
    """What stands at that address; ``service`` is its name for the user.

    Raises UsageError for another address than http and https, ServiceError where nothing useful
    comes within ``timeout_s``, ImportRefused for what is no JSON.
    """
    if not address.startswith(("http://", "https://")):
        raise UsageError(f"„{address}“ ist keine Adresse eines Dienstes: sie beginnt mit https://.")
    until = time.monotonic() + timeout_s
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Lage"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
            data = bytearray()
            while part := answer.read1(_CHUNK):
                data += part
                if len(data) > FILE_BYTES_MAX:
                    raise ServiceError(f"{service} antwortet mit mehr als {FILE_BYTES_MAX} Bytes.")
                if time.monotonic() > until:
                    raise TimeoutError
            content = unpacked(bytes(data))
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            raise NoData(f"{service} hat dazu keine Daten ({error.code}).") from error
        raise NoData(f"{service} gibt nichts: Fehler {error.code}{_body(error)}.") from error
    except (OSError, EOFError, zlib.error, http.client.HTTPException) as error:
        raise ServiceError(
            f"{service} ist nicht erreichbar: {_reason(error, timeout_s)}. Ohne Internet bitte eine"
            " gespeicherte Datei einlesen, siehe „lage import --hilfe“."
        ) from error
    try:
        return read_json(content.decode("utf-8-sig", errors="replace"), service)
    except ImportRefused as error:
        raise NoData(
            f"{service} antwortet mit etwas anderem als Daten (kein JSON); verlangt das Netz hier"
            " eine Anmeldung im Browser?"
        ) from error


def fetch_stations(address: str, service: str, timeout_s: float) -> list[Any]:
    """The stations that a service lists, and what odd is among them.

    Raises NoData with what it says instead, too.
    """
    listed = fetch_json(address, service, timeout_s)
    stations = isinstance(listed, list) and any(isinstance(each, dict) for each in listed)
    if listed != [] and not stations:
        raise NoData(f"{service} gibt keine Liste von Stationen{told(listed)}.")
    return list(listed)


def _body(error: urllib.error.HTTPError) -> str:
    """What the service says of its error, where it says it in JSON."""
    try:
        return told(read_json(error.read(_TOLD_MAX).decode("utf-8", errors="replace"), ""))
    except (OSError, http.client.HTTPException, ImportRefused):
        return ""


def _reason(error: Exception, timeout_s: float) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"keine Antwort binnen {timeout_s:g} Sekunden"
    if isinstance(cause, socket.gaierror):
        return "der Name lässt sich nicht auflösen, es besteht wohl keine Verbindung ins Internet"
    if isinstance(cause, ssl.SSLError):
        return "die Verschlüsselung ist nicht vertrauenswürdig"
    if isinstance(cause, http.client.HTTPException | EOFError | zlib.error):
        return "die Antwort ist unvollständig"
    return why(cause) if isinstance(cause, OSError) else str(cause)
