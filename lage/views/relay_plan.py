# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which radios of the county need to relay: the planner, fed with what is known here. Pure.

A staff's radio stands where a table says, else where the radio itself says, else in the middle of
the municipality that the staff's name names. One of which nobody knows the place relays. Who has
lately been heard to hear each other does so, whatever is reckoned.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lage.kinds.directory import Directory
from lage.kinds.reader import County
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.store.hearing import FRESH_S, Heard
from lage.store.lives import Way
from lage.views.network import MUTE, RELAYING
from maps.geo.places import OutsideAreaError, Position, to_grid
from mesh.air.config import RadioConfig
from mesh.air.relays import EACH, reach, relaying
from mesh.airtime import Preset
from mesh.firmware import Role
from mesh.nodes import MeshNode
from mesh.send.outgoing import FLOOD_HOP_LIMIT

HEIGHT_M = 10.0
"""Of an antenna of which nobody has said: on a roof."""


@dataclass(frozen=True, slots=True)
class Antenna:
    """What somebody has written of a radio's antenna; None: nothing."""

    name: str
    position: Position | None = None
    height_m: float | None = None  # above ground
    relay: bool = False  # it relays whatever is planned


class By(enum.Enum):
    """How it is known where a radio stands."""

    TABLE = "Tabelle"
    RADIO = "Funkgerät"
    TOWN = "Ortsmitte"
    NOTHING = "unbekannt"


