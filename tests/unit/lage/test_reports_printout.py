# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a printed Tagebuch holds, and what no edited file gets past the check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.directory import Directory
from lage.kinds.model import Draft
from lage.reports.paper import Head
from lage.reports.printout import check_printout, journal_pdf
from lage.reports.readback import drawn, is_ours, page_count
from lage.station import Station
from lage.views.journal_line import Period
from tests.fixtures import FixedClock, make_county, replicate, share
from tests.unit.lage.conftest import Terminal


def head(station: Station) -> Head:
    """The head of a Tagebuch printed now."""
    assert station.me is not None
    return Head(
        "Einsatztagebuch", station.me.name, station.network_name, station.now(), station.exercise
    )


def printed(station: Station) -> bytes:
    """The whole Tagebuch as PDF."""
    return journal_pdf(station, head(station), Period())


def entries(station: Station, *texts: str) -> None:
    """Write journal entries."""
    station.write([Draft("journal", {"text": text}) for text in texts])


@pytest.fixture(scope="module")
def rheine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A staff alone whose Tagebuch fills pages, with words that tempt a reader of PDF."""
    folder = tmp_path_factory.mktemp("kreis")
    (station,) = make_county(folder, ["SAE Rheine"]).values()
    tricky = "5 0 obj << /Length 3 >> stream endstream /Filter %%EOF startxref (a) \\ ) Tj ET"
    entries(station, tricky, *(f"Eintrag {number}" for number in range(110)))
    yield station
    station.close()


@pytest.fixture(scope="module")
def paper(rheine: Station) -> bytes:
    """Its Tagebuch, printed."""
    return printed(rheine)


def test_entries_stamped_ahead_are_printed(county: list[Station], clock: FixedClock) -> None:
    """Where another staff's clock runs ahead, own entries are stamped later than now: all print."""
    _, rheine, greven = county
    clock.advance(240)
    entries(greven, *(f"von vorn {number}" for number in range(5)))
    clock.advance(-240)
    share(*county)
    entries(rheine, "Eins", "Zwei")
    last = rheine.reader.by_number("journal", 2, 2)
    assert last is not None
    assert last.time > rheine.now()
    data = printed(rheine)
    assert {"Eins", "Zwei"} <= {piece.text for piece in drawn(data)}
    found = check_printout(rheine, data)
    assert (found.entries, found.problems) == (2, ())


def test_our_own_file_is_ours(rheine: Station, paper: bytes) -> None:
    """Many pages, and text that looks like parts of a PDF."""
    assert page_count(paper) >= 3
    assert is_ours(paper)
    assert check_printout(rheine, paper).problems == ()


def test_file_of_an_exercise_is_marked(tmp_path: Path, clock: FixedClock) -> None:
    """A page of an exercise whose mark was taken off does not pass."""
    (station,) = make_county(tmp_path / "u", ["SAE Rheine"], clock=clock, exercise=True).values()
    entries(station, "Eins")
    data = printed(station)
    assert check_printout(station, data).problems == ()
    mark = "(ÜBUNG ÜBUNG ÜBUNG)".encode("cp1252")
    assert data.count(mark) == 2
    changed = data.replace(mark, b"( BUNG          BUNG)"[: len(mark)], 1)
    assert any("Kennzeichnung" in p for p in check_printout(station, changed).problems)
    station.close()


def last_stream(data: bytes) -> re.Match[bytes]:
    """Head of the last page's content."""
    return list(re.finditer(rb"<<\n/Length (\d+)\n>>\nstream\n", data))[-1]


def with_drawing(data: bytes, drawing: bytes) -> bytes:
    """The file with something more drawn on its last page, the length put right."""
    match = last_stream(data)
    size = int(match[1])
    longer = match[0].replace(match[1], str(size + len(drawing)).encode())
    end = match.end() + size
    return data[: match.start()] + longer + data[match.end() : end] + drawing + data[end:]


@pytest.mark.parametrize(
    "drawing",
    [
        b"\n1 g 0 0 595 842 re f",  # a white sheet over the page
        b"\n1 G 900 w 0.00 400.00 m 595.00 400.00 l S",  # a line so thick that it covers
        b"\n3 Tr",  # from here on invisible
        b"\nBT /F1 1.00 Tf ET",  # letters too small to see
        b"\nBT 53.86 4.00 Td (x) Tj ET",  # below the page
        b"\n/X1 Do",
    ],
)
def test_nothing_covers_or_hides(rheine: Station, paper: bytes, drawing: bytes) -> None:
    """A shape, a thick line, invisible, tiny or outlying letters, a picture: refused."""
    changed = with_drawing(paper, drawing)
    assert not is_ours(changed)
    assert any("nicht mehr so" in problem for problem in check_printout(rheine, changed).problems)


