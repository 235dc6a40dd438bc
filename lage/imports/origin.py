# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether a file was written in an exercise or in earnest: neither enters the other unasked.

What Lage writes in an exercise has ``ÜBUNG`` in every line, and ``uebung`` in every object; without
either, files of ours are of a real network. Tables of others may say it above their heading. A file
that says nothing, as a list of halls prepared in peace, is taken anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lage.imports.ours import is_ours
from lage.imports.plan import TableRow
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.write.parse import Context

OPTION = "--aus"
EXERCISE, EARNEST = "uebung", "ernstfall"
ORIGINS = (EXERCISE, EARNEST)
_NO = ("", "nein", "0", "false", "falsch")
_TITLE = re.compile(r"\b\w*uebung\b")
_OF_BALANCES = ("zu wenig", "zu_wenig")


def origin_of(rows: Sequence[TableRow], above: str = "") -> str:
    """What a file says of its origin, empty where it says nothing; ``above``: the titles over it.

    One line of an exercise is enough.
    """
    if any(fold_text(row.cells.get(EXERCISE, "")).strip() not in _NO for row in rows):
        return EXERCISE
    if _TITLE.search(fold_text(above)):
        return EXERCISE
    balances = bool(rows) and any(name in rows[0].cells for name in _OF_BALANCES)
    return EARNEST if balances or is_ours(rows) else ""


def check_origin(origin: str, name: str, context: Context) -> None:
    """Raises ImportRefused for a file of the other world, unless the context says it is meant."""
    if origin in ("", EXERCISE if context.exercise else EARNEST, context.origin):
        return
    said = (
        "aus dem Ernstfall, hier ist Übung"
        if context.exercise
        else "aus einer Übung, hier ist Ernstfall"
    )
    raise ImportRefused(
        f"{name} ist {said}: nichts wurde übernommen. Sollen die Angaben wirklich hierher, bitte"
        f" auf der Befehlszeile „lage import … {OPTION} {origin}“.",
        (),
    )
