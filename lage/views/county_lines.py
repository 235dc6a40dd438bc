# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lines of the Tagebuch about the network itself: members, keys, forks, allies."""

from __future__ import annotations

from lage.kinds.reader import Decision, ViewContext
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.journal_line import SYSTEM, JournalLine, auto_line
from sync.feed.records import (
    Alliance,
    Certificate,
    Choice,
    KeyChange,
    Reopening,
    Revocation,
)


def county_lines(context: ViewContext) -> list[JournalLine]:
    """One for each decision of the county and each fork, when it became known here."""
    lines, epochs = [], set[int]()
    for decision in context.reader.decisions():
        record = decision.record
        if isinstance(record, KeyChange):
            if record.epoch in epochs:
                continue  # more slots of the same change
            epochs.add(record.epoch)
        said = _said(decision, context)
        if said:
            lines.append(_line(decision.time, said))
    for fork in context.reader.forked():
        name = context.directory.name(fork.author)
        feed = "der Mitgliederliste" if fork.author == 0 else f"im Lagebuch von {name}"
        lines.append(
            _line(
                fork.time,
                f"Verzweigung {feed} ab Eintrag {fork.number}: zwei verschiedene Fassungen mit"
                " demselben Schlüssel; der Kreis muss entscheiden",
            )
        )
    return lines


def _line(time: int, text: str) -> JournalLine:
    return auto_line(time, text, SYSTEM, way="System")


def _said(decision: Decision, context: ViewContext) -> str:
    name, record = context.directory.name, decision.record
    if isinstance(record, Certificate):
        after = f", Nachfolge von Nr. {record.successor_of}" if record.successor_of else ""
        return f"Stelle {name(record.author)} ins Netz aufgenommen{after}"
    if isinstance(record, Revocation):
        return f"Stelle {name(record.author)} widerrufen"
    if isinstance(record, Reopening):
        return f"Stelle {name(record.author)} schreibt ab Eintrag {record.number} weiter"
    if isinstance(record, Alliance):
        return f"Verbündet mit {plain(record.name)}"
    if isinstance(record, KeyChange):
        begins = tactical(record.begins)
        return f"Schlüsselwechsel {record.epoch}: neue Schlüssel gelten ab {begins}"
    if isinstance(record, Choice):
        return f"Mitgliederliste ab Eintrag {record.number} entschieden"
    return ""
