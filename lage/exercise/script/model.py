# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a Drehbuch consists of: the one interface of all who write, play, steer and evaluate one.

A ``Script`` is a frozen value, complete and sound: ``read.read_script`` refuses everything else, so
nobody who holds one has to check it. In it stand, by what a trainer asks:

- *who*: ``Cast`` members, played by people (``manned``) or by the script, then with an ``Answer``
  to what reaches them; ``Script.direction`` is the Übungsleitung, in the cast or not;
- *when*: minutes since the beginning (``At``), some time after something happened (``After``),
  because it has not happened (``Unless``), or by the direction's hand (``OnCall``); ``only_if``
  guards it further, a ``Branch`` is chosen by the direction;
- *what*: an ``Entry`` that ``Inject.staff`` writes into its log, typed as into the forms, or
  ``Speech``, a text on a telephone card or a fax sheet that nobody types for the staffs;
- *what should come of it*: ``expected`` and ``hint`` for people, ``Check`` for machines;
- *what else happens*: ``Series`` of measured values, ``Outage``, and of an inject what is false
  about it (``Disturbance``); ``chance`` and ``jitter`` wait for the dice (``dice.thrown``).

Injects are called by their ``nr`` everywhere: in conditions, as the ``target`` of an entry, in
fields that refer to other entries. Times are minutes since ``Script.begin``; durations minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

DIRECTION = "Übungsleitung"
"""What the direction is called where the cast has no member of that role."""
DIRECTION_ROLE = "uebungsleitung"


class State(StrEnum):
    """What can become of an inject. The first is for all, the next three for entries that reach
    somebody, then what the card of its kind knows as a status; the last for those with checks."""

    FIRED = "eingespielt"
    RECEIVED = "empfangen"
    OPENED = "geöffnet"
    ACKNOWLEDGED = "quittiert"
    ACCEPTED = "angenommen"
    BEGUN = "in Arbeit"
    CONTAINED = "unter Kontrolle"
    DONE = "erledigt"
    REFUSED = "abgelehnt"
    MET = "erfüllt"  # all its checks hold


class Way(StrEnum):
    """How an inject comes to the staff. The first two are entries, the others cards and sheets."""

    RADIO = "Funk"  # through Lage, from another staff or from the direction
    OWN = "eigene Handlung"  # a staff writes it of itself
    PHONE = "Telefon"  # a card that somebody of the direction reads out
    FAX = "Fax"  # a sheet that is printed and handed over
    RUNNER = "Melder"  # a card that is told in person


STAFF_BATTERY, RELAY_BATTERY = 8 * 60.0, 24 * 60.0
"""Minutes: a laptop that is spared with a radio at it; a box with a battery on a tower."""
SPOKEN = (Way.PHONE, Way.FAX, Way.RUNNER)


BY_EACH = (State.RECEIVED, State.OPENED, State.ACKNOWLEDGED)
"""What each does by itself that an entry goes to; a status is the entry's own, whoever sets it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that happens to an inject."""

    inject: str  # its nr
    state: State
    by: str = ""  # the staff that does it; empty: any that the inject went to


@dataclass(frozen=True, slots=True)
class At:
    """At a time of the exercise; what the script writes as a clock time is one too."""

    minute: float


@dataclass(frozen=True, slots=True)
class After:
    """So many minutes after something happened; never if it does not."""

    condition: Condition
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Unless:
    """If something has not happened, either by a minute of the exercise or so many minutes after
    the inject that it is about was fired: exactly one of the two is given."""

    condition: Condition
    until: float | None = None
    within: float | None = None


@dataclass(frozen=True, slots=True)
class OnCall:
    """When the direction thinks it right, by hand; never by itself."""


When = At | After | Unless | OnCall


@dataclass(frozen=True, slots=True)
class Chosen:
    """The direction has chosen that option of a branch."""

    branch: str
    option: str


@dataclass(frozen=True, slots=True)
class Manned:
    """People sit where that staff is. Where they do not, the script may play what they would do:
    own actions that come only then."""

    staff: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold, or must not, when an inject's time has come; else it is left out."""

    what: Condition | Chosen | Manned
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """A question that the direction answers while the exercise runs."""

    name: str
    question: str
    options: tuple[str, ...]
    otherwise: str  # the option that counts until one is chosen
    until: float | None = None  # when it has to be chosen


@dataclass(frozen=True, slots=True)
class Entry:
    """What a staff writes, in the words of the forms."""

    action: Literal["create", "change", "receipt", "answer"]
    kind: str
    fields: Mapping[str, str]  # name in the schema or of the form's input -> text as typed
    target: str = ""  # nr of the inject whose entry is changed, acknowledged or answered


