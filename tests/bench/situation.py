# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How quickly a big log answers: lists, searches, overview, Tagebuch, rebuilding.

``measure()`` fills a log with operations of 25 staffs and times what screens and command line ask.
Beside each time stands that of the bare SQL which fetches the same rows in the same run (of what
asks many things: of all its statements), and the ratio of the two, which says what our own layers
cost on any computer. Times are the median of
several runs. Operations are coded by the plain codec and not signed: what coding and signing
cost has benches of its own.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lage.kinds.cards.incident import TYPES
from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.directory import Directory
from lage.kinds.model import Draft, Query, Where
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import AUTHORS
from lage.store import Store
from lage.store.ground import Ground
from lage.store.picture import Picture
from lage.views.journal import journal
from lage.views.lists import LISTS
from lage.views.overview import overview
from lage.views.search import Filters, search
from sync.codec import packed as codec_msgpack
from sync.codec import versions as codec
from sync.feed import chain as feed
from sync.feed.log import VerifiedRun
from sync.schema.definition import Change, EntityId
from sync.schema.op import Operation
from sync.schema.vocabulary import TERMS

STAFFS = 25
BATCH = 500
RUNS = 5
WORDS = (
    "Wasser steigt", "Keller", "Deich", "Straße gesperrt", "Strom ausgefallen", "Pumpe läuft",
    "Sandsäcke gefordert", "Einsatz beendet", "Lage ruhig", "Brücke überflutet", "Personen betreut",
)  # fmt: skip


