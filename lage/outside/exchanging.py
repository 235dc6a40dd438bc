# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node's side of an exchange with a portal on another computer: ask until nothing is left.

A worker of the node does it (``lage portal fuehren``). It may die or lose the line at any moment:
what was not answered is asked again. A box leaves the portal only after it is durable here.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import httpx

from lage.kinds import exchange
from lage.kinds.exchange import Ask, Reply, digest
from lage.kinds.outside import Unreadable
from lage.language.errors import LageError, ServiceError, UsageError
from lage.outside.portals import Link, mirror_of, note_state
from lage.store.lock import FolderLock
from lage.store.mirror import Mirror
from lage.views.board import FILE
from lage.views.chart import FILE as CHART

FILES = (FILE, CHART)
EVERY_S, AGAIN_S, AGAIN_MAX_S = 5.0, 5.0, 60.0
"""Between two rounds; after the first that failed, and after many."""
TIMEOUT_S = 30.0
QUESTIONS_MAX = 2_000
"""In one round: fifty boxes each."""
STRANGE = "Das Portal antwortet nicht wie ein Portal von Lage: stimmen Adresse und nginx?"


@dataclass(slots=True)
class Round:
    """What one round brought."""

    new: int = 0  # boxes
    told: int = 0  # answers and deletions
    laid: int = 0  # files of the Aushang
    ahead_s: int = 0  # the portal's clock before ours


class Line:
    """A connection to one portal."""

    def __init__(self, link: Link, transport: httpx.BaseTransport | None = None) -> None:
        self._link = link
        self._client = httpx.Client(
            verify=link.trust(), timeout=TIMEOUT_S, transport=transport, follow_redirects=False
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def ask(self, mirror: Mirror, ask: Ask) -> Reply:
        """One question. Raises ServiceError, StoreError."""
        body, beyond = exchange.pack_ask(ask), 0
        for _ in range(3):
            number = mirror.number(beyond)
            status, said = self._post(body, exchange.sign(self._link.signing, number, body))
            if status == 200:
                try:
                    return exchange.read_reply(said)
                except Unreadable as error:
                    raise ServiceError(STRANGE) from error
            if status != 409 or not said.isdigit() or len(said) > 16:
                raise ServiceError(_refusal(status))
            beyond = int(said)  # this folder was put back from a copy: it asked for more since
        raise ServiceError("Mit diesem Portal spricht noch jemand mit unserem Schlüssel.")

    def _post(self, body: bytes, header: str) -> tuple[int, bytes]:
        headers = {exchange.HEADER: header, "content-type": "application/octet-stream"}
        try:
            url = f"{self._link.address}{exchange.PATH}"
            with self._client.stream("POST", url, content=body, headers=headers) as answer:
                said = b""
                for part in answer.iter_bytes():
                    said += part
                    if len(said) > exchange.REPLY_MAX:
                        raise ServiceError(STRANGE)
                return answer.status_code, said
        except httpx.ConnectError as error:
            raise ServiceError(_unreached(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceError(
                f"Die Verbindung zum Portal ist abgerissen ({type(error).__name__})."
            ) from error


def exchange_all(
    link: Link, line: Line, mirror: Mirror, clock: Callable[[], float] = time.time
) -> Round:
    """Ask until nothing is left to say and nothing waits. Raises ServiceError, StoreError."""
    found, reply, pushed = Round(), None, set[tuple[str, bytes]]()
    for _ in range(QUESTIONS_MAX):
        mirror.follow()
        ask = _with_files(link, mirror.due(reply), reply)
        offered = {(name, digest(body)) for name, body in (*ask.sheets.items(), *ask.files.items())}
        if reply is not None and not (ask.fetched or ask.answers or ask.forget or offered - pushed):
            break  # what is offered again, the portal does not keep
        pushed |= offered
        reply = line.ask(mirror, ask)
        found.new += mirror.done(ask, reply)
        found.told += len(ask.answers) + len(ask.forget)
        found.laid += len(ask.files)
        found.ahead_s = reply.unix - int(clock())
    return found


def _with_files(link: Link, ask: Ask, reply: Reply | None) -> Ask:
    """With what the portal's Aushang lacks."""
    files = {}
    for name in FILES if reply is not None else ():
        path = link.board / name
        try:
            content = path.read_bytes()
        except OSError:
            continue  # nothing is released yet
        if reply is not None and reply.files.get(name) != digest(content):
            files[name] = gzip.compress(content, 6, mtime=0)
    return replace(ask, files=files)


def exchange_once(link: Link) -> Round:
    """One round, written down however it ends. Raises LageError."""
    with _alone(link), closing(Line(link)) as line, mirror_of(link) as mirror:
        return _noted(link, line, mirror)


def keep_exchanging(link: Link, left: threading.Event) -> None:
    """Round after round until ``left``; what goes wrong is written down and tried again."""
    pause = AGAIN_S
    with _alone(link), closing(Line(link)) as line, mirror_of(link) as mirror:
        while not left.is_set():
            try:
                _noted(link, line, mirror)
                pause, wait = AGAIN_S, EVERY_S
            except LageError:
                wait, pause = pause, min(AGAIN_MAX_S, pause * 2)
            left.wait(wait)


def _noted(link: Link, line: Line, mirror: Mirror) -> Round:
    try:
        found = exchange_all(link, line, mirror)
    except LageError as error:
        note_state(link, int(time.time()), str(error))
        raise
    note_state(link, int(time.time()), "", found.ahead_s)
    return found


@contextmanager
def _alone(link: Link) -> Iterator[None]:
    """Nobody else exchanges with that portal meanwhile. Raises UsageError."""
    lock = FolderLock(link.folder)
    if not lock.take():
        raise UsageError(f"Mit „{link.name}“ gleicht gerade der Knoten ab: „lage portal liste“.")
    try:
        yield
    finally:
        lock.release()


def _refusal(status: int) -> str:
    return {
        403: "Das Portal kennt diese Stelle nicht: dort „lage portal einrichten“ mit der"
        " Verbindungsdatei ausführen und das Portal neu starten.",
        404: STRANGE,
        413: "Dem Portal oder seinem nginx ist das zu viel auf einmal: client_max_body_size 8m?",
        422: "Das Portal versteht diese Version nicht: bitte Lage dort und hier erneuern.",
        503: "Das Portal kann gerade nichts annehmen: Platz, Rechte und Datenbank dort prüfen.",
    }.get(status, f"Das Portal antwortet mit {status}: läuft es, und stimmt die Adresse?")


def _unreached(error: httpx.ConnectError) -> str:
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            "Dem Zertifikat des Portals wird nicht vertraut: stimmen Adresse, --zertifikat und die"
            " Uhr dieses Rechners?"
        )
    return "Das Portal ist nicht erreichbar: gibt es hier Internet?"
