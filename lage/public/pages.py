# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages from templates: in one language, for one place, with everything escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import Response

from lage.language import running
from lage.language.plain import plain
from lage.public.menus import menu
from lage.public.site import Site
from lage.public.times import clock, day, day_and_clock
from lage.public.water import number
from lage.public.words import LANGUAGES, Words

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """Templates; an unknown name in one is an error, not a gap."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.globals["number"] = number
    made.filters["running"] = running.shown
    made.filters["clock"] = clock
    made.filters["day_and_clock"] = day_and_clock
    made.filters["day"] = day
    return made


def render(site: Site, template: str, words: Words, path: str, **values: Any) -> str:
    """A page as text. ``path``: its address below the language, for links to other languages."""
    return (
        environment()
        .get_template(template)
        .render(
            site=site,
            w=words,
            languages=LANGUAGES.values(),
            menu=menu(site, words),
            path=path,
            now=site.clock(),
            board=site.board.read(),
            **values,
        )
    )


def respond(
    request: Request, template: str, words: Words, path: str, status: int = 200, **values: Any
) -> Response:
    """A page as the answer to a request; never kept by anything between us and its reader."""
    site: Site = request.app.state.site
    text = render(site, template, words, path, **values)
    return Response(text, status, media_type="text/html; charset=utf-8")
