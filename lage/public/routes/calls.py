# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An emergency call at the Infopunkt."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lage.kinds.cards.incident import TYPES
from lage.kinds.outside import PLACES, Call
from lage.language.errors import UsageError
from lage.public.brakes import Brakes
from lage.public.forms import number_of
from lage.public.handing_in import Fields, Form, language
from lage.public.site import Site

PATH = "notruf/"


def routes(site: Site) -> Sequence[BaseRoute]:
    """The form, where something can be handed in."""
    if site.window is None:
        return []
    brakes = Brakes(site.window, "notruf")
    form = Form(site, "call.html", PATH, brakes, types=TYPES, places=PLACES)

    async def show(request: Request) -> Response:
        return form.show(request, language(request), {})

    async def take(request: Request) -> Response:
        code = language(request).code
        return await form.take(request, call_of, lambda ticket: f"/{code}/beleg/{ticket}/")

    return [
        Route("/{language:language}/notruf/", show, methods=["GET"]),
        Route("/{language:language}/notruf/", take, methods=["POST"]),
    ]


def call_of(typed: Fields) -> Call:
    """The call that was typed. Raises UsageError."""

    def one(name: str) -> str:
        return typed.get(name, [""])[0]

    return Call(
        what=one("what"),
        place=one("place"),
        text=one("text"),
        point=one("point"),
        people=_number(one("people"), "people"),
        injured=_number(one("injured"), "injured"),
        name=one("name"),
        back=one("back"),
    ).check()


def _number(text: str, field: str) -> int | None:
    try:
        return number_of(text)
    except ValueError:
        raise UsageError("Bitte eine Zahl angeben oder leer lassen.", field=field) from None
