# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Golden files of the codecs: bytes of every version and what they mean.

    python -m tests.unit.sync.golden_codec

writes the files of versions that have none yet. A file that exists is never written again: its
bytes stand in signed logs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
from sync.schema.definition import EntityId, Point, SetChange
from sync.schema.op import Operation

FOLDER = Path(__file__).parent / "golden"
VERSIONS = (1, 2)
AUTHOR = 7

_T = 28_300_000
EXAMPLES: tuple[tuple[int, Operation], ...] = (
    (1, Operation(_T, "journal", {"text": "Pegel Greven steigt weiter, Deichwache verstärkt"})),
    (2, Operation(_T + 9, "journal", {"text": " bis 22 Uhr"}, EntityId(AUTHOR, 1))),
    (
        3,
        Operation(
            _T + 60,
            "journal",
            {
                "text": "Notbrunnen in Betrieb",
                "at": _T - 340,
                "sender": "Stadtwerke",
                "way": "Telefon",
                "sign": "Mü",
                "strikes": EntityId(AUTHOR, 1),
            },
        ),
    ),
    (
        4,
        Operation(
            _T + 100,
            "message",
            {
                "priority": "blitz",
                "to": (1, 12),
                "text": "Räumung Uferstraße sofort, 40 Personen",
                "receipt_wanted": True,
                "answers": EntityId(12, 31),
            },
        ),
    ),
    (5, Operation(_T + 101, "message", {"priority": "einfach", "text": "Привет 🚒 qZ~"})),
    (6, Operation(_T + 130, "receipt", {"message": EntityId(3, 700), "person": "K. Üding"})),
    (
        7,
        Operation(
            _T + 200,
            "incident",
            {
                "type": "Überflutung",
                "status": "offen",
                "text": "Keller läuft voll",
                "point": Point(522_790, 74_400),
                "municipality": "Rheine",
                "affected": 12,
            },
        ),
    ),
    (
        8,
        Operation(
            _T + 260,
            "incident",
            {"status": "in Arbeit", "affected": None, "point": Point(480_000, -113_000)},
            EntityId(AUTHOR, 7),
        ),
    ),
    (9, Operation(_T + 300, "incident", {"merged_into": EntityId(2, 9)}, EntityId(900, 2**20))),
    (10, Operation(_T + 310, "reading", {"gauge": "Greven", "value": 451, "source": "Sensor"})),
    (11, Operation(_T + 320, "reading", {"gauge": "Aa-Wehr (neu)", "value": -3})),
    (
        12,
        Operation(
            _T + 400,
            "stock_movement",
            {"item": "Sandsäcke", "place": "Emsdetten", "amount": -500, "to_place": "Elte"},
        ),
    ),
    (
        13,
        Operation(
            _T + 500,
            "helper",
            {
                "skills": ("Motorsäge", "Erste Hilfe"),
                "place": "Laer",
                "since": _T + 3500,
                "hours": 8,
                "count": 3,
                "erased": True,
            },
        ),
    ),
    (
        14,
        Operation(
            _T + 600,
            "area",
            {
                "type": "evakuiert",
                "outline": (Point(522_000, 74_000), Point(522_010, 74_015), Point(521_980, 74_020)),
            },
        ),
    ),
    (15, Operation(_T + 700, "group", {"name": "Ems"})),
    (
        16,
        Operation(
            _T + 710,
            "group",
            {"members": SetChange((1, 2, 40), ((EntityId(AUTHOR, 15), 3), (EntityId(4, 4), 1023)))},
            EntityId(AUTHOR, 15),
        ),
    ),
    (17, Operation(2**33 + 5, "sealed", {
        "assignment": EntityId(AUTHOR, 16), "part": 1, "content": bytes(range(60)),
    })),
)  # fmt: skip


def plain(value: Any) -> Any:
    """A change as JSON."""
    if isinstance(value, SetChange):
        return {"add": plain(value.add), "remove": [[*dot, plain(v)] for dot, v in value.remove]}
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def entry(version: int, number: int, operation: Operation) -> dict[str, Any]:
    """One line of a golden file."""
    return {
        "number": number,
        "hex": codec.encode(operation, SCHEMA, AUTHOR, number, version).hex(),
        "means": meaning(operation),
    }


def meaning(operation: Operation) -> dict[str, Any]:
    """An operation as JSON."""
    return {
        "time": operation.time,
        "kind": operation.kind,
        "entity": plain(operation.entity),
        "changes": {name: plain(change) for name, change in operation.changes.items()},
    }


def path_of(version: int) -> Path:
    """The golden file of a codec version."""
    return FOLDER / f"codec{version}.json"


def main() -> None:
    """Write what is missing."""
    for version in VERSIONS:
        if path_of(version).exists():
            continue
        lines = [entry(version, number, operation) for number, operation in EXAMPLES]
        body = ",\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        path_of(version).write_text(f"[\n{body}\n]\n", "utf8")


if __name__ == "__main__":
    main()
