# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wall over HTTP: login, page, and a websocket to a screen of one's own for each tab.

Every request but the login and the library's public files needs a session. A websocket is taken
only from a page of this host, and only while fewer than the allowed number of screens run.
Without TLS password and picture cross the local network readable; that is said when it starts.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from string import Template

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web

from lage.wall.child import HEIGHT, WIDTH, WallScreen, clamp
from lage.wall.gate import Answer, Gate, known_host, same_origin

COOKIE = "lage_wand"
SCREENS_MAX = 4
MESSAGE_MAX = 16 * 1024
"""Bytes of one message from a browser, and of a login."""
LOGIN_MS = 400
"""A login takes at least so long, whatever comes of it."""
HEARTBEAT_S = 15.0
STOP_S = 10.0
PAGES = Path(__file__).parent / "pages"
STATIC = Path(textual_serve.__file__).parent / "static"
_HEADERS = {
    # The terminal writes styles into the page; scripts come from files of this host only.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " font-src 'self' data:; img-src 'self' data:; connect-src 'self' ws: wss:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_TYPES = {"wand.js": "text/javascript", "wand.css": "text/css"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _with_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(_HEADERS)
        raise
    if not response.prepared:
        response.headers.update(_HEADERS)
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
    return response


class Wall:
    """The web application on one node's folder."""

    def __init__(
        self,
        folder: Path,
        password: str,
        *,
        screens_max: int = SCREENS_MAX,
        names: Collection[str] = (),
    ) -> None:
        """``names``: what this computer is called in the network, besides its addresses."""
        self._folder = folder
        self._names = frozenset(names)
        self._gate = Gate(password, lambda: secrets.token_urlsafe(32))
        self._screens_max = screens_max
        self._open: set[web.WebSocketResponse] = set()
        self._running = 0

    def app(self) -> web.Application:
        """Routes and limits."""
        middlewares = [_with_headers, self._only_for_us]
        app = web.Application(client_max_size=MESSAGE_MAX, middlewares=middlewares)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/anmelden", self._ask),
                web.post("/anmelden", self._login),
                web.get("/wand/{name}", self._own_file),
                web.get("/ws", self._websocket),
                web.static("/static", STATIC),
            ]
        )
        app.on_shutdown.append(self._close_all)
        return app

    async def serve(
        self, address: str, port: int, ready: Callable[[int], None], stop: asyncio.Event
    ) -> None:
        """Serve until told to stop; ``ready`` gets the port. Raises OSError where it is taken."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=STOP_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, address, port).start()
            ready(runner.addresses[0][1])
            await stop.wait()
        finally:
            await runner.cleanup()

    @web.middleware
    async def _only_for_us(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not known_host(request.host, self._names):
            return web.Response(
                status=421,  # Misdirected Request, RFC 9110
                text="Diesen Rechner bitte mit seiner Adresse oder seinem Namen aufrufen"
                " (lage wand --name).",
            )
        return await handler(request)

    # --- login ----------------------------------------------------------------------------------

    def _known(self, request: web.Request) -> bool:
        return self._gate.admits(request.cookies.get(COOKIE, ""), _now())

    async def _ask(self, request: web.Request) -> web.Response:
        return _login_page("")

    async def _login(self, request: web.Request) -> web.Response:
        if not same_origin(request.headers.get("Origin"), request.host):
            raise web.HTTPForbidden(text="Anmelden geht nur auf der Seite der Wand.")
        form = await request.post()
        typed = form.get("kennwort")
        address = request.remote or ""
        slowed = asyncio.create_task(asyncio.sleep(LOGIN_MS / 1000))
        answer, token = self._gate.enter(typed if isinstance(typed, str) else "", address, _now())
        await slowed
        if answer is Answer.WELCOME:
            response = web.Response(status=303, headers={"Location": "/"})
            response.set_cookie(
                COOKIE, token, httponly=True, samesite="Strict", secure=request.secure, path="/"
            )
            return response
        if answer is Answer.WRONG:
            return _login_page("Das Kennwort stimmt nicht.", status=401)
        wait_s = -(-self._gate.wait_ms(address, _now()) // 1000)
        response = _login_page(
            f"Zu viele falsche Kennwörter: bitte in {max(1, wait_s)} Sekunden noch einmal.",
            status=429,
        )
        response.headers["Retry-After"] = str(max(1, wait_s))
        return response

    # --- pages ----------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            return web.Response(status=303, headers={"Location": "/anmelden"})
        return web.Response(text=_read("wand.html"), content_type="text/html")

    async def _own_file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in _TYPES:
            raise web.HTTPNotFound(text="Das gibt es hier nicht.")
        return web.Response(text=_read(name), content_type=_TYPES[name])

    # --- screens --------------------------------------------------------------------------------

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            raise web.HTTPUnauthorized(text="Bitte zuerst anmelden.")
        if not same_origin(request.headers.get("Origin"), request.host):
            raise web.HTTPForbidden(text="Diese Seite darf die Wand nicht öffnen.")
        if self._running >= self._screens_max:
            raise web.HTTPServiceUnavailable(text="Es sind schon alle Bildschirme der Wand offen.")
        self._running += 1  # before the first await: two tabs must not both take the last one
        try:
            return await self._show(request)
        finally:
            self._running -= 1

    async def _show(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MESSAGE_MAX)
        await socket.prepare(request)
        self._open.add(socket)
        screen = WallScreen(
            self._folder,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,
        )
        query = request.query
        try:
            await screen.start(
                clamp(query.get("width"), WIDTH, 80), clamp(query.get("height"), HEIGHT, 24)
            )
            await self._pass_on(socket, screen)
        finally:
            self._open.discard(socket)
            await screen.stop()
        return socket

    async def _pass_on(self, socket: web.WebSocketResponse, screen: WallScreen) -> None:
        """What a browser says, to its screen; the first thing out of order ends it."""
        async for message in socket:
            if message.type is not WSMsgType.TEXT or not await _obey(message.data, socket, screen):
                await socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return

    async def _close_all(self, app: web.Application) -> None:
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)


async def _obey(text: str, socket: web.WebSocketResponse, screen: WallScreen) -> bool:
    """Carry one message of the browser's terminal out; whether it was one."""
    try:
        envelope = json.loads(text)
    except (ValueError, RecursionError):
        return False
    match envelope:
        case ["stdin", str(keys)]:
            await screen.send_bytes(keys.encode("utf-8", "replace"))
        case ["resize", {"width": width, "height": height}]:
            await screen.set_terminal_size(clamp(width, WIDTH, 80), clamp(height, HEIGHT, 24))
        case ["ping", str(data)]:
            await socket.send_json(["pong", data])
        case ["blur"]:
            await screen.blur()
        case ["focus"]:
            await screen.focus()
        case _:
            return False
    return True


def _login_page(problem: str, status: int = 200) -> web.Response:
    text = Template(_read("anmelden.html")).substitute(problem=problem)
    return web.Response(text=text, content_type="text/html", status=status)


def _read(name: str) -> str:
    return (PAGES / name).read_text("utf8")


def _now() -> int:
    return int(time.monotonic() * 1000)
