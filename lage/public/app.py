# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The web application of a place: guard, then the shelf of finished pages, then the routes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from lage.language.errors import LageError
from lage.public.exchanging import Door
from lage.public.guard import Guard
from lage.public.pages import respond
from lage.public.routes import (
    calls,
    captive,
    helping,
    information,
    kiosk,
    receipts,
    sensorthings,
    subscribing,
    water,
)
from lage.public.shelf import Shelf, lay_out
from lage.public.site import Role, Site
from lage.public.words import LANGUAGES, best_language

ROUTES: dict[Role, tuple[Callable[[Site], Sequence[BaseRoute]], ...]] = {
    Role.INFOPUNKT: (
        captive.routes, information.routes, calls.routes, helping.routes, receipts.routes,
        sensorthings.routes,
    ),
    Role.PORTAL: (
        information.routes, helping.routes, receipts.routes, subscribing.routes,
        sensorthings.routes,
    ),
}  # fmt: skip
"""What each kind of place answers; where two addresses fit, the first does."""
FILES: dict[Role, tuple[Callable[[Site], Mapping[str, bytes]], ...]] = {
    Role.INFOPUNKT: (information.files, water.files, kiosk.files),
    Role.PORTAL: (information.files, water.files),
}
"""The finished pages of each kind of place."""
LOGGER = logging.getLogger("lage.public")
LOOK_S = 2.0
"""How often is looked whether the staff has released something or taken it back."""
RENEW_S = 60.0
"""Pages are made anew this often at least: they say how old they are."""


def application(site: Site, laid_out: Path | None = None) -> ASGIApp:
    """The application. ``laid_out``: where the finished pages are laid for another server."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(_renew, shelf, laid_out)
        task = asyncio.create_task(_keep_new(site, shelf, laid_out))
        try:
            yield
        finally:
            task.cancel()

    app = Starlette(
        routes=[route for routes in ROUTES[site.role] for route in routes(site)],
        lifespan=lifespan,
        exception_handlers={HTTPException: _not_so, LageError: _closed, Exception: _failed},
    )
    app.state.site = site

    def make() -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for files in FILES[site.role]:
            found |= files(site)
        return found

    shelf = Shelf(app, make)
    host = site.base.partition("//")[2].partition("/")[0].rpartition(":")
    own = {(host[0] or host[2]).strip("[]"), *site.hosts}
    guarded = Guard(shelf, own, f"{site.base}/" if site.role is Role.INFOPUNKT else "")
    if site.back is None:
        return guarded
    return Door(guarded, site.back, site.board.folder, time.time)


async def _keep_new(site: Site, shelf: Shelf, laid_out: Path | None) -> None:
    """Make the pages anew when the Aushang has changed, and every minute."""
    loop, seen = asyncio.get_running_loop(), site.board.read()
    due = loop.time() + RENEW_S
    while True:
        await asyncio.sleep(LOOK_S)
        if site.window is not None and not site.window.ready:
            with suppress(LageError):
                await asyncio.to_thread(site.window.look)
                site.board.only(exercise=site.window.exercise)
        board = await asyncio.to_thread(site.board.read)
        if board is not seen or loop.time() >= due:
            seen, due = board, loop.time() + RENEW_S
            await asyncio.to_thread(_renew, shelf, laid_out)


def _renew(shelf: Shelf, laid_out: Path | None) -> None:
    """Make the pages; one that fails leaves those of before, which say how old they are."""
    try:
        shelf.renew()
        if laid_out is not None:
            lay_out(laid_out, shelf.files)
    except Exception:
        LOGGER.exception("could not make the pages")


async def _not_so(request: Request, error: Exception) -> Response:
    """Not there, not like this: a page that says so, in the reader's language."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = request.url.path.split("/")[1]
    if code not in LANGUAGES:
        code = best_language(request.headers.get("accept-language", ""))
    return respond(request, "error.html", LANGUAGES[code], "", status, code=status)


async def _closed(request: Request, error: Exception) -> Response:
    """The inbox cannot be reached, and what is asked for cannot be said without it."""
    return await _not_so(request, HTTPException(503))


async def _failed(request: Request, error: Exception) -> Response:
    return await _not_so(request, error)
