# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script as its file would say it: plain texts, lists and tables, which reading gives back.

What is so anyway is left out. Times are those since X+00, conditions are in the words of
``conditions``; what stands there was decided when the script was read, so a second writing of what
was read from the first is the same to the letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lage.exercise.script.conditions import guard_sentence, happening_sentence, sentence
from lage.exercise.script.content import ALL, field_name
from lage.exercise.script.keys import MANNED
from lage.exercise.script.model import (
    RELAY_BATTERY,
    STAFF_BATTERY,
    Answer,
    At,
    Cast,
    Check,
    Entry,
    Inject,
    Outage,
    Pattern,
    Script,
    Series,
    Site,
    Speech,
    Way,
)
from lage.exercise.script.times import lasting, said
from lage.kinds.cards import CARDS
from lage.kinds.inputs import has_addressees
from lage.language.tactical import local
from maps.geo.projection import GridPoint, from_grid

_INHALT = {"to", "text", "priority", "external_sender"}
"""Fields of a message that „inhalt“ over Funk makes."""
SENDER_MAX = 60


def as_plain(script: Script) -> dict[str, Any]:
    """All keys of a script, in the order of the manual."""
    return _filled(
        name=script.name,
        beginn=_moment(script.begin),
        ende=None if script.end is None else said(script.end),
        ausgangslage=script.setting,
        ziele=list(script.goals),
        hinweise=script.briefing,
        saat=None if script.seed == 1 else str(script.seed),
        stellen=[_staff(member) for member in script.cast],
        relais=[_relay(relay) for relay in script.relays],
        phasen=[_filled(name=p.name, ab=said(p.start), ziel=p.goal) for p in script.phases],
        zweige=[
            _filled(
                name=b.name,
                frage=b.question,
                moeglich=list(b.options),
                sonst=b.otherwise,
                bis=None if b.until is None else said(b.until),
            )
            for b in script.branches
        ],
        ablauf=[inject_plain(inject, script) for inject in script.injects],
        messreihen=[_series(series) for series in script.series],
        ausfaelle=[_outage(outage) for outage in script.outages],
    )


def inject_plain(inject: Inject, script: Script) -> dict[str, Any]:
    """One Einlage by its keys."""
    outside = script.member(inject.sender) is None
    unsaid = outside and inject.sender == script.direction
    wrong = inject.disturbance
    plain = _filled(
        nr=inject.nr,
        id=inject.id,
        zeit=sentence(inject.when),
        titel=inject.title,
        phase="" if inject.phase == phase_by_time(inject, script) else inject.phase,
        von="" if unsaid and not _named(inject) else inject.sender,
        an=_to(inject, outside=outside),
        weg=str(inject.way),
    )
    plain |= _deed(inject, outside=outside)
    return plain | _filled(
        erwartet=inject.expected,
        erfuellt=[check_plain(check, inject) for check in inject.checks],
        bewertung=inject.hint,
        bemerkung=inject.remark,
        nur_wenn=[guard_sentence(guard) for guard in inject.only_if],
        stoerung=None
        if wrong is None
        else _filled(art=str(wrong.sort), zu=wrong.about, wahr=wrong.truth),
        wahrscheinlichkeit=_percent(inject.chance) if inject.chance < 1 else None,
        streuung=lasting(inject.jitter) if inject.jitter else None,
    )


def phase_by_time(inject: Inject, script: Script) -> str:
    """The phase that an inject is in where nothing is said of it."""
    if not isinstance(inject.when, At):
        return ""
    found = script.phase_at(inject.when.minute)
    return found.name if found else ""


def check_plain(check: Check, inject: Inject) -> str | dict[str, Any]:
    """A sentence, or a pattern with its time."""
    within = None if check.within is None else lasting(check.within)
    if isinstance(check.what, Pattern):
        return _pattern(check.what, named=not check.each) | _filled(binnen=within)
    words = happening_sentence(check.what, own=inject.nr)
    return f"{words} binnen {within}" if within else words


def _named(inject: Inject) -> bool:
    """Whether a message says for whom it is, though it comes from the direction."""
    entry = inject.entry
    return (
        entry is not None
        and (entry.action, entry.kind) == ("create", "message")
        and entry.fields.get("external_sender") == inject.sender[:SENDER_MAX]
    )


def _is_inhalt(inject: Inject, entry: Entry, *, outside: bool) -> bool:
    """Whether „inhalt“ over Funk says the same entry."""
    fields = entry.fields
    if (entry.action, entry.kind, inject.way) != ("create", "message", Way.RADIO):
        return False
    if not {"to", "text", "priority"} <= fields.keys() <= _INHALT:
        return False
    for_whom = fields.get("external_sender")
    fits = for_whom is None or (outside and for_whom == inject.sender[:SENDER_MAX])
    return fits and fields["to"] == (", ".join(inject.to) or ALL)


def _to(inject: Inject, *, outside: bool) -> str | list[str] | None:
    """To whom, where the entry does not say it itself."""
    entry = inject.entry
    if entry is None:
        return None if inject.way is Way.OWN else _one_or_all(inject.to)
    if entry.action == "create" and has_addressees(entry.kind):
        said = _is_inhalt(inject, entry, outside=outside)
        return _one_or_all(inject.to) if said else None
    return _one_or_all(inject.to) if inject.to else None


