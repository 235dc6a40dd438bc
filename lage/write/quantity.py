# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A measured quantity on its way in: value, unit and decimals travel together, or it stays out.

45 for 44.60 m above sea level, 25 cm for 25.3 % of soil moisture: a number without its unit is the
calmest of lies. A value goes into a gauge whose unit is the same or can be converted exactly;
where the gauge has none yet, it gets that of its first source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.language.numbers import doubtful_zeros, read_number, split_unit

VALUE_MAX = 2**30
_SPELT = {
    "m+nn": "m ü. NN", "m+nhn": "m ü. NHN", "m ü.nn": "m ü. NN", "m ü.nhn": "m ü. NHN",
    "m ü. nn": "m ü. NN", "m ü. nhn": "m ü. NHN", "m. ü. nn": "m ü. NN", "m ü nn": "m ü. NN",
    "m ü nhn": "m ü. NHN", "münn": "m ü. NN", "münhn": "m ü. NHN", "m über nn": "m ü. NN",
    "m über nhn": "m ü. NHN", "mnn": "m ü. NN", "mnhn": "m ü. NHN", "m nn": "m ü. NN",
    "m nhn": "m ü. NHN",
    "m³/s": "m³/s", "m3/s": "m³/s", "cbm/s": "m³/s",
    "°c": "°C", "grad": "°C", "grad celsius": "°C",
    "vol%": "%", "vol.-%": "%", "percent": "%", "prozent": "%",
    "mm": "mm", "cm": "cm", "dm": "dm", "m": "m", "millimeter": "mm", "zentimeter": "cm",
    "dezimeter": "dm", "meter": "m", "meters": "m",
}  # fmt: skip
_CENTIMETRES = {"mm": 0.1, "cm": 1.0, "dm": 10.0, "m": 100.0}
"""Lengths above a gauge's own zero; heights above sea level have another zero."""
_PLACES = {"m": 2, "m ü. NN": 2, "m ü. NHN": 2, "m³/s": 2, "%": 1, "°C": 1}
"""Decimals in which a new gauge of that unit counts; none for centimetres and all others."""

MISSING = frozenset(
    (-777, -888, -999, -7777, -8888, -9999, -99999, 9999, 99999, 32767, -32768, 65535)
)
"""What loggers and services write for "no value", in the gauge's unit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a source's numbers become a gauge's whole numbers."""

    unit: str
    places: int
    factor: float = 1.0  # from the source's unit to the gauge's
    name: str = ""  # of the gauge

    def whole(self, value: float) -> int:
        """The number as the log keeps it.

        Raises UsageError for decimals without a unit: 44.6 would become 45 of whatever it is.
        """
        if not self.unit and value != int(value):
            raise UsageError(_undescribed(self.name))
        return round(value * self.factor * float(10**self.places))


CENTIMETRES = Scale("cm", 0)
"""What a gauge counts in unless somebody says otherwise."""


def unit_of(text: object) -> str:
    """A unit in our spelling."""
    stated = " ".join(str(text or "").split())[:20]
    return _SPELT.get(stated.casefold(), stated)


def scale(gauge: Record | None, name: str, unit: str) -> Scale:
    """How values in that unit go into that gauge. Raises UsageError where they cannot."""
    if gauge is None:
        return Scale(unit, _PLACES.get(unit, 0), name=name)
    own = unit_of(gauge.text("unit", "cm"))
    places = gauge.whole("decimals") or 0
    return Scale(own, places, factor(unit, own, name), name)


def factor(unit: str, own: str, name: str) -> float:
    """From a value's unit to that of a gauge; none stated is the gauge's. Raises UsageError."""
    if not unit or unit == own:
        return 1.0
    if unit in _CENTIMETRES and own in _CENTIMETRES:
        return _CENTIMETRES[unit] / _CENTIMETRES[own]
    raise UsageError(f"„{name}“ misst in {own}, der Wert ist in {unit}.")


def described(gauge: Record | None, name: str) -> Record:
    """A gauge whose unit is known. Raises UsageError saying what is missing."""
    if gauge is None:
        raise UsageError(_undescribed(name))
    return gauge


def _undescribed(name: str) -> str:
    return (
        f"von „{name}“ sind Größe, Einheit und Nachkommastellen nicht bekannt: bitte zuerst"
        f" „lage pegel anlegen“ (bei einem Wasserstand --einheit cm)."
    )


def whole_as_typed(text: str, into: Scale) -> int:
    """What a person typed for that gauge, exactly: ``350``, ``350 cm``, ``3,50 m``.

    Unlike a sensor's value it is never rounded. Raises UsageError.
    """
    said, unit = split_unit(text)
    if not said:
        raise UsageError(f"„{text}“ ist keine Zahl; „?“ heißt nicht bekannt.")
    if not into.unit and unit_of(unit) not in ("", *_CENTIMETRES):
        raise UsageError(_undescribed(into.name))
    own = into.unit or "cm"
    times = Decimal(str(factor(unit_of(unit), own, into.name))) * 10**into.places
    finest = times.adjusted()  # decimals that the value may have as it was written
    found = read_number(said, thousands=finest <= 0)
    if found is None:
        raise UsageError(f"„{text}“ ist keine Zahl; „?“ heißt nicht bekannt.")
    if found * times % 1 or (finest <= 0 and doubtful_zeros(said)):
        some = "eine Stelle" if finest == 1 else f"{finest} Stellen"
        allowed = f"höchstens {some} nach dem Komma" if finest > 0 else "nur ganze Zahlen"
        raise UsageError(
            f"„{text}“: diese Messstelle hat {allowed} (siehe „lage pegel anlegen … --nachkomma“)."
        )
    if abs(found * times) >= VALUE_MAX:
        raise UsageError(f"{text} ist zu groß, möglich sind Werte bis {VALUE_MAX - 1}.")
    return int(found * times)


def stated(value: object) -> tuple[float, str]:
    """A number and the unit that stands with it, empty where none does. Raises UsageError.

    ``"2.60 m"``, and ``{"value": 2.6, "unit": "m"}`` as some decoders write.
    """
    if isinstance(value, dict) and "value" in value:
        return number(value["value"]), unit_of(value.get("unit"))
    return number(value), unit_of(split_unit(value)[1]) if isinstance(value, str) else ""


def number(value: object) -> float:
    """A finite number that a reading can hold, also as text. Raises UsageError.

    A unit in the text is read over: where it matters, ``stated`` gives it.
    """
    if isinstance(value, str) and (found := read_number(split_unit(value)[0])) is not None:
        value = float(found)
    if value is None:
        raise UsageError("kein Wert.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"„{value!s:.40}“ ist keine Zahl.")
    if not -VALUE_MAX < value < VALUE_MAX:
        raise UsageError(f"{value} ist kein möglicher Messwert.")
    return float(value)


def marks_missing(value: int, places: int) -> bool:
    """Whether a value in these decimals is what loggers and services write for none."""
    whole, rest = divmod(value, 10**places)
    return rest == 0 and whole in MISSING
