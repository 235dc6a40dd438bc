# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Offering help in three steps, and one's own record by its ticket: no account, no cookie.

What was typed in a step stands in hidden fields of the next one; nothing is kept before the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lage.kinds.outside import DAYS, PLACES, RADII, Offer, Wish
from lage.language.epoch import from_unix
from lage.language.errors import LageError, UsageError
from lage.language.tactical import parse_time
from lage.public import forms
from lage.public.brakes import Brakes
from lage.public.forms import number_of
from lage.public.handing_in import Fields, Form, language, refused
from lage.public.pages import respond
from lage.public.routes.receipts import qr
from lage.public.site import Site
from lage.public.times import day_and_clock
from lage.public.window import Window
from lage.public.words import Words

PATH = "helfen/"
STEPS = (
    ("skills", "equipment"),
    ("place", "radius", "since", "hours", "count"),
    ("name", "phone", "mail", "address", "born", "days", "consent"),
)
"""What each step asks."""
FINAL = ("zurueckziehen", "loeschen")
"""Wishes that nobody can take back: a finger that slipped is asked again."""
CARRIED = tuple(name for step in STEPS for name in step)


def routes(site: Site) -> Sequence[BaseRoute]:
    """The steps, and the record."""
    window = site.window
    if window is None:
        return []
    brakes = Brakes(window, "helfen")
    offer = Form(site, "help.html", PATH, brakes, radii=RADII, days=DAYS, places=PLACES)
    record = _Record(site, window, brakes)

    def shown(request: Request, typed: Fields, step: int, **problem: Any) -> Response:
        words = language(request)
        carried = [
            (n, text) for n in CARRIED if n not in STEPS[step - 1] for text in typed.get(n, [])
        ]
        return offer.show(request, words, typed, step=step, carried=carried,
                          appeals=site.appeals(), **problem)  # fmt: skip

    async def begin(request: Request) -> Response:
        return await run_in_threadpool(shown, request, {}, 1)

    async def go_on(request: Request) -> Response:
        words = language(request)
        try:
            typed = await forms.fields_of(request)
        except forms.NotOurForm:
            return refused(request, words)
        done = typed.get("schritt", [""])[0]
        if done in ("1", "2") and not forms.from_elsewhere(request):
            step = int(done)
            if "back" in typed:
                return await run_in_threadpool(shown, request, typed, max(1, step - 1))
            field = _missing(typed, step, site.clock())
            if field:
                known = f"bad_{field}" if f"bad_{field}" in words.form else "bad_other"
                return shown(
                    request, typed, step, problem=words.form[known], field=field, status=422
                )
            return shown(request, typed, step + 1)
        if "back" in typed:
            return shown(request, typed, 2)
        return await offer.take(
            request, lambda given: offer_of(given, site.clock()),
            lambda ticket: f"/{words.code}/meine/{ticket}/",
            step=3, carried=_carried(typed, 3), appeals=[],
        )  # fmt: skip

    return [
        Route("/{language:language}/helfen/", begin, methods=["GET"]),
        Route("/{language:language}/helfen/", go_on, methods=["POST"]),
        Route("/{language:language}/meine/{ticket}/", record.show, methods=["GET"]),
        Route("/{language:language}/meine/{ticket}/", record.take, methods=["POST"]),
    ]


class _Record:
    """One's own record: what the staff says of it, and what one may wish."""

    def __init__(self, site: Site, window: Window, brakes: Brakes) -> None:
        self._window = window
        self._site = site
        self._form = Form(site, "mine.html", "", brakes, radii=RADII)

    async def show(self, request: Request) -> Response:
        """The record, or that there is none of that ticket."""
        words, ticket = language(request), request.path_params["ticket"][:40]
        try:
            more = await run_in_threadpool(self._more, words, ticket)
        except LageError:
            return respond(request, "ask.html", words, "beleg/", 503, problem=words.form["closed"])
        if more is None:
            return respond(request, "ask.html", words, "beleg/", 404,
                           problem=words.receipt["unknown"])  # fmt: skip
        noted = "ok" in request.query_params
        return self._form.show(request, words, {}, path=f"meine/{ticket}/", noted=noted, **more)

    async def take(self, request: Request) -> Response:
        """A wish of whoever holds the ticket."""
        words, ticket = language(request), request.path_params["ticket"][:40]
        try:
            more = await run_in_threadpool(self._more, words, ticket)
            secret = self._window.secret_of(ticket)
        except (LageError, ValueError):
            more = None
        if more is None:
            return respond(request, "ask.html", words, "beleg/", 404,
                           problem=words.receipt["unknown"])  # fmt: skip
        return await self._form.take(
            request, lambda typed: wish_of(typed, secret, self._site.clock()),
            lambda _: f"/{words.code}/meine/{ticket}/?ok", f"meine/{ticket}/", noted=False, **more,
        )  # fmt: skip

    def _more(self, words: Words, ticket: str) -> dict[str, Any] | None:
        entered = self._window.entered(ticket)
        if entered is None:
            return None
        answer = self._window.answer(ticket) or {}
        return {
            "entered": entered,
            "ticket": ticket,
            "answer": answer,
            "sentences": sentences(words, self._window.staff, answer),
            "code": qr(f"{self._site.base}/beleg/{ticket}"),
        }


