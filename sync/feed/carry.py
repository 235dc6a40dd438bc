# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a gateway does: carry feeds that are followed from one county's log to another's.

Both logs number the same members differently: a county's own are 0.., an ally's stand in its
block. Signatures are those of the home county in either log, so nothing is signed anew; every run
is judged as if it had come over the air.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sync.feed.chain import Run
from sync.feed.intake import Fits, examine
from sync.feed.log import Log
from sync.feed.roster import Roster

RUNS_MAX = 500
"""Runs carried into one feed at a time; the rest goes with the next call."""


def common(source: Roster, target: Roster) -> list[tuple[int, int]]:
    """(number there, number here) of every feed that both rosters follow."""
    theirs, ours = _bases(source), _bases(target)
    return [
        (there, here)
        for network in sorted(theirs.keys() & ours.keys())
        for number in _followed(target, ours[network])
        for there, here in [(theirs[network] + number, ours[network] + number)]
        if source.signer(there) == target.signer(here)
    ]


def carry(
    source: Log, target: Log, target_roster: Roster, feeds: Iterable[tuple[int, int]]
) -> set[int]:
    """Store what the target lacks of these feeds (see ``common``); the authors that grew.

    May raise what ``target.store`` raises; what was stored before stays.
    """
    return {here for there, here in feeds if _copy(source, there, target, here, target_roster)}


def _bases(roster: Roster) -> dict[bytes, int]:
    """What is added to a county's own numbers, by its network id."""
    return {roster.network_id: 0, **{ally.network_id: ally.first for ally in roster.alliances}}


def _followed(roster: Roster, base: int) -> list[int]:
    """Numbers at home of the feeds that the roster knows of the county with that base."""
    ends = {ally.first: ally.count for ally in roster.alliances}
    if base:
        return sorted(n - base for n in roster.signers if base <= n < base + ends[base])
    allied = {n for first, count in ends.items() for n in range(first, first + count)}
    return sorted(roster.signers.keys() - allied)


def _copy(source: Log, there: int, target: Log, here: int, roster: Roster) -> bool:
    grown = False
    for run in _missing(source, there, target, here):
        verdict = examine(run, target, roster, roster.last_good(here))
        if not isinstance(verdict, Fits):
            break  # a fork or a revocation: for the engine to find out and to tell
        target.store([verdict.run])
        grown = True
    return grown


def _missing(source: Log, there: int, target: Log, here: int) -> Iterator[Run]:
    """Runs behind the target's head, one for every signature so that they can be cut again."""
    first, last = target.head(here) + 1, source.head(there)
    for point in source.signatures(there, first, last)[:RUNS_MAX] if first <= last else []:
        operations = source.operations(there, first, point.number)
        yield Run(here, first, tuple(operations), point.signature)
        first = point.number + 1
