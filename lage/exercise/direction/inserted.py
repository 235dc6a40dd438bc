# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Injects that the direction makes up or changes while the exercise runs. Pure.

They stand in the journal as few words by name: ``minute``, ``von``, ``an``, ``weg``, ``text``,
``vorrang``. ``orders`` checks them before they are written down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lage.exercise.script import model as m

MINUTE, FROM, TO, WAY, TEXT, PRIORITY = "minute", "von", "an", "weg", "text", "vorrang"
TEXT_FIELDS = {"message": "text", "journal": "text"}
"""Where the wording of an entry stands, of the kinds whose wording the direction may change."""


def as_inject(
    key: str, said: Mapping[str, str], script: m.Script, played: Callable[[str], bool]
) -> m.Inject:
    """An inject that the script has not. In the name of a staff with people the direction writes:
    nobody else has its key."""
    sender, to = said.get(FROM, ""), names(said.get(TO, ""))
    way = m.Way(said.get(WAY, m.Way.RADIO.value))
    content: m.Entry | m.Speech
    if way in m.SPOKEN:
        content, staff = m.Speech(said.get(TEXT, "")), script.direction
    else:
        fields = {"to": ", ".join(to) or "alle", "text": said.get(TEXT, "")}
        if said.get(PRIORITY):
            fields["priority"] = said[PRIORITY]
        staff = sender if script.member(sender) and played(sender) else script.direction
        if sender not in ("", staff):
            fields["external_sender"] = sender
        content = m.Entry("create", "message", fields)
    when = m.At(float(said.get(MINUTE, "0")))
    return m.Inject(0, key, when, staff, content, way, sender, to)


def as_changed(inject: m.Inject, said: Mapping[str, str]) -> m.Inject:
    """An inject as the direction gives it instead."""
    if MINUTE in said:
        inject = replace(inject, when=m.At(float(said[MINUTE])))
    if TO in said:
        inject = replace(inject, to=names(said[TO]))
    content = inject.content
    if isinstance(content, m.Speech):
        return replace(inject, content=m.Speech(said.get(TEXT, content.text)))
    fields = dict(content.fields)
    if TEXT in said:
        fields[TEXT_FIELDS[content.kind]] = said[TEXT]
    if TO in said and content.kind == "message":
        fields["to"] = said[TO] or "alle"
    if PRIORITY in said:
        fields["priority"] = said[PRIORITY]
    return replace(inject, content=replace(content, fields=fields))


def names(text: str) -> tuple[str, ...]:
    """Staffs named with commas; none for all."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    return () if found == ("alle",) else found
