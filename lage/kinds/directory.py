# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The staffs of the network by number, name and short code; labels such as RHE-12."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text
from sync.feed.records import Alliance
from sync.feed.roster import Roster, succession

ROLES = (
    "krisenstab",
    "sae",
    "einsatzleitung",
    "leitstelle",
    "organisation",
    "uebungsleitung",
    "leuchtturm",
    "technik",
)
"""Role names by their number in certificates; append only."""


DIRECTION = "uebungsleitung"

ROLE_TITLES = {"sae": "SAE", DIRECTION: "Übungsleitung"}
"""How a role is written where that is not its name with a capital."""


def role_title(name: str) -> str:
    """A role's name as people write it."""
    return ROLE_TITLES.get(name, name.capitalize())


def role_name(number: int) -> str:
    """Role by its number; one that a newer version added is shown as member."""
    return ROLES[number] if number < len(ROLES) else "mitglied"


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of the network."""

    number: int
    name: str
    code: str
    role: str
    active: bool = True  # False: revoked or succeeded


class Directory:
    """All staffs; found by number, name, part of a name or code."""

    def __init__(
        self,
        staffs: Iterable[tuple[int, str, str, bool]],
        me: int | None,
        follows: Mapping[int, int] | None = None,
        foreign: Iterable[Staff] = (),
        *,
        exercise: bool = False,
    ) -> None:
        """``staffs`` gives (number, name, role, active) in order of number.

        ``follows`` gives for a successor the number whose writing it goes on from. ``foreign`` are
        members of allied counties, and those counties: they have names and labels, but nothing
        can be sent to them and nobody waits for their receipts.
        """
        taken: set[str] = set()
        self.staffs: list[Staff] = []
        for number, name, role, active in staffs:
            code = _code(name, number, taken)
            taken.add(code)
            self.staffs.append(Staff(number, name, code, role, active))
        self.foreign = list(foreign)
        self._by_number = {staff.number: staff for staff in (*self.staffs, *self.foreign)}
        self.me = me
        self._exercise = exercise
        self._follows = dict(follows or {})
        self._heirs = {before: after for after, before in sorted(self._follows.items())}

    def name(self, number: int) -> str:
        """Name for display; members not known yet are shown by number."""
        staff = self._by_number.get(number)
        return staff.name if staff else ("Kreis (Wurzel)" if number == 0 else f"Knoten {number}")

    def code(self, number: int) -> str:
        """Short code for display."""
        staff = self._by_number.get(number)
        return staff.code if staff else f"K{number}"

    def get(self, number: int) -> Staff | None:
        """The staff with that number."""
        return self._by_number.get(number)

    def line(self, number: int) -> frozenset[int]:
        """A member's number with those whose writing it goes on from, by the county's word."""
        return succession(number, self._follows)

    @property
    def ours(self) -> frozenset[int]:
        """This staff's number with those it had; none before it has joined a county."""
        return frozenset() if self.me is None else self.line(self.me)

    def heir(self, number: int) -> int:
        """Who answers now for what went to that number: itself, or its last successor."""
        return max(succession(number, self._heirs))

    @property
    def direction(self) -> frozenset[int]:
        """Who directs the exercise: the first staff of that role, with those whose writing it goes
        on from; observers have the role as well, and came later. In earnest nobody does."""
        for staff in self.staffs if self._exercise else ():
            heir = self.get(self.heir(staff.number))
            if staff.role == DIRECTION and heir is not None and heir.active:
                return self.line(heir.number)
        return frozenset()

    def others(self) -> list[Staff]:
        """Active staffs other than this one."""
        return [staff for staff in self.staffs if staff.active and staff.number != self.me]

    def find(self, text: str) -> Staff:
        """The active staff a user means by name, part of it, or code. Raises UsageError."""
        wanted = fold_text(text.strip())
        active = [staff for staff in self.staffs if staff.active]
        exact = [s for s in active if wanted in (fold_text(s.name), s.code.lower())]
        found = exact or [s for s in active if wanted and wanted in fold_text(s.name)]
        if len(found) == 1:
            return found[0]
        if not found:
            known = ", ".join(staff.name for staff in active) or "noch keine"
            raise NotFound(f"Es gibt keine Stelle „{text.strip()}“; bekannt sind: {known}.")
        names = ", ".join(staff.name for staff in found)
        raise UsageError(f"„{text.strip()}“ ist nicht eindeutig: gemeint sein können {names}.")

    def find_all(self, text: str) -> tuple[int, ...]:
        """Numbers of staffs named with commas between; ``alle`` or empty is all: ()."""
        parts = [part for part in re.split(r"[,;]", text) if part.strip()]
        if not parts or fold_text(text.strip()) in ("alle", "an alle"):
            return ()
        return tuple(dict.fromkeys(self.find(part).number for part in parts))

    def label(self, record: Record) -> str:
        """``RHE-12``, ``RHE-N7``; with ``?`` until the number is certain."""
        number = "?" if record.nr is None else str(record.nr)
        return f"{self.code(record.id.author)}-{CARDS[record.kind].letter or ''}{number}"

    def kind_of(self, text: str) -> str:
        """The kind that a label's letter tells, where a field may name any; incidents have none."""
        match = re.fullmatch(r"(?:[^\W\d]\w{1,4}-)?([A-Z]?)\d+", text.strip().upper())
        letters = {card.letter: kind for kind, card in CARDS.items() if card.letter}
        return letters.get(match[1], "incident") if match else "incident"

    def parse_label(self, text: str, kind: str) -> tuple[int, int]:
        """(author, running number) of a label; a bare number is one of our own.

        Raises UsageError.
        """
        letter = CARDS[kind].letter or ""
        match = re.fullmatch(rf"(?:([^\W\d]\w{{1,4}})-)?{letter}?(\d+)", text.strip().upper())
        if match is None:
            raise UsageError(
                f"„{text.strip()}“ ist keine Nummer: bitte so eingeben wie in der Liste,"
                f" z. B. RHE-{letter}12."
            )
        if match[1] is None:
            if self.me is None:
                raise UsageError("Dieser Knoten gehört noch zu keinem Kreis.")
            return self.me, int(match[2])
        for staff in self._by_number.values():
            if staff.code == match[1]:
                return staff.number, int(match[2])
        raise NotFound(f"Es gibt keine Stelle mit dem Kürzel {match[1]}.")


