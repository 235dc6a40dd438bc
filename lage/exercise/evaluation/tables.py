# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An evaluation in rows of words: what paper, CSV and terminal share, so that all agree. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lage.exercise.evaluation.behind import OLD_S
from lage.exercise.evaluation.evaluate import Cell, Evaluation, Line, Verdict
from lage.exercise.evaluation.world import Asked, Step
from lage.exercise.script.model import DIRECTION_ROLE
from lage.language.plain import plain
from lage.language.tactical import tactical

DID_MAX = 6
"""So much of what a staff did stands beside what was expected; the log has it all."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles."""

    name: str  # of its file
    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]  # shares of a page
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""  # what is said where there are none
    short: int = 0  # so many characters of a cell stand on paper; 0: all


@dataclass(frozen=True, slots=True)
class LastPlace:
    """What became of an inject at a staff the last time."""

    seconds: Mapping[str, int]  # by step
    stand: str


@dataclass(frozen=True, slots=True)
class Last:
    """An earlier evaluation of the same script."""

    path: str
    when: str
    made: int  # unix seconds: when it was held, or where nobody knows, evaluated
    figures: Mapping[str, float | None]
    places: Mapping[tuple[str, str], LastPlace]  # by inject and staff


def since(begin: int, at: int | None) -> str:
    """``X+1:05``: hours and minutes of the exercise; before its beginning ``X-0:10``."""
    if at is None:
        return ""
    minutes = abs(at - begin) // 60
    return f"X{'-' if at < begin else '+'}{minutes // 60}:{minutes % 60:02d}"


def minutes(seconds: float | None) -> str:
    """A duration in minutes with one decimal comma; under a minute to the tenth as well."""
    return "" if seconds is None else f"{seconds / 60:.1f}".replace(".", ",")


