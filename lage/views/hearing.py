# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears whom by which way, as far as it is known here. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import age
from lage.store.hearing import FRESH_S, Heard, Source
from lage.store.lives import Way
from mesh.nodes import MeshNode

WAYS = {Way.CABLE: "Kabel", Way.BROKER: "Vermittler", Way.RADIO: "Funk"}
SOURCES = {
    Source.HERE: "hier gehört",
    Source.TOLD: "von dort gesagt",
    Source.LINKED: "von dort gesagt",
    Source.RADIO: "Nachbarliste des Funkgeräts",
}
ONLY_HERE = (
    "Nur was hier ohne zusätzliche Sendezeit bekannt wird: was dieser Knoten selbst hört und was"
    " andere nebenbei sagen. Was fehlt, ist nicht bekannt; es heißt nicht, dass niemand hört."
)
"""Said beside it, always."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One direction by one way, from its newest source."""

    hearer: str
    heard: str
    way: str
    at: int  # log time
    source: str
    snr_db: float | None = None
    here: bool = False  # this node is the hearer


def pairs(
    known: Iterable[Heard],
    radios: Sequence[MeshNode],
    name: Callable[[int], str],
    me: int | None,
    now_unix: float,
) -> tuple[Pair, ...]:
    """What is fresh, by hearer, the best way first."""
    newest: dict[tuple[str, str, Way], Heard] = {}
    names: dict[int, str] = {}
    for each in [*known, *_listed(radios, names)]:
        if not 0 <= now_unix - each.at < FRESH_S:
            continue
        ends = [names.get(end) or name(end) for end in (each.hearer, each.heard)]
        key = ends[0], ends[1], each.way
        if key not in newest or _worth(newest[key]) < _worth(each):
            newest[key] = each
    order = list(WAYS)
    found = sorted(
        newest.items(), key=lambda item: (item[0][0], item[0][1], order.index(item[0][2]))
    )
    return tuple(
        Pair(
            *(hearer, heard, WAYS[way], from_unix(each.at), SOURCES[each.source]),
            *(each.snr_db, each.hearer == me),
        )
        for (hearer, heard, way), each in found
    )


def hearing_lines(found: Sequence[Pair], now: int) -> list[str]:
    """A line for each hearer, and what they are worth; nothing where nothing is known."""
    by_hearer: dict[str, list[str]] = {}
    for pair in found:
        signal = "" if pair.snr_db is None else f", {pair.snr_db:.0f} dB"
        said = "" if pair.here else f", {pair.source}"
        heard = f"{plain(pair.heard)} ({pair.way}{signal}, vor {age(pair.at, now)}{said})"
        by_hearer.setdefault(plain(pair.hearer), []).append(heard)
    lines = [f"{hearer} hört {'; '.join(heard)}" for hearer, heard in by_hearer.items()]
    return [*lines, ONLY_HERE] if lines else []


def _worth(each: Heard) -> tuple[bool, int]:
    """With a signal it says more."""
    return each.snr_db is not None, each.at


def _listed(radios: Sequence[MeshNode], names: dict[int, str]) -> Iterable[Heard]:
    """Lists of neighbours that radios sent; radios without a staff go by their negative numbers,
    whose names are put into ``names``."""
    ends = {}
    for radio in radios:
        ends[radio.number] = -radio.number if radio.member is None else radio.member
        if radio.member is None:
            names[-radio.number] = radio.called
    for radio in radios:
        for number, snr in (radio.hears or {}).items():
            end = ends.get(number)
            if end is not None and radio.heard is not None:
                yield Heard(ends[radio.number], end, Way.RADIO, radio.heard, Source.RADIO, snr)
