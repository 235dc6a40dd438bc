# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known: finished pages for everybody, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lage.public.map_picture import codes, map_svg
from lage.public.pages import render
from lage.public.site import Site
from lage.public.words import LANGUAGES, best_language

STATIC = Path(__file__).parent.parent / "static"


class Page(NamedTuple):
    """A page about some of the topics."""

    path: str  # below the language; its title in the words is called the same
    topics: tuple[str, ...]


PAGES = (
    Page("warnungen", ("warnung", "rat")),
    Page("ausfaelle", ("ausfall",)),
    Page("hilfe", ("unterkunft", "ausgabe")),
    Page("strassen", ("strasse",)),
)


def routes(site: Site) -> Sequence[BaseRoute]:
    """Only the way to one's own language; the pages themselves lie on the shelf."""

    async def greet(request: Request) -> Response:
        code = best_language(request.headers.get("accept-language", ""))
        response = RedirectResponse(f"/{code}/", 302)
        response.headers["Vary"] = "Accept-Language"
        return response

    return [Route("/", greet)]


def files(site: Site) -> Mapping[str, bytes]:
    """All finished pages by name."""
    made = {f"static/{path.name}": path.read_bytes() for path in sorted(STATIC.iterdir())}
    board, chart = site.board.read(), site.board.chart()
    named = codes(board, chart) if board is not None else {}
    if board is not None and chart is not None and named:
        made["daten/orte.svg"] = map_svg(board, chart, places=True).encode()
    called = site.appeals()
    mapped = {"codes": named, "sources": chart.sources if chart is not None else ()}
    for code, words in LANGUAGES.items():
        home = render(site, "home.html", words, "", pages=PAGES, appeals=called)
        made[f"{code}/index.html"] = home.encode()
        for page in PAGES:
            text = render(site, "items.html", words, f"{page.path}/", page=page, **mapped)
            made[f"{code}/{page.path}/index.html"] = text.encode()
    return made