def figure(value: float | None) -> str:
    """A figure of the comparison; empty where there is none."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def _apart(difference: float) -> str:
    """``+2``, ``-0,5``; 0 where there is none."""
    return f"{difference:+.3g}".replace(".", ",") if round(difference, 3) else "0"


def names_of(evaluation: Evaluation) -> Mapping[int, str]:
    """Staffs by number."""
    return {place.number: place.name for place in evaluation.world.places}


def overview(evaluation: Evaluation, last: Mapping[str, float | None] | None) -> Table:
    """The figures, beside those of the last exercise of the same script."""
    rows: list[tuple[str, ...]] = []
    for name, now in evaluation.figures().items():
        row: tuple[str, ...] = (name, figure(now))
        if last is not None:
            before = last.get(name)
            apart = "" if now is None or before is None else _apart(now - before)
            row = (*row, figure(before), apart)
        rows.append(row)
    if last is None:
        return Table("ueberblick", "Überblick", ("", "jetzt"), (60, 60), tuple(rows))
    columns = ("", "jetzt", "zuletzt", "Unterschied")
    return Table("ueberblick", "Überblick", columns, (60, 20, 20, 20), tuple(rows))


def expected(evaluation: Evaluation) -> Table:
    """Expected and actual side by side, an inject and a staff in a row."""
    names, begin = names_of(evaluation), evaluation.world.begin
    rows = []
    for line in evaluation.lines:
        asked = line.asked
        head = (asked.nr, _when(asked, begin), _inject(asked), _wanted(asked))
        for cell in line.cells:
            did = _did(cell, begin)
            rows.append((*head, names.get(cell.staff, ""), did, _judged(line, cell)))
            head = ("", "", "", "")
        if not line.cells:
            rows.append((*head, "", "", asked.standing))
    return Table(
        "erwartet",
        "Erwartet und tatsächlich",
        ("Nr.", "Zeit", "Einlage", "Erwartet", "Stelle", "Tatsächlich", "Bewertung"),
        (14, 22, 56, 48, 34, 62, 26),
        tuple(rows),
        "Es wurde nichts eingespielt und nichts an eine Stelle gerichtet.",
        short=280,
    )


def _when(asked: Asked, begin: int) -> str:
    given, planned = since(begin, asked.given), since(begin, asked.planned)
    if planned and given and planned != given:
        return f"{given}, geplant {planned}"
    return given or planned or "bedingt"


def _inject(asked: Asked) -> str:
    way = f" [{asked.way}]" if asked.way else ""
    head = f"{asked.title}: " if asked.title else ""
    return plain(f"{asked.sender}{way}: {head}{asked.text}")


def _wanted(asked: Asked) -> str:
    hint = f" Hinweis: {asked.hint}" if asked.hint else ""
    return plain(f"{asked.expected}{hint}".strip())


def _did(cell: Cell, begin: int) -> str:
    said = [f"{since(begin, at)} {words}" for at, words in cell.did[:DID_MAX]]
    if len(cell.did) > DID_MAX:
        said.append(f"und {len(cell.did) - DID_MAX} weitere")
    text = "; ".join(said)
    return f"(danach geschrieben) {text}" if cell.nearby else text


def _judged(line: Line, cell: Cell) -> str:
    late = ", Frist versäumt" if cell.late else ""
    if cell.verdict is Verdict.UNGIVEN:
        return line.asked.standing
    return f"{cell.verdict.value}{late}"


def times(evaluation: Evaluation) -> Table:
    """Minutes from giving to each step, per inject and staff."""
    names, begin = names_of(evaluation), evaluation.world.begin
    rows = []
    for asked, cell in evaluation.cells():
        if asked.given is None:
            continue
        waits = [_wait(asked.given, cell, step) for step in Step]
        rows.append(
            (asked.nr, since(begin, asked.given), names.get(cell.staff, ""), *waits,
             cell.verdict.value)
        )  # fmt: skip
    return Table(
        "zeiten",
        "Zeiten in Minuten seit dem Einspielen",
        ("Nr.", "Zeit", "Stelle", *(step.value for step in Step), "Stand"),
        (16, 18, 60, 26, 24, 24, 28, 24, 40),
        tuple(rows),
        "Es wurde nichts eingespielt.",
    )


def _wait(given: int, cell: Cell, step: Step) -> str:
    at = cell.times.get(step)
    if at is None:
        return ""
    latest = "<= " if step is Step.RECEIVED and cell.latest else ""
    return f"{latest}{minutes(max(0, at - given))}"


def late_or_lost(evaluation: Evaluation) -> Table:
    """What missed its deadline, never arrived, or was not given."""
    names, begin = names_of(evaluation), evaluation.world.begin
    rows = [
        (
            asked.nr,
            names.get(cell.staff, ""),
            "nicht angekommen" if cell.verdict is Verdict.LOST else "Frist versäumt",
            since(begin, cell.deadline),
            plain(asked.text),
        )
        for asked, cell in evaluation.cells()
        if cell.late or cell.verdict is Verdict.LOST
    ]
    rows += [
        (line.asked.nr, "", line.asked.standing, since(begin, line.asked.planned),
         plain(line.asked.text))
        for line in evaluation.lines
        if line.asked.given is None
    ]  # fmt: skip
    return Table(
        "offen",
        "Überfällig, verloren, nicht gegeben",
        ("Nr.", "Stelle", "Was", "Frist", "Inhalt"),
        (16, 40, 44, 18, 144),
        tuple(rows),
        "Alles wurde gegeben, ist angekommen und war rechtzeitig.",
        short=180,
    )


def pictures(evaluation: Evaluation) -> Table:
    """How far each staff's picture was behind the truth."""
    rows = []
    for each in evaluation.pictures:
        if each.behind is None:
            rows.append((each.place.name, *[""] * 6, "Lagebuch fehlt hier"))
            continue
        b = each.behind
        rows.append(
            (
                each.place.name,
                minutes(b.mean_s),
                minutes(b.most_s),
                f"{b.old * 100:.0f} %",
                minutes(b.usual_s),
                minutes(b.slow_s),
                str(b.missing),
                "" if each.place.manned else "gespielt",
            )
        )
    return Table(
        "lagebild",
        "Wie weit das Lagebild zurücklag",
        ("Stelle", "Mittel min", "höchstens", f"über {OLD_S // 60} min", "Eintrag üblich",
         "9 von 10", "fehlt", ""),
        (64, 28, 28, 28, 32, 28, 20, 40),
        tuple(rows),
    )  # fmt: skip


def airtime(evaluation: Evaluation) -> Table:
    """What was written and sent."""
    rows = [
        (
            place.name,
            str(place.size),
            "" if place.airtime_ms is None else minutes(place.airtime_ms / 1000),
        )
        for place in evaluation.world.places
    ]
    return Table(
        "sendezeit",
        "Geschrieben und gesendet",
        ("Stelle", "geschrieben (Byte)", "Sendezeit der letzten Stunde (min)"),
        (60, 50, 60),
        tuple(rows),
    )


