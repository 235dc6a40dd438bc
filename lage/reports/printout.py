# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Einsatztagebuch on paper, and checking such a printout against the log.

At its end stands a Prüfzeile: author, number and chain value of the last operation that was
known, the period, and a checksum over the entries as written. The chain value fixes everything
the staff had written by then; nobody can make another log that has it.

Checking reads the file as it can be seen, not hidden data: the pages' visible text is compared
entry by entry with what the log gives, what else stands on them must be what this program prints
there, and a file with anything in it that could hide or cover something is refused
(``lage.reports.readback``). A text file with the Prüfzeile alone, typed from paper, is checked for
chain value and checksum. Automatic lines are for reading and are not part of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from lage.kinds.directory import Directory
from lage.kinds.model import Progress
from lage.kinds.reader import ViewContext
from lage.language.errors import UsageError
from lage.language.tactical import tactical
from lage.reports import EXERCISE, Head
from lage.reports.paper import TABLE_PT, Paper, printable
from lage.reports.readback import Shown, drawn, is_ours, page_count
from lage.station import Station
from lage.views.journal import journal
from lage.views.journal_line import AUTO, LINES_MAX, JournalLine, Period

MARK = "LAGE-ETB-1"
_CHECK_LINE = re.compile(
    MARK + r" +(\d{1,4}) +(\d{1,9}) +([0-9a-f]{32}) +(\d{1,11}) +(\d{1,11}) +([0-9a-f]{16})"
)
_COLUMNS = ("Nr.", "Eintrag", "Ereigniszeit", "Inhalt / Maßnahme", "Von / An", "Weg", "Zch")
_WIDTHS = (7, 15, 15, 50, 20, 11, 7)
_PRINTED_AT = r"Stand\d{6}[a-zä]{3}\d{2}B?"
_TITLE = "Einsatztagebuch"
_ROLE = "Führer des Einsatztagebuchs"
_COPY = "Abschrift nach dem Stand, der bei der druckenden Stelle vorliegt."
_HINT = "Mit „lage pruefen --ausdruck DATEI“ lässt sich dieser Ausdruck prüfen."


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What the Prüfzeile says."""

    author: int
    number: int  # last operation of the staff known when printing
    chain: bytes  # 16 bytes
    period: Period
    checksum: str  # 16 hex digits over the entries

    def __str__(self) -> str:
        span = f"{self.period.since} {self.period.until}"
        return f"{MARK} {self.author} {self.number} {self.chain.hex()} {span} {self.checksum}"


@dataclass(frozen=True, slots=True)
class PrintoutCheck:
    """What came of checking a printout."""

    entries: int
    text_compared: bool  # False: only a typed Prüfzeile
    problems: tuple[str, ...]


def journal_pdf(
    station: Station,
    head: Head,
    period: Period,
    progress: Progress | None = None,
    author: int | None = None,
) -> bytes:
    """A staff's Tagebuch of a period, oldest first, with its Prüfzeile. Raises UsageError.

    ``author``: another staff's, as far as it was received here, and without automatic lines,
    which only that staff's own node knows; ``head`` then names that staff.
    """
    me = station.network_keys.author
    author = me if author is None else author
    assert author is not None
    context = _context_of(station, author)
    lines = journal(context, period, automatic=author == me, limit=LINES_MAX)[::-1]
    if len(lines) >= LINES_MAX:
        raise UsageError(
            f"Der Zeitraum hat mehr als {LINES_MAX} Zeilen: bitte mit --seit und --bis teilen."
        )
    # Entries may be stamped ahead of this computer's clock, where another staff's clock runs ahead.
    newest = max((line.entered for line in lines), default=0)
    period = Period(period.since, min(period.until, max(context.now, newest)))
    entries = [line for line in lines if not line.automatic]
    paper = Paper(head, plain=True)
    paper.headline(_TITLE)
    paper.paragraph(_scope(head.staff, period, len(entries)))
    if author != me:
        paper.paragraph(_COPY)
    paper.grid(_COLUMNS, [_cells(line) for line in lines], _WIDTHS, progress)
    paper.signature(_ROLE)
    paper.section("Prüfzeile")
    check = _check_line(station, author, period, entries)
    paper.set_font("Courier", "", 7)
    paper.cell(0, 4, str(check))
    paper.ln(5)
    paper.paragraph(_HINT)
    return paper.content()


def _scope(staff: str, period: Period, entries: int) -> str:
    since = tactical(period.since) if period.since else "Beginn"
    return f"{staff}, Zeitraum {since} bis {tactical(period.until)}, {entries} Einträge"


def check_printout(station: Station, data: bytes) -> PrintoutCheck:
    """Compare a printout (PDF of ours, or a text with the Prüfzeile) with the log.

    Raises UsageError for a file without Prüfzeile or about another staff.
    """
    shown = drawn(data) if data.startswith(b"%PDF") else []
    words = " ".join(piece.text for piece in shown) or data.decode("utf8", errors="replace")
    match = _CHECK_LINE.search(words)
    if match is None:
        raise UsageError("In dieser Datei steht keine Prüfzeile eines Einsatztagebuchs von Lage.")
    author, number, chain, since, until, checksum = match.groups()
    period = Period(int(since), int(until))
    line = CheckLine(int(author), int(number), bytes.fromhex(chain), period, checksum)
    problems = []
    held = station.store.log.chain(line.author, line.number)
    if line.number > station.store.log.head(line.author):
        raise UsageError(
            f"Die Einträge von {station.directory.name(line.author)} bis {line.number} liegen hier"
            " nicht alle vor: bitte dort prüfen oder warten, bis sie empfangen sind."
        )
    if line.number and held != line.chain:
        problems.append("Der Kettenwert ist nicht der des Lagebuchs.")
    entries = _entries_until(station, line)
    if _checksum(entries) != line.checksum:
        problems.append("Die Prüfsumme passt nicht zu den Einträgen im Lagebuch.")
    if shown:
        if not is_ours(data):
            problems.append(
                "Die Datei ist nicht mehr so, wie Lage sie geschrieben hat: was man sieht, kann"
                " anders sein als das, was hier verglichen wird."
            )
        problems += _compare(entries, shown)
        problems += _strange(station, line, len(entries), shown, page_count(data))
    return PrintoutCheck(len(entries), bool(shown), tuple(problems))


def _entries_until(station: Station, line: CheckLine) -> list[JournalLine]:
    """The entries a printout must hold: of that staff, known by then, in its period."""
    seen = _context_of(station, line.author)
    lines = journal(seen, line.period, automatic=False, limit=LINES_MAX)[::-1]
    return [one for one in lines if one.entity is not None and one.entity.number <= line.number]


def _context_of(station: Station, author: int) -> ViewContext:
    """The world as that staff's own views see it."""
    context = station.context()
    staffs = ((s.number, s.name, s.role, s.active) for s in context.directory.staffs)
    directory = Directory(staffs, author, foreign=context.directory.foreign)
    return replace(context, directory=directory)


