# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lage as a later version might be: one more field of a journal entry, and one more kind.

python -m tests.e2e.newer ARGUMENTS…        the command line of that version
python -m tests.e2e.newer write FOLDER      write what only that version can
python -m tests.e2e.newer read FOLDER       the same as that version reads it, as JSON
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from lage.kinds import cards
from lage.kinds.card import Card
from sync.schema.definition import Field, Kind, Merge, Number, Text


def later_cards() -> dict[str, Card]:
    """Today's cards and what might come."""
    depth = Field(20, "depth", Number(typical=64), Merge.ONCE, since=2)
    rumour = Kind(40, "rumour", (Field(0, "text", Text(200), Merge.REGISTER, required=True),))
    journal = cards.CARDS["journal"]
    deeper = replace(journal, kind=replace(journal.kind, fields=(*journal.kind.fields, depth)))
    return {**cards.CARDS, "journal": deeper, "rumour": Card(rumour, "Gerücht", "Gerüchte")}


def main(arguments: list[str]) -> None:
    """Become the later version, then do what is asked."""
    vars(cards)["CARDS"] = later_cards()  # before any module takes them when it is loaded
    if arguments[0] == "write":
        write(Path(arguments[1]))
    elif arguments[0] == "read":
        read(Path(arguments[1]))
    else:
        from lage.cli import main as command_line

        command_line()


def write(folder: Path) -> None:
    """A journal entry with the new field, and an entity of the new kind."""
    from lage.kinds.model import Draft
    from lage.station import Station

    station = Station.open(folder)
    station.write(
        [
            Draft("journal", {"text": "Keller Emsufer 3 unter Wasser", "depth": 140}),
            Draft("rumour", {"text": "Talsperre soll brechen"}),
        ]
    )
    station.close()


def read(folder: Path) -> None:
    """Depths and rumours, as JSON."""
    from lage.kinds.model import Query
    from lage.station import Station

    station = Station.open(folder)
    found = {
        name: [row.values.get(field) for row in station.reader.select(Query(name))]
        for name, field in (("journal", "depth"), ("rumour", "text"))
    }
    found["unreadable"] = [station.store.situation.unreadable_count()]
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    station.close()


if __name__ == "__main__":
    main(sys.argv[1:])