def outages(evaluation: Evaluation) -> Table:
    """What did not work for a while."""
    begin = evaluation.world.begin
    rows = tuple(
        (since(begin, at), name, what, "fällt aus" if begins else "geht wieder")
        for at, name, what, begins in evaluation.world.outages
    )
    return Table(
        "ausfaelle",
        "Ausfälle",
        ("Zeit", "Stelle oder Relais", "Was", ""),
        (20, 60, 40, 60),
        rows,
        "Keine.",
    )


def compared(evaluation: Evaluation, last: Last | None) -> Table:
    """Inject by inject, where it came out otherwise than the last time."""
    names, rows = names_of(evaluation), []
    left = {} if last is None else dict(last.places)
    for asked, cell in evaluation.cells() if last is not None else ():
        staff = names.get(cell.staff, "")
        before = left.pop((asked.nr, staff), None)
        now = {
            step.value: max(0, cell.times[step] - asked.given)
            for step in _COMPARED
            if asked.given is not None and step in cell.times
        }
        was = LastPlace({}, _ABSENT) if before is None else before
        if (now, cell.verdict.value) != (was.seconds, was.stand):
            rows.append(_compared_row(asked.nr, staff, now, was, cell.verdict.value))
    rows += [_compared_row(nr, staff, {}, was, _ABSENT) for (nr, staff), was in left.items()]
    return Table(
        "vergleich",
        "Einlage für Einlage: jetzt (zuletzt), Minuten",
        ("Nr.", "Stelle", *(step.value for step in _COMPARED), "Stand"),
        (16, 60, 36, 36, 36, 76),
        tuple(rows),
        "Kein Unterschied." if last is not None else "Es gibt keine frühere Auswertung.",
    )


def _compared_row(
    nr: str, staff: str, now: Mapping[str, int], was: LastPlace, stand: str
) -> tuple[str, ...]:
    cells = []
    for step in _COMPARED:
        pair = [minutes(each.get(step.value)) for each in (now, was.seconds)]
        cells.append(f"{pair[0] or '–'} ({pair[1] or '–'})" if any(pair) else "")
    same = stand == was.stand
    return nr, staff, *cells, stand if same else f"{stand} ({was.stand})"


_ABSENT = "gab es nicht"
_COMPARED = (Step.ACKNOWLEDGED, Step.DECIDED, Step.DONE)


def participation(evaluation: Evaluation) -> Table:
    """Who took part, for certificates."""
    names = names_of(evaluation)
    rows = [
        (
            person.name,
            names.get(person.staff, ""),
            tactical(person.first),
            tactical(person.last),
            str(person.entries),
        )
        for person in evaluation.persons
    ]
    signed = {person.staff for person in evaluation.persons}
    rows += [
        ("", place.name, "", "", "niemand hat gezeichnet")
        for place in evaluation.world.places
        if place.manned and place.role != DIRECTION_ROLE and place.number not in signed
    ]
    return Table(
        "teilnahme",
        "Teilnahme",
        ("Name oder Zeichen", "Stelle", "zuerst", "zuletzt", "Einträge"),
        (50, 46, 28, 28, 30),
        tuple(rows),
        "Niemand hat einen Eintrag gezeichnet.",
    )


def notes(evaluation: Evaluation) -> Table:
    """What observers saw."""
    begin = evaluation.world.begin
    rows = tuple(
        (since(begin, note.at), note.staff, note.nr, plain(note.text), note.by)
        for note in evaluation.world.notes
    )
    return Table(
        "beobachtungen",
        "Beobachtungen",
        ("Zeit", "Stelle", "Einlage", "Beobachtung", "Von"),
        (18, 40, 18, 140, 45),
        rows,
        "Es wurde nichts notiert.",
    )


def wash(evaluation: Evaluation) -> Table:
    """Points for the talk afterwards."""
    rows = tuple(
        ("besprochen" if done else "offen", plain(text)) for text, done in evaluation.world.wash
    )
    return Table(
        "nachbesprechung", "Nachbesprechung", ("Stand", "Punkt"), (24, 150), rows, "Keine Punkte."
    )


def all_tables(evaluation: Evaluation, last: Last | None) -> list[Table]:
    """Everything, in the order of the paper."""
    return [
        overview(evaluation, None if last is None else last.figures),
        expected(evaluation),
        times(evaluation),
        late_or_lost(evaluation),
        compared(evaluation, last),
        outages(evaluation),
        pictures(evaluation),
        airtime(evaluation),
        participation(evaluation),
        notes(evaluation),
        wash(evaluation),
    ]