def test_a_file_with_two_truths_is_refused(paper: bytes) -> None:
    """Later updates, notes, unused streams, double objects, a moved table of places, a cut page."""
    page = re.search(rb"/Contents (\d+) 0 R\n/Parent", paper)
    assert page is not None
    changes = [
        paper + b"4 0 obj\n<<\n/Length 3\n>>\nstream\n0 G\nendstream\nendobj\n%%EOF\n",
        paper.replace(page[0], b"/Annots [9 0 R]\n" + page[0], 1),
        paper.replace(b"/Type /Page\n", b"/Type /Page\n/Rotate 90\n", 1),
        paper.replace(b"/MediaBox [0 0 595.28 841.89]", b"/MediaBox [0 0 300.00 841.89]", 1),
        paper.replace(b"/BaseFont /Helvetica\n", b"/FontFile /Helvetica\n", 1),
        re.sub(rb"(\n\d{9})(\d)( 00000 n)", rb"\g<1>9\3", paper, count=1),
        re.sub(rb"/Kids \[(\d+) 0 R\n", rb"/Kids [", paper, count=1),
        paper.replace(b"\nstartxref", b"\n1 0 obj\n<<\n>>\nendobj\nstartxref", 1),
    ]
    assert [is_ours(changed) for changed in changes] == [False] * len(changes)


def test_words_beside_the_table_are_found(rheine: Station, paper: bytes) -> None:
    """Another staff's name at the head, a remark beside the signature, a row with an odd number."""
    for before, after, word in (
        (b"(SAE Rheine - ", b"(SAE Greven - ", "druckt: „SAEGreven-KreisSteinfurt“"),
        (b"(SAE Rheine, Z", b"(SAE Greven, Z", "im Kopf"),
        (b"(Ort, Datum, Uhrzeit)", b"(Gilt alles nicht.  )", "druckt: „Giltallesnicht"),
        (b"(12)", b"(7b)", "7b"),
    ):
        assert paper.count(before) >= 1
        problems = check_printout(rheine, paper.replace(before, after[: len(before)], 1)).problems
        assert any(word in problem for problem in problems), (before, problems)


def test_not_everything_received_yet(county: list[Station]) -> None:
    """Where entries of the printing staff are missing the check says so instead of blaming it."""
    _, rheine, greven = county
    replicate(rheine.store.log, greven.store.log)
    entries(rheine, "Eins", "Zwei")
    with pytest.raises(Exception, match="nicht alle vor"):
        check_printout(greven, printed(rheine))


def test_another_staffs_tagebuch(county: list[Station], tmp_path: Path, lage: Terminal) -> None:
    """Printed where it was received: its entries and name, nothing only its own node knows."""
    _, rheine, greven = county
    entries(greven, "Aus Greven", "Noch eins")
    entries(rheine, "Aus Rheine")
    share(*county)
    path = tmp_path / "greven.pdf"
    lage("bericht", "tagebuch", str(path), "--stelle", "Greven")
    words = {piece.text for piece in drawn(path.read_bytes())}
    assert {"Aus Greven", "SAE Greven - Kreis Steinfurt"} <= words
    assert not {"Aus Rheine", "auto"} & words
    for station in county:
        found = check_printout(station, path.read_bytes())
        assert (found.entries, found.problems) == (2, ())


@settings(max_examples=60)
@given(data=st.data())
def test_readback_is_total(data: st.DataObject) -> None:
    """Any bytes give an answer."""
    junk = data.draw(st.binary(max_size=300))
    assert is_ours(junk) is False
    assert is_ours(b"%PDF-1.3\n1 0 obj\n<<\n/Length 999999999\n>>\nstream\n" + junk) is False
    drawn(junk)


def test_each_byte_counts(paper: bytes) -> None:
    """Wherever a byte is doubled before the trailer, the file is no longer ours."""
    places = range(20, paper.index(b"\ntrailer"), 499)
    doubled = [paper[:n] + paper[n : n + 1] + paper[n:] for n in places]
    assert not any(is_ours(changed) for changed in doubled)


def test_tagebuch_of_a_revoked_staff(
    county: list[Station], tmp_path: Path, lage: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code still names it when its name, for new entries, does not."""
    entries(county[2], "Aus Greven")
    share(*county)
    staffs = [replace(s, active=s.number != 3) for s in county[1].directory.staffs]
    rows = [(s.number, s.name, s.role, s.active) for s in staffs]
    monkeypatch.setattr(Station, "directory", property(lambda _: Directory(rows, 2)))
    path = str(tmp_path / "greven.pdf")
    assert "keine Stelle" in str(lage.refusal("bericht", "tagebuch", path, "--stelle", "Greven"))
    lage("bericht", "tagebuch", path, "--stelle", "gre")
    assert b"(Aus Greven)" in Path(path).read_bytes()
