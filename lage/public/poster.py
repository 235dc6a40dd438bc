# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The poster for the door: what is offered here, two codes to scan, and when it was printed.

German and English only: the letters of other languages are in no font that every printer has; the
pages behind the code speak them. One code joins the WLAN, the other opens the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno
from fpdf import FPDF

SIZES = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
QUIET = 4  # modules of white around a code, as its standard asks
OFFERS = {
    False: ("Auskunft", "Was ist los, wo gibt es Hilfe", "Information and where to get help"),
    True: ("Auskunft und Notruf", "Wenn das Telefon nicht geht", "When phones are down"),
}


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it."""

    name: str
    address: str
    wlan: str  # name of the network; empty: none
    password: str  # of the network; empty: open
    printed: str  # the time, in words
    exercise: bool = False
    calls: bool = False  # whether emergency calls are taken here


def wlan_code(name: str, password: str) -> str:
    """What a telephone reads to join a network."""

    def safe(text: str) -> str:
        return "".join(f"\\{c}" if c in '\\;,":' else c for c in text)

    kind = "WPA" if password else "nopass"
    secret = f"P:{safe(password)};" if password else ""
    return f"WIFI:T:{kind};S:{safe(name)};{secret};"


def poster(said: Poster, size: str) -> bytes:
    """A page of that size as PDF."""
    width, height = SIZES[size]
    scale = width / SIZES["a4"][0]
    page = FPDF(format=(width, height))
    page.core_fonts_encoding = "windows-1252"
    page.set_auto_page_break(False)
    page.set_margins(15 * scale, 15 * scale)
    page.set_title(_letters(said.name))
    page.add_page()

    def line(text: str, points: float, *, bold: bool = False) -> None:
        page.set_font("Helvetica", "B" if bold else "", points * scale)
        page.multi_cell(0, points * scale * 0.45, _letters(text), align="C", new_x="LMARGIN",
                        new_y="NEXT")  # fmt: skip

    if said.exercise:
        line("ÜBUNG ÜBUNG ÜBUNG", 28, bold=True)
    title, german, english = OFFERS[said.calls]
    line(title, 44, bold=True)
    line(said.name, 28, bold=True)
    page.ln(4 * scale)
    line(german, 22)
    line(english, 18)
    top, side = page.get_y() + 8 * scale, 80.0 * scale
    codes = [("Seite öffnen / open page", said.address)]
    if said.wlan:
        codes.insert(0, ("1. WLAN", wlan_code(said.wlan, said.password)))
        codes[1] = ("2. Seite öffnen / open page", said.address)
    gap = (width - len(codes) * side) / (len(codes) + 1)
    for place, (words, content) in enumerate(codes):
        left = gap + place * (side + gap)
        _code(page, content, left, top, side)
        page.set_xy(left, top + side)
        page.set_font("Helvetica", "B", 14 * scale)
        page.cell(side, 8 * scale, _letters(words), align="C")
    page.set_y(top + side + 14 * scale)
    if said.wlan:
        line(f"WLAN: {said.wlan}" + (f"   Kennwort: {said.password}" if said.password else ""), 20)
    line(said.address, 24, bold=True)
    page.ln(6 * scale)
    line("Deutsch, Leichte Sprache, English, Ukrainisch, Arabisch, Türkisch", 14)
    page.set_y(height - 22 * scale)
    line(f"Gedruckt {said.printed}. Der Stand der Angaben steht auf der Seite.", 12)
    return bytes(page.output())


def _code(page: FPDF, content: str, left: float, top: float, side: float) -> None:
    rows = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    step = side / (len(rows) + 2 * QUIET)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                at = left + (x + QUIET) * step, top + (y + QUIET) * step
                page.rect(*at, step * 1.02, step * 1.02, style="F")


def _letters(text: str) -> str:
    return text.encode("windows-1252", "replace").decode("windows-1252")
