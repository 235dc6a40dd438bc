# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts that nobody has sent: what they are called, and their forms opened again.

Runs in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.detail import title_of
from tui.forms import changes, duplicates, groups, helpers, messages
from tui.forms.key import Does, FormKey, read_key
from tui.forms.new import create
from tui.forms.orders import order
from tui.forms.spec import FormSpec, record_of

Make = Callable[[Station, Record], FormSpec]

WITH_ENTRY: Mapping[Does, tuple[str, Make]] = {
    Does.ANSWER: ("Antwort", messages.answer),
    Does.FORWARD: ("Weiterleitung", messages.forward),
    Does.DISTRIBUTE: ("Verteilung", messages.distribute),
    Does.ACKNOWLEDGE: ("Quittung", messages.acknowledge),
    Does.STRIKE: ("Berichtigung", changes.strike),
    Does.CHANGE: ("Änderung", changes.change),
    Does.MEMBERS: ("Änderung", groups.change),
    Does.ORDER: ("Auftrag", order),
    Does.MERGE: ("Zusammenführung", duplicates.merge),
    Does.ASSIGN: ("Zuweisung", helpers.assign),
    Does.FEEDBACK: ("Rückmeldung", helpers.feedback),
    Does.DISMISS: ("Entlassung", helpers.dismiss),
}
"""What a form does with an entry that is there: (what that is called, its form)."""


def open_drafts(station: Station) -> list[tuple[FormKey, str]]:
    """(key, name) of every draft whose form can be opened, the newest first."""
    keys = [key for key in map(read_key, station.drafts()) if key is not None]
    named = [(key, _name(station, key)) for key in keys]
    return [(key, name) for key, name in named if name]


def form_of(station: Station, key: FormKey) -> FormSpec:
    """The form in which that draft stands. Raises UsageError where it makes no sense any more."""
    if key.entity is None:
        return create(key.kind, key=key)
    record = record_of(station, key.entity)
    if key.does is Does.CHANGE:
        return changes.change(station, record, key.only)
    if key.does not in WITH_ENTRY:
        raise UsageError("Dieser Entwurf lässt sich nicht mehr öffnen.")
    return WITH_ENTRY[key.does][1](station, record)


def _name(station: Station, key: FormKey) -> str:
    if key.entity is None:
        return CARDS[key.kind].title
    record = station.reader.get(key.entity)
    if record is None or key.does not in WITH_ENTRY:
        return ""
    return f"{WITH_ENTRY[key.does][0]} zu {title_of(record, station.context())}"