@dataclass(frozen=True, slots=True)
class Stand:
    """A radio and where it stands."""

    name: str
    member: int | None = None  # None: a relay of no staff
    position: Position | None = None
    by: By = By.NOTHING
    height_m: float | None = None  # None: nobody has said, and HEIGHT_M is reckoned with
    listed: str = ""  # how a table calls it
    fixed: bool = False  # it relays whatever is planned
    silent: bool = False  # of no staff, and not heard for longer than it would be if it were there
    role: str | None = None  # as the radio last told; None: it has not

    @property
    def relays_now(self) -> bool:
        """Whether it relays today, as far as it is known."""
        return self.role != MUTE

    @property
    def only_listed(self) -> bool:
        """Whether nobody but the table knows of it: no staff of that name, no radio heard."""
        return self.member is None and self.role is None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One radio in the plan."""

    stand: Stand
    relays: bool
    within: int  # relays that it hears and that hear it
    hears: int  # radios, relays among them

    @property
    def judged(self) -> bool:
        """Whether anything is known of whom it hears: of the place, or because it was heard."""
        return self.stand.position is not None or self.hears > 0

    @property
    def back(self) -> bool:
        """Whether it is mute and has to relay again."""
        return self.relays and not self.stand.relays_now

    @property
    def weak(self) -> bool:
        """Whether a single failure may leave it with one relay or none."""
        return self.within < min(EACH, 3)


@dataclass(frozen=True, slots=True)
class RelayPlan:
    """Who relays, and how often a flood is passed on at most, today and then."""

    rows: tuple[PlanRow, ...]
    before: int
    after: int
    left_out: tuple[Stand, ...] = ()  # silent, and nobody says that they are there
    parts: tuple[tuple[PlanRow, ...], ...] = ()
    """Those that hear each other, the most first; one is all that should be. Without those of which
    nothing is known."""
    far: tuple[tuple[PlanRow, PlanRow], ...] = ()
    """Pairs that a flood would join if all relayed, and does not by the plan: too many hops."""


def stands(
    directory: Directory,
    radios: Sequence[MeshNode],
    own: int | None,
    county: County,
    table: Iterable[Antenna] = (),
    *,
    gone_before: float = 0.0,
) -> list[Stand]:
    """Every active staff's radio, those that stand for others, and what the table adds; ``own``:
    number of the radio that is attached here; ``gone_before``: unix seconds, of what was last heard
    before that nobody knows whether it still stands. Raises UsageError for a name that may mean
    several, and for two rows of one radio.
    """
    by_member = {node.member: node for node in radios if node.member is not None}
    attached = next((node for node in radios if node.number == own), None)
    if directory.me is not None and attached is not None:
        by_member[directory.me] = attached
    found: dict[str, Stand] = {}
    for staff in directory.staffs:
        if staff.active:
            stand = Stand(staff.name, staff.number, fixed=staff.role == "technik")
            found[fold_text(staff.name)] = _told(
                _in_town(stand, county), by_member.get(staff.number)
            )
    for node in radios:
        if node.member is None and node.number != own and node.role in RELAYING:
            key = fold_text(node.called)
            key = f"{key} {node.id}" if key in found else key
            silent = (node.heard or 0) < gone_before
            found[key] = _told(Stand(node.called, fixed=True, silent=silent), node)
    codes = {
        staff.code.lower(): fold_text(staff.name) for staff in directory.staffs if staff.active
    }
    known = dict(found)
    for antenna in table:
        key = _key(antenna.name, known, codes)
        found[key] = _listed(found.get(key, Stand(antenna.name)), antenna)
    return list(found.values())


def plan(
    placed: Sequence[Stand],
    heard: Iterable[Heard],
    now_unix: float,
    preset: Preset,
    *,
    margin_db: float = 0.0,
) -> RelayPlan:
    """Who needs to relay; ``margin_db`` is kept for hills and woods, of which nothing is known."""
    left_out = tuple(stand for stand in placed if stand.silent and not stand.listed)
    placed = [stand for stand in placed if stand not in left_out]
    radios = [_config(number, stand) for number, stand in enumerate(placed, 1)]
    within = _with_heard(reach(radios, preset=preset, margin_db=margin_db), placed, heard, now_unix)
    relays = relaying(radios, within)
    rows = tuple(
        PlanRow(stand, number in relays, len(within[number] & relays), len(within[number]))
        for number, stand in enumerate(placed, 1)
    )
    before = sum(stand.relays_now for stand in placed)
    parts, far = _parts(rows, within), far_pairs(rows, within, relays)
    return RelayPlan(rows, before, len(relays), left_out, parts, far)


def far_pairs(
    rows: Sequence[PlanRow], within: Mapping[int, frozenset[int]], relays: Collection[int]
) -> tuple[tuple[PlanRow, PlanRow], ...]:
    """Who is out of reach of whose floods for want of relays. ``relaying`` does not count hops."""
    found = []
    for number in within:
        missed = within.keys() - _flooded(number, within, relays)
        if missed:
            missed &= _flooded(number, within, within.keys())
        found += [(rows[number - 1], rows[each - 1]) for each in sorted(missed) if each > number]
    return tuple(found)


def _flooded(
    source: int, within: Mapping[int, frozenset[int]], relays: Collection[int]
) -> set[int]:
    """Who hears a flood of that one, in the hops that floods are given."""
    found, front = {source}, {source}
    for hop in range(FLOOD_HOP_LIMIT + 1):
        sends = {number for number in front if hop == 0 or number in relays}
        front = set().union(*(within[number] for number in sends)) - found
        found |= front
    return found


def _parts(
    rows: Sequence[PlanRow], within: Mapping[int, frozenset[int]]
) -> tuple[tuple[PlanRow, ...], ...]:
    """Who is joined with whom, whoever relays."""
    left = {number: row for number, row in enumerate(rows, 1) if row.judged}
    found: list[tuple[PlanRow, ...]] = []
    while left:
        todo, part = [min(left)], {}
        while todo:
            number = todo.pop()
            if number in left:
                part[number] = left.pop(number)
                todo += within[number]
        found.append(tuple(part[number] for number in sorted(part)))
    return tuple(sorted(found, key=len, reverse=True))


def _config(number: int, stand: Stand) -> RadioConfig:
    """Who must relay anyway is a router to the planner."""
    if stand.position is None:
        return RadioConfig(number, role=Role.ROUTER)
    grid = to_grid(stand.position)
    role = Role.ROUTER if stand.fixed else Role.CLIENT
    return RadioConfig(number, (grid.east, grid.north), stand.height_m or HEIGHT_M, role)


def _with_heard(
    within: Mapping[int, frozenset[int]],
    placed: Sequence[Stand],
    heard: Iterable[Heard],
    now_unix: float,
) -> dict[int, frozenset[int]]:
    """With the pairs that were lately heard both ways by radio."""
    numbers = {stand.member: n for n, stand in enumerate(placed, 1) if stand.member is not None}
    fresh = {
        (numbers[each.hearer], numbers[each.heard])
        for each in heard
        if each.way is Way.RADIO and 0 <= now_unix - each.at < FRESH_S
        if each.hearer in numbers and each.heard in numbers
    }
    both = {pair for pair in fresh if pair[::-1] in fresh}
    return {
        number: near | {other for one, other in both if one == number}
        for number, near in within.items()
    }


def _in_town(stand: Stand, county: County) -> Stand:
    """In the middle of the municipality whose name stands in its own, the longest if several."""
    words = f" {fold_text(stand.name)} "
    towns = [town for town in county.towns() if f" {fold_text(town)} " in words]
    spot = county.spot(max(towns, key=len)) if towns else None
    if spot is None:
        return stand
    return replace(stand, position=Position(spot.lat_e4 / 10_000, spot.lon_e4 / 10_000), by=By.TOWN)


def _told(stand: Stand, radio: MeshNode | None) -> Stand:
    """With what its radio tells."""
    if radio is None:
        return stand
    stand = replace(stand, role=radio.role, fixed=stand.fixed or radio.role in RELAYING)
    place = radio.place
    if place is None:
        return stand
    try:
        position = Position(place.latitude, place.longitude)
    except OutsideAreaError:
        return stand
    return replace(stand, position=position, by=By.RADIO) if position.covered else stand


def _listed(stand: Stand, antenna: Antenna) -> Stand:
    """With what a table says of it. Raises UsageError where it has said something before."""
    if stand.listed:
        rows = " und ".join(f"„{plain(name)}“" for name in (stand.listed, antenna.name))
        raise UsageError(f"Die Tabelle nennt {plain(stand.name)} zweimal ({rows}).")
    height = antenna.height_m or stand.height_m
    fixed = stand.fixed or antenna.relay
    stand = replace(stand, height_m=height, fixed=fixed, listed=antenna.name)
    if antenna.position is None:
        return stand
    return replace(stand, position=antenna.position, by=By.TABLE)


def _key(name: str, known: Mapping[str, Stand], codes: Mapping[str, str]) -> str:
    """Of the radio that is meant, by its name, its staff's code, or whole words of the name: „Berg“
    is not Altenberge. Raises UsageError for a name that may mean several.
    """
    wanted = fold_text(name)
    key = wanted if wanted in known else codes.get(wanted, wanted)
    if key in known:
        return key
    meant = [each for each in known if f" {wanted} " in f" {each} "]
    if len(meant) > 1:
        names = ", ".join(plain(known[each].name) for each in meant)
        raise UsageError(
            f"„{plain(name)}“ in der Tabelle ist nicht eindeutig: gemeint sein können {names}."
        )
    return meant[0] if meant else wanted