def _check_line(
    station: Station, author: int, period: Period, entries: list[JournalLine]
) -> CheckLine:
    number = station.store.log.head(author)
    chain = station.store.log.chain(author, number) if number else bytes(16)
    assert chain is not None
    return CheckLine(author, number, chain, period, _checksum(entries))


def _checksum(entries: list[JournalLine]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for line in entries:
        for part in (line.nr, line.entered, line.happened, *_words(line), line.way, line.sign):
            data = str(part).encode()
            digest.update(len(data).to_bytes(4, "big") + data)
    return digest.hexdigest()


def _words(line: JournalLine) -> tuple[str, str, str, str]:
    return line.text, line.action, line.sender, line.recipient


def _cells(line: JournalLine) -> tuple[str, ...]:
    text = line.text + (f" / {line.action}" if line.action else "")
    if line.struck_by:
        text = f"GESTRICHEN, siehe {line.struck_by}: {text}"
    both = " / ".join(part for part in (line.sender, line.recipient) if part)
    happened = "" if line.happened == line.entered else tactical(line.happened)
    return (line.nr, tactical(line.entered), happened, text, both, line.way, line.sign)


def _compare(entries: list[JournalLine], shown: list[Shown]) -> list[str]:
    """What differs between the log's entries and the printed rows."""
    printed = _printed_rows(shown)
    problems = []
    wanted = [line.nr for line in entries]
    if list(printed) != wanted:
        extra = [nr for nr in printed if nr not in wanted]
        missing = [nr for nr in wanted if nr not in printed]
        if extra:
            problems.append(f"Im Ausdruck stehen Einträge, die nicht im Lagebuch sind: {extra}")
        if missing:
            problems.append(f"Im Ausdruck fehlen Einträge: {missing}")
        if not extra and not missing:
            problems.append("Die Reihenfolge der Einträge ist eine andere.")
    for line in entries:
        cells = [_letters(printable(cell)) for cell in _cells(line)[1:]]
        row = printed.get(line.nr)
        if row is not None and not _same_row(row, cells, line):
            problems.append(f"Eintrag {line.nr} ist im Ausdruck ein anderer als im Lagebuch.")
    return problems


def _same_row(row: list[str], cells: list[str], line: JournalLine) -> bool:
    """Column by column; the mark of a later correction may not be there yet."""
    if row == cells:
        return True
    unstruck = list(cells)
    unstruck[2] = _letters(printable(line.text + (f" / {line.action}" if line.action else "")))
    return row == unstruck


def _printed_rows(shown: list[Shown]) -> dict[str, list[str]]:
    """Number -> the six other cells of each printed row, spaces left out.

    Automatic lines and headings are left out; a row of any other number counts as an entry.
    """
    table = [piece for piece in shown if _in_table(piece)]
    edges = [piece.x for piece in table[: len(_COLUMNS)]]
    rows: dict[str, list[str]] = {}
    current: list[str] | None = None
    for piece in table:
        column = next((n for n, edge in enumerate(edges) if abs(edge - piece.x) < 1), None)
        if column == 0:
            number = piece.text.strip()
            new = [""] * (len(_COLUMNS) - 1)
            current = None if number in (AUTO, _COLUMNS[0]) else rows.setdefault(number, new)
        elif column and current is not None:
            current[column - 1] += _letters(piece.text)
        elif column is None:
            rows.setdefault(piece.text.strip(), [])
    return rows


def _in_table(piece: Shown) -> bool:
    return abs(piece.size - TABLE_PT) < 0.01


def _strange(
    station: Station, line: CheckLine, entries: int, shown: list[Shown], pages: int
) -> list[str]:
    """What stands on the pages outside of the table that this program does not print there."""
    staff = station.directory.name(line.author)
    scope = _letters(printable(_scope(staff, line.period, entries)))
    frame = (
        _TITLE,
        f"{staff} - {station.network_name}",
        "Prüfzeile",
        str(line),
        _HINT,
        _COPY,
        "_" * 34,
        "_" * 44,
        "Ort, Datum, Uhrzeit",
        f"Unterschrift ({_ROLE})",
        *([EXERCISE] if station.exercise else []),
        *(f"Seite {number} von {pages}" for number in range(1, pages + 1)),
    )
    expected = {_letters(printable(text)) for text in frame}
    words = [_letters(piece.text) for piece in shown if not _in_table(piece)]
    strange = [
        word
        for word in words
        if word not in expected and word not in scope and not re.fullmatch(_PRINTED_AT, word)
    ]
    problems = [f"Im Ausdruck steht, was Lage dort nicht druckt: „{word}“" for word in strange[:10]]
    if station.exercise and words.count(_letters(EXERCISE)) != 2 * pages:
        problems.append("Die Kennzeichnung als Übung fehlt auf einer Seite.")
    if scope not in "".join(words):
        problems.append("Stelle, Zeitraum oder Zahl der Einträge im Kopf sind andere.")
    return problems


def _letters(text: str) -> str:
    return "".join(text.split())
