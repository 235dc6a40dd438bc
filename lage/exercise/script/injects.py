# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One Einlage, read: whose it is, on what way it comes, what it says and what should come of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lage.exercise.script.conditions import Language
from lage.exercise.script.content import (
    Frame,
    change_of,
    fields_of,
    meant_staff,
    pattern_of,
    pattern_sentence,
    receipt_of,
)
from lage.exercise.script.faults import Faults
from lage.exercise.script.keys import CHECK, INJECT, KIND_NAMES
from lage.exercise.script.model import (
    BY_EACH,
    SPOKEN,
    At,
    Check,
    Disturbance,
    Entry,
    Falsehood,
    Guard,
    Inject,
    Phase,
    Speech,
    State,
    Way,
    When,
)
from lage.exercise.script.plain import Block, Row, Word, word
from lage.exercise.script.shapes import Table
from lage.exercise.script.times import duration
from lage.exercise.script.walk import walk
from lage.kinds.directory import ROLE_TITLES, ROLES, role_title
from lage.kinds.inputs import has_addressees
from lage.language.errors import UsageError
from lage.language.folding import fold_text

_WITHIN = re.compile(r"(.*?)\s*\bbinnen\s+(.+)", re.IGNORECASE)
_SENDER_MAX = 60


def deed_of(table: Table, said: Block, faults: Faults) -> str:
    """The one key that says what is done; empty, and named, where it is not exactly one."""
    deeds = [key for key, _ in said.marked() if key in table.deeds]
    if len(deeds) == 1:
        return deeds[0]
    known = "„inhalt“ oder ein Eintrag" if "inhalt" in table.deeds else "eine Handlung"
    found = f" ({', '.join(deeds)})" if deeds else ""
    faults.add(
        deeds[1] if deeds else said,
        f"es muss genau eine Handlung geben, {known} wie „vorfall: {{…}}“{found}.",
    )
    return ""


def read_inject(
    place: int, nr: str, said: Block, frame: Frame, phases: tuple[Phase, ...], faults: Faults
) -> Inject | None:
    """An inject; None where it is so faulty that nothing more can be said about it."""
    before = len(faults.found)
    values = walk(INJECT, said, faults)
    when = _when(values, frame.language, faults)
    sender, staff = _sender(values, frame, faults)
    to = frame.staffs_of(values.get("an", []), faults)
    deed = deed_of(INJECT, said, faults)
    way, content = _content(deed, values, frame, faults, staff=staff, to=to, at=said)
    inject = None
    if when is not None and content is not None and deed:
        if isinstance(content, Entry) and staff is None:
            content = _for_outsider(content, sender)
        inject = Inject(
            place,
            nr,
            when,
            staff if staff and isinstance(content, Entry) else frame.direction,
            content,
            way,
            sender or frame.direction,
            to if not (way is Way.OWN and isinstance(content, Speech) and staff) else (staff,),
            values.get("titel", ""),
            values.get("erwartet", ""),
            values.get("bewertung", ""),
            values.get("bemerkung", ""),
            _checks(values.get("erfuellt", Row()), nr, to, frame, faults),
            _guards(values.get("nur_wenn", []), frame.language, faults),
            _disturbance(values.get("stoerung"), frame, faults),
            _phase(values, when, phases, faults),
            values.get("wahrscheinlichkeit", 1.0),
            values.get("streuung", 0.0),
            said.line,
            said.text("id") or "",
        )
    return inject if len(faults.found) == before else None


def _when(values: Mapping[str, Any], language: Language, faults: Faults) -> When | None:
    if "zeit" not in values:
        return None
    try:
        return language.when(values["zeit"])
    except UsageError as error:
        faults.add(values["zeit"], f"„zeit“: {error}")
        return None


def _sender(values: Mapping[str, Any], frame: Frame, faults: Faults) -> tuple[str, str | None]:
    """Whom it comes from in words, and the staff that is; None: somebody in the scene."""
    if "stelle" in values:
        text = values["stelle"]
        if "von" in values:
            faults.add(text, "„stelle“ und „von“ sagen dasselbe: bitte nur „von“ schreiben.")
        (staff, *_) = frame.staffs_of([text], faults) or (None,)
        return text, staff
    text = values.get("von", "")
    if not text:
        return "", None
    staff = frame.staff(text)
    if staff is None and text != frame.direction and (like := _meant(text, frame)):
        faults.add(text, f"die Stelle „{text}“ steht nicht unter „stellen“{like}.")
    return staff or text, staff


def _meant(text: str, frame: Frame) -> str:
    """Whether a name that is no staff's is meant for one, and which."""
    if like := meant_staff(text, frame.staffs):
        return like
    titles = {fold_text(role_title(role)) for role in ROLES[:2]} | {fold_text(ROLE_TITLES["sae"])}
    return " " if any(fold_text(text).startswith(f"{title} ") for title in titles) else ""


