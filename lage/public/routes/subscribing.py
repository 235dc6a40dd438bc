# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Being told when a gauge passes a mark: ordering it, and the page of whoever holds its ticket.

Opening a link changes nothing, whoever opens it: mail programs and scanners do. Only the button on
the page does, or what RFC 8058 has a mail program send by itself. Whatever address is typed, the
answer is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lage.kinds.outside import (
    BY_MAIL,
    BY_NTFY,
    CONFIRM,
    EXTEND,
    KEPT_DAYS,
    LEAVE,
    ORDER,
    OWN,
    WAYS,
    Subscription,
    Wish,
)
from lage.language.epoch import from_unix
from lage.language.errors import LageError, UsageError
from lage.public import forms
from lage.public.brakes import Brakes
from lage.public.handing_in import Fields, Form, language, refused
from lage.public.pages import respond
from lage.public.routes.receipts import qr
from lage.public.site import Site
from lage.public.water import file_name, mark_words, number
from lage.public.window import Window
from lage.public.words import LANGUAGES, Words, best_language
from lage.views.board import Gauge

WISHES = (CONFIRM, EXTEND, LEAVE)


def routes(site: Site) -> Sequence[BaseRoute]:
    """The form of a gauge, what follows it, and the page of a ticket."""
    window = site.window
    if window is None:
        return []
    order = Form(site, "subscribe.html", "", Brakes(window, "abo"), days=KEPT_DAYS, ways=WAYS)
    record = _Record(site, window)

    async def begin(request: Request) -> Response:
        words, gauge = language(request), _gauge(site, request)
        ways = await run_in_threadpool(site.subscribing)
        if not ways:
            return respond(request, "problem_page.html", words, _path(gauge), 503,
                           title=words.gauge["title"].format(gauge=gauge.name),
                           problem=words.form["closed"])  # fmt: skip
        more = _choices(words, gauge, ways)
        typed: Fields = {"days": [str(KEPT_DAYS[1])]}
        return await run_in_threadpool(
            partial(order.show, request, words, typed, path=_path(gauge), **more)
        )

    async def take(request: Request) -> Response:
        words, gauge = language(request), _gauge(site, request)
        ways = await run_in_threadpool(site.subscribing)
        try:
            typed = await forms.fields_of(request)
        except forms.NotOurForm:
            return refused(request, words)
        by_mail = typed.get("channel", [""])[0] == BY_MAIL
        return await order.take(
            request, lambda given: order_of(given, gauge, ways, words.code),
            lambda ticket: f"/{words.code}/abo/{'bestellt' if by_mail else ticket}/",
            path=_path(gauge), **_choices(words, gauge, ways),
        )  # fmt: skip

    async def ordered(request: Request) -> Response:
        return respond(request, "ordered.html", language(request), "abo/bestellt/")

    return [
        Route("/{language:language}/pegel/{name}/", begin, methods=["GET"]),
        Route("/{language:language}/pegel/{name}/", take, methods=["POST"]),
        Route("/{language:language}/abo/bestellt/", ordered, methods=["GET"]),
        Route("/{language:language}/abo/{ticket}/", record.show, methods=["GET"]),
        Route("/{language:language}/abo/{ticket}/", record.take, methods=["POST"]),
        Route("/abo/{ticket}", _greet, methods=["GET"]),
        Route("/abo/{ticket}", record.leave, methods=["POST"]),
    ]


async def _greet(request: Request) -> Response:
    """The address in a letter's header, opened by a person: the page with the button."""
    code = best_language(request.headers.get("accept-language", ""))
    return RedirectResponse(f"/{code}/abo/{_kept(request)}/", 302)


