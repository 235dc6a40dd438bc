# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The schema as lines of text: what a number on the air means, for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from lage.kinds.schema import SCHEMA
from sync.schema.definition import (
    Blob,
    Choice,
    Field,
    FieldType,
    Kind,
    Many,
    Number,
    Ref,
    Schema,
    Term,
    Text,
)
from sync.schema.vocabulary import TERMS

PATH = Path(__file__).with_name("schema.txt")
ADD = "python -m tests.promises"


def lines_of(schema: Schema, terms: Mapping[str, tuple[str, ...]]) -> list[str]:
    """All that is promised, one fact a line."""
    lines = []
    for kind in sorted(schema.kinds, key=lambda item: item.number):
        lines.append(_kind(kind))
        for field in sorted(kind.fields, key=lambda item: item.number):
            lines.append(_field(kind, field))
            item = field.type.item if isinstance(field.type, Many) else field.type
            if isinstance(item, Choice):
                lines += [
                    f"{kind.number}.{field.number} = {at} {value}"
                    for at, value in enumerate(item.values)
                ]
    return lines + [_words(name, words, len(words)) for name, words in terms.items()]


def broken(
    promised: Iterable[str], schema: Schema, terms: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """What of the promised lines no longer holds, and what is new without being told apart."""
    promised = list(promised)
    now = lines_of(schema, terms)
    problems = []
    for kind in schema.kinds:
        if not any(line.startswith(f"kind {kind.number} {kind.name},") for line in promised):
            continue
        problems += [
            f"{kind.name}.{field.name} is new in a kind that stands in logs: without since=2 or"
            " more no node could read any entry of that kind again."
            for field in kind.fields
            if _field(kind, field) not in promised and field.since == 1
        ]
    for line in promised:
        if line.startswith("words "):
            if not _still_begins(line, terms):
                problems.append(f"{line!r}: a word list only grows at its end")
        elif line not in now:
            problems.append(
                f"{line!r} no longer holds: entries of old logs would be read as something else,"
                " or not at all. Leave it as it is and give what is new a number of its own."
            )
    return problems


def missing(
    promised: Iterable[str], schema: Schema, terms: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """What is not written down yet."""
    known = set(promised)
    return [line for line in lines_of(schema, terms) if line not in known]


def promised() -> list[str]:
    """The lines of the file."""
    return PATH.read_text("utf8").splitlines() if PATH.exists() else []


def write() -> list[str]:
    """Add what is new; what is broken instead, if anything is."""
    known = promised()
    problems = broken(known, SCHEMA, TERMS)
    if not problems:
        kept = [line for line in known if line.startswith("words ")]
        lines = lines_of(SCHEMA, TERMS)
        lines += [line for line in kept if line not in lines]
        PATH.write_text("".join(f"{line}\n" for line in lines), "utf8")
    return problems


def _kind(kind: Kind) -> str:
    first = sum(field.since == 1 for field in kind.fields)
    return f"kind {kind.number} {kind.name}, {first} fields from the beginning"


def _field(kind: Kind, field: Field) -> str:
    facts = [_type(field.type), field.merge.value]
    facts += ["required"] * field.required
    facts += [f"since {field.since}"] * (field.since > 1)
    return f"{kind.number}.{field.number} {field.name}: {', '.join(facts)}"


def _type(item: FieldType) -> str:
    match item:
        case Many(item=each, maximum=most):
            return f"up to {most} x {_type(each)}"
        case Number(signed=signed, typical=typical, maximum=most):
            return f"number to {'+-' if signed else ''}{most}, typical {typical}"
        case Choice(room=room):
            return f"choice in room for {room}"
        case Term(vocabulary=name):
            return f"term of {name}"
        case Text(max_chars=most):
            return f"text to {most}"
        case Ref(kind=kind):
            return f"reference to {kind or 'any kind'}"
        case Blob(max_bytes=most):
            return f"bytes to {most}"
    return type(item).__name__.lower()


def _words(name: str, words: tuple[str, ...], count: int) -> str:
    digest = hashlib.blake2b("\n".join(words[:count]).encode(), digest_size=8).hexdigest()
    return f"words {name}, the first {count}: {digest}"


def _still_begins(line: str, terms: Mapping[str, tuple[str, ...]]) -> bool:
    name, rest = line.removeprefix("words ").split(", the first ")
    return line == _words(name, terms.get(name, ()), int(rest.split(":")[0]))
