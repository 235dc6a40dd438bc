# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens in a conducted exercise, one event each, and how it stands in the journal. Pure.

``s`` is always the time of the exercise, whole seconds since X+00. Reading is total: a row that a
newer version wrote, or that is damaged, is ``Unread`` and changes nothing.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints


class Manning(enum.Enum):
    """Who sits where a staff is."""

    PLAYED = "gespielt"  # nobody: its scripted answers are given
    HERE = "besetzt"  # people, at this computer
    AWAY = "fern"  # people, at another computer


class Cause(enum.Enum):
    """Why an inject was given."""

    TIME = "zeit"
    CONDITION = "bedingung"
    HAND = "hand"
    CAUGHT_UP = "nachgeholt"  # its time was jumped over


@dataclass(frozen=True, slots=True)
class Begun:
    """The exercise was set up."""

    title: str
    script: str  # hash of the script's text
    begin: int  # log time of X+00
    seed: int
    staffs: tuple[str, ...]
    manning: tuple[str, ...]  # of each, a value of ``Manning``


@dataclass(frozen=True, slots=True)
class Stood:
    """The network stands: every staff that is to be waited for was heard."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The clock was to run from then on."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stands."""


@dataclass(frozen=True, slots=True)
class Hurried:
    """The clock runs at another tempo."""

    tempo: float


@dataclass(frozen=True, slots=True)
class Jumped:
    """The clock was set forward."""

    s: int
    catch_up: bool = False  # what was jumped over is given all the same


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody conducted since that moment: the clock stood from then until now."""

    since_ms: int  # unix ms


@dataclass(frozen=True, slots=True)
class Fired:
    """An inject was given: what it asks for is owed from here on, once."""

    key: str
    cause: str
    s: int
    spoken: bool = False  # a card or sheet: given when somebody has handed it over


@dataclass(frozen=True, slots=True)
class Written:
    """What it asks for is done; the entries that it wrote."""

    key: str
    entries: tuple[tuple[int, int], ...] = ()  # (author, number)


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be done."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """Somebody read the card out, or handed the sheet over."""

    key: str
    s: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """It is not given, unless somebody gives it by hand."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The direction gives it otherwise than the script says: only what is named changes."""

    key: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Inserted:
    """An inject that the script has not."""

    key: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cut:
    """A staff's or relay's means fails."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Mended:
    """It works again."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log shows, from when on."""

    key: str
    state: str  # of ``model.State``
    staff: str
    s: int


@dataclass(frozen=True, slots=True)
class Reached:
    """An entry reached a staff without people that has an answer to it."""

    key: str  # of the answer from now on
    staff: str
    place: int  # in the staff's answers
    entry: tuple[int, int]
    due: int  # s


@dataclass(frozen=True, slots=True)
class Took:
    """The direction chose an option of a branch."""

    branch: str
    option: str


@dataclass(frozen=True, slots=True)
class Noted:
    """An observation; ``id`` keeps one that comes twice from counting twice."""

    id: str
    s: int
    staff: str
    text: str
    by: str = ""
    key: str = ""  # of the inject that it is about


@dataclass(frozen=True, slots=True)
class Wash:
    """Something for the talk right after the exercise."""

    text: str
    s: int


@dataclass(frozen=True, slots=True)
class Washed:
    """It was talked about: the n-th of the list, from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The exercise is over."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that this version does not understand."""


Event: TypeAlias = (
    Begun | Stood | Ran | Paused | Hurried | Jumped | Lost | Fired | Written | Refused | Delivered
    | Skipped | Changed | Inserted | Cut | Mended | Seen | Reached | Took | Noted | Wash | Washed
    | Ended | Unread
)  # fmt: skip

_NAMES: Mapping[str, type[Any]] = {
    "beginn": Begun, "netz": Stood, "weiter": Ran, "pause": Paused, "tempo": Hurried,
    "sprung": Jumped, "ausfall": Lost, "einlage": Fired, "geschrieben": Written,
    "abgelehnt": Refused, "zugestellt": Delivered, "ausgelassen": Skipped, "geändert": Changed,
    "eingefügt": Inserted, "getrennt": Cut, "behoben": Mended, "gesehen": Seen,
    "erreicht": Reached, "gewählt": Took,
    "beobachtung": Noted, "nachbesprechung": Wash, "besprochen": Washed, "ende": Ended,
}  # fmt: skip
_KINDS = {kind: name for name, kind in _NAMES.items()}
_HINTS = {kind: get_type_hints(kind) for kind in _KINDS}


def kept(event: Event) -> tuple[str, dict[str, Any]]:
    """Kind and content as they stand in the journal."""
    return _KINDS[type(event)], asdict(event)


def read(name: str, said: Mapping[str, Any]) -> Event:
    """The event of a row."""
    kind = _NAMES.get(name)
    if kind is None:
        return Unread()
    hints = _HINTS[kind]
    try:
        given = {
            field.name: _value(said[field.name], hints[field.name])
            for field in fields(kind)
            if field.name in said
        }
        event: Event = kind(**given)
    except (TypeError, ValueError):
        return Unread()
    return event


def _value(value: Any, wanted: Any) -> Any:
    """A JSON value as that type; raises TypeError for anything else."""
    origin = get_origin(wanted)
    if origin is tuple:
        parts = get_args(wanted)
        items = _value(value, list)
        if parts[-1] is Ellipsis:
            return tuple(_value(item, parts[0]) for item in items)
        return tuple(_value(item, part) for item, part in zip(items, parts, strict=True))
    if isinstance(wanted, types.GenericAlias):  # dict[str, str]
        return {_value(name, str): _value(text, str) for name, text in _value(value, dict).items()}
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise TypeError(value)
    return value
