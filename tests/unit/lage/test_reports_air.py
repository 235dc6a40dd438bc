# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a Lagemeldung costs on the air, said before and after it is written."""

from __future__ import annotations

from lage.kinds.model import Draft
from lage.station import Station
from sync.schema.definition import Change, EntityId
from tests.unit.lage.conftest import Terminal


def test_coded_is_what_writing_appends(station: Station) -> None:
    """The same bytes as in the log afterwards, also where a text goes on in further operations."""
    texts: dict[str, Change] = {"general": "Die Ems steigt. " * 30, "summary": "Lage ruhig"}
    texts["until"] = station.now()
    (incident,) = station.write([Draft("incident", {"type": "Brand", "status": "offen"})])
    drafts = [Draft("report", texts), Draft("incident", {"status": "erledigt"}, incident)]
    told = station.coded(drafts)
    first = station.store.log.head(2) + 1
    station.write(drafts)
    assert incident == EntityId(2, first - 1)
    assert told == list(station.store.log.operations(2, first, station.store.log.head(2)))
    assert len(told) > 2


def test_short_form_says_its_cost(lage: Terminal, station: Station) -> None:
    """Characters, bytes and packets; in a pipe the short form stands alone on stdout."""
    told = lage.json("bericht", "lagemeldung", "--absicht", "Deich halten")
    short = told["kurzform"]
    assert told["funk"]["zeichen"] == len(short)
    assert told["funk"]["bytes"] < len(short.encode())
    assert told["funk"]["pakete"] == 1
    shown = lage("bericht", "lagemeldung", "--absicht", "Deich halten", "--funk")
    assert f"{len(short)} Zeichen; über Funk 1 Paket, {told['funk']['bytes']} Bytes" in shown
    before = station.store.log.head(2)
    said = lage("bericht", "melden", "--absicht", "Deich halten", "--allgemein", "Nässe " * 80)
    written = station.store.log.operations(2, before + 1, station.store.log.head(2))
    assert f"{sum(map(len, written))} Bytes ohne Unterschrift" in said
