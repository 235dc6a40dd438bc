# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people outside tell a staff: an emergency, an offer of help, what gauge to tell them of, and
what becomes of that by their wish. Pure.

Each is a few fields of text that were typed on a telephone, checked here with German sentences, and
packed for the sealed box. Reading is total: a box that says something else raises ``Unreadable``,
whoever sealed it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, TypeAlias

import msgpack

from lage.kinds.cards.incident import TYPES
from lage.language.errors import UsageError
from lage.language.mailbox import mailbox
from lage.language.plain import plain
from sync.schema.vocabulary import TERMS

CALL, OFFER, CHANGE, ORDER = "notruf", "angebot", "aenderung", "abo"
PLACES = TERMS["place"]
"""Offered where a place is typed; any other may be written."""
DAYS_MAX, DAYS = 180, 30
"""Days until the personal part of an offer is deleted: at most, and unless said otherwise."""
RADII = (5, 10, 20, 50)
"""Kilometres that people would go."""
CONFIRM, EXTEND, LEAVE = "bestaetigen", "verlaengern", "abbestellen"
WISHES = ("", "da", "fertig", "rueckmeldung", "zurueckziehen", "loeschen", CONFIRM, EXTEND, LEAVE)
"""What the holder of a ticket wants; empty: other figures than before."""
OWN = "eigener"
MARKS = ("info1", "info2", "info3", "mhw", OWN)
"""What a subscription goes by: an Informationswert, mean flood level, or a value of one's own."""
RISING, FALLING, BOTH = WAYS = ("steigt", "faellt", "beides")
"""When its holder is told: the mark is reached, is left again, both."""
BY_MAIL, BY_NTFY = "mail", "ntfy"
KEPT_DAYS = (30, 180, 365)
"""For how long somebody may subscribe."""


class Unreadable(ValueError):
    """A box that holds nothing of ours."""


