# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts that nobody has sent: what they are called, and their forms opened again.

The key of a draft says which form it stands in: the kind of a new entry, or what is done with an
entry that is there (``antwort:3:12``). Runs in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lage.kinds.forms import BY_KIND
from lage.kinds.model import Record
from lage.station import Station
from lage.views.detail import title_of
from sync.schema.definition import EntityId
from tui.forms import duplicates, helpers, intents
from tui.forms.intents import FormSpec
from tui.forms.orders import order

Make = Callable[[Station, Record], FormSpec]

WITH_ENTRY: Mapping[str, tuple[str, Make]] = {
    "antwort": ("Antwort", intents.answer),
    "weiter": ("Weiterleitung", intents.forward),
    "verteilen": ("Verteilung", intents.distribute),
    "quittung": ("Quittung", intents.acknowledge),
    "berichtigung": ("Berichtigung", intents.strike),
    "aendern": ("Änderung", intents.change),
    "auftrag": ("Auftrag", order),
    "doppelt": ("Zusammenführung", duplicates.merge),
    "zuweisen": ("Zuweisung", helpers.assign),
    "rueckmeldung": ("Rückmeldung", helpers.feedback),
    "entlassen": ("Entlassung", helpers.dismiss),
}
"""Beginning of the key: (what it is, its form)."""


def open_drafts(station: Station) -> list[tuple[str, str]]:
    """(key, name) of every draft whose form can be opened, the newest first."""
    found = []
    for key in station.drafts():
        name = _name(station, key)
        if name:
            found.append((key, name))
    return found


def form_of(station: Station, key: str) -> FormSpec:
    """The form in which that draft stands. Raises UsageError where it makes no sense any more."""
    word, _, rest = key.partition(":")
    if word in BY_KIND:
        return intents.create(word, key=key)
    author, number, *only = rest.split(":")
    record = intents.record_of(station, EntityId(int(author), int(number)))
    if word == "aendern":
        return intents.change(station, record, tuple(name for name in only[0].split(",") if name))
    return WITH_ENTRY[word][1](station, record)


def _name(station: Station, key: str) -> str:
    word, _, rest = key.partition(":")
    if word in BY_KIND:
        return BY_KIND[word].title
    if word not in WITH_ENTRY:
        return ""
    author, number, *_ = rest.split(":")
    record = station.reader.get(EntityId(int(author), int(number)))
    return (
        "" if record is None else f"{WITH_ENTRY[word][0]} zu {title_of(record, station.context())}"
    )