def measure(operations: int = 100_000, seed: int = 1) -> dict[str, Any]:
    """Times in milliseconds, with the ratio to bare SQL, for a log of that many operations."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "lage.db", clock=lambda: 1_800_000_000.0)
        store.local.keep(AUTHORS, (1,))
        started = time.perf_counter()
        _fill(store, operations, random.Random(seed))
        filling = time.perf_counter() - started
        names = [(n, f"SAE Ort{n}", "sae", True) for n in range(1, STAFFS + 1)]
        last = store.log.last_times(1, 0)[0]
        context = ViewContext(last, Directory(names, 1), Picture(store), Ground(None))
        answers = {
            name: _compare(ours, bare) for name, (ours, bare) in _questions(store, context).items()
        }
        calls: list[tuple[int, int]] = []
        started = time.perf_counter()
        store.rebuild(lambda done, total: calls.append((done, total)))
        rebuilding = time.perf_counter() - started
        result = {
            "operations": store.situation.operation_count(),
            "file_mb": round((Path(folder) / "lage.db").stat().st_size / 1e6, 1),
            "store_per_s": round(operations / filling),
            "store_to_bare_insert": round(filling / _bare_insert(operations), 2),
            "rebuild_s": round(rebuilding, 2),
            "rebuild_progress_calls": len(calls),
            "slowest_ms": max(answer["ms"] for answer in answers.values()),
            "answers": answers,
        }
        store.close()
    return result


def _questions(
    store: Store, context: ViewContext
) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    db, reader = store.connection, context.reader

    def bare(statement: str, *values: object) -> Callable[[], object]:
        return lambda: db.execute(statement, values).fetchall()

    def again(question: Callable[[], object]) -> Callable[[], object]:
        """All statements of a question, and nothing else."""
        statements: list[str] = []
        db.set_trace_callback(statements.append)
        question()
        db.set_trace_callback(None)
        chosen = [statement for statement in statements if not statement.startswith("--")]
        return lambda: [db.execute(statement).fetchall() for statement in chosen]

    def drawn(kind: str, *where: Where, text: str = "") -> Callable[[], object]:
        view = LISTS[kind]

        def draw() -> object:
            query = Query(kind, where, text=text, order=view.query.order, limit=60)
            rows = reader.select(query)
            return [[column.cell(row, context) for column in view.columns] for row in rows]

        return draw

    questions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {}
    for kind in ("journal", "message", "incident", "task", "unit", "reading", "stock_movement"):
        order = {"entered": "time", "event": "sort_time", "changed": "changed"}[
            LISTS[kind].query.order
        ]
        statement = f"SELECT * FROM k_{kind} ORDER BY {order} DESC, id DESC LIMIT 60"  # noqa: S608
        questions[f"list {kind}"] = (drawn(kind), bare(statement))
    match = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 60"
    questions |= {
        "incidents open": (
            drawn("incident", Where("status", "!=", "erledigt")),
            bare(
                "SELECT * FROM k_incident WHERE f_status <> 'erledigt' ORDER BY sort_time DESC"
                " LIMIT 60"
            ),
        ),
        "journal with word": (
            drawn("journal", text="deich"),
            bare(
                "SELECT * FROM k_journal WHERE id IN (SELECT rowid FROM search WHERE search MATCH"
                " '\"deich\"*') ORDER BY time DESC LIMIT 60"
            ),
        ),
        "search one word": (lambda: reader.search("deich", limit=60), bare(match, '"deich"*')),
        "search two words": (
            lambda: reader.search("wass strasse", limit=60),
            bare(match, '"wass"* "strasse"*'),
        ),
        "search rare": (
            lambda: reader.search("einmalig77", limit=60),
            bare(match, '"einmalig77"*'),
        ),
        "search with filter": (
            deep := lambda: search(context, "deich", Filters(since=60), 60),
            again(deep),
        ),
        "search new": (
            fresh := lambda: search(context, "", Filters(after_seq=60), 60),
            again(fresh),
        ),
        "count messages": (
            count := lambda: reader.count(Query("message", to=(1,))),
            again(count),
        ),
        "stock": (
            reader.stock,
            bare("SELECT f_item, f_place, sum(f_amount) FROM k_stock_movement GROUP BY 1, 2"),
        ),
        "one entity": (lambda: reader.get(EntityId(1, 1)), bare("SELECT * FROM k_journal LIMIT 1")),
        "history": (
            lambda: reader.history(EntityId(1, 1)),
            bare("SELECT * FROM operation WHERE entity = ?", 1 << 32 | 1),
        ),
        "overview": (glance := lambda: overview(context), again(glance)),
        "journal with auto": (lines := lambda: journal(context, limit=60), again(lines)),
        "deep page": (
            lambda: reader.select(Query("journal", order="entered", limit=60, offset=20_000)),
            bare("SELECT * FROM k_journal ORDER BY time DESC, id DESC LIMIT 60 OFFSET 20000"),
        ),
    }
    return questions


def _compare(ours: Callable[[], object], bare: Callable[[], object]) -> dict[str, float]:
    mine, sql = _median(ours), _median(bare)
    return {
        "ms": round(mine * 1000, 2),
        "sql_ms": round(sql * 1000, 2),
        "ratio": round(mine / max(sql, 1e-6), 1),
    }


def _median(question: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        question()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _fill(store: Store, operations: int, rng: random.Random) -> None:
    heads = dict.fromkeys(range(1, STAFFS + 1), 0)
    chains = dict.fromkeys(heads, bytes(16))
    opened: list[tuple[str, EntityId]] = []
    written = 0
    while written < operations:
        author = rng.choice(list(heads))
        first = heads[author] + 1
        coded = []
        for number in range(first, first + min(BATCH, operations - written)):
            draft = _draft(rng, opened)
            assert not isinstance(draft.entity, int)
            operation = Operation(written * 60 + number, draft.kind, draft.changes, draft.entity)
            coded.append(codec.encode(operation, SCHEMA, author, number, codec_msgpack.VERSION))
            if draft.entity is None and draft.kind in ("incident", "task", "unit", "message"):
                opened.append((draft.kind, EntityId(author, number)))
        values = feed.chain_values(chains[author], coded)
        store.log.store([VerifiedRun(author, first, tuple(coded), values, bytes(64))])
        heads[author], chains[author] = first + len(coded) - 1, values[-1]
        written += len(coded)


def _draft(rng: random.Random, opened: Sequence[tuple[str, EntityId]]) -> Draft:
    words = " ".join(rng.choices(WORDS, k=3))[:40]
    if rng.random() < 0.0001:
        words += " einmalig77"
    place = rng.choice(TERMS["place"][:24])
    new: dict[str, dict[str, Change]] = {
        "journal": {"text": words},
        "message": {
            "text": words,
            "priority": rng.choice(("einfach", "einfach", "sofort")),
            "to": tuple(rng.sample(range(1, STAFFS + 1), 2)),
            **({"receipt_wanted": True} if rng.random() < 0.3 else {}),
        },
        "incident": {
            "type": rng.choice(TYPES),
            "status": "offen",
            "text": words,
            "place": place,
            "municipality": place,
        },
        "task": {"text": words, "to": (rng.randrange(1, STAFFS + 1),), "status": "offen"},
        "reading": {"gauge": rng.choice(TERMS["gauge"][:12]), "value": rng.randrange(100, 140)},
        "unit": {"name": words[:40], "leaders": 1, "helpers": 8, "status": "im Einsatz"},
        "stock_movement": {
            "item": rng.choice(TERMS["item"][:20]),
            "place": place,
            "amount": rng.randrange(1, 500),
        },
        "supply_state": {
            "municipality": place,
            "service": rng.choice(SERVICES),
            "state": "ausgefallen",
        },
        "helper": {"skills": (rng.choice(TERMS["skill"]),), "place": place, "status": "entlassen"},
    }
    if opened and rng.random() < 0.2:
        kind, entity = opened[rng.randrange(len(opened))]
        if kind == "message":
            return Draft("receipt", {"message": entity, "person": "Meyer"})
        status = {"incident": "erledigt", "task": "erledigt", "unit": "in Ruhe"}[kind]
        return Draft(kind, {"status": status}, entity)
    weights = (25, 20, 8, 6, 20, 3, 10, 5, 3)
    kind = rng.choices(list(new), weights)[0]
    return Draft(kind, new[kind])


def _bare_insert(operations: int) -> float:
    """Seconds to insert as many rows of the same size into one table of the same SQLite."""
    import sqlite3

    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, n INTEGER, b BLOB, c BLOB)")
        started = time.perf_counter()
        for start in range(0, operations, BATCH):
            db.execute("BEGIN IMMEDIATE")
            rows = [(n, 1, n, bytes(60), bytes(16)) for n in range(start, start + BATCH)]
            db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
            db.execute("COMMIT")
        spent = time.perf_counter() - started
        db.close()
    return spent
