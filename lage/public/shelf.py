# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages that are the same for everybody, made once a minute and then only handed out.

A reader costs one look into a dictionary: no template, no file, no database. The same files can be
laid into a folder for nginx or a CDN (``lay_out``).
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

AGE_S = 30
"""How long browsers and caches may keep a page."""
PACKED_FROM = 512
"""Bytes below which packing gains nothing."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished file, plain and packed, with its headers."""

    body: bytes
    packed: bytes | None
    tag: bytes
    headers: Headers
    packed_headers: Headers


def sheet(name: str, body: bytes) -> Sheet:
    """A file as it is handed out."""
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= PACKED_FROM else None
    tag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    shared = [
        (b"content-type", kind.encode()),
        (b"cache-control", b"public, max-age=%d" % AGE_S),
        (b"etag", tag),
        (b"vary", b"accept-encoding"),
    ]
    plain = [*shared, (b"content-length", str(len(body)).encode())]
    small = [
        *shared,
        (b"content-encoding", b"gzip"),
        (b"content-length", str(len(packed or b"")).encode()),
    ]
    return Sheet(body, packed, tag, plain, small)


class Shelf:
    """All finished files by their address; before the app that answers everything else."""

    def __init__(self, app: ASGIApp, make: Callable[[], Mapping[str, bytes]]) -> None:
        """``make`` gives all files by name, without a slash before it."""
        self._app = app
        self._make = make
        self.files: dict[str, bytes] = {}
        self._sheets: dict[str, Sheet] = {}

    def renew(self) -> None:
        """Make all files anew; what has not changed keeps its packed form."""
        before, files = self.files, dict(self._make())
        old = self._sheets
        sheets = {}
        for name, body in files.items():
            address = "/" + name.removesuffix("index.html")
            known = address in old and before.get(name) == body
            sheets[address] = old[address] if known else sheet(name, body)
        self.files, self._sheets = files, sheets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand out a file, or pass on."""
        found = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            found = self._sheets.get(scope["path"])
        if found is None:
            await self._app(scope, receive, send)
            return
        status, headers, body = _choose(found, dict(scope["headers"]))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent})


def _choose(found: Sheet, asked: dict[bytes, bytes]) -> tuple[int, Headers, bytes]:
    if asked.get(b"if-none-match") == found.tag:
        return 304, [pair for pair in found.headers if pair[0] != b"content-length"], b""
    if found.packed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        return 200, found.packed_headers, found.packed
    return 200, found.headers, found.body


def lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay files into a folder for another server, each whole at any moment, packed ones beside
    them (``gzip_static``); what is no longer made is taken away. Raises OSError."""
    wanted = {}
    for name, body in files.items():
        wanted[folder / name] = body
        if len(body) >= PACKED_FROM:
            wanted[folder / f"{name}.gz"] = gzip.compress(body, 6, mtime=0)
    for path, body in wanted.items():
        if not path.exists() or path.read_bytes() != body:
            _open_room(path.parent)
            new = path.with_name(f".{path.name}.neu")
            new.write_bytes(body)
            os.chmod(new, 0o644)  # for everybody, as the pages are
            os.replace(new, path)
    for path in folder.rglob("*"):
        if path.is_file() and path not in wanted and not path.name.endswith(".neu"):
            path.unlink()


def _open_room(folder: Path) -> None:
    """A folder that everybody may read, however careful this process is with what it makes."""
    if not folder.is_dir():
        _open_room(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
