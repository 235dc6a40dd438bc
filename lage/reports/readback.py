# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading back a PDF that ``Paper`` wrote plain: what is drawn, and whether nothing else can be.

A PDF can hide what a reader of bytes sees and show what he does not: unused or compressed
streams, later updates, forms and notes over the page, covering shapes, text off the page. So a
file counts as ours only if it is built of what ``Paper`` uses and nothing else: one plain content
stream for each page, the standard fonts, thin lines, and text within the page. Total: any bytes
give a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lage.reports.paper import ENCODING

PAGE_POINTS = (595.28, 841.89)
_NUMBER = rb"\d{1,4}(?:\.\d{1,4})?"
_STRINGS = rb"(?:\((?:[^()\\]|\\.)*\) Tj ?)+"
_FONT = rb"BT /F\d{1,2} (?P<size>" + _NUMBER + rb") Tf ET"
_TEXT = rb"BT (?P<x>" + _NUMBER + rb") (?P<y>" + _NUMBER + rb") Td (?P<text>" + _STRINGS + rb")ET"
_SHOWN = re.compile(_FONT + rb"|" + _TEXT)
_OPERATOR = re.compile(
    rb"\s*(?:" + _FONT + rb"|" + _TEXT + rb"|2 J|(?:0|1|0?\.\d{1,4}) [wG]"
    rb"|" + rb" ".join([_NUMBER] * 3) + rb" -?" + _NUMBER + rb" re S"
    rb"|" + rb" ".join([_NUMBER] * 2) + rb" m " + rb" ".join([_NUMBER] * 2) + rb" l S)\s*"
)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\) Tj")
_ESCAPED = re.compile(rb"\\([()\\nrt])")
_STREAM = re.compile(rb"(\d{1,6}) 0 obj\s*<<\s*/Length (\d{1,9})\s*>>\s*stream\r?\n")
_PAGE = re.compile(
    rb"(\d{1,6}) 0 obj\s*<<\s*/Contents (\d{1,6}) 0 R\s*/Parent \d{1,6} 0 R"
    rb"\s*/Resources \d{1,6} 0 R\s*/Type /Page\s*>>"
)
_KIDS = re.compile(rb"/Kids \[([\d\sR]*)\]")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,6}) 0 obj")
_KNOWN_KEYS = frozenset(
    b"Author BaseFont Catalog Contents Count Courier CreationDate Encoding F1 F2 F3 FitH Font"
    b" Helvetica Helvetica-Bold ID ImageB ImageC ImageI Info Kids Length MediaBox OneColumn"
    b" OpenAction Page PageLayout Pages Parent PDF ProcSet Resources Root Size Subtype Text Title"
    b" Type Type1 WinAnsiEncoding".split()
)
_KEY = re.compile(rb"/([^\s/<>\[\]()]*)")
_LITERAL = re.compile(rb"\((?:[^()\\]|\\.)*\)")
_MEDIA_BOX = b"/MediaBox [0 0 595.28 841.89]"


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of text as drawn on a page."""

    x: float  # left edge in points
    size: float  # of the letters in points
    text: str


def drawn(data: bytes) -> list[Shown]:
    """Every piece of text that such a file draws, in order; what else is in it is passed over."""
    found = []
    size = 0.0
    for match in _SHOWN.finditer(data):
        if match["size"]:
            size = float(match["size"])
            continue
        parts = b"".join(_ESCAPED.sub(_unescape, part) for part in _STRING.findall(match["text"]))
        found.append(Shown(float(match["x"]), size, parts.decode(ENCODING, errors="replace")))
    return found


def page_count(data: bytes) -> int:
    """Pages of a file of ours."""
    return len(_PAGE.findall(data))


def is_ours(data: bytes) -> bool:
    """Whether ``Paper`` could have written the file: nothing in it is hidden, covered or added."""
    streams, rest = _split(data)
    skeleton = b"".join(part for _, part in rest)
    pages = {int(match[1]): int(match[2]) for match in _PAGE.finditer(skeleton)}
    kids = [int(number) for number in re.findall(rb"(\d+) 0 R", b" ".join(_KIDS.findall(skeleton)))]
    keys = {match[1] for match in _KEY.finditer(_LITERAL.sub(b"()", skeleton))}
    single = (b"%%EOF", b"startxref", b"/MediaBox", _MEDIA_BOX, b"/Kids", b"/Root", b"/Catalog")
    return (
        all(skeleton.count(word) == 1 for word in single)
        and skeleton.count(b"stream") == 2 * len(streams)
        and keys <= _KNOWN_KEYS
        and bool(pages)
        and sorted(kids) == sorted(pages)
        and sorted(pages.values()) == sorted(streams)
        and skeleton.count(b"/Contents") == len(pages)
        and _offsets_true(data, rest)
        and all(_draws_plainly(stream) for stream in streams.values())
    )


def _split(data: bytes) -> tuple[dict[int, bytes], list[tuple[int, bytes]]]:
    """Content streams by object number, and what is around them with its place in the file.

    Nothing where a stream does not end as it says.
    """
    streams: dict[int, bytes] = {}
    rest: list[tuple[int, bytes]] = []
    done = 0
    while (match := _STREAM.search(data, done)) is not None:
        rest.append((done, data[done : match.end()]))
        done = match.end() + int(match[2])
        streams[int(match[1])] = data[match.end() : done]
        if not data.startswith(b"\nendstream\nendobj\n", done):
            return {}, []
    rest.append((done, data[done:]))
    return streams, rest


def _offsets_true(data: bytes, rest: list[tuple[int, bytes]]) -> bool:
    """Whether the table of places names each object once, and where it stands."""
    real: dict[int, int] = {}
    for start, part in rest:
        for match in _OBJECT.finditer(part):
            if int(match[1]) in real:
                return False
            real[int(match[1])] = start + match.start()
    if sorted(real) != list(range(1, len(real) + 1)):
        return False
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(real) + 1)
    table += b"".join(b"%010d 00000 n \n" % real[number] for number in sorted(real))
    place = data.rfind(table + b"trailer\n")
    return place > 0 and data.endswith(b"startxref\n%d\n%%%%EOF\n" % place)


def _draws_plainly(stream: bytes) -> bool:
    place, size = 0, 0.0
    while place < len(stream):
        match = _OPERATOR.match(stream, place)
        if match is None:
            return False
        size = float(match["size"] or size)
        if match["x"] is not None and not _on_page(float(match["x"]), float(match["y"]), size):
            return False
        place = match.end()
    return True


def _on_page(x: float, y: float, size: float) -> bool:
    return 5 <= size <= 20 and 0 <= x < PAGE_POINTS[0] - 20 and 10 <= y < PAGE_POINTS[1] - 10


def _unescape(match: re.Match[bytes]) -> bytes:
    letter = match[1]
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(letter, letter)
