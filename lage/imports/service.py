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
from typing import Any

from lage.imports.plan import FILE_BYTES_MAX, read_json
from lage.language.errors import ServiceError, UsageError, why

_CHUNK = 64 * 1024


class NoSuchData(ServiceError):
    """The service answers, and has nothing at that address (404, 410)."""


def fetch_json(address: str, service: str, timeout_s: float) -> Any:
    """What stands at that address; ``service`` is its name for the user.

    Raises UsageError for another address than http and https, ServiceError where nothing useful
    comes within ``timeout_s``, ImportRefused for what is no JSON.
    """
    if not address.startswith(("http://", "https://")):
        raise UsageError(f"„{address}“ ist keine Adresse eines Dienstes: sie beginnt mit https://.")
    until = time.monotonic() + timeout_s
    headers = {"Accept": "application/json", "User-Agent": "Lage"}
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
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError) and error.code in (404, 410):
            raise NoSuchData(f"{service} hat dazu keine Daten ({error.code}).") from error
        raise ServiceError(
            f"{service} ist nicht erreichbar: {_reason(error, timeout_s)}. Ohne Internet bitte eine"
            " gespeicherte Datei einlesen, siehe „lage import --hilfe“."
        ) from error
    return read_json(data.decode("utf-8-sig", errors="replace"), service)


def _reason(error: OSError | http.client.HTTPException, timeout_s: float) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"der Dienst antwortet mit Fehler {error.code}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"keine Antwort binnen {timeout_s:g} Sekunden"
    if isinstance(cause, socket.gaierror):
        return "der Name lässt sich nicht auflösen, es besteht wohl keine Verbindung ins Internet"
    if isinstance(cause, ssl.SSLError):
        return "die Verschlüsselung ist nicht vertrauenswürdig"
    if isinstance(cause, http.client.HTTPException):
        return "die Antwort ist unvollständig"
    return why(cause) if isinstance(cause, OSError) else str(cause)
