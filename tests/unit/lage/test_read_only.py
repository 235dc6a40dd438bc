# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A station opened for a display writes nothing, by whatever way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lage.kinds.model import Draft, Query
from lage.kinds.setting import PERSON
from lage.language.errors import KeysError, StoreError
from lage.station import Station
from lage.store import Peer

WAYS: dict[str, Callable[[Station], object]] = {
    "write": lambda s: s.write([Draft("journal", {"text": "von der Wand"})]),
    "keep": lambda s: s.keep(PERSON, "Kurz"),
    "save_draft": lambda s: s.save_draft("journal", {"text": "halb"}),
    "drop_draft": lambda s: s.drop_draft("journal"),
}


@pytest.mark.parametrize("way", WAYS)
def test_display_refuses_to_write(station: Station, way: str) -> None:
    """Each way to write is refused with a sentence, and the log stays as it was."""
    with_entry = station.write([Draft("journal", {"text": "vom Stab"})])
    shown = Station.open(station.folder, clock=station.unix, read_only=True)

    with pytest.raises(KeysError, match="zeigt nur an"):
        WAYS[way](shown)

    assert [row.id for row in shown.reader.select(Query("journal"))] == with_entry
    assert station.draft("journal") is None
    assert station.setting(PERSON) == ""
    shown.close()


def test_display_is_refused_by_the_database_too(station: Station) -> None:
    """What went around the station would still meet a connection that only reads."""
    shown = Station.open(station.folder, clock=station.unix, read_only=True)

    with pytest.raises(StoreError, match="schreibgeschützt"):
        shown.store.local.save_peers([Peer(1, 0, None, None)], {})

    assert station.store.local.peers() == []
    shown.close()


def test_display_sees_what_others_write(station: Station) -> None:
    """A display reads on: news of another process change its token and stand in its lists."""
    shown = Station.open(station.folder, clock=station.unix, read_only=True)
    before = shown.change_token()

    station.write([Draft("journal", {"text": "Neues"})])

    assert shown.change_token() != before
    assert [row.values["text"] for row in shown.reader.select(Query("journal"))] == ["Neues"]
    shown.close()


def test_files_of_the_log_stay_the_same(station: Station) -> None:
    """Opening, reading and closing a display leaves the log file byte for byte as it was."""
    station.write([Draft("journal", {"text": "vom Stab"})])
    station.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = station.store.path.read_bytes()
    shown = Station.open(station.folder, clock=station.unix, read_only=True)

    shown.network()
    shown.context().reader.select(Query("journal"))
    shown.close()

    assert station.store.path.read_bytes() == before
