# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part, where the antennas stand, and what staffs without people answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lage.exercise.script.content import ALL, Frame, changes_of, fields_of, name_of, pattern_of
from lage.exercise.script.faults import Faults
from lage.exercise.script.injects import deed_of
from lage.exercise.script.keys import ANSWER, KIND_NAMES, MANNED, RELAY, STAFF
from lage.exercise.script.model import (
    RELAY_BATTERY,
    STAFF_BATTERY,
    Answer,
    Cast,
    Entry,
    Site,
)
from lage.exercise.script.plain import Block, Row, Said, Word
from lage.exercise.script.walk import walk
from lage.language.folding import fold_text
from lage.language.map_errors import position_sentence
from maps.geo import places as geo

HEIGHT_M = 10.0
HEIGHT_MAX_M = 300.0


def read_cast(rows: Row, faults: Faults) -> tuple[Cast, ...]:
    """The staffs, without what they answer: that may name any of them."""
    cast: list[Cast] = []
    for said in rows:
        values = walk(STAFF, said, faults)
        name: Word | None = values.get("name")
        if name is None:
            continue
        if fold_text(name) == ALL:
            faults.add(name, f"„{name}“ sind schon alle Stellen: bitte die Stelle anders nennen.")
            continue
        if fold_text(name) in [fold_text(member.name) for member in cast]:
            faults.add(name, f"die Stelle „{name}“ steht zweimal da.")
            continue
        manned = values.get("besetzung") == MANNED
        if manned and "antworten" in values:
            faults.add(said, f"{name} ist mit Menschen besetzt: „antworten“ gelten dort nicht.")
        site = _site(name, values, faults)
        battery = values.get("akku", STAFF_BATTERY)
        cast.append(Cast(name, values.get("rolle", "sae"), manned, site, battery))
    if not cast and not faults.found:  # else it has been said why there is none
        faults.add(rows, "es fehlen die „stellen“.")
    return tuple(cast)


def read_relays(rows: Row, faults: Faults) -> tuple[Site, ...]:
    """Radios that belong to no staff."""
    found = []
    for said in rows:
        values = walk(RELAY, said, faults)
        site = _site(values["name"], values, faults) if "name" in values else None
        if site is not None:
            found.append(replace(site, battery=values.get("akku", RELAY_BATTERY)))
    return tuple(found)


def _site(name: str, values: Mapping[str, Any], faults: Faults) -> Site | None:
    height: float = values.get("hoehe", HEIGHT_M)
    text = values.get("koordinate")
    if text is None:
        return None
    try:
        grid = geo.to_grid(geo.parse_position(text).position)
    except geo.PositionError as error:
        faults.add(text, f"„koordinate“: {position_sentence(error)}")
        return None
    if not 0 < height <= HEIGHT_MAX_M:
        faults.add(text, f"„hoehe“: möglich sind Meter bis {HEIGHT_MAX_M:.0f}.")
    return Site(name, grid.east, grid.north, height)


def read_answers(
    cast: tuple[Cast, ...], rows: Row, frame: Frame, faults: Faults
) -> tuple[Cast, ...]:
    """The staffs with what they answer."""
    said: dict[str, Row] = {}
    for each in rows:
        name = each.text("name") if isinstance(each, Block) else None
        answers = each.get("antworten") if isinstance(each, Block) else None
        if name and isinstance(answers, Row):
            said[name] = answers
    return tuple(
        replace(member, answers=_answers(said[member.name], frame, faults.of(member.name)))
        if member.name in said
        else member
        for member in cast
    )


def _answers(rows: Row, frame: Frame, faults: Faults) -> tuple[Answer, ...]:
    answers = (_answer(said, frame, faults) for said in rows)
    return tuple(answer for answer in answers if answer is not None)


def _answer(said: Said, frame: Frame, faults: Faults) -> Answer | None:
    values = walk(ANSWER, said, faults)
    if not isinstance(said, Block):
        return None
    deed = deed_of(ANSWER, said, faults)
    pattern = pattern_of(values.get("auf", {}), frame, faults)
    if pattern is None or deed not in values:
        return None
    given: Block = values[deed]
    about_message = pattern.kind == "message"
    if deed in ("quittung", "antwort") and not about_message:
        faults.add(given, f"„{deed}“ geht nur auf eine Nachricht.")
        return None
    match deed:
        case "quittung":
            if not name_of(given):
                faults.add(given, "„quittung“: wer quittiert? Es fehlt „Name“.")
            entry = Entry("receipt", "receipt", {"person": name_of(given)})
        case "antwort":
            entry = Entry("answer", "message", fields_of("message", given, frame, faults))
        case "aendern":
            entry = Entry("change", pattern.kind, changes_of(pattern.kind, given, frame, faults))
        case _:
            kind = KIND_NAMES[deed]
            entry = Entry("create", kind, fields_of(kind, given, frame, faults))
    return Answer(
        pattern,
        entry,
        values.get("nach", 5.0),
        values.get("wahrscheinlichkeit", 1.0),
        values.get("einmal", False),
    )
