# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script as a table in words, for paper, screen and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lage.exercise.script.conditions import guard_sentence, sentence
from lage.exercise.script.model import At, Entry, Inject, Script
from lage.exercise.script.settle import last_minute
from lage.exercise.script.times import lasting
from lage.kinds.cards import CARDS
from lage.language.tactical import tactical
from lage.views.words import label_of

ALL = "alle"


def table(script: Script) -> Iterator[tuple[str, ...]]:
    """A row for each inject, in order: number, time, clock, from, to, way, content, expected, hint,
    remark."""
    for inject in script.injects:
        yield (
            inject.nr,
            sentence(inject.when),
            clock_of(inject, script),
            inject.sender,
            addressees(inject),
            str(inject.way),
            "\n".join(
                part for part in (inject.title, content_of(inject), falsehood(inject)) if part
            ),
            "\n".join((*([inject.expected] if inject.expected else []), *checks_of(inject))),
            inject.hint,
            "\n".join((*([inject.remark] if inject.remark else []), *chances_of(inject))),
        )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def clock_of(inject: Inject, script: Script) -> str:
    """The time on the clock in the scene; empty for what waits for something."""
    if not isinstance(inject.when, At):
        return ""
    return tactical(script.begin + round(inject.when.minute * 60))


def addressees(inject: Inject) -> str:
    """Whom it goes to; nobody is named for what a staff writes for itself."""
    entry = inject.entry
    if inject.to:
        return ", ".join(inject.to)
    to_all = entry is None or (entry.kind == "message" and entry.action == "create")
    return ALL if to_all else ""


def content_of(inject: Inject) -> str:
    """What is said, or what the entry says in the words of its form."""
    content = inject.content
    return entry_text(content) if isinstance(content, Entry) else content.text


def entry_text(entry: Entry) -> str:
    """``Vorfall: Art Brand; Lage Dach brennt``."""
    if entry.action == "receipt":
        target = f"Nachricht {entry.target}" if entry.target else "Nachricht"
        return f"{target} quittieren: {entry.fields['person']}"
    said = "; ".join(f"{label_of(entry.kind, name)} {text}" for name, text in entry.fields.items())
    title = CARDS[entry.kind].title
    if entry.action == "change":
        title = " ".join(part for part in (title, entry.target, "ändern") if part)
    return f"{title}: {said}"


def falsehood(inject: Inject) -> str:
    """What is wrong about it on purpose; empty for most."""
    wrong = inject.disturbance
    if wrong is None:
        return ""
    about = f" zu {wrong.about}" if wrong.about else ""
    return f"[{wrong.sort}{about}{f': wahr ist {wrong.truth}' if wrong.truth else ''}]"


def checks_of(inject: Inject) -> list[str]:
    """By what a machine sees that the expected came, in words."""
    return [
        f"{check.says} binnen {lasting(check.within)}"
        if check.within is not None and "binnen" not in check.says
        else check.says
        for check in inject.checks
    ]


def chances_of(inject: Inject) -> list[str]:
    """On what it depends whether and when it comes, in words."""
    found = [f"nur wenn {guard_sentence(guard)}" for guard in inject.only_if]
    found += [f"mit {round(inject.chance * 100)} %"] if inject.chance < 1 else []
    found += [f"bis {lasting(inject.jitter)} früher oder später"] if inject.jitter else []
    return found


def as_data(script: Script) -> dict[str, Any]:
    """The script for other programs."""
    return {
        "name": script.name,
        "stellen": [member.name for member in script.cast],
        "einlagen": len(script.injects),
        "dauer_min": last_minute(script),
        "saat": script.seed,
        "entfallen": list(script.left_out),
        "ansehen": list(script.doubts),
        "ablauf": [
            _inject_data(inject, row)
            for inject, row in zip(script.injects, table(script), strict=True)
        ],
    }


def _inject_data(inject: Inject, row: tuple[str, ...]) -> dict[str, Any]:
    return {
        "nr": inject.nr,
        "zeit": row[1],
        "minute": inject.minute,
        "bedingt": not isinstance(inject.when, At) or bool(inject.only_if),
        "von": inject.sender,
        "an": list(inject.to),
        "weg": str(inject.way),
        "phase": inject.phase,
        "inhalt": content_of(inject),
        "erwartet": inject.expected,
        "erfuellt": checks_of(inject),
        "bewertung": inject.hint,
    }