@dataclass(frozen=True, slots=True)
class Speech:
    """What is read out, told or printed; of an own action what the staff itself is asked to do."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """An entry that somebody writes or changes, known by what it says."""

    kind: str
    by: tuple[str, ...] = ()  # one of these staffs; empty: any
    to: tuple[str, ...] = ()  # to one of these; empty: any
    contains: tuple[str, ...] = ()  # all of these words stand somewhere in it, folded
    fields: Mapping[str, str] = field(default_factory=dict)  # as typed; each has that value
    action: Literal["create", "change"] = "create"  # "change": made so, whoever had written it


@dataclass(frozen=True, slots=True)
class Check:
    """By what a machine sees that the expected was done."""

    what: Condition | Pattern
    within: float | None = None  # minutes after the inject was fired
    says: str = ""  # as the script has it, in one line
    each: bool = False  # no staff is named: every one that the inject went to, by itself


class Falsehood(StrEnum):
    """What is wrong with an inject on purpose."""

    WRONG = "Falschmeldung"
    RUMOUR = "Gerücht"
    DUPLICATE = "Doppelmeldung"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """An inject that the staff should see through."""

    sort: Falsehood
    about: str = ""  # nr of the inject that it repeats or contradicts
    truth: str = ""  # for the direction


@dataclass(frozen=True, slots=True)
class Answer:
    """What a staff without people does when an entry reaches it."""

    to: Pattern
    entry: Entry  # "receipt", "answer" and "change" are about the entry that came
    delay: float = 5.0
    chance: float = 1.0
    once: bool = False  # only for the first that comes


@dataclass(frozen=True, slots=True)
class Site:
    """Where an antenna stands, in metres of UTM 32."""

    name: str
    east_m: float
    north_m: float
    height_m: float
    battery: float = RELAY_BATTERY  # minutes that a relay there lasts without mains


@dataclass(frozen=True, slots=True)
class Cast:
    """A staff that takes part."""

    name: str
    role: str
    manned: bool = False  # people sit there; else the script plays it
    site: Site | None = None
    battery: float = STAFF_BATTERY  # minutes that laptop and radio last without mains
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the exercise, until the next begins."""

    name: str
    start: float
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Inject:
    """One Einlage: who brings what to whom, when, and what should come of it."""

    place: int  # position in the file from 1; what stands in an earlier log refers to it
    nr: str  # what it is called by: the trainer's number, else its id, else its place
    when: When
    staff: str  # who writes the entry; for ``Speech`` the direction, which brings it
    content: Entry | Speech
    way: Way = Way.OWN
    sender: str = ""  # whom it comes from, in words: a staff, or somebody in the scene
    to: tuple[str, ...] = ()  # staffs that it goes to; empty: all, or for an own action nobody
    title: str = ""
    expected: str = ""
    hint: str = ""  # for those who evaluate
    remark: str = ""
    checks: tuple[Check, ...] = ()
    only_if: tuple[Guard, ...] = ()  # all of them
    disturbance: Disturbance | None = None
    phase: str = ""  # name; of conditional ones by what the script says, else empty
    chance: float = 1.0
    jitter: float = 0.0  # minutes, earlier or later
    line: int = 0  # in the file
    id: str = ""  # a name beside the number

    @property
    def entry(self) -> Entry | None:
        """What is written into a log, if anything is."""
        return self.content if isinstance(self.content, Entry) else None

    @property
    def minute(self) -> float | None:
        """When, if that is known before the exercise."""
        return self.when.minute if isinstance(self.when, At) else None


@dataclass(frozen=True, slots=True)
class Series:
    """Measured values that a staff or its sensors enter (``series.samples`` makes them)."""

    gauges: tuple[str, ...]  # names; several: a flood of sensors with one curve
    staff: str
    points: tuple[tuple[float, float], ...]  # minute and value, ascending
    every: float  # minutes between two values
    curve: Literal["linear", "stufen", "glatt"] = "linear"
    source: str = "Sensor"
    noise: float = 0.0  # at most so much more or less
    gaps: float = 0.0  # probability that a value is missing
    places: int = 0  # decimals
    line: int = 0


class Broken(StrEnum):
    """What fails in an outage."""

    MAINS = "Strom"
    RADIO = "Funk"
    RELAY = "Relais"
    LAPTOP = "Laptop"
    BROKER = "Broker"


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that does not work for a while."""

    what: Broken
    whom: tuple[str, ...]  # staffs, or relays; empty: all
    start: float
    end: float | None  # None: until the end
    remark: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """A whole exercise. ``injects`` in the order of the earliest time that each can come."""

    name: str
    begin: int  # log time of X+00
    cast: tuple[Cast, ...]
    injects: tuple[Inject, ...]
    end: float | None = None  # minute; None: after the last thing that is known to happen
    setting: str = ""  # Ausgangslage, for everybody
    goals: tuple[str, ...] = ()
    briefing: str = ""  # for the direction only
    phases: tuple[Phase, ...] = ()
    branches: tuple[Branch, ...] = ()
    series: tuple[Series, ...] = ()
    outages: tuple[Outage, ...] = ()
    relays: tuple[Site, ...] = ()
    seed: int = 1
    doubts: tuple[str, ...] = ()  # sentences: what can be played and is worth a look
    left_out: tuple[str, ...] = ()  # nr of those that the dice have left out (``dice.thrown``)

    @property
    def direction(self) -> str:
        """The name of the staff that directs."""
        return next((m.name for m in self.cast if m.role == DIRECTION_ROLE), DIRECTION)

    def called(self, nr: str) -> Inject | None:
        """The inject of that number."""
        return next((inject for inject in self.injects if inject.nr == nr), None)

    def member(self, name: str) -> Cast | None:
        """The staff of that name, unless it does not take part."""
        return next((member for member in self.cast if member.name == name), None)

    def phase_at(self, minute: float) -> Phase | None:
        """The phase that a minute belongs to."""
        return next((p for p in reversed(self.phases) if p.start <= minute), None)
