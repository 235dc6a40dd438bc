# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Warnings as CAP 1.2 (OASIS Common Alerting Protocol, 1 July 2010), for MoWaS and others.

Lage sends no warnings; it writes the file that whoever may warn takes in. An exercise is marked
``status=Exercise``, everything else ``Actual``. Polygons are "lat,lon lat,lon", closed.

A warning that was sent is changed by an Update and ended by a Cancel. Both name the file of the
message before, from which its references come; only its sender may write them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.language.epoch import to_unix
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.reports import EXERCISE
from sync.schema.definition import Point

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
_SEVERITY = {"kritisch": "Extreme", "hoch": "Severe", "mittel": "Moderate", "niedrig": "Minor"}
_CATEGORY = {
    "Überflutung": "Met",
    "Deichschaden": "Geo",
    "Sturmschaden": "Met",
    "Brand": "Fire",
    "Gefahrgut": "CBRNE",
    "Straßensperre": "Transport",
    "Verkehrsunfall": "Transport",
    "Person in Not": "Rescue",
    "Vermisste Person": "Rescue",
    "Erkrankung": "Health",
    "Trinkwasser": "Health",
    "Stromausfall": "Infra",
    "Infrastruktur": "Infra",
    "Betreuung": "Safety",
    "Tiere": "Safety",
}
_SENDER = re.compile(r"[^\s,<&]{1,100}")
EARLIER_BYTES_MAX = 1_000_000
CIRCLE_KM = 1.0
"""Around a single point, where nobody has drawn an area."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that was written before, as far as the next one must know it."""

    sender: str
    status: str  # Actual, Exercise
    references: tuple[str, ...]  # "sender,identifier,sent" of it and all that it referred to


@dataclass(frozen=True, slots=True)
class WarningText:
    """What a warning says beside what the entry says."""

    headline: str
    instruction: str = ""
    urgency: str = "Immediate"
    severity: str = ""  # empty: by the incident's priority
    certainty: str = "Observed"
    expires: int | None = None  # log time
    cancels: bool = False  # the earlier ones, else it updates them
    earlier: tuple[Earlier, ...] = field(default=())

    @property
    def message_type(self) -> str:
        """CAP's ``msgType``."""
        if not self.earlier:
            return "Alert"
        return "Cancel" if self.cancels else "Update"


def read_earlier(data: bytes, name: str) -> Earlier:
    """What a CAP 1.2 file of ours or others says of itself. Raises UsageError."""
    refusal = UsageError(f"{name} ist keine Warnung nach CAP 1.2.")
    markup = data.replace(b"\0", b"").replace(b"<!--", b"").replace(b"<![CDATA[", b"")
    if len(data) > EARLIER_BYTES_MAX or b"<!" in markup:
        raise refusal  # a document type could make a small file endless
    try:
        alert = ET.fromstring(data)  # noqa: S314
    except ET.ParseError as error:
        raise refusal from error
    if alert.tag != f"{{{NAMESPACE}}}alert":
        raise refusal
    said = {n: " ".join((alert.findtext(f"{{{NAMESPACE}}}{n}") or "").split()) for n in _NAMED}
    own = ",".join(said[n] for n in ("sender", "identifier", "sent"))
    if not all(said[n] for n in ("sender", "identifier", "sent", "status")):
        raise refusal
    return Earlier(said["sender"], said["status"], (*said["references"].split(), own))


_NAMED = ("sender", "identifier", "sent", "status", "references")


def _check_earlier(warning: WarningText, sender: str, status: str) -> None:
    """Raises UsageError where an earlier message is none that this one may change."""
    for before in warning.earlier:
        if before.sender != sender:
            raise UsageError(
                f"Die frühere Warnung ist von {before.sender}: nur dieser Absender kann sie"
                " aktualisieren oder aufheben (--absender)."
            )
        if before.status != status:
            raise UsageError(
                f"Die frühere Warnung hat den Status {before.status}, diese hätte {status}:"
                " Übung und Ernst lassen sich nicht verbinden."
            )


