# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of what ``lage bericht daten`` writes: read back as the entries that they are.

Such a file has a number, a staff and times for every entry, so an entry is recognised even where
nobody outside gave it a number. The same number in another network is another entry: it counts as
the same only in the network that the file names, with the same staff and the same moment. JSON has
the names of the schema, CSV those of the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lage.imports.plan import TableRow
from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.kinds.reader import Reader
from lage.kinds.schema import SCHEMA
from lage.language.errors import LageError
from lage.language.folding import fold_text
from lage.language.tactical import parse_time
from lage.views.words import label_of
from lage.write.parse import Context
from sync.schema.definition import EntityId, Position, Ref

_MARKS = ("stelle", "eintrag")
_NETWORK = "netz"
"""Of the network that wrote the file; earlier versions did not say."""
_MOMENT = ("ereigniszeit", "ereignis")
"""When it was: the first in CSV, the second in JSON and in CSV of earlier versions."""
_MARK = 4  # letters of a network's name in a number
_ID = re.compile(r"(\d{1,9}):(\d{1,9})", re.ASCII)
_LON_LAT = re.compile(r"\[(-?[\d.]+), (-?[\d.]+)\]", re.ASCII)


def is_ours(rows: Sequence[TableRow]) -> bool:
    """Whether a file is one of those that Lage writes."""
    cells = rows[0].cells if rows else {}
    return (
        all(mark in cells for mark in _MARKS)
        and any(name in cells for name in _MOMENT)
        and ("nr." in cells or "nr" in cells)
    )


def own_columns(kind: str) -> set[str]:
    """What such a file has besides the fields of the form, folded."""
    names = {fold_text(field.name) for field in SCHEMA.by_name[kind].fields}
    places = {"nr.", "nr", "id", "breite", fold_text("Länge"), fold_text("ÜBUNG"), "uebung"}
    return {
        *_MARKS,
        *_MOMENT,
        _NETWORK,
        *names,
        *places,
        *(fold_text(label_of(kind, name)) for name in names),
    }


def number_of(row: TableRow) -> str:
    """The number under which the entry was kept where the file comes from, and a mark of that
    network: ``RHE-1`` is another entry in every network."""
    number, network = row.get("nr.") or row.get("nr"), row.get(_NETWORK)
    return f"{number}@{network[:_MARK]}" if number and network else number


def _moment(row: TableRow) -> str:
    return next(filter(None, map(row.get, _MOMENT)), "")


def lost_references(rows: Sequence[TableRow], kind: str) -> tuple[str, ...]:
    """A sentence on rows of another network that are about other entries of that network."""
    refs = [field.name for field in SCHEMA.by_name[kind].fields if isinstance(field.type, Ref)]
    names = [*refs, *(label_of(kind, name) for name in refs)]
    count = sum(any(row.get(name) for name in names) for row in rows)
    note = (
        f"{count}-mal bleibt der Verweis auf einen anderen Eintrag weg: seine Nummer gilt nur in"
        " dem Netz, aus dem die Datei kommt."
    )
    return (note,) if count else ()


def as_typed(
    row: TableRow, kind: str, own: Record | None, context: Context, reader: Reader
) -> TableRow:
    """The row with its values in the columns of the form, where a form would have them.

    Which other entry it is about, only an entry of this network (``own``) can say.
    """
    cells = dict(row.cells)
    for field in SCHEMA.by_name[kind].fields:
        text = row.get(field.name)
        if isinstance(field.type, Position):
            match = _LON_LAT.fullmatch(text)
            text = f"{row.get('breite')} {row.get('länge')}".strip()
            text = f"{match[2]} {match[1]}" if match else text
        elif field.name == "at":
            text = _moment(row)
        label = fold_text(label_of(kind, field.name))
        cells[label] = cells.get(label) or text
        if isinstance(field.type, Ref):
            target = _entity(cells[label], field.type.kind or "incident", context, reader)
            cells[label] = context.directory.label(target) if own and target else ""
    return joined_parts(replace(row, cells=cells), kind)


def joined_parts(row: TableRow, kind: str) -> TableRow:
    """The row with what a form asks in one input, and the table says in several columns."""
    cells = dict(row.cells)
    for name, parts in CARDS[kind].parts.items():
        said = [row.get(label_of(kind, part)) for part in parts]
        label = next(fold_text(item.label) for item in CARDS[kind].form if item.name == name)
        if any(said) and not cells.get(label):
            cells[label] = "/".join(part or "?" for part in said)
    return replace(row, cells=cells)


def entry_of(row: TableRow, kind: str, context: Context, reader: Reader) -> Record | None:
    """The entry of this network that such a row is; None where it comes from elsewhere."""
    if row.get(_NETWORK) not in ("", context.network):
        return None
    said = row.get("id") or row.get("nr.") or row.get("nr")
    found = _entity(said, kind, context, reader)
    if found is None or context.directory.name(found.id.author) != row.get("stelle"):
        return None
    try:
        moment = parse_time(_moment(row), context.now)
    except LageError:
        return None
    return found if found.event_time // 60 == moment // 60 else None


def _entity(said: str, kind: str, context: Context, reader: Reader) -> Record | None:
    """The entry of that kind by its id (``2:7``) or number (``RHE-12``), if it is here."""
    try:
        match = _ID.fullmatch(said)
        entity = EntityId(int(match[1]), int(match[2])) if match else context.find(kind, said)
        found = reader.get(entity)
    except LageError:
        return None
    return found if found is not None and found.kind == kind else None
