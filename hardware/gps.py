# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions and time from a GPS receiver: NMEA 0183 sentences, parsed without I/O.

``NmeaReader`` takes any bytes and gives fixes; what is damaged is counted and skipped. A fix is
only given for a sentence with a correct checksum that says the position is valid. Sentences: GGA,
RMC and GLL, whoever the talker is (GP, GN, GA, GL, GB …).

Limits: a sentence is at most ``SENTENCE_MAX`` bytes (NMEA says 82; receivers exceed it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

SENTENCE_MAX = 120


@dataclass(frozen=True, slots=True)
class Fix:
    """A valid position, WGS 84; what the sentence doesn't tell is None."""

    latitude: float  # degrees, north positive, -90..90
    longitude: float  # degrees, east positive, -180..180
    time_of_day_s: float | None = None  # UTC, seconds since midnight
    unix_s: int | None = None  # from RMC, which tells the date too
    altitude_m: float | None = None  # above mean sea level
    satellites: int | None = None
    hdop: float | None = None


class NmeaError(ValueError):
    """A line that is not a sound NMEA sentence."""


def parse_sentence(line: bytes) -> Fix | None:
    """A fix, or None if the sentence is sound but has none for us; NmeaError otherwise."""
    fields = _fields(line)
    kind = fields[0][2:]
    if len(fields[0]) != 5:
        return None  # proprietary (PUBX, PMTK …)
    if kind == "GGA":
        return _gga(fields)
    if kind == "RMC":
        return _rmc(fields)
    if kind == "GLL":
        return _gll(fields)
    return None


class NmeaReader:
    """Cuts a stream of any bytes into lines and reads the fixes."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._skipping = False
        self.bad = 0  # lines that were no sound sentence

    def feed(self, data: bytes) -> list[Fix]:
        """Fixes completed by ``data``, in order."""
        fixes: list[Fix] = []
        for byte in data:
            if byte in b"\r\n":
                if self._line and not self._skipping:
                    self._take(fixes)
                self._line.clear()
                self._skipping = False
            elif not self._skipping:
                self._line.append(byte)
                if len(self._line) > SENTENCE_MAX:
                    self._line.clear()
                    self._skipping = True
                    self.bad += 1
        return fixes

    def _take(self, fixes: list[Fix]) -> None:
        try:
            fix = parse_sentence(bytes(self._line))
        except NmeaError:
            self.bad += 1
            return
        if fix is not None:
            fixes.append(fix)


def _fields(line: bytes) -> list[str]:
    start = line.rfind(b"$")  # a sentence may follow half of another
    body, star, tail = line[start + 1 :].strip().partition(b"*")
    if start < 0 or not star or len(tail) != 2 or not body.isascii() or len(body) > SENTENCE_MAX:
        raise NmeaError("not a sentence")
    checksum = 0
    for byte in body:
        checksum ^= byte
    if f"{checksum:02X}".encode() != tail.upper():
        raise NmeaError("wrong checksum")
    return body.decode("ascii").split(",")


def _gga(fields: list[str]) -> Fix | None:
    if len(fields) < 10:
        raise NmeaError("GGA is too short")
    if fields[6] in ("", "0", "7", "8"):  # no fix, entered by hand, simulated
        return None
    return Fix(
        *_position(fields[2:6]),
        time_of_day_s=_time(fields[1]),
        altitude_m=_optional(fields[9], -1_000, 100_000),
        satellites=None if fields[7] == "" else int(_number(fields[7], 0, 200)),
        hdop=_optional(fields[8], 0, 1_000),
    )


def _rmc(fields: list[str]) -> Fix | None:
    if len(fields) < 10:
        raise NmeaError("RMC is too short")
    if fields[2] != "A" or (len(fields) > 12 and fields[12] in ("N", "E", "M", "S")):
        return None  # warning, or the mode says estimated, manual or simulated
    time_s = _time(fields[1])
    return Fix(*_position(fields[3:7]), time_of_day_s=time_s, unix_s=_unix(fields[9], time_s))


def _gll(fields: list[str]) -> Fix | None:
    if len(fields) < 7:
        raise NmeaError("GLL is too short")
    if fields[6] != "A" or (len(fields) > 7 and fields[7] in ("N", "E", "M", "S")):
        return None
    return Fix(*_position(fields[1:5]), time_of_day_s=_time(fields[5]))


def _position(fields: list[str]) -> tuple[float, float]:
    latitude = _angle(fields[0], 2, 90)
    longitude = _angle(fields[2], 3, 180)
    if fields[1] not in ("N", "S") or fields[3] not in ("E", "W"):
        raise NmeaError("hemisphere is missing")
    return (
        -latitude if fields[1] == "S" else latitude,
        -longitude if fields[3] == "W" else longitude,
    )


def _angle(text: str, degree_digits: int, limit: int) -> float:
    """``ddmm.mmmm`` or ``dddmm.mmmm`` in degrees."""
    degrees = _number(text[:degree_digits], 0, limit)
    angle = degrees + _number(text[degree_digits:], 0, 59.999_999_99) / 60
    if "." in text[:degree_digits] or angle > limit:
        raise NmeaError("angle is out of range")
    return angle


def _time(text: str) -> float | None:
    if text == "":
        return None
    hours, minutes = _number(text[:2], 0, 23), _number(text[2:4], 0, 59)
    return hours * 3600 + minutes * 60 + _number(text[4:], 0, 60.999)


def _unix(date: str, time_s: float | None) -> int | None:
    if date == "" or time_s is None:
        return None
    if len(date) != 6 or not date.isdigit():
        raise NmeaError("date is not ddmmyy")
    day, month, year = int(date[:2]), int(date[2:4]), int(date[4:])
    try:
        midnight = datetime(2000 + year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise NmeaError("there is no such date") from error
    return int(midnight.timestamp() + time_s)


def _optional(text: str, least: float, most: float) -> float | None:
    return None if text == "" else _number(text, least, most)


def _number(text: str, least: float, most: float) -> float:
    """A plain decimal number within limits; no exponents, no signs but a leading minus."""
    digits = text.removeprefix("-")
    if not digits.replace(".", "", 1).isdigit() or len(text) > 20:
        raise NmeaError("not a number")
    number = float(text)
    if not least <= number <= most:
        raise NmeaError("number is out of range")
    return number
