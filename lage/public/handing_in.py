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
from functools import partial
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
PROBLEMS = ("what", "place", "name", "phone", "mail", "skills", "value", "consent", "sure")
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
        asked = Verdict.FREE
        try:
            asked = await run_in_threadpool(self._brakes.ask, device, now)
            if "".join(typed.get(forms.TRAP, [])) and asked is Verdict.FREE:
                asked = Verdict.PUZZLE  # a program, or a browser that fills in too much
            token = await run_in_threadpool(self._token, one("beleg"), one("summe"), now)
            solved = token.sum is not None
            if await run_in_threadpool(self.window.entered, token.ticket) is None:
                told = understood(typed) if asked.lets(solved) else None
                if told is not None:
                    take = partial(self._brakes.take, device, now, solved=solved)
                    asked = await run_in_threadpool(take)
                if told is None or not asked.lets(solved):
                    full = asked is Verdict.FULL
                    problem, field = ("full", "") if full else ("mend", "summe")
                    return again(words.form[problem], 429, field, puzzle=True)
                await run_in_threadpool(self.window.hand_in, told, token.ticket)
        except forms.NotOurForm:
            return again(words.form["again"], 422, puzzle=asked is not Verdict.FREE)
        except UsageError as error:
            name = error.field or ""
            key = f"bad_{name}" if name in PROBLEMS else "bad_other"
            return again(words.form[key], 422, name, puzzle=asked is not Verdict.FREE)
        except LageError:
            return again(words.form["full"], 503)
        return RedirectResponse(onward(token.ticket), 303)

    def _token(self, text: str, typed: str, now: float) -> forms.Token:
        """What the form carried. One whose sum was wrong is spent: it is shown anew, with another.

        Raises NotOurForm, LageError.
        """
        try:
            token = forms.read(text, typed, self.window.secret, now)
        except forms.WrongSum as wrong:
            self.window.spend(wrong.ticket)
            raise
        if self.window.is_spent(token.ticket):
            raise forms.NotOurForm("spent")
        return token


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