def cap_of(
    record: Record, warning: WarningText, context: ViewContext, sender: str, *, exercise: bool
) -> bytes:
    """A CAP alert about an incident or an area. Raises UsageError where it has no place."""
    if not warning.headline.strip():
        raise UsageError("Die Warnung braucht eine Überschrift (--titel).")
    if _SENDER.fullmatch(sender) is None:
        raise UsageError(
            f"„{sender}“ ist keine Kennung eines Absenders: bitte ohne Leerzeichen, Komma, < und &,"
            " z. B. kreis-steinfurt.de."
        )
    if warning.expires is not None and warning.expires <= context.now:
        raise UsageError("Die Warnung wäre schon abgelaufen: bitte --gueltig-bis prüfen.")
    for value, allowed in (
        (warning.urgency, URGENCIES),
        (warning.severity or "Unknown", SEVERITIES),
        (warning.certainty, CERTAINTIES),
    ):
        if value not in allowed:
            raise UsageError(f"„{value}“ ist nicht möglich; CAP kennt {', '.join(allowed)}.")
    status = "Exercise" if exercise else "Actual"
    _check_earlier(warning, sender, status)
    alert = ET.Element("alert", xmlns=NAMESPACE)
    # Another file about the same entry is another message, and must have another identifier.
    entry = f"{record.id.author}.{record.id.number}"
    _add(alert, "identifier", f"lage.{sender}.{entry}.{context.now}")
    _add(alert, "sender", sender)
    _add(alert, "sent", _stamp(context.now))
    _add(alert, "status", status)
    _add(alert, "msgType", warning.message_type)
    _add(alert, "scope", "Public")
    if exercise:
        _add(alert, "note", EXERCISE)
    references = dict.fromkeys(r for before in warning.earlier for r in before.references)
    if references:
        _add(alert, "references", " ".join(references))
    _info(alert, record, warning, context)
    ET.indent(alert)
    return bytes(ET.tostring(alert, encoding="utf-8", xml_declaration=True)) + b"\n"


def _info(alert: ET.Element, record: Record, warning: WarningText, context: ViewContext) -> None:
    """What happens, how bad it is, where, and what to do."""
    info = ET.SubElement(alert, "info")
    kind = record.text("type", "Sonstiges")
    _add(info, "language", "de-DE")
    _add(info, "category", _CATEGORY.get(kind, "Other"))
    _add(info, "event", kind)
    if warning.message_type == "Cancel":
        _add(info, "responseType", "AllClear")
    _add(info, "urgency", warning.urgency)
    severity = warning.severity or _SEVERITY.get(record.text("priority"), "Unknown")
    _add(info, "severity", severity)
    _add(info, "certainty", warning.certainty)
    _add(info, "onset", _stamp(record.event_time))
    if warning.expires is not None:
        _add(info, "expires", _stamp(warning.expires))
    _add(info, "senderName", context.directory.name(context.me))
    _add(info, "headline", warning.headline)
    description = record.text("text") or record.text("note")
    if description:
        _add(info, "description", description)
    if warning.instruction:
        _add(info, "instruction", warning.instruction)
    _area(info, record)


def _area(info: ET.Element, record: Record) -> None:
    area = ET.SubElement(info, "area")
    named = [text for text in map(record.text, ("name", "place", "municipality")) if text]
    point, corners = record.point(), record.corners()
    if not named and point is None and len(corners) < 3:
        raise UsageError("Der Eintrag hat weder Ort noch Koordinate: wovor soll wo gewarnt werden?")
    _add(area, "areaDesc", ", ".join(named) or "siehe Koordinate")
    if len(corners) >= 3:
        _add(area, "polygon", _polygon(corners))
    elif point is not None:
        _add(area, "circle", f"{_pair(point)} {CIRCLE_KM}")


def _polygon(corners: Sequence[Point]) -> str:
    return " ".join(map(_pair, [*corners, corners[0]]))


def _pair(point: Point) -> str:
    return f"{point.lat_e4 / 10_000:.4f},{point.lon_e4 / 10_000:.4f}"


def _stamp(time: int) -> str:
    """``2026-11-24T14:30:00-00:00``: CAP wants an offset and forbids ``Z``."""
    return f"{datetime.fromtimestamp(to_unix(time), UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = plain(text)
