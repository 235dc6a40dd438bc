# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log and the picture of it: who changes the fold cannot forget to raise its version.

The log is a few entries of three staffs, with everything that merges: concurrent changes, sets,
continued texts, a change that comes before what it changes, entries of a later version. One more
staff writes an entry of every kind, and another tries what it has no right to.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from lage.kinds.rights import RIGHTS
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import AUTHORS
from lage.store import Store
from lage.store.tables import FOLD_VERSION, kind_table
from sync.codec import versions as codec
from sync.feed.chain import next_chain
from sync.feed.log import VerifiedRun
from sync.schema.definition import Change, EntityId, Point, SetChange
from sync.schema.op import Operation
from tests.samples import sample

PATH = Path(__file__).with_name("picture.json")
OURS = 3
FULL, OTHER = 7, 8  # who writes every kind, and who changes what only those may
Log = list[tuple[int, int, str]]  # author, number, bytes, in the order they arrived

_T = 28_300_000
_INCIDENT, _GROUP, _TASK, _HELPER = (EntityId(2, n) for n in (3, 6, 7, 8))


def build() -> Log:
    """The log, coded as this version codes it."""
    feeds: dict[int, list[Operation]] = {2: [], 3: [], 5: []}

    def put(
        author: int, after: int, kind: str, changes: dict[str, Change], entity: EntityId | None
    ) -> None:
        feeds[author].append(Operation(_T + after, kind, changes, entity))

    put(2, 0, "journal", {"text": "Pegel Greven steigt weiter,"}, None)
    put(2, 1, "journal", {"text": " Deichwache verstärkt"}, EntityId(2, 1))
    put(2, 9, "incident", {"type": "Überflutung", "status": "offen", "affected": 12}, None)
    put(2, 10, "message", {"priority": "sofort", "to": (3, 5), "text": "Sandsäcke"}, None)
    put(2, 11, "message", {"priority": "einfach", "text": "Lage ruhig", "at": _T - 600}, None)
    put(2, 12, "group", {"name": "Ems", "members": SetChange((2, 3, 40))}, None)
    put(2, 13, "task", {"text": "Damm sichern", "to": (5,), "status": "offen"}, None)
    put(2, 14, "helper", {"skills": ("Pflege",), "place": "Laer", "count": 3}, None)
    put(2, 15, "journal", {"text": "Irrtum", "strikes": EntityId(2, 1)}, None)
    put(3, 30, "incident", {"status": "in Arbeit", "affected": None}, _INCIDENT)
    put(3, 31, "group", {"members": SetChange((41,), ((_GROUP, 40), (_GROUP, 2)))}, _GROUP)
    put(3, 32, "task", {"status": "angenommen", "feedback": "unterwegs"}, _TASK)
    put(3, 33, "receipt", {"message": EntityId(2, 4), "person": "K. Üding"}, None)
    put(
        3, 34, "incident", {"type": "Brand", "status": "offen", "point": Point(522790, 74400)}, None
    )
    put(3, 35, "incident", {"merged_into": _INCIDENT}, EntityId(3, 5))
    put(3, 36, "task", {"place": "no task of ours"}, _INCIDENT)
    put(5, 30, "incident", {"status": "erledigt", "text": "Keller"}, _INCIDENT)
    put(5, 30, "group", {"members": SetChange((2,))}, _GROUP)
    put(5, 31, "task", {"status": "erledigt", "feedback": "fertig"}, _TASK)
    put(5, 32, "stock_movement", {"item": "Decken", "place": "Laer", "amount": -50}, None)
    put(5, 33, "helper", {"erased": True}, _HELPER)
    put(5, 34, "incident", {"status": "offen"}, EntityId(9, 9))
    put(5, 35, "reading", {"gauge": "Greven", "value": 451, "at": _T}, None)
    log: Log = []
    for author in (5, 3, 2):  # changes before what they change
        for number, operation in enumerate(feeds[author], 1):
            log.append((author, number, codec.encode(operation, SCHEMA, author, number).hex()))
    log.append((5, len(feeds[5]) + 1, bytes((3, 6 << 5, 1, 2)).hex()))  # of a later codec
    return log


