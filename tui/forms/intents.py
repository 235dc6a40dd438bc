# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form on the screen is for: its fields, what stands in them first, what it will write.

All rules come from ``lage.write.commands`` and ``lage.write.parse``; here only screens meet
commands. The functions that take a ``Station`` run in the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lage.kinds.forms import BY_KIND, FormField, parts_of
from lage.kinds.model import Draft, Record
from lage.kinds.ops import SCHEMA
from lage.language.errors import NotFound, UsageError
from lage.station import Station
from lage.views.detail import title_of
from lage.views.handover import handover, short_text
from lage.views.lists import receipts_of
from lage.views.scale import places_of
from lage.views.situation import latest_free_parts, radio_form
from lage.views.sums import strength_of
from lage.views.words import label_of, long_value
from lage.write import commands
from lage.write.parse import in_places, parse_field, parse_input
from lage.write.places import locate
from sync.schema.definition import Change, EntityId, Merge, Text, Value

Deed = Callable[[Station], object]
"""Writes by itself, because more than the log is concerned; runs in the bridge's worker."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What will be written once nobody takes it back."""

    title: str  # "Nachricht an SAE Greven"
    drafts: tuple[Draft, ...]
    ask: str = ""  # question to confirm first; then it is written at once
    remember: Mapping[str, str] = field(default_factory=dict)  # settings to keep
    deed: Deed | None = None  # done instead of writing drafts


ADDRESS = FormField("to", "An", "Stellen mit Komma; „alle“: jede Stelle", required=True)
"""On the screen nobody is addressed by an oversight: a message to all takes the word."""

