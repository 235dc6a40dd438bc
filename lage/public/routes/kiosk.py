# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screen at the Infopunkt: page after page by itself, in letters read from four metres.

Nobody touches it: each page calls the next after a while, and the last the first. On a 24-inch
screen a small x is 14 mm high, 12 minutes of arc at four metres, which eyes read with ease.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lage.public.pages import render
from lage.public.routes.information import PAGES
from lage.public.site import Site
from lage.public.words import LANGUAGES
from lage.views.board import TOPICS, Board, Item

LINES, LETTERS = 6, 30
"""So many lines fit below the heading, of so many letters each, on the narrowest usual screen."""
SHOWN_S = 12
"""How long a page stands: six lines are read in that."""
CODES = ("de", "en", "uk", "ar", "tr")
"""Pages turn through languages too: German most often, before each of the others."""


def files(site: Site) -> Mapping[str, bytes]:
    """All pages of the screen by name; ``anzeige/`` is the first."""
    board = site.board.read()
    order = list(turns(board))
    made = {}
    for place, (code, topic, items) in enumerate(order):
        text = render(
            site,
            "kiosk.html",
            LANGUAGES[code],
            "",
            topic=topic,
            items=items,
            after=(place + 1) % len(order),
            seconds=SHOWN_S,
            pages=PAGES,
        )
        made[f"anzeige/{place}/index.html"] = text.encode()
    made["anzeige/index.html"] = made["anzeige/0/index.html"]
    return made


def turns(board: Board | None) -> Iterator[tuple[str, str, Sequence[Item]]]:
    """Language, topic and items of each page: all in German, then a summary in each language."""
    items = board.items if board is not None else ()
    for code in CODES[1:]:
        yield "de", "", ()
        for topic in TOPICS:
            found = [item for item in items if item.topic == topic]
            yield from (("de", topic, page) for page in _fitting(found))
        yield code, "", ()
        for topic in ("warnung", "ausfall"):
            found = [item for item in items if item.topic == topic]
            yield from ((code, topic, page) for page in _fitting(found))


def _fitting(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Items in pages that hold them; one that is too long for any has one of its own."""
    page: list[Item] = []
    for item in items:
        if page and sum(map(_lines, [*page, item])) > LINES:
            yield page
            page = []
        page.append(item)
    if page:
        yield page


def _lines(item: Item) -> int:
    """How many lines it takes at most, with state and time in the longest language."""
    parts = (item.place, item.words, item.state, item.what)
    return 1 + (sum(map(len, parts)) + 35) // LETTERS