def lacking(picture: dict[str, Any]) -> list[str]:
    """Kinds of which the picture has no entry with all fields."""
    tables = {k.name: picture.get(kind_table(k), []) for k in SCHEMA.kinds}
    return [kind for kind, rows in tables.items() if FULL not in {row["author"] for row in rows}]


def more(log: Log, kinds: list[str]) -> Log:
    """What holds an entry of each of these kinds, and tries of all that others may not do."""
    added: Log = []

    def put(author: int, kind: str, changes: dict[str, Change], entity: EntityId | None) -> None:
        number = 1 + sum(each == author for each, _, _ in (*log, *added))
        after = 40 if author == FULL else 41
        operation = Operation(_T + after, kind, changes, entity)
        coded = codec.encode(operation, SCHEMA, author, number).hex()
        added.append((author, number, coded))

    for kind in kinds:
        put(FULL, kind, sample(kind), None)
        entry = EntityId(FULL, added[-1][1])
        for (of, name), right in RIGHTS.items():
            if of == kind:
                to = right.ends[0] if right.ends else sample(kind).get(name, True)
                put(OTHER, kind, {name: to}, entry)
                put(FULL, kind, {name: to}, entry)
                put(OTHER, kind, {name: sample(kind).get(name)}, entry)
    return added


def fold(log: Log, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of the projection, empty columns and empty tables left out."""
    store = Store.open(folder / "promise.db", clock=lambda: 1_800_000_000.0)
    store.local.keep(AUTHORS, (OURS,))
    chains: dict[int, bytes] = {}
    for author, number, coded in log:
        data = bytes.fromhex(coded)
        chains[author] = next_chain(chains.get(author, bytes(16)), data)
        run = VerifiedRun(author, number, (data,), (chains[author],), bytes(64))
        store.log.store([run])
    tables = [(kind_table(kind), "id") for kind in SCHEMA.kinds]
    tables += [("search", "rowid"), ("addressed", "message, member"), ("register_in", "nr")]
    tables += [("overruled", "author, number, field")]
    found = {}
    for table, order in tables:
        cursor = store.connection.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608
        rows = [
            {name: _shown(row[name]) for name in row.keys() if row[name] is not None}  # noqa: SIM118
            for row in cursor
        ]
        if rows:
            found[table] = rows
    store.close()
    return found


def _shown(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def promised() -> dict[str, Any]:
    """What the file says: the fold's version, a log and its picture."""
    empty: dict[str, Any] = {"fold": 0, "log": [], "picture": {}}
    found: dict[str, Any] = json.loads(PATH.read_text("utf8")) if PATH.exists() else empty
    return found


def broken(known: dict[str, Any], version: int, picture: dict[str, Any]) -> list[str]:
    """What is wrong if this version of the fold makes this picture of the promised log."""
    differing = [
        f"{table}: {mine} instead of {theirs}"
        for table in sorted({*picture, *known["picture"]})
        if (mine := picture.get(table)) != (theirs := known["picture"].get(table))
    ]
    if differing and version <= known["fold"]:
        what = (
            "The fold makes another picture of an old log: raise FOLD_VERSION in"
            " lage/store/tables.py, so that logs on disk are folded anew, then run"
            " python -m tests.promises."
        )
        return [what, *differing]
    return []


def write() -> list[str]:
    """Write down the picture of a new version of the fold; what is broken instead, if anything."""
    known = promised()
    log: Log = known["log"] or build()
    with tempfile.TemporaryDirectory() as before, tempfile.TemporaryDirectory() as after:
        picture = fold(log, Path(before))
        problems = broken(known, FOLD_VERSION, picture) if PATH.exists() else []
        if added := more(log, lacking(picture)):
            log = [*log, *added]
            picture = fold(log, Path(after))
    if not problems:
        known |= {"fold": FOLD_VERSION, "log": log, "picture": picture}
        PATH.write_text(_text(known), "utf8")
    return problems


def _text(known: dict[str, Any]) -> str:
    """JSON with one entry or row a line, so that a change shows what it changed."""

    def rows(items: list[Any]) -> str:
        return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)

    tables = ",\n".join(
        f'"{name}": [\n{rows(found)}\n]' for name, found in known["picture"].items()
    )
    log = rows(known["log"])
    return f'{{"fold": {known["fold"]}, "log": [\n{log}\n], "picture": {{\n{tables}\n}}}}\n'