def directory_of(roster: Roster, me: int | None, *, exercise: bool = False) -> Directory:
    """The staffs of a roster: our county's, and those of allied counties that are followed."""
    own = []
    foreign = [
        Staff(ally.first, ally.name, _foreign_code(ally, 0), "kreis") for ally in roster.alliances
    ]
    allies = {ally.first: ally for ally in roster.alliances}
    follows = {number: m.successor_of for number, m in roster.members.items() if m.successor_of}
    for number, member in sorted(roster.members.items()):
        active = member.active and number not in follows.values()
        role = role_name(member.role)
        ally = allies.get(member.alliance)
        if ally is None:
            own.append((number, member.name, role, active))
        else:
            name, code = f"{member.name} ({ally.name})", _foreign_code(ally, number - ally.first)
            foreign.append(Staff(number, name, code, role, active))
    return Directory(own, me, follows, foreign, exercise=exercise)


def _foreign_code(ally: Alliance, number: int) -> str:
    """``BOR1`` for member 1 of Kreis Borken; the digit tells it from our own codes."""
    words = re.findall(r"[a-z]+", fold_text(ally.name)) or ["x"]
    return f"{words[-1][:3].upper()}{number}"


def _code(name: str, number: int, taken: set[str]) -> str:
    """Three letters that nobody before has: from the place in the name, by fixed rules."""
    words = re.findall(r"[a-z]+", fold_text(name))
    if "krisenstab" in words:
        words = ["kst", *words]
    elif len(words) > 1:
        words = words[1:] + words[:1]
    letters = "".join(words).upper()
    candidates = [letters[:3], letters[:2] + letters[3:4], letters[:1] + letters[2:4]]
    for code in candidates:
        if len(code) == 3 and code not in taken:
            return code
    return f"K{number}"
