# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form on the screen is for: its fields, what stands in them first, what it will write.

All rules come from ``lage.write.commands``; here only screens meet commands. The functions that
take a ``Station`` run in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lage.kinds.card import FormField
from lage.kinds.cards import CARDS
from lage.kinds.inputs import has_addressees
from lage.kinds.model import Draft, Record
from lage.kinds.setting import SIGN, Setting
from lage.language.errors import NotFound
from lage.language.plain import plain
from lage.station import Station
from lage.views.detail import title_of
from lage.write.plausible import doubts
from lage.write.questions import questions
from sync.schema.definition import EntityId
from tui.forms.key import FormKey

Deed = Callable[[Station], object]
"""Writes by itself, because more than the log is concerned; runs in the bridge's worker."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What will be written once nobody takes it back."""

    title: str  # "Nachricht an SAE Greven"
    drafts: tuple[Draft, ...]
    ask: str = ""  # question to confirm first; then it is written at once
    remember: Mapping[Setting[str], str] = field(default_factory=dict)  # to be kept
    deed: Deed | None = None  # done instead of writing drafts


ADDRESS = FormField("to", "An", "Stellen mit Komma; „alle“: jede Stelle", required=True)
"""On the screen nobody is addressed by an oversight: a message to all takes the word."""

Build = Callable[[Station, Mapping[str, str]], Intent]
Propose = Callable[[Station], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form as the screen shows it."""

    key: FormKey  # of its draft
    title: str
    kind: str  # of the schema, for parsing
    fields: tuple[FormField, ...]
    build: Build
    initial: Mapping[str, str] = field(default_factory=dict)
    verb: str = "Speichern"
    about: str = ""  # a line on what it refers to
    quick: bool = False  # Enter in the last field saves
    apart: frozenset[str] = frozenset()  # fields of no schema, never kept in a draft
    propose: Propose | None = None  # what stands in it first, as the log says now


def fresh(station: Station, spec: FormSpec) -> dict[str, str]:
    """What stands in the form before anybody typed: given values, habits and defaults."""
    filled = {item.name: item.default for item in spec.fields}
    filled |= habits(station, tuple(item.name for item in spec.fields))
    filled |= spec.initial
    filled |= spec.propose(station) if spec.propose else {}
    return {item.name: filled[item.name] for item in spec.fields}


def prefilled(station: Station, spec: FormSpec) -> dict[str, str]:
    """What stands in the form at first: the draft, else what stands in a fresh one."""
    draft = station.draft(spec.key.text) or {}
    left = {name: text for name, text in draft.items() if isinstance(text, str)}
    return {name: left.get(name, text) for name, text in fresh(station, spec).items()}


def record_of(station: Station, entity: EntityId) -> Record:
    """The record, or a sentence why not."""
    record = station.reader.get(entity)
    if record is None:
        raise NotFound("Dieser Eintrag ist hier nicht (mehr) vorhanden.")
    return record


def addressed(
    station: Station, title: str, drafts: Sequence[Draft], typed: Mapping[str, str]
) -> Intent:
    """What will be written, named by whom it goes to; the highest urgencies ask first."""
    ask, values = "", drafts[0].changes
    card = CARDS[drafts[0].kind]
    if has_addressees(card.name) and "priority" in card.kind.by_name:
        title = f"{title} an {_names(station, values.get('to'))}"
        if values.get("priority") in ("blitz", "staatsnot"):
            ask = f"{str(values['priority']).upper()} {title}: jetzt senden?"
    return Intent(title, tuple(drafts), ask, signs_of(typed))


def built(station: Station, spec: FormSpec, typed: Mapping[str, str]) -> Intent:
    """What a form will write, with what has to be asked before. Raises UsageError."""
    intent = spec.build(station, typed)
    context = station.parse_context()
    asked = [*questions(intent.drafts, context), *doubts(intent.drafts, context)]
    if not asked:
        return intent
    ask = [intent.ask, *(plain(question.text) for question in asked), "So speichern?"]
    return replace(intent, ask=" ".join(part for part in ask if part))


def _names(station: Station, to: object) -> str:
    """Whom an entry goes to."""
    members = to if isinstance(to, tuple) else ()
    if members == (station.context().me,):
        return "eigene Stelle"
    return ", ".join(station.directory.name(m) for m in members if isinstance(m, int)) or "alle"


def signs_of(typed: Mapping[str, str]) -> dict[Setting[str], str]:
    """The Zeichen that was typed, to be kept for the next form."""
    return {SIGN: typed["sign"].strip()} if typed.get("sign", "").strip() else {}


def habits(station: Station, names: tuple[str, ...]) -> dict[str, str]:
    """What this staff typed last into fields that stay the same."""
    return {"sign": station.setting(SIGN)} if "sign" in names else {}


def about(station: Station, record: Record) -> str:
    """Title and text of the entry that a form is about."""
    text = record.text("text")
    return f"{title_of(record, station.context())}: {text}"
