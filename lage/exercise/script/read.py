# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Drehbuch (MSEL) as a YAML file, read and checked as a whole before anything is played.

What its keys are is declared in ``keys``; the manual (docs/drehbuch.md) and the JSON schema
say the same. Every value is judged by the door through which people type (``rehearsal``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lage.exercise.script.cast import read_answers, read_cast, read_relays
from lage.exercise.script.conditions import Language
from lage.exercise.script.content import Frame
from lage.exercise.script.faults import Faults, ScriptRefused
from lage.exercise.script.injects import read_inject
from lage.exercise.script.keys import KIND_NAMES, SCRIPT
from lage.exercise.script.model import DIRECTION, DIRECTION_ROLE, Inject, Script
from lage.exercise.script.order import Order, needs_of
from lage.exercise.script.parts import branches_of, outages_of, phases_of, series_of
from lage.exercise.script.plain import Block, Row, Word, load
from lage.exercise.script.referred import referred_to
from lage.exercise.script.rehearsal import Clash, Rehearsal
from lage.exercise.script.settle import judge_rest
from lage.exercise.script.times import Times
from lage.exercise.script.walk import walk
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.tactical import parse_time

_UNSAYABLE = (
    "„{key}: {name}“ kann keine Einlage heißen, Bedingungen könnten sie nicht nennen: bitte eine"
    " Nummer oder ein einzelnes Wort, das in Bedingungen nichts anderes heißt (12, 12a, deich)."
)
_ANOTHER_DAY = 500 * 86_400
"""Seen from there, a time that leaves out its day or year is another."""


def built_in() -> Path:
    """The script that the demo plays."""
    return Path(__file__).parent.with_name("hochwasser.yaml")


def read_script(path: Path) -> Script:
    """Read a script and go through it. Raises ScriptRefused naming every fault with its place."""
    root = load(path)
    if not isinstance(root, Block) or not isinstance(root.get("ablauf"), Row):
        raise ScriptRefused(f"Im Drehbuch {path} fehlt der „ablauf“.", ())
    faults = Faults()
    values = walk(SCRIPT, root, faults)
    times = Times(_begin(values, faults))
    if not times.begin:
        faults.refuse(str(path))  # no other time can be judged without it
    script = _Reader(values, times, faults).script(path.stem)
    faults.refuse(str(path))
    assert script is not None  # what is None has been refused
    return script


class _Reader:
    """One file on its way to a script."""

    def __init__(self, values: Mapping[str, Any], times: Times, faults: Faults) -> None:
        self.values, self.times, self.faults = values, times, faults
        self.end = self._end()
        self.cast = read_cast(self.values.get("stellen", Row()), faults)
        self.branches = branches_of(self.values.get("zweige", Row()), self.times, faults)
        self.relays = read_relays(self.values.get("relais", Row()), faults)
        self.phases = phases_of(self.values.get("phasen", Row()), self.times, faults)
        self.doubts: list[str] = []
        self.numbers: dict[str, str] = {}  # number or id, folded -> number
        self.blocks = list(self._blocks())
        staffs = tuple(member.name for member in self.cast)
        direction = next((m.name for m in self.cast if m.role == DIRECTION_ROLE), DIRECTION)
        self.frame = Frame(
            Language(
                self.times,
                (*staffs, *([] if direction in staffs else [direction])),
                self.numbers,
                {branch.name: branch.options for branch in self.branches},
            ),
            staffs,
            direction,
            {nr: kind for nr, _, block in self.blocks if (kind := _kind(block))},
        )

    def _name_them(self) -> None:
        """Whatever conditions could not name is no number."""
        for nr, _, block in self.blocks:
            for key in ("nr", "id"):
                name = block.text(key)
                if name and not self.frame.language.sayable(name):
                    self.faults.of(f"Einlage {nr}").add(name, _UNSAYABLE.format(key=key, name=name))

    def script(self, stem: str) -> Script | None:
        """The whole of it; None where not even the frame is right."""
        self._name_them()
        faults, values = self.faults, self.values
        injects = {}
        for nr, place, block in self.blocks:
            about = faults.of(f"Einlage {nr}")
            inject = read_inject(place, nr, block, self.frame, self.phases, about)
            if inject is not None:
                injects[nr] = inject
        places = {nr: block.text("zeit") or block for nr, _, block in self.blocks}
        order = Order(injects, faults, places)
        ordered = order.check(self.end)
        rehearsal = Rehearsal(self.cast, self.frame.direction, self.times.begin)
        if self.cast:
            ordered = self._rehearsed(ordered, order, rehearsal)
        cast = read_answers(self.cast, values.get("stellen", Row()), self.frame, faults)
        script = Script(
            values.get("name", stem),
            self.times.begin,
            cast,
            tuple(ordered),
            self.end,
            values.get("ausgangslage", ""),
            tuple(values.get("ziele", ())),
            values.get("hinweise", ""),
            self.phases,
            self.branches,
            series_of(values.get("messreihen", Row()), self.frame, faults),
            outages_of(values.get("ausfaelle", Row()), self.frame, self.relays, faults),
            self.relays,
            values.get("saat", 1),
            doubts=tuple(self.doubts),
        )
        if self.cast:
            judge_rest(script, rehearsal, faults)
        return script

    def _rehearsed(self, ordered: list[Inject], order: Order, rehearsal: Rehearsal) -> list[Inject]:
        """The same, each with the staffs that its entry names; what is refused is named."""
        needs = needs_of(ordered)
        good = {inject.nr for inject in ordered}
        played = []
        for inject in ordered:
            if not referred_to(inject) <= good:
                good.discard(inject.nr)
                continue  # what it builds on has been named
            try:
                minute = order.earliest(inject.nr)
                to = rehearsal.play(inject, minute, needs[inject.nr])
                clash = rehearsal.clash(inject, minute, needs[inject.nr])
            except UsageError as error:
                good.discard(inject.nr)
                place = self._place(inject, error.field)
                self.faults.of(f"Einlage {inject.nr}").add(place, str(error))
                continue
            if clash is not None:
                self._contradicts(inject, clash)
            played.append(replace(inject, to=to) if to else inject)
        return played

    def _contradicts(self, inject: Inject, clash: Clash) -> None:
        """Two that cannot both be given are a fault; that one changes what has ended, a doubt."""
        when = f" ({said})" if (said := clash.needs.says()) else ""
        if clash.reason is None:
            self.doubts.append(
                f"Einlage {inject.nr} ändert, was nach {clash.other}{when} schon beendet ist."
            )
            return
        self.faults.of(f"Einlage {inject.nr}").add(
            self._place(inject, clash.reason.field),
            f"kommt auch {clash.other}{when}, wird sie abgelehnt: {clash.reason} Bitte eine von"
            " beiden an die andere Möglichkeit knüpfen (nur_wenn).",
        )

    def _place(self, inject: Inject, field: str) -> Word | Block:
        entry = inject.entry
        text = entry.fields.get(field) if entry else None
        if isinstance(text, Word) and text.line:
            return text
        return next(block for nr, _, block in self.blocks if nr == inject.nr)

    def _end(self) -> float | None:
        text = self.values.get("ende")
        if text is None:
            return None
        try:
            return self.times.minute(text)
        except UsageError as error:
            self.faults.add(text, f"„ende“: {error}")
            return None

    def _blocks(self) -> Iterator[tuple[str, int, Block]]:
        """Every inject with its number and place, but those whose number stands twice.

        Number and id lead to it from then on.
        """
        lines: dict[str, int] = {}
        blocks = self.values.get("ablauf", Row())
        told = {b.text(key) for b in blocks if isinstance(b, Block) for key in ("nr", "id")}
        for place, block in enumerate(blocks, 1):
            about = self.faults.of(f"Einlage {place}")
            if not isinstance(block, Block):
                about.add(block, "hier gehört eine Tabelle hin: zeit und eine Handlung.")
                continue
            unnamed = f"E{place}" if str(place) in told else place
            nr = str(block.text("nr") or block.text("id") or unnamed)
            names = {fold_text(each) for each in (nr, block.text("id")) if each}
            if twice := sorted(names & self.numbers.keys()):
                first = lines[twice[0]]
                about.add(block, f"„{twice[0]}“ heißt schon eine frühere (Zeile {first}).")
                continue
            self.numbers |= dict.fromkeys(names, nr)
            lines |= dict.fromkeys(names, block.line)
            yield nr, place, block


def _begin(values: Mapping[str, Any], faults: Faults) -> int:
    """Log time of X+00; 0 where the script does not say it."""
    text = values.get("beginn")
    if text is None:
        return 0
    try:
        begin = parse_time(text, 0)
        whole = begin == parse_time(text, _ANOTHER_DAY)  # says day and year itself
    except UsageError:
        whole = False
    if not whole:
        faults.add(text, f"„beginn“: „{text}“ ist nicht Datum und Uhrzeit ab 2026: bitte z. B."
                   " 24.11.2026 18:00 schreiben.")  # fmt: skip
        return 0
    return begin


def _kind(block: Block) -> str:
    """The kind of entry that an inject creates; empty for others."""
    deeds = [KIND_NAMES[key] for key in block if key in KIND_NAMES]
    if not deeds and "inhalt" in block and block.get("weg") == "Funk":
        return "message"
    return deeds[0] if len(deeds) == 1 else ""
