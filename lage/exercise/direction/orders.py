# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the direction says, as events for the journal, or refused with a sentence. Pure.

Desk and command line say the same by the same functions: an event comes out, which is written down
by whoever asked, and only if nobody else has written meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lage.exercise.direction import events as e
from lage.exercise.direction.clock import TEMPO_MAX, TEMPO_MIN
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.inserted import (
    FROM,
    MINUTE,
    PRIORITY,
    TEXT,
    TEXT_FIELDS,
    TO,
    WAY,
    as_inject,
    names,
)
from lage.exercise.direction.state import OPEN, Standing
from lage.exercise.script import model as m
from lage.exercise.script.settle import last_minute
from lage.exercise.script.times import Times
from lage.exercise.script.times import said as moment
from lage.kinds.card import PRIORITIES
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text

TEXT_MAX = 2000
SLACK_MIN = 24 * 60
"""So long after its last inject somebody may jump where the script names no end."""
WAYS = tuple(way for way in m.Way if way is not m.Way.OWN)


class Orders:
    """Orders at a moment: ``now_ms`` on the wall."""

    def __init__(self, conductor: Conductor, now_ms: int) -> None:
        self._conductor, self._now = conductor, now_ms
        self._state = conductor.state
        self._script = conductor.script

    @property
    def _s(self) -> int:
        return self._state.passed_s(self._now)

    # --- the clock ------------------------------------------------------------------------------

    def go_on(self) -> e.Event:
        """Let the clock run."""
        self._not_over()
        return e.Ran()

    def pause(self) -> e.Event:
        """Let it stand."""
        self._not_over()
        return e.Paused()

    def tempo(self, factor: float) -> e.Event:
        """Let it run so many times as fast as real time."""
        if not TEMPO_MIN <= factor <= TEMPO_MAX:
            least, most = (f"{each:g}".replace(".", ",") for each in (TEMPO_MIN, TEMPO_MAX))
            raise UsageError(f"Das Tempo liegt zwischen {least} und {most}.")
        return e.Hurried(float(factor))

    def jump(self, to: str, *, catch_up: bool) -> e.Event:
        """Set it forward."""
        self._not_over()
        s = round(self._minute(to) * 60)
        if s <= self._s:
            raise UsageError(
                "Zurück geht die Übungsuhr nicht, was geschrieben ist, bleibt: bitte eine spätere"
                f" Zeit als X+{self._s // 60:02d} angeben."
            )
        last = last_minute(self._script) + (0 if self._script.end is not None else SLACK_MIN)
        if s > last * 60:
            raise UsageError(
                f"„{to}“ liegt nach dem Ende der Übung ({moment(last)}), und zurück geht die"
                " Übungsuhr nicht: bitte eine frühere Zeit angeben, oder die Übung beenden."
            )
        return e.Jumped(s, catch_up)

    def end(self) -> e.Event:
        """The exercise is over."""
        self._not_over()
        return e.Ended()

    # --- injects --------------------------------------------------------------------------------

    def fire(self, nr: str) -> e.Event:
        """Give an inject now, whatever it waits for."""
        inject = self._open_inject(nr)
        return e.Fired(inject.nr, e.Cause.HAND.value, self._s, inject.entry is None)

    def skip(self, nr: str) -> e.Event:
        """Don't give it, unless by hand."""
        inject = self._open_inject(nr)
        if self._state.doing(inject.nr).standing is Standing.SKIPPED:
            raise UsageError(f"Einlage {inject.nr} ist schon ausgelassen.")
        return e.Skipped(inject.nr, "von der Leitung ausgelassen")

    def change(self, nr: str, said: Mapping[str, str]) -> e.Event:
        """Give it otherwise than the script says."""
        inject = self._open_inject(nr)
        given = {name: text.strip() for name, text in said.items() if text.strip()}
        if not given:
            raise UsageError("Es ist nichts angegeben, was sich ändern soll.")
        if WAY in given or FROM in given:
            raise UsageError("Absender und Weg bleiben: bitte auslassen und eine neue einfügen.")
        kind = inject.entry.kind if inject.entry else "message"
        if TEXT in given and kind not in TEXT_FIELDS:
            raise UsageError(
                "Den Wortlaut ändern lässt sich nur bei Nachrichten, Tagebuch, Karten und"
                " Faxen: bitte auslassen und eine Nachricht einfügen."
            )
        if {TO, PRIORITY} & given.keys() and kind != "message":
            raise UsageError("Empfänger und Vorrang hat nur eine Nachricht.")
        return e.Changed(inject.nr, self._checked(given))

    def insert(self, said: Mapping[str, str]) -> e.Event:
        """Give one that the script has not; without a time at once."""
        self._not_over()
        given = {name: text.strip() for name, text in said.items() if text.strip()}
        if TEXT not in given:
            raise UsageError("Das Feld „Inhalt“ ist leer: bitte ausfüllen.")
        if TO not in given:
            raise UsageError("Das Feld „An“ ist leer: bitte eine Stelle oder „alle“ angeben.")
        checked = {MINUTE: f"{self._s / 60:.4f}", **self._checked(given)}
        taken = {inject.nr for inject in self._script.injects} | self._state.inserted.keys()
        key = next(nr for n in range(1, len(taken) + 2) if (nr := f"E{n}") not in taken)
        inject = as_inject(key, checked, self._script, self._conductor.played)
        if inject.staff in inject.to:
            raise UsageError("Absender und Empfänger sind dieselbe Stelle.")
        return e.Inserted(key, checked)

    def deliver(self, nr: str, by: str) -> e.Event:
        """A card was read out, a sheet handed over."""
        key = self._number(nr)
        did = self._state.doing(key)
        if not did.spoken:
            raise UsageError(f"Einlage {key} wird nicht vorgelesen und nicht überbracht.")
        if did.standing is not Standing.OWED:
            raise UsageError(f"Einlage {key} ist schon zugestellt.")
        return e.Delivered(key, self._s, by.strip())

    def choose(self, branch: str, option: str) -> e.Event:
        """Answer the question of a branch."""
        found = next((b for b in self._script.branches if _same(b.name, branch)), None)
        if found is None:
            known = ", ".join(b.name for b in self._script.branches) or "keine"
            raise NotFound(f"Den Abzweig „{branch}“ gibt es nicht; im Drehbuch: {known}.")
        chosen = next((o for o in found.options if _same(o, option)), None)
        if chosen is None:
            raise NotFound(f"„{option}“ gibt es dort nicht; möglich: {', '.join(found.options)}.")
        return e.Took(found.name, chosen)

    # --- what fails -----------------------------------------------------------------------------

    def cut(self, name: str, what: str) -> e.Event:
        """Let a staff's or relay's means fail."""
        return e.Cut(*self._outage(name, what))

    def mend(self, name: str, what: str) -> e.Event:
        """Let it work again."""
        site, broken = self._outage(name, what)
        if (site, broken) not in self._state.cut:
            raise UsageError(f"{broken} ist bei „{site or 'allen'}“ nicht ausgefallen.")
        return e.Mended(site, broken)

    # --- what was seen --------------------------------------------------------------------------

    def note(self, staff: str, text: str, *, by: str, about: str = "", id: str = "") -> e.Event:  # noqa: A002
        """An observation at this moment; without a staff it is about all."""
        said = _text(text)
        key = self._number(about) if about else ""
        known = len(self._state.notes)
        return e.Noted(
            id or f"leitung-{known + 1}",
            self._s,
            self._staff(staff) if staff else "",
            said,
            by,
            key,
        )

    def wash(self, text: str) -> e.Event:
        """Something to talk about afterwards."""
        return e.Wash(_text(text), self._s)

    def washed(self, place: int) -> e.Event:
        """It was talked about."""
        if not 0 < place <= len(self._state.wash):
            raise NotFound(f"Einen Punkt {place} hat die Nachbesprechung nicht.")
        return e.Washed(place)

    # --- names ----------------------------------------------------------------------------------

    def _not_over(self) -> None:
        if self._state.ended:
            raise UsageError("Die Übung ist beendet.")

    def _minute(self, text: str) -> float:
        return Times(self._script.begin).minute(text)

    def _number(self, nr: str) -> str:
        wanted = fold_text(nr.strip())
        known = [*(i.nr for i in self._script.injects), *self._state.inserted]
        found = next((number for number in known if fold_text(number) == wanted), None)
        if found is None:
            raise NotFound(f"Eine Einlage „{nr}“ gibt es nicht.")
        return found

    def _open_inject(self, nr: str) -> m.Inject:
        self._not_over()
        key = self._number(nr)
        inject, did = self._conductor.inject(key), self._state.doing(key)
        if inject is None or did.standing not in OPEN:
            at = "" if did.fired_s is None else f" seit X+{did.fired_s // 60:02d}"
            owed = did.standing is Standing.OWED
            has = "wird schon gegeben" if owed else f"ist schon {did.standing.value}"
            raise UsageError(f"Einlage {key} {has}{at}.")
        return replace(inject, nr=key)

    def _checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """What was typed, in the spellings of script and forms."""
        checked = dict(given)
        if TEXT in given:
            checked[TEXT] = _text(given[TEXT])
        if MINUTE in given:
            checked[MINUTE] = f"{self._minute(given[MINUTE]):.4f}"
        if TO in given:
            checked[TO] = ", ".join(map(self._staff, names(given[TO]))) or "alle"
        if FROM in given:
            checked[FROM] = self._known(given[FROM]) or given[FROM][:60]
        if WAY in given:
            way = next((way for way in WAYS if _same(way.value, given[WAY])), None)
            if way is None:
                known = ", ".join(way.value for way in WAYS)
                raise UsageError(f"Den Weg „{given[WAY]}“ gibt es nicht; möglich: {known}.")
            checked[WAY] = way.value
        if PRIORITY in given:
            wanted = next((p for p in PRIORITIES if _same(p, given[PRIORITY])), None)
            if wanted is None:
                known = ", ".join(PRIORITIES)
                raise UsageError(
                    f"Den Vorrang „{given[PRIORITY]}“ gibt es nicht; möglich: {known}."
                )
            checked[PRIORITY] = wanted
        return checked

    def _known(self, name: str) -> str | None:
        staffs = [member.name for member in self._script.cast] + [self._script.direction]
        wanted = fold_text(name)
        exact = [staff for staff in staffs if fold_text(staff) == wanted]
        near = exact or [staff for staff in staffs if wanted and wanted in fold_text(staff)]
        return near[0] if len(dict.fromkeys(near)) == 1 else None

    def _staff(self, name: str) -> str:
        found = self._known(name)
        if found is None:
            known = ", ".join(member.name for member in self._script.cast)
            raise NotFound(f"Die Stelle „{name}“ spielt nicht mit; möglich: {known}.")
        return found

    def _site(self, name: str) -> str:
        relay = next((r.name for r in self._script.relays if _same(r.name, name)), None)
        return relay or ("" if _same(name, "alle") else self._staff(name))

    def _outage(self, name: str, what: str) -> tuple[str, str]:
        """Who and what; of a relay the whole fails, and of nobody else."""
        site, broken = self._site(name), self._broken(what)
        relays = [relay.name for relay in self._script.relays]
        if site in relays and broken == m.Broken.RADIO.value:
            return site, m.Broken.RELAY.value
        if site and (site in relays) != (broken == m.Broken.RELAY.value):
            known = ", ".join(relays) or "keine"
            raise UsageError(f"„{site}“ und „{broken}“ passen nicht; Relais im Drehbuch: {known}.")
        return site, broken

    @staticmethod
    def _broken(what: str) -> str:
        found = next((broken for broken in m.Broken if _same(broken.value, what)), None)
        if found is None:
            known = ", ".join(broken.value for broken in m.Broken)
            raise UsageError(f"„{what}“ kann nicht ausfallen; möglich: {known}.")
        return found.value


def _same(one: str, other: str) -> bool:
    return fold_text(one) == fold_text(other.strip())


def _text(text: str) -> str:
    said = text.strip()
    if not said:
        raise UsageError("Der Text ist leer: bitte ausfüllen.")
    if len(said) > TEXT_MAX:
        raise UsageError(f"Der Text ist zu lang: möglich sind {TEXT_MAX} Zeichen.")
    return said