Build = Callable[[Station, Mapping[str, str]], Intent]
Propose = Callable[[Station], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form as the screen shows it."""

    key: str  # of its draft
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


def create(kind: str, initial: Mapping[str, str] | None = None, *, key: str = "") -> FormSpec:
    """A new entity."""
    if kind in ("helper", "group"):
        from tui.forms import groups, helpers

        return groups.found() if kind == "group" else helpers.register(initial or {}, key=key)
    form = BY_KIND[kind]
    fields = form.fields
    if kind == "message":
        fields = tuple(ADDRESS if item.name == "to" else item for item in fields)

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        if kind == "message" and not typed.get("to", "").strip():
            raise UsageError("An fehlt: bitte eine Stelle nennen, oder „alle“.")
        values = commands.parse_form(kind, typed, station.parse_context())
        locate(kind, values)
        if kind == "report":
            values["summary"] = radio_form(station.context(), values)
        drafts = commands.create(kind, values, _me(station))
        return _intent(station, form.title, kind, values, drafts, typed)

    verb = "Senden" if kind in ("message", "task", "request", "report") else "Speichern"
    return FormSpec(
        key or kind,
        f"Neu: {form.title}",
        kind,
        fields,
        build,
        initial or {},
        verb,
        propose=_PROPOSALS.get(kind),
    )


def answer(station: Station, record: Record) -> FormSpec:
    """A message back."""
    context = station.context()
    form = BY_KIND["message"]
    fields = tuple(f for f in form.fields if f.name in ("priority", "text", "receipt_wanted",
                                                        "function", "sign"))  # fmt: skip

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        values = field_values("message", fields, typed, station)
        values["to"] = (context.directory.heir(record.id.author),)
        drafts = commands.answer(record, _me(station), values)
        return _intent(station, "Antwort", "message", values, drafts, typed)

    return FormSpec(
        f"antwort:{record.id.author}:{record.id.number}",
        f"Antwort an {context.directory.name(record.id.author)}",
        "message",
        fields,
        build,
        {"priority": str(record.values["priority"])},
        "Senden",
        _about(station, record),
    )


def forward(station: Station, record: Record) -> FormSpec:
    """A message on to others."""
    fields = (
        ADDRESS,
        FormField("priority", "Vorrang", default=str(record.values["priority"])),
    )

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        values = field_values("message", fields, typed, station)
        to = values.pop("to", ())
        assert isinstance(to, tuple)
        members = [member for member in to if isinstance(member, int)]
        drafts = commands.forward(record, _me(station), members, values)
        return _intent(station, "Weiterleitung", "message", {**values, "to": to}, drafts, typed)

    return FormSpec(
        f"weiter:{record.id.author}:{record.id.number}",
        "Weiterleiten",
        "message",
        fields,
        build,
        {},
        "Senden",
        _about(station, record),
    )


def distribute(station: Station, record: Record) -> FormSpec:
    """The Sichter's distribution."""
    fields = (
        FormField("functions", "An", "Funktionen mit Komma, z. B. S2, S3", required=True),
        FormField("note", "Vermerk"),
        FormField("sign", "Zeichen"),
    )

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        values = field_values("distribution", fields, typed, station)
        functions = values.get("functions", ())
        assert isinstance(functions, tuple)
        names = [str(name) for name in functions]
        note, sign = str(values.get("note", "")), str(values.get("sign", ""))
        drafts = commands.distribute(record, names, note, sign)
        return Intent(f"Verteilung an {', '.join(names)}", tuple(drafts), "", _signs(typed))

    return FormSpec(
        f"verteilen:{record.id.author}:{record.id.number}",
        "Im Stab verteilen",
        "distribution",
        fields,
        build,
        _kept(station, ("sign",)),
        about=_about(station, record),
    )


def acknowledge(station: Station, record: Record) -> FormSpec:
    """Quittung by a named person."""
    context = station.context()
    receipts = receipts_of(record.id, context)
    commands.acknowledge(record, context.ours, "-", receipts)  # refuses before anybody types

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        receipts = receipts_of(record.id, context)
        person = typed.get("person", "").strip()
        if not person:
            raise UsageError("Name fehlt: bitte eintragen, wer quittiert.")
        drafts = commands.acknowledge(record, context.ours, person, receipts)
        return Intent(f"Quittung durch {person}", tuple(drafts), "", {"person": person})

    return FormSpec(
        f"quittung:{record.id.author}:{record.id.number}",
        "Quittieren",
        "receipt",
        (FormField("person", "Name", "wer den Empfang bestätigt", required=True),),
        build,
        {"person": str(station.setting("person", ""))},
        "Quittieren",
        _about(station, record),
        quick=True,
    )


def strike(station: Station, record: Record) -> FormSpec:
    """Correct a journal entry."""
    ours = station.context().ours
    if record.id.author not in ours:
        raise UsageError("Nur die Stelle, die den Eintrag geschrieben hat, kann ihn berichtigen.")
    fields = (
        FormField("text", "Richtig ist", "was ist richtig, oder warum gestrichen", required=True),
        FormField("sign", "Zeichen"),
    )

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        text, sign = typed.get("text", ""), typed.get("sign", "")
        drafts = commands.strike(record, ours, text, sign)
        return Intent("Berichtigung", tuple(drafts), "", _signs(typed))

    return FormSpec(
        f"berichtigung:{record.id.author}:{record.id.number}",
        "Tagebucheintrag berichtigen",
        "journal",
        fields,
        build,
        _kept(station, ("sign",)),
        about=_about(station, record),
    )


def change(station: Station, record: Record, only: tuple[str, ...] = ()) -> FormSpec:
    """New values for what may change; ``only`` limits it to some fields."""
    if record.kind == "group":
        from tui.forms import groups

        return groups.change(station, record)
    schema = SCHEMA.by_name[record.kind]
    form = BY_KIND[record.kind]
    names = [f.name for f in form.fields]
    names += [name for name in ("status", "feedback", "progress") if name not in names]
    by_form = {f.name: f for f in form.fields}
    fields = tuple(
        by_form.get(name) or FormField(name, label_of(record.kind, name))
        for name in names
        if parts_of(record.kind, name)
        and all(
            schema.by_name[part].merge is Merge.REGISTER for part in parts_of(record.kind, name)
        )
        and (not only or name in only)
    )
    if not fields:
        raise UsageError("An diesem Eintrag kann nichts geändert werden.")
    context = station.context()
    initial = {f.name: _typed(record, f.name, station) for f in fields}

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        parse = in_places(record.kind, typed, station.parse_context(), record.values)
        changes: dict[str, Change] = {}
        for item in fields:
            text = typed.get(item.name, "")
            if text.strip() == initial[item.name].strip():
                continue
            try:
                given = parse_input(record.kind, item.name, text, parse)
            except UsageError as error:
                raise UsageError(f"{item.label}: {error}") from error
            if any(value is None and schema.by_name[n].required for n, value in given.items()):
                raise UsageError(f"{item.label} fehlt: bitte ausfüllen.")
            changes |= given
        now = station.reader.get(record.id) or record
        locate(record.kind, changes, now.values)
        drafts = commands.change(now, changes)
        return Intent(f"Änderung an {title_of(record, station.context())}", tuple(drafts))

    return FormSpec(
        f"aendern:{record.id.author}:{record.id.number}:{','.join(only)}",
        f"Ändern: {title_of(record, context)}",
        record.kind,
        fields,
        build,
        initial,
        quick=bool(only) and len(fields) == 1,
    )


def fresh(station: Station, spec: FormSpec) -> dict[str, str]:
    """What stands in the form before anybody typed: given values, habits and defaults."""
    filled = {item.name: item.default for item in spec.fields}
    filled |= _kept(station, tuple(item.name for item in spec.fields))
    filled |= spec.initial
    filled |= spec.propose(station) if spec.propose else {}
    return {item.name: filled[item.name] for item in spec.fields}


def prefilled(station: Station, spec: FormSpec) -> dict[str, str]:
    """What stands in the form at first: the draft, else what stands in a fresh one."""
    draft = station.draft(spec.key) or {}
    left = {name: text for name, text in draft.items() if isinstance(text, str)}
    return {name: left.get(name, text) for name, text in fresh(station, spec).items()}


def record_of(station: Station, entity: EntityId) -> Record:
    """The record, or a sentence why not."""
    record = station.reader.get(entity)
    if record is None:
        raise NotFound("Dieser Eintrag ist hier nicht (mehr) vorhanden.")
    return record


def field_values(
    kind: str, fields: tuple[FormField, ...], typed: Mapping[str, str], station: Station
) -> dict[str, Value]:
    """As ``commands.parse_form`` for forms that only the screen has."""
    context = station.parse_context()
    values: dict[str, Value] = {}
    for item in fields:
        try:
            value = parse_field(kind, item.name, typed.get(item.name, "") or item.default, context)
        except UsageError as error:
            raise UsageError(f"{item.label}: {error}") from error
        if value is None and item.required:
            raise UsageError(f"{item.label} fehlt: bitte ausfüllen.")
        if value is not None:
            values[item.name] = value
    return values


def _intent(
    station: Station,
    title: str,
    kind: str,
    values: Mapping[str, Value],
    drafts: list[Draft],
    typed: Mapping[str, str],
) -> Intent:
    ask = ""
    if kind in ("message", "task", "request"):
        to = values.get("to")
        names = (
            ", ".join(station.directory.name(m) for m in to if isinstance(m, int))
            if isinstance(to, tuple) and to
            else "alle"
            if kind != "task"
            else "eigene Stelle"
        )
        title = f"{title} an {names}"
        if values.get("priority") in ("blitz", "staatsnot"):
            ask = f"{str(values['priority']).upper()} {title}: jetzt senden?"
    return Intent(title, tuple(drafts), ask, _signs(typed))


def _summary(station: Station) -> dict[str, str]:
    """Of a Schichtübergabe: what is open."""
    context = station.context()
    return {"text": short_text(handover(context), context)}


def _free_parts(station: Station) -> dict[str, str]:
    """Of a Lagemeldung: what the last one said, to go on from."""
    return latest_free_parts(station.context())


_PROPOSALS: Mapping[str, Propose] = {"handover": _summary, "report": _free_parts}


def _signs(typed: Mapping[str, str]) -> dict[str, str]:
    return {"zeichen": typed["sign"].strip()} if typed.get("sign", "").strip() else {}


def _kept(station: Station, names: tuple[str, ...]) -> dict[str, str]:
    return {"sign": str(station.setting("zeichen", ""))} if "sign" in names else {}


def _about(station: Station, record: Record) -> str:
    text = str(record.values.get("text", ""))
    return f"{title_of(record, station.context())}: {text}"


def _typed(record: Record, name: str, station: Station) -> str:
    """A field's value as somebody would type it."""
    if (record.kind, name) == ("unit", "strength"):
        return str(strength_of(record))
    value = record.values.get(name)
    if value is None:
        return ""
    if isinstance(SCHEMA.by_name[record.kind].by_name[name].type, Text):
        return str(value)
    context = station.context()
    return long_value(record.kind, name, value, context, places_of(record, context))


def _me(station: Station) -> int:
    return station.context().me
