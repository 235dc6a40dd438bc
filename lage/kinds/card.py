# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The card of a kind of entry: everything the product has to know of it, on one page.

Whatever lists, forms, commands, exports, the map or the store state of a kind, they derive from
its card in ``lage.kinds.cards``; a new kind is a new card.

Kind, field and choice numbers are what stands on the air and in every archive. They are never
reused and never reordered; new fields go at the end with ``since`` raised, new choices at the end
of their list. Choices are German because they are the official words (DV 100, FwDV 100, BHKG).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.schema.definition import Field, FieldType, Kind, Merge, Text, Value
from sync.schema.urgency import Urgency

PRIORITIES = ("einfach", "sofort", "blitz", "staatsnot")
WAYS = ("Funk", "Telefon", "Melder", "Mesh", "persönlich", "E-Mail", "Fax", "Beobachtung")
FUNCTIONS = ("Leiter", "S1", "S2", "S3", "S4", "S5", "S6", "Fachberater", "ETB", "Sichter")

TEXT_MAX = 4000
"""Characters a user may write in one field; more than one operation holds continues in the next."""


def once(
    number: int, name: str, kind: FieldType, *, required: bool = False, since: int = 1
) -> Field:
    """A field that is written with the entry and never changes."""
    return Field(number, name, kind, Merge.ONCE, required, since)


def register(
    number: int, name: str, kind: FieldType, *, required: bool = False, since: int = 1
) -> Field:
    """A field whose last writer wins."""
    return Field(number, name, kind, Merge.REGISTER, required, since)


def prose(number: int, name: str, *, required: bool = False, since: int = 1) -> Field:
    """Text that continues in the author's next operations where it is too long for one."""
    return Field(number, name, Text(400), Merge.APPEND, required, since)


@dataclass(frozen=True, slots=True)
class FormField:
    """One input of a form."""

    name: str  # of the schema's field, or of several (``Card.parts``)
    label: str
    hint: str = ""
    required: bool = False  # a person must fill it; the schema may fill in the rest
    default: str = ""
    option: str = ""  # name on the command line, when it differs from the label


WHEN = FormField(
    "at", "Ereigniszeit", "leer: jetzt; z. B. 1530, 241530nov26, vor 20 min", option="zeit"
)
SIGN = FormField("sign", "Zeichen", "Kürzel der schreibenden Person")


@dataclass(frozen=True, slots=True)
class Command:
    """``lage NAME VERB …``, and beside it ``liste``, ``zeigen``, ``aendern``."""

    name: str
    verb: str  # creates an entry
    positional: str  # the form's field that needs no option
    help: str  # in the list of all commands


@dataclass(frozen=True, slots=True)
class MapSign:
    """How an entry with a coordinate stands on the map."""

    name: str  # of a sign in ``maps.draw.signs``
    text: str  # field that stands beside it
    weight: int  # the heavier is drawn over the lighter
    by: str = ""  # field that may name a more special sign
    words: Mapping[str, str] = field(default_factory=dict)  # what occurs in that field -> sign


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of entry."""

    kind: Kind
    title: str  # German: one of them
    plural: str  # German: many of them

    # what people call them
    letter: str | None = None  # before the running number: RHE-N7; None: known by a name
    called: str = ""  # field that names the entry where no letter does
    renamed: str = ""  # field with the name it has now, where ``called`` stays as it was written
    distinct: bool = False  # a second one of that name, or nearly that, is likely a slip
    word: str = ""  # in scripts and searches; empty: seen only at the entry that it is about
    public: str = ""  # topic under which one may be released (``notice``); empty: never
    export: str = ""  # all of them, in ``lage bericht daten``
    followed: str = ""  # with what else an allied county follows them
    command: Command | None = None  # empty: none, or one of its own making in ``lage.cli``

    # what a person fills in; empty: nobody does
    form: tuple[FormField, ...] = ()
    fixed: Mapping[str, Value] = field(default_factory=dict)  # what the form sets by itself
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # inputs of several fields
    labels: Mapping[str, str] = field(default_factory=dict)  # of fields that no form asks for
    scaled: tuple[str, ...] = ()  # whole numbers in the decimals of their gauge: 385 may be 38,5

    # how it ends
    closed: tuple[str, ...] = ()  # values of ``status`` with which it is no longer open
    ended_by: str = ""  # field that ends it once it is known: cancelled
    due: str = ""  # field that says until when; past that an open entry is late
    planned: tuple[str, ...] = ()  # other times that lie ahead; all others have happened
    merges: str = ""  # field that says it is the same as another (``lage.kinds.merging``)

    # how soon it has to be with the others
    urgency: Urgency = Urgency.ROUTINE  # where no Vorrang says more
    pressing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field -> at once if so

    # where it is seen and what is done with it
    gist: tuple[str, ...] = ()  # say it in a line; empty: the first known of text, note, place …
    stands_at: tuple[tuple[str, str], ...] = ()  # (field, kind or "" for any): shown where it names
    to_all: bool = False  # naming nobody, it goes to all
    noted: bool = False  # beginning and every change stand by themselves in the Tagebuch
    reported: bool = False  # open ones are a part of the Lagemeldung of their own, if there are any
    watched: bool = False  # the network screen tells which staffs lack it
    figure: bool = False  # one of hundreds about the same place; found after what people wrote
    deeds: tuple[str, ...] = ()  # what can be done with it on screen besides changing it
    indexed: tuple[str, ...] = ()  # fields that lists and searches ask for
    sign: MapSign | None = None

    @property
    def name(self) -> str:
        """Of the kind in the schema."""
        return self.kind.name

    def asks(self, name: str) -> FormField | None:
        """The form's input of that name."""
        return next((item for item in self.form if item.name == name), None)

    def lies_ahead(self, name: str) -> bool:
        """Whether a time is one to come: where the day is left out, the next is meant."""
        return name == self.due or name in self.planned

    def label(self, name: str) -> str:
        """The German name of a field."""
        asked = self.asks(name)
        return asked.label if asked else self.labels.get(name, name)
