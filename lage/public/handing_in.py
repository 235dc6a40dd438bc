# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One form, from what was typed to the ticket: the way that everything handed in goes.

In this order: is it our form, is its puzzle solved, may this device, is what was typed complete;
then it is sealed and kept, and only after that somebody is told so. Whatever stops it shows the
form again with everything that was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lage.kinds.outside import Told
from lage.language.errors import LageError, UsageError
from lage.public import forms
from lage.public.brakes import Brakes, Verdict, device_of
from lage.public.pages import respond
from lage.public.site import Site
from lage.public.window import Window
from lage.public.words import LANGUAGES, Words

Fields = Mapping[str, list[str]]
PROBLEMS = ("what", "place", "name", "phone", "mail", "skills", "consent")
"""Inputs with a sentence of their own in the words."""


class Form:
    """A form of one place: how it is shown, and how what was typed is understood."""

    def __init__(self, site: Site, template: str, path: str, brakes: Brakes, **fixed: Any) -> None:
        self.site, self.template, self.path = site, template, path
        self._brakes, self._fixed = brakes, fixed

    @property
    def window(self) -> Window:
        """Where it is handed in."""
        assert self.site.window is not None
        return self.site.window

    def show(
        self,
        request: Request,
        words: Words,
        typed: Fields,
        *,
        problem: str = "",
        field: str = "",
        status: int = 200,
        puzzle: bool = False,
        path: str = "",
        **more: Any,
    ) -> Response:
        """The form, with a fresh ticket; ``problem``: what has to be mended, at that field."""
        question, answer = "", None
        if puzzle:
            a, b = secrets.randbelow(8) + 1, secrets.randbelow(8) + 1
            names = str(words.form["numbers"]).split()
            question, answer = words.form["puzzle"].format(a=names[a], b=names[b]), a + b
        token = forms.Token(self.window.new_ticket(), int(self.site.clock()), answer)
        values = {**self._fixed, **more}
        return respond(
            request, self.template, words, path or self.path, status,
            token=forms.sign(token, self.window.secret), typed=typed, problem=problem, field=field,
            puzzle=question, trap=forms.TRAP, staff=self.window.staff, one=_one(typed), **values,
        )  # fmt: skip

    async def take(
        self,
        request: Request,
        understood: Callable[[Fields], Told],
        onward: Callable[[str], str],
        path: str = "",
        **more: Any,
    ) -> Response:
        """What was sent: kept, and on to ``onward`` of its ticket; or the form again."""
        words = language(request)
        try:
            typed = await forms.fields_of(request)
        except forms.NotOurForm:
            return refused(request, words)
        if forms.from_elsewhere(request):
            return refused(request, words)

        def again(problem: str, status: int, field: str = "", *, puzzle: bool = False) -> Response:
            return self.show(request, words, typed, problem=problem, field=field, status=status,
                             puzzle=puzzle, path=path, **more)  # fmt: skip

        one, now = _one(typed), self.site.clock()
        device = device_of(address_of(request), self.site.role)
        asked = self._brakes.ask(device, now)
        if "".join(typed.get(forms.TRAP, [])) and asked is Verdict.FREE:
            asked = Verdict.PUZZLE  # a program, or a browser that fills in too much
        try:
            token = forms.read(one("beleg"), one("summe"), self.window.secret, now)
        except forms.NotOurForm:
            return again(words.form["again"], 422, puzzle=asked is not Verdict.FREE)
        try:
            known = await run_in_threadpool(self.window.entered, token.ticket)
            if known is None and asked is Verdict.FULL:
                return again(words.form["full"], 429, puzzle=True)
            if known is None and asked is Verdict.PUZZLE and token.sum is None:
                return again(words.form["mend"], 429, "summe", puzzle=True)
            if known is None:
                told = understood(typed)
                await run_in_threadpool(self.window.hand_in, told, token.ticket)
                self._brakes.taken(device, now)
        except UsageError as error:
            name = error.field or ""
            key = f"bad_{name}" if name in PROBLEMS else "bad_other"
            return again(words.form[key], 422, name, puzzle=asked is not Verdict.FREE)
        except LageError:
            return again(words.form["full"], 503)
        return RedirectResponse(onward(token.ticket), 303)


class _Language(Convertor[str]):
    """``{language:language}`` in an address: one of ours."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _Language())


def language(request: Request) -> Words:
    """The language that the address names."""
    return LANGUAGES[request.path_params["language"]]


def refused(request: Request, words: Words) -> Response:
    """Not a form of ours."""
    return respond(request, "error.html", words, "", 403, code=403)


def address_of(request: Request) -> str:
    """Of the device; used by the brakes and nowhere kept."""
    return request.client.host if request.client else ""


def _one(typed: Fields) -> Callable[[str], str]:
    return lambda name: typed.get(name, [""])[0]