def _content(
    deed: str,
    values: Mapping[str, Any],
    frame: Frame,
    faults: Faults,
    *,
    staff: str | None,
    to: tuple[str, ...],
    at: Block,
) -> tuple[Way, Entry | Speech | None]:
    way = Way(values["weg"]) if "weg" in values else None
    if deed == "inhalt":
        text = values.get("inhalt", "")
        if way is None and "weg" in at:
            return Way.PHONE, None  # named already
        if way is None:
            faults.add(at, f"zu „inhalt“ gehört ein „weg“: {', '.join(Way)}.")
            return Way.PHONE, None
        if way is Way.RADIO:
            typed = {"to": ", ".join(to) or "alle", "text": text}
            typed["priority"] = values.get("vorrang", "einfach")
            return way, Entry("create", "message", typed)
        if way in SPOKEN and "an" not in values:
            faults.add(at, f"„an“ fehlt: an wen geht „{way}“?")
        if way is Way.OWN and staff is None:
            faults.add(at, "eine eigene Handlung braucht „von“ mit einer der „stellen“.")
        return way, Speech(text)
    if "vorrang" in values:
        faults.add(at, "„vorrang“ gehört zu „inhalt“; hier steht er im Eintrag.")
    if way in SPOKEN:
        faults.add(at, f"über „{way}“ kommt ein „inhalt“, kein Eintrag.")
    if way is Way.OWN and staff is None:
        faults.add(at, "eine eigene Handlung braucht „von“ mit einer der „stellen“.")
    entry = _entry(deed, values, frame, faults) if deed in values else None
    if entry is not None and to and entry.action == "create" and has_addressees(entry.kind):
        text = word(", ".join(to), at.line, at.column)
        entry = Entry("create", entry.kind, {"to": text, **entry.fields})
    return way or (Way.RADIO if staff is None else Way.OWN), entry


def _entry(deed: str, values: Mapping[str, Any], frame: Frame, faults: Faults) -> Entry | None:
    given: Block = values[deed]
    if deed == "aendern":
        return change_of(given, frame, faults)
    if deed == "quittung":
        return receipt_of(given, frame, faults)
    kind = KIND_NAMES[deed]
    return Entry("create", kind, fields_of(kind, given, frame, faults))


def _for_outsider(entry: Entry, sender: str) -> Entry:
    """The direction writes it down; a message says for whom."""
    if entry.kind != "message" or not sender or "external_sender" in entry.fields:
        return entry
    fields = {**entry.fields, "external_sender": sender[:_SENDER_MAX]}
    return Entry(entry.action, entry.kind, fields, entry.target)


def _checks(
    said: Row, nr: str, to: tuple[str, ...], frame: Frame, faults: Faults
) -> tuple[Check, ...]:
    found = []
    for item in said:
        check = (
            _check_sentence(item, nr, frame, faults)
            if isinstance(item, Word)
            else _check_pattern(item, to, frame, faults)
        )
        if check is not None:
            found.append(check)
    return tuple(found)


def _check_sentence(text: Word, nr: str, frame: Frame, faults: Faults) -> Check | None:
    match = _WITHIN.fullmatch(text)
    try:
        condition, holds = frame.language.happening(match[1] if match else text, nr)
        within = duration(match[2]) if match else None
        if not holds or condition.state is State.MET:
            raise UsageError(
                f"„{text}“: hier steht, was geschehen soll, z. B. „quittiert binnen 10 min“."
            )
    except UsageError as error:
        faults.add(text, f"„erfuellt“: {error}")
        return None
    each = condition.inject == nr and not condition.by and condition.state in BY_EACH
    return Check(condition, within, str(text), each)


def _check_pattern(
    said: Row | Block, to: tuple[str, ...], frame: Frame, faults: Faults
) -> Check | None:
    values = walk(CHECK, said, faults)
    pattern = pattern_of(values, frame, faults)
    if pattern is None:
        return None
    each = "von" not in values
    if each and to:
        pattern = replace(pattern, by=to)
    return Check(pattern, values.get("binnen"), pattern_sentence(pattern, each=each), each)


def _guards(said: list[Word], language: Language, faults: Faults) -> tuple[Guard, ...]:
    found = []
    for text in said:
        try:
            found.append(language.guard(text))
        except UsageError as error:
            faults.add(text, f"„nur_wenn“: {error}")
    for guard in found:
        if Guard(guard.what, not guard.holds) in found:
            faults.add(said[0], "„nur_wenn“ widerspricht sich: das kann nie gelten.")
            break
    return tuple(found)


def _disturbance(
    values: Mapping[str, Any] | None, frame: Frame, faults: Faults
) -> Disturbance | None:
    if not values or "art" not in values:
        return None
    about = values.get("zu", "")
    number = frame.number(about) if about else ""
    if number is None:
        faults.add(about, f"keine Einlage heißt „{about}“.")
    return Disturbance(Falsehood(values["art"]), number or "", values.get("wahr", ""))


def _phase(values: Mapping[str, Any], when: When, phases: tuple[Phase, ...], faults: Faults) -> str:
    if "phase" in values:
        name: Word = values["phase"]
        if name not in [phase.name for phase in phases]:
            faults.add(name, f"die Phase „{name}“ steht nicht unter „phasen“.")
        return name
    if not isinstance(when, At):
        return ""
    return next((p.name for p in reversed(phases) if p.start <= when.minute), "")