class _Record:
    """The page of whoever holds a subscription's ticket."""

    def __init__(self, site: Site, window: Window) -> None:
        self._site, self._window = site, window
        self._form = Form(
            site, "subscription.html", "", Brakes(window, "abo-wunsch", device=(20, 60))
        )

    async def show(self, request: Request) -> Response:
        """What it is about, and what may be wished; or that there is none of that ticket."""
        words = language(request)
        more = await self._more(words, request)
        if isinstance(more, str):
            return self._none(request, words, more)
        noted = "ok" in request.query_params
        return self._form.show(request, words, {}, path=self._path(request), noted=noted, **more)

    async def take(self, request: Request) -> Response:
        """A wish of whoever holds the ticket."""
        words, ticket = language(request), _kept(request)
        more = await self._more(words, request)
        if isinstance(more, str):
            return self._none(request, words, more)
        secret = self._window.secret_of(ticket)
        return await self._form.take(
            request, lambda typed: self._wish(secret, typed.get("wish", [""])[0]),
            lambda _: f"/{words.code}/abo/{ticket}/?ok", self._path(request), noted=False, **more,
        )  # fmt: skip

    async def leave(self, request: Request) -> Response:
        """What a mail program sends by itself (RFC 8058): ended without a page in between.

        It comes from the provider's computers, many in the name of many, so no brake counts it;
        only a ticket that there is gets further, and only once. Nothing tells which there are.
        """
        try:
            body = await request.body()
        except ClientDisconnect:
            body = b""
        if b"List-Unsubscribe" not in body or b"One-Click" not in body:
            raise HTTPException(400)
        try:
            await run_in_threadpool(self._end, _kept(request))
        except LageError as error:
            raise HTTPException(503) from error
        return PlainTextResponse("OK")

    def _end(self, ticket: str) -> None:
        if (self._window.answer(ticket) or {}).get("kind") == ORDER:
            wish = self._wish(self._window.secret_of(ticket), LEAVE)
            self._window.hand_in(wish, self._window.once(ticket, LEAVE))

    def _wish(self, secret: bytes, wish: str) -> Wish:
        if wish not in WISHES:
            raise UsageError("Diesen Wunsch gibt es nicht.", field="wish")
        return Wish(secret, wish, from_unix(self._site.clock())).check()

    @staticmethod
    def _path(request: Request) -> str:
        return f"abo/{_kept(request)}/"

    def _none(self, request: Request, words: Words, key: str) -> Response:
        """Nothing to be seen: not there, not yet, not now."""
        said = {"unknown": (words.gauge["unknown"], 404), "waiting": (words.gauge["waiting"], 200)}
        problem, status = said.get(key, (words.form["closed"], 503))
        return respond(request, "problem_page.html", words, self._path(request), status,
                       title=words.gauge["mine"], problem=problem)  # fmt: skip

    async def _more(self, words: Words, request: Request) -> dict[str, Any] | str:
        """What the page shows, or why it shows nothing."""
        ticket = _kept(request)
        try:
            said = await run_in_threadpool(self._window.answer, ticket)
            if said is None:
                entered = await run_in_threadpool(self._window.entered, ticket)
                return "unknown" if entered is None else "waiting"
        except LageError:
            return "closed"
        if said.get("kind") != ORDER or said["until"] <= self._site.clock():
            return "unknown"
        topic = self._window.topic(ticket) if said["server"] else ""
        mark = mark_words(said["mark"], said["value"], said["unit"], words)
        return {
            "ticket": ticket,
            "said": said,
            "what": f"{said['gauge']}: {mark}, {words.gauge[said['way']]}",
            "topic": topic,
            "listen": f"{said['server']}/{topic}" if topic else "",
            "host": host(said["server"]),
            "code": qr(f"{said['server']}/{topic}") if topic else "",
        }


def _kept(request: Request) -> str:
    """The ticket in the address, without what no ticket has."""
    said = request.path_params["ticket"][:40]
    return "".join(c for c in said if c.isascii() and (c.isalnum() or c == "-")) or "-"


def _gauge(site: Site, request: Request) -> Gauge:
    """The public gauge that the address names. Raises HTTPException."""
    board = site.board.read()
    name = request.path_params["name"]
    for gauge in board.gauges if board is not None else ():
        if file_name(gauge.key) == name:
            return gauge
    raise HTTPException(404)


def _path(gauge: Gauge) -> str:
    return f"pegel/{file_name(gauge.key)}/"


def host(address: str) -> str:
    """The name of a server."""
    return urlsplit(address).netloc


def _choices(words: Words, gauge: Gauge, ways: Mapping[str, Any]) -> dict[str, Any]:
    """What can be chosen for a gauge: (value, title) of each."""
    marks = [
        (key, f"{words.gauge[key]} ({number(value, gauge)} {gauge.unit})")
        for key, value in _marks(gauge).items() if value is not None
    ]  # fmt: skip
    ntfy = [(each, words.gauge["by_ntfy"].format(server=host(each))) for each in _servers(ways)]
    mail = [(BY_MAIL, str(words.gauge["by_mail"]))] if ways.get(BY_MAIL) else []
    return {
        "gauge": gauge,
        "marks": [*marks, (OWN, words.gauge[OWN])],
        "channels": [*mail, *ntfy],
        "by_mail": bool(mail),
        "contact": str(ways.get("contact", "")),
    }


def _marks(gauge: Gauge) -> dict[str, float | None]:
    levels = dict(zip(("info1", "info2", "info3"), gauge.thresholds, strict=True))
    return {**levels, "mhw": gauge.mean_high}


def _servers(ways: Mapping[str, Any]) -> list[str]:
    return [str(each) for each in ways.get(BY_NTFY, ())]


def order_of(typed: Fields, gauge: Gauge, ways: Mapping[str, Any], code: str) -> Subscription:
    """What was ordered. Raises UsageError."""

    def one(name: str) -> str:
        return typed.get(name, [""])[0]

    mark, chosen = one("mark"), one("channel")
    if mark != OWN and _marks(gauge).get(mark) is None:
        raise UsageError("Bitte eine Marke auswählen.", field="value")
    offered = [*([BY_MAIL] if ways.get(BY_MAIL) else []), *_servers(ways)]
    if chosen not in offered:
        raise UsageError("Bitte einen Weg auswählen.", field="channel")
    return Subscription(
        gauge=gauge.key,
        mark=mark,
        value=one("value") if mark == OWN else "",
        unit=gauge.unit,
        way=one("way"),
        channel=BY_MAIL if chosen == BY_MAIL else BY_NTFY,
        to=one("mail") if chosen == BY_MAIL else chosen,
        language=code if code in LANGUAGES else "de",
        days=int(one("days")) if one("days") in map(str, KEPT_DAYS) else 0,
        consent=one("consent") == "ja",
    ).check()
