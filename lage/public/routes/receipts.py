# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of what somebody handed in, for the holder of its ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import segno
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lage.language.errors import LageError
from lage.public.handing_in import language
from lage.public.pages import respond
from lage.public.site import Site
from lage.public.times import clock
from lage.public.words import Words, best_language

PATH = "beleg/"
PAGES = {"angebot": "meine", "abo": "abo"}
"""What has a page of its own."""
ORDER = ("geprueft", "gesendet", "angekommen", "bestaetigt", "abgelegt")
"""Steps of a call as they follow each other."""


def routes(site: Site) -> Sequence[BaseRoute]:
    """Asking by code, the receipt, and the short address in its QR code."""
    window = site.window
    if window is None:
        return []

    async def ask(request: Request) -> Response:
        words, code = language(request), request.query_params.get("code", "")[:40].strip()
        if code:
            kept = "".join(c for c in code if c.isalnum() or c == "-")
            return RedirectResponse(f"/{words.code}/beleg/{kept or '-'}/", 303)
        return respond(request, "ask.html", words, PATH, problem="")

    async def show(request: Request) -> Response:
        words, ticket = language(request), request.path_params["ticket"][:40]
        try:
            entered = await run_in_threadpool(window.entered, ticket)
            answer = await run_in_threadpool(window.answer, ticket) or {}
        except LageError:
            return respond(request, "ask.html", words, PATH, 503, problem=words.form["closed"])
        if entered is None:
            return respond(request, "ask.html", words, PATH, 404, problem=words.receipt["unknown"])
        if answer.get("kind") in PAGES:
            return RedirectResponse(f"/{words.code}/{PAGES[answer['kind']]}/{ticket}/", 303)
        return respond(
            request, "receipt.html", words, f"beleg/{ticket}/",
            entered=entered, ticket=ticket, steps=steps_of(words, entered.received, answer),
            arrived=bool({"angekommen", "abgelegt"} & answer.get("steps", {}).keys()),
            code=qr(f"{site.base}/beleg/{ticket}"),
        )  # fmt: skip

    async def greet(request: Request) -> Response:
        code = best_language(request.headers.get("accept-language", ""))
        return RedirectResponse(f"/{code}/beleg/{request.path_params['ticket'][:40]}/", 302)

    return [
        Route("/{language:language}/beleg/", ask),
        Route("/{language:language}/beleg/{ticket}/", show),
        Route("/beleg/{ticket}", greet),
    ]


def steps_of(words: Words, received: int, answer: Mapping[str, Any]) -> list[str]:
    """What has happened, in the order in which it did, each with its time."""
    said = [words.receipt["erfasst"].format(time=clock(received))]
    steps = answer.get("steps", {})
    for step in (name for name in ORDER if name in steps):
        value = steps[step]
        more = str(value[1]) if len(value) > 1 else ""
        time = clock(value[0])
        said.append(words.receipt[step].format(time=time, staff=more, reason=more))
    return said


def qr(content: str) -> Markup:
    """A QR code that stands in the page itself: nothing is loaded."""
    made = segno.make(content, error="m", micro=False)
    return Markup(made.svg_inline(scale=5, border=4, omitsize=False))  # noqa: S704  # ours, from an address
