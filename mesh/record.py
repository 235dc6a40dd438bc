# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that passes a link, as lines of JSON, and a link that plays such lines back.

A line is ``{"v": 1, "t": ms, "was": "Received", …}``: the time by the clock of whoever recorded,
what it was (``Packet`` for what we handed over, else a link event), and its fields as they stand in
``mesh.link``; bytes as hex, enums by name, fields at their default left out. A field that another
version has is ignored; a line that cannot be understood is a ``RecordError``.

Pure. The test engine and the virtual radio hear a record as it was heard then.
"""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from mesh.link import (
    Acknowledged,
    LinkEvent,
    Notice,
    Packet,
    RadioState,
    Received,
    Refusal,
    Sent,
)
from mesh.nodes import MeshNode

VERSION = 1
LINE_MAX = 8_000
"""Characters of a line; the longest that is written has about 2,000."""

Passed = Packet | LinkEvent
KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (Packet, Received, Sent, Acknowledged, RadioState, Notice, MeshNode)
}


class RecordError(ValueError):
    """A line that is no record of ours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that passed the link."""

    time: int  # ms since 1970 by the recorder's clock, never backwards in one run of it
    what: Passed


def to_line(entry: Entry) -> str:
    """The entry as a line, without its end."""
    line = {"v": VERSION, "t": entry.time, "was": type(entry.what).__name__}
    return json.dumps(line | _object(entry.what), separators=(",", ":"))


def from_line(line: str) -> Entry:
    """The entry that a line stands for. Raises RecordError."""
    if len(line) > LINE_MAX:
        raise RecordError("too long")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordError("no JSON") from error
    if not isinstance(row, dict) or row.get("v") != VERSION or type(row.get("t")) is not int:
        raise RecordError("no record")
    kind = KINDS.get(str(row.get("was")))
    if kind is None:
        raise RecordError("unknown kind")
    return Entry(row["t"], _built(kind, row))


# --- values ---------------------------------------------------------------------------------------


def _object(value: Any) -> dict[str, Any]:
    return {
        field.name: _raw(getattr(value, field.name))
        for field in fields(value)
        if field.default is MISSING or getattr(value, field.name) != field.default
    }


def _raw(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value):
        return _object(value)
    if isinstance(value, Mapping):
        return {_raw(key): _raw(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _built(kind: type, row: Mapping[str, Any]) -> Any:
    values = {name: _value(hint, row[name]) for name, hint in _hints(kind).items() if name in row}
    try:
        return kind(**values)
    except TypeError as error:
        raise RecordError("a field is missing") from error


def _value(hint: Any, raw: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin is types.UnionType:
        if raw is None and type(None) in typing.get_args(hint):
            return None
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
        return _value(hint, raw)
    if origin is tuple and isinstance(raw, list) and len(raw) == len(typing.get_args(hint)):
        return tuple(map(_value, typing.get_args(hint), raw))
    if origin is Mapping and isinstance(raw, dict):
        key, item = typing.get_args(hint)
        return {_value(key, name): _value(item, value) for name, value in raw.items()}
    if is_dataclass(hint) and isinstance(raw, dict):
        return _built(typing.cast(type, hint), raw)
    if isinstance(hint, type) and issubclass(hint, enum.Enum) and isinstance(raw, str):
        if raw in hint.__members__:
            return hint[raw]
    elif hint is bytes and isinstance(raw, str):
        try:
            return bytes.fromhex(raw)
        except ValueError as error:
            raise RecordError("no bytes") from error
    elif hint is float and type(raw) in (int, float):
        return float(raw)
    elif type(raw) is hint:
        return raw
    raise RecordError("a field of another type")


# --- playing back ---------------------------------------------------------------------------------


class Playback:
    """A link on which is heard what was heard then; fulfils ``mesh.link.Link``.

    What is sent on it is taken and kept in ``sent``; nobody hears it.
    """

    def __init__(self, entries: Iterable[Entry], clock: Callable[[], int]) -> None:
        """``clock``: ms, at the speed at which the record shall pass."""
        told = (Packet, Sent, Acknowledged)  # of packets that this link never had
        heard = [entry for entry in entries if not isinstance(entry.what, told)]
        self.sent: list[Packet] = []
        self._clock = clock
        self._entries = heard
        self._next = 0
        self._answers: list[LinkEvent] = []
        self._begun: int | None = None

    @property
    def done(self) -> bool:
        """Whether all has been heard."""
        return self._next >= len(self._entries)

    def start(self) -> None:
        """The first is heard now."""
        self._begun = self._clock()

    def stop(self) -> None:
        """Nothing is heard any more."""
        self._begun = None

    def send(self, packet: Packet) -> None:
        """Taken, and heard by nobody."""
        self.sent.append(packet)
        self._answers.append(Sent(packet.id, Refusal.NONE))

    def take_events(self) -> list[LinkEvent]:
        """What was heard up to now."""
        events, self._answers = self._answers, []
        if self._begun is None or self.done:
            return events
        until = self._entries[0].time + self._clock() - self._begun
        while not self.done and self._entries[self._next].time <= until:
            what = self._entries[self._next].what
            assert not isinstance(what, Packet)
            events.append(what)
            self._next += 1
        return events