def sentences(words: Words, staff: str, answer: Mapping[str, Any]) -> list[str]:
    """What the staff says of an offer."""
    if not answer:
        return [words.help["waiting"].format(staff=staff)]
    sent = answer.get("sent")
    said = [words.help[f"state_{answer['state']}"].format(
        label=answer.get("label", ""),
        point=sent["point"] if sent else "", staff=sent["staff"] if sent else "",
        time=day_and_clock(sent["at"]) if sent and sent["at"] else words.help["soon"],
    )]  # fmt: skip
    if answer.get("hours"):
        said.append(words.help["worked"].format(hours=answer["hours"]))
    if answer.get("word"):
        said.append(words.help["word"].format(text=answer["word"]))
    return said


def offer_of(typed: Fields, unix: float) -> Offer:
    """The offer that was typed. Raises UsageError."""
    one, number = _readers(typed)
    return Offer(
        skills=tuple(dict.fromkeys(typed.get("skills", []))),
        place=one("place"),
        name=one("name"),
        radius=number("radius") or RADII[2],
        since=_time(one("since"), unix),
        hours=number("hours"),
        count=number("count") or 1,
        equipment=one("equipment"),
        phone=one("phone"),
        mail=one("mail"),
        address=one("address"),
        born=number("born"),
        days=number("days") or DAYS,
        consent=one("consent") == "ja",
    ).check()


def wish_of(typed: Fields, ticket: bytes, unix: float) -> Wish:
    """The wish that was sent. Raises UsageError."""
    one, number = _readers(typed)
    if one("wish") in FINAL and one("sure") != "ja":
        raise UsageError("Bitte bestätigen, dass Sie sicher sind.", field="sure")
    return Wish(
        ticket=ticket,
        wish=one("wish"),
        at=from_unix(unix),
        text=one("text"),
        place=one("place"),
        hours=number("hours"),
        count=number("count"),
        equipment=one("equipment"),
        skills=tuple(dict.fromkeys(typed.get("skills", []))),
        radius=number("radius"),
        since=_time(one("since"), unix),
        phone=one("phone"),
        mail=one("mail"),
    ).check()


def _carried(typed: Fields, step: int) -> list[tuple[str, str]]:
    """What was typed in the other steps, for hidden fields."""
    names = [name for name in CARRIED if name not in STEPS[step - 1]]
    return [(name, text) for name in names for text in typed.get(name, [])]


def _missing(typed: Fields, step: int, unix: float) -> str:
    """The first input of a step that has to be mended, as if the rest were right."""
    whole = {
        "skills": ["Sonstiges"],
        "place": ["x"],
        "name": ["x"],
        "phone": ["1"],
        "consent": ["ja"],
        **{name: typed[name] for name in STEPS[step - 1] if name in typed},
    }
    if step == 1 and "skills" not in typed:
        return "skills"
    try:
        offer_of(whole, unix)
    except UsageError as error:
        return error.field or ""
    return ""


def _time(text: str, unix: float) -> int | None:
    """As people write it, or as a browser's date and time field does."""
    if not text:
        return None
    try:
        return parse_time(text.replace("T", " "), from_unix(unix))
    except UsageError as error:
        raise UsageError(str(error), field="since") from error


def _readers(typed: Fields) -> tuple[Callable[[str], str], Callable[[str], int | None]]:
    def one(name: str) -> str:
        return typed.get(name, [""])[0]

    def number(name: str) -> int | None:
        try:
            return number_of(one(name))
        except ValueError:
            raise UsageError("Bitte eine Zahl angeben oder leer lassen.", field=name) from None

    return one, number
