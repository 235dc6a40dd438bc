# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Certificates: a sheet for each who took part, with what was counted and no judgement.

Who took part is known by what people signed: entries with a name or a sign, confirmations, and
what observers noted. Several signs of one person are brought together by those who know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lage.exercise.evaluation.evaluate import Evaluation
from lage.exercise.evaluation.tables import names_of, since
from lage.kinds.cards import CARDS
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import local, tactical
from lage.reports import Head
from lage.reports.paper import Paper, printable

CERTIFICATES = "bescheinigungen.pdf"
OBSERVED = "note"
"""Counts as a kind of entry: what somebody noted as an observer."""
_DIRECTION = "Leitung"
"""Who notes something is called so where nobody says a name."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody, by one name or sign."""

    name: str
    place: str  # staff, or what else
    first: int
    last: int
    counts: Mapping[str, int]  # kind -> how many

    def did(self) -> str:
        """``2 Quittungen, 1 Nachricht``."""
        return ", ".join(
            f"{count} {_word(kind, count)}" for kind, count in self.counts.items() if count
        )


def participants(evaluation: Evaluation, called: Mapping[str, str]) -> list[Participant]:
    """Staff by staff, then the observers. ``called``: sign -> name, for those who used several."""
    staffs = names_of(evaluation)
    meant = {fold_text(sign): name for sign, name in called.items()}
    found: dict[tuple[str, str], Participant] = {}

    def add(name: str, place: str, first: int, last: int, counts: Mapping[str, int]) -> None:
        name = meant.get(fold_text(name), name)
        before = found.get((place, fold_text(name)))
        if before is not None:
            kinds = dict.fromkeys([*before.counts, *counts])
            counts = {k: before.counts.get(k, 0) + counts.get(k, 0) for k in kinds}
            first, last = min(first, before.first), max(last, before.last)
        found[place, fold_text(name)] = Participant(name, place, first, last, counts)

    for person in evaluation.persons:
        place = staffs.get(person.staff, "")
        add(person.name, place, person.first, person.last, dict(person.counts))
    for note in evaluation.world.notes:
        if note.by.strip() and note.by != _DIRECTION:
            add(plain(note.by), "Beobachtung", note.at, note.at, {OBSERVED: 1})
    signs = {fold_text(person.name) for person in evaluation.persons}
    signs |= {fold_text(note.by) for note in evaluation.world.notes}
    if strange := [sign for sign in called if fold_text(sign) not in signs]:
        raise UsageError(f"Niemand hat als „{strange[0]}“ gezeichnet.")
    return list(found.values())


def certificates_pdf(
    evaluation: Evaluation, people: Iterable[Participant], printed: int
) -> bytes | None:
    """One page for each; None where nobody took part by name."""
    world = evaluation.world
    what = "Übung" if world.exercise else "Einsatz"
    role = "Übungsleitung" if world.exercise else "Leitung des Stabes"
    paper: Paper | None = None
    for person in people:
        if paper is None:
            head = Head("Teilnahmebescheinigung", role, world.title, printed, world.exercise)
            paper = Paper(head)
        else:
            paper.add_page()
        paper.ln(12)
        paper.headline("Teilnahmebescheinigung")
        paper.ln(4)
        paper.set_font("Helvetica", "B", 18)
        paper.multi_cell(0, 9, printable(person.name), align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(2)
        at = "an der Übung" if world.exercise else "am Einsatz"
        paper.paragraph(f"hat {at} „{world.title}“ teilgenommen.")
        paper.ln(4)
        paper.grid((), _rows(evaluation, person, what), (2, 5))
        paper.ln(3)
        paper.paragraph(
            "Gezählt ist, was unter diesem Namen oder Zeichen im Lagebuch steht. Was nur gesagt"
            " wurde, steht nirgends. Diese Bescheinigung bewertet nichts."
        )
        paper.signature(role)
    return None if paper is None else paper.content()


def _rows(evaluation: Evaluation, person: Participant, what: str) -> list[tuple[str, str]]:
    world = evaluation.world
    rows = [("Stelle", person.place), (what, world.title)]
    if world.script and world.script != world.title:
        rows.append(("Drehbuch", world.script))
    if world.played is not None:
        rows.append(("Datum", f"{local(world.played):%d.%m.%Y}"))
    if world.exercise:
        span = f"{tactical(world.begin)} bis {tactical(world.end)}"
        rows.append(("Zeit der Lage", span))
        rows.append(("Dauer der Übung", f"{_hours(world.end - world.begin)} (Übungszeit)"))
        first, last = since(world.begin, person.first), since(world.begin, person.last)
    else:
        rows.append(("Zeit", f"{tactical(world.begin)} bis {tactical(world.end)}"))
        first, last = tactical(person.first), tactical(person.last)
    rows.append(("gezeichnet", first if first == last else f"zuerst {first}, zuletzt {last}"))
    rows.append(("gezählt", person.did()))
    return rows


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def _word(kind: str, count: int) -> str:
    if kind == OBSERVED:
        return "Beobachtung" if count == 1 else "Beobachtungen"
    return CARDS[kind].title if count == 1 else CARDS[kind].plural