@dataclass(frozen=True, slots=True)
class Call:
    """An emergency, as somebody tells it."""

    KIND: ClassVar[str] = CALL
    LIMITS: ClassVar[Mapping[str, int]] = {"what": 40, "text": 400, "place": 80, "point": 40,
                                           "name": 60, "back": 80}  # fmt: skip
    LABELS: ClassVar[Mapping[str, str]] = {"what": "Was ist passiert", "text": "Beschreibung",
        "place": "Wo", "point": "Koordinate", "people": "Wie viele Menschen",
        "injured": "Verletzte", "name": "Ihr Name", "back": "Rückruf"}  # fmt: skip

    what: str
    place: str
    text: str = ""
    point: str = ""
    people: int | None = None  # None: not known, which is not nobody
    injured: int | None = None
    name: str = ""
    back: str = ""  # telephone, or where they wait

    def check(self) -> Call:
        """This call, if a staff can act on it. Raises UsageError."""
        _check_texts(self)
        if self.what not in TYPES:
            raise UsageError("Bitte auswählen, was passiert ist.", field="what")
        if not self.place and not self.point:
            raise UsageError("Bitte angeben, wo Hilfe gebraucht wird.", field="place")
        for name in ("people", "injured"):
            number = getattr(self, name)
            if number is not None and not 0 <= number <= 100_000:
                raise UsageError("Bitte eine Zahl angeben oder leer lassen.", field=name)
        return self


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody wants to help."""

    KIND: ClassVar[str] = OFFER
    LIMITS: ClassVar[Mapping[str, int]] = {"place": 40, "equipment": 120, "name": 60,
        "phone": 30, "mail": 120, "address": 90}  # fmt: skip
    LABELS: ClassVar[Mapping[str, str]] = {"skills": "Was Sie können", "place": "Ihr Ort",
        "radius": "Umkreis", "since": "Ab wann", "hours": "Wie viele Stunden",
        "count": "Wie viele Personen", "equipment": "Was Sie mitbringen", "name": "Name",
        "phone": "Telefon", "mail": "E-Mail", "address": "Anschrift", "born": "Geburtsjahr",
        "days": "Löschen nach"}  # fmt: skip

    skills: tuple[str, ...]
    place: str
    name: str
    radius: int = 20  # km
    since: int | None = None  # log time; None: at once
    hours: int | None = None
    count: int = 1
    equipment: str = ""
    phone: str = ""
    mail: str = ""
    address: str = ""
    born: int | None = None
    days: int = DAYS
    consent: bool = False

    def check(self) -> Offer:
        """This offer, if it can be kept. Raises UsageError."""
        _check_texts(self)
        if not self.skills or any(skill not in TERMS["skill"] for skill in self.skills):
            raise UsageError("Bitte mindestens eine Fähigkeit auswählen.", field="skills")
        if len(self.skills) > 12:
            raise UsageError("Bitte höchstens zwölf Fähigkeiten auswählen.", field="skills")
        for field, sentence in (("place", "Bitte Ihren Ort angeben."),
                                ("name", "Bitte Ihren Namen angeben.")):  # fmt: skip
            if not getattr(self, field):
                raise UsageError(sentence, field=field)
        if not (self.phone or self.mail):
            raise UsageError("Bitte Telefon oder E-Mail angeben.", field="phone")
        if self.mail and not _is_mail(self.mail):
            raise UsageError("Diese E-Mail-Adresse kann nicht stimmen.", field="mail")
        self._check_numbers()
        if not self.consent:
            raise UsageError("Ohne Ihre Einwilligung speichern wir nichts.", field="consent")
        return self

    def _check_numbers(self) -> None:
        for field, low, high in (
            ("radius", 1, 200), ("hours", 1, 1000), ("count", 1, 500), ("born", 1900, 2100),
            ("days", 1, DAYS_MAX), ("since", 0, 2**32),
        ):  # fmt: skip
            number = getattr(self, field)
            if number is not None and not low <= number <= high:
                label = self.LABELS[field]
                raise UsageError(f"{label}: möglich ist {low} bis {high}.", field=field)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the holder of an offer's or a subscription's ticket wants."""

    KIND: ClassVar[str] = CHANGE
    LIMITS: ClassVar[Mapping[str, int]] = {"wish": 20, "text": 200, "place": 40,
        "equipment": 120, "phone": 30, "mail": 120}  # fmt: skip
    LABELS: ClassVar[Mapping[str, str]] = {**Offer.LABELS, "wish": "Wunsch",
                                           "text": "Rückmeldung", "at": "Zeit"}  # fmt: skip
    FIGURES: ClassVar[tuple[str, ...]] = ("skills", "place", "radius", "since", "hours", "count",
                                          "equipment", "phone", "mail")  # fmt: skip

    ticket: bytes  # of the offer or subscription
    wish: str
    at: int  # log time
    text: str = ""
    place: str = ""
    hours: int | None = None
    count: int | None = None
    equipment: str = ""
    skills: tuple[str, ...] = ()
    radius: int | None = None
    since: int | None = None
    phone: str = ""
    mail: str = ""

    def applied(self, offer: Offer) -> Offer:
        """An offer with the figures of this wish; what it leaves empty stays as it was."""
        said = {name: getattr(self, name) for name in self.FIGURES}
        return replace(offer, **{name: value for name, value in said.items() if value})

    def check(self) -> Wish:
        """This wish, if it can be done. Raises UsageError."""
        _check_texts(self)
        if self.wish not in WISHES:
            raise UsageError("Diesen Wunsch gibt es nicht.", field="wish")
        if self.wish == "rueckmeldung" and not self.text:
            raise UsageError("Bitte schreiben Sie, was Sie uns sagen wollen.", field="text")
        # whoever's offer it is: each figure is checked as if the rest were right
        anybody = Offer(("Sonstiges",), "x", "x", phone="1", consent=True)
        self.applied(anybody).check()
        return self


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of all that people sent to a staff wants a person there."""

    calls: int = 0  # emergency calls that nobody has checked
    closed: int = 0  # boxes that this staff cannot open
    sources: tuple[str, ...] = ()  # the inboxes that those came from
    since: int | None = None  # log time of the oldest call
    closed_since: int | None = None
    unsent: tuple[tuple[str, int, str], ...] = ()  # (channel, letters it does not take, its word)
    unsent_since: int | None = None


NOTHING_WAITS = Waiting()


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody wants to be told when a gauge passes a mark."""

    KIND: ClassVar[str] = ORDER
    LIMITS: ClassVar[Mapping[str, int]] = {"gauge": 80, "mark": 8, "value": 10, "unit": 20,
        "way": 8, "channel": 8, "to": 120, "language": 8}  # fmt: skip
    LABELS: ClassVar[Mapping[str, str]] = {"gauge": "Messstelle", "mark": "Marke",
        "value": "Eigener Wert", "unit": "Einheit", "way": "Wann", "channel": "Weg",
        "to": "Adresse", "language": "Sprache", "days": "Löschen nach"}  # fmt: skip

    gauge: str  # key, as the Aushang has it
    mark: str
    way: str
    channel: str
    to: str  # e-mail, or the ntfy server on which the topic of the ticket is
    value: str = ""  # with a comma or point, in the gauge's unit
    unit: str = "cm"  # in which the gauge measured when it was ordered
    language: str = "de"
    days: int = KEPT_DAYS[1]
    consent: bool = False

    def check(self) -> Subscription:
        """This subscription, if it can be kept. Raises UsageError."""
        _check_texts(self)
        if not self.gauge:
            raise UsageError("Bitte eine Messstelle auswählen.", field="gauge")
        if self.mark not in MARKS or (self.mark == OWN) != bool(self.value):
            raise UsageError("Bitte eine Marke auswählen oder einen Wert angeben.", field="value")
        if self.value:
            _ = self.threshold
        if self.way not in WAYS or self.channel not in (BY_MAIL, BY_NTFY):
            raise UsageError("Bitte auswählen, wann und wie.", field="way")
        if self.channel == BY_MAIL and not _is_mail(self.to):
            raise UsageError("Diese E-Mail-Adresse kann nicht stimmen.", field="mail")
        if self.days not in KEPT_DAYS:
            raise UsageError("Bitte auswählen, wie lange.", field="days")
        if not self.consent:
            raise UsageError("Ohne Ihre Einwilligung speichern wir nichts.", field="consent")
        return self

    @property
    def threshold(self) -> float:
        """The value of one's own. Raises UsageError."""
        if not _VALUE.fullmatch(self.value):
            raise UsageError("Eigener Wert: bitte eine Zahl angeben.", field="value")
        return float(self.value.replace(",", "."))