def _one_or_all(names: Sequence[str]) -> str | list[str]:
    return ALL if not names else names[0] if len(names) == 1 else list(names)


def _deed(inject: Inject, *, outside: bool) -> dict[str, Any]:
    content = inject.content
    if isinstance(content, Speech):
        return {"inhalt": content.text}
    fields = content.fields
    if _is_inhalt(inject, content, outside=outside):
        urgent = fields["priority"] if fields["priority"] != "einfach" else None
        return {"inhalt": fields["text"], **_filled(vorrang=urgent)}
    if outside and _named(inject):  # „von“ says it
        fields = {name: text for name, text in fields.items() if name != "external_sender"}
    return entry_plain(content, fields)


def entry_plain(entry: Entry, fields: Mapping[str, str]) -> dict[str, Any]:
    """What is done, as the one key of it and what stands there."""
    card = CARDS[entry.kind]
    typed = {_label(entry.kind, name): str(text) for name, text in fields.items()}
    match entry.action:
        case "receipt":
            return {"quittung": _filled(Nachricht=entry.target, Name=fields["person"])}
        case "change":
            target = {card.word: entry.target} if entry.target else {}
            return {"aendern": {**target, **typed}}
        case "answer":
            return {"antwort": typed}
    return {card.word: typed}


def _label(kind: str, name: str) -> str:
    label = CARDS[kind].label(name)
    return label if field_name(kind, label) == name else name


def _pattern(pattern: Pattern, *, named: bool) -> dict[str, Any]:
    """``named``: who writes it, or that it may be anybody, the script says itself."""
    fields = {_label(pattern.kind, name): str(text) for name, text in pattern.fields.items()}
    return _filled(
        eintrag=CARDS[pattern.kind].word,
        von=_one_or_all(pattern.by) if named else None,
        an=_one_or_all(pattern.to) if pattern.to else None,
        enthaelt=list(pattern.contains),
        felder=fields,
        geaendert="ja" if pattern.action == "change" else None,
    )


def _staff(member: Cast) -> dict[str, Any]:
    return _filled(
        name=member.name,
        rolle=member.role,
        besetzung=MANNED if member.manned else None,
        **_site(member.site),
        akku=None if member.battery == STAFF_BATTERY else lasting(member.battery),
        antworten=[_answer(answer) for answer in member.answers],
    )


def _relay(relay: Site) -> dict[str, Any]:
    battery = None if relay.battery == RELAY_BATTERY else lasting(relay.battery)
    return _filled(name=relay.name, **_site(relay), akku=battery)


def _site(site: Site | None) -> dict[str, Any]:
    if site is None:
        return {}
    position = from_grid(GridPoint(site.east_m, site.north_m))
    degrees = [f"{part:.6f}".rstrip("0").rstrip(".") for part in (position.lat, position.lon)]
    return {"koordinate": ", ".join(degrees), "hoehe": f"{site.height_m:g}"}


def _answer(answer: Answer) -> dict[str, Any]:
    plain = _filled(
        auf=_pattern(answer.to, named=bool(answer.to.by)),
        nach=lasting(answer.delay),
        einmal="ja" if answer.once else None,
        wahrscheinlichkeit=_percent(answer.chance) if answer.chance < 1 else None,
    )
    return plain | entry_plain(answer.entry, answer.entry.fields)


def _series(series: Series) -> dict[str, Any]:
    count = len(series.gauges)
    points = {said(at): f"{value:.{series.places}f}" for at, value in series.points}
    return _filled(
        pegel=_starred(series.gauges),
        zahl=str(count) if count > 1 else None,
        stelle=series.staff,
        alle=lasting(series.every),
        punkte=points,
        verlauf=None if series.curve == "linear" else series.curve,
        quelle=None if series.source == "Sensor" else series.source,
        schwankung=f"{series.noise:g}" if series.noise else None,
        luecken=_percent(series.gaps) if series.gaps else None,
    )


def _starred(gauges: Sequence[str]) -> str:
    """``Sensor *`` for Sensor 1, Sensor 2 …"""
    if len(gauges) == 1:
        return gauges[0]
    pairs = zip(gauges[0], gauges[1], strict=True)
    return "".join(one if one == other else "*" for one, other in pairs)


def _outage(outage: Outage) -> dict[str, Any]:
    return _filled(
        was=str(outage.what),
        wen=_one_or_all(outage.whom) if outage.whom else None,
        von=said(outage.start),
        bis=None if outage.end is None else said(outage.end),
        bemerkung=outage.remark,
    )


def _percent(share: float) -> str:
    return f"{share * 100:g} %"


def _moment(at: int) -> str:
    moment = local(at)
    seconds = f":{moment:%S}" if moment.second else ""
    return f"{moment:%d.%m.%Y %H:%M}{seconds}{'B' if moment.fold else ''}"


def _filled(**said_of: Any) -> dict[str, Any]:
    """What says something; texts as plain ones."""
    return {
        key: str(value) if isinstance(value, str) else value
        for key, value in said_of.items()
        if value not in (None, "", [], {})
    }