Told: TypeAlias = Call | Offer | Wish | Subscription
_SORTS: Mapping[str, type[Call] | type[Offer] | type[Wish] | type[Subscription]] = {
    sort.KIND: sort for sort in (Call, Offer, Wish, Subscription)
}
_VALUE = re.compile(r"-?\d{1,5}(?:[.,]\d{1,3})?", re.ASCII)


def pack(told: Told) -> bytes:
    """As bytes, for the sealed box."""
    return bytes(msgpack.packb([told.KIND, asdict(told)]))


def unpack(data: bytes) -> Told:
    """Inverse of ``pack``, checked. Raises Unreadable for anything else."""
    try:
        kind, said = msgpack.unpackb(data)
        sort = _SORTS[kind]
        values: dict[str, Any] = {}
        for field in fields(sort):
            if field.name in said:
                values[field.name] = _typed(said[field.name], str(field.type))
        return sort(**values).check()
    except UsageError as error:
        raise Unreadable(str(error)) from error
    except (ValueError, TypeError, KeyError, msgpack.UnpackException) as error:
        raise Unreadable("not understood") from error


def _typed(value: Any, kind: str) -> Any:
    """A value of a box, if it is what its field holds."""
    if kind.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise TypeError(kind)
        return tuple(value)
    wanted: dict[str, tuple[type, ...]] = {
        "str": (str,), "int": (int,), "bool": (bool,), "bytes": (bytes,),
        "int | None": (int, type(None)),
    }  # fmt: skip
    if type(value) not in wanted[kind]:
        raise TypeError(kind)
    return value


def _check_texts(told: Told) -> None:
    for name, limit in told.LIMITS.items():
        text = getattr(told, name)
        label = told.LABELS[name]
        if len(text) > limit:
            raise UsageError(f"{label}: {len(text)} Zeichen, möglich sind {limit}.", field=name)
        if text != text.strip() or plain(text) != text:
            raise UsageError(f"{label}: bitte ohne besondere Zeichen schreiben.", field=name)


def _is_mail(text: str) -> bool:
    try:
        return "." in mailbox(text).partition("@")[2]
    except ValueError:
        return False
