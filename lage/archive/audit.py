# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage pruefen``: everything in the log that can be proved, proved.

Checked are SQLite's own structure, every chain value, every signature, that every operation is
vouched for by a signature of a member, that nothing beyond a revocation counts, that what is
cached beside an operation is what its bytes say, and that the picture folded anew is the stored
one. What is wrong is said in German sentences; nothing is repaired.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from lage.kinds.model import Progress
from lage.station import Station
from lage.store import audit
from lage.store.damage import noted
from lage.views.faults import unshown_lines
from sync.feed import chain as feed
from sync.feed.log import SignaturePoint
from sync.feed.roster import Signer

PROBLEMS_MAX = 200
BATCH = 250
SHARED_MIN = 4000
"""Reading texts is most of the work: from so many operations on, further processes pay."""
WORKERS_MAX = 8
TELL_EVERY = 200


@dataclass
class Findings:
    """What was looked at and what is wrong."""

    feeds: int = 0
    operations: int = 0
    signatures: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # true, and worth knowing: forks, revocations
    unshown: int = 0  # entries that are sound and cannot be shown

    def add(self, problem: str) -> None:
        """One more thing that is wrong, up to ``PROBLEMS_MAX``."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(station: Station, progress: Callable[[str], Progress] | None = None) -> Findings:
    """Check the whole log; ``progress`` gives a callback for each of the long parts."""
    found = Findings()
    db = station.store.connection
    with noted(found.add):
        for problem in audit.integrity(db):
            found.add(f"Datei: {problem}")
    with noted(found.add):
        _check_feeds(station, found, progress)
    with noted(found.add):
        _check_reading(station, found, progress)
    with noted(found.add):
        network = station.network()
        found.unshown = network.unshown
        for fork in network.forks:
            if fork.lists and not fork.decided:
                found.add(fork.sentence())
            else:
                found.notes.append(fork.sentence())
        found.notes += [gone.sentence() for gone in network.revoked]
        unshown = station.store.situation.unshown()[:PROBLEMS_MAX]
        found.notes += [
            f"{line.staff}, Eintrag {line.number}: {line.reason}: {line.content}"
            for line in unshown_lines(unshown, station.context())
        ]
    fold = progress("Lagebild neu aufgebaut") if progress else None
    with noted(found.add):
        for table in audit.projection_differences(db, fold):
            found.add(f"Lagebild: die Tabelle {table} weicht vom Lagebuch ab")
    return found


def _check_feeds(
    station: Station, found: Findings, progress: Callable[[str], Progress] | None
) -> None:
    total = station.store.situation.operation_count()
    tell = progress("Ketten und Unterschriften") if progress else None
    for author in station.store.log.authors():
        with noted(found.add):
            _check_feed(
                station, author, found, lambda: tell(found.operations, total) if tell else None
            )
    if station.roster.ignored:
        found.add(f"Mitgliederliste: {station.roster.ignored} Einträge verstoßen gegen die Regeln")


def _check_reading(
    station: Station, found: Findings, progress: Callable[[str], Progress] | None
) -> None:
    """What is kept beside each operation is what its bytes say."""
    total = station.store.situation.operation_count()
    read = progress("Einträge gelesen") if progress else None
    batches = audit.cached(station.store.connection, BATCH)
    misread = partial(audit.misread, station.store.log.alliances())
    results = map(misread, batches) if total < SHARED_MIN else _shared(misread, batches)
    for done, wrong in enumerate(results, 1):
        for author, number in wrong:
            where = f"{station.directory.name(author)}, Eintrag {number}"
            found.add(f"{where}: Zwischenspeicher und Eintrag widersprechen sich")
        if read:
            read(min(done * BATCH, total), total)


def _check_feed(station: Station, author: int, found: Findings, tell: Callable[[], None]) -> None:
    log, name = station.store.log, station.directory.name(author)
    found.feeds += 1
    signer = station.roster.signer(author)
    if signer is None:
        if log.valid_to(author) == 0:
            found.notes.append(f"{name}: kein Zertifikat des Kreises, die Einträge gelten nicht")
        else:
            found.add(f"{name}: kein Zertifikat des Kreises")
        return
    last_good = station.roster.last_good(author)
    head = log.head(author)
    ends = [head, *(last for _, last in log.islands(author))]
    vouched = {point.number: point for point in log.signatures(author, 1, feed.NUMBER_MAX)}
    before, chain = 0, signer.origin
    for row in audit.stored(station.store.connection, author):
        found.operations += 1
        if found.operations % TELL_EVERY == 0:
            tell()
        where = f"{name}, Eintrag {row.number}"
        if row.number == before + 1 and feed.next_chain(chain, row.data) != row.chain:
            found.add(f"{where}: der Kettenwert stimmt nicht")
        elif row.number != before + 1 and row.number <= head:
            found.add(f"{where}: davor fehlt ein Eintrag, der da sein müsste")
        if last_good is not None and row.number > last_good and not row.quarantined:
            found.add(f"{where}: gilt, obwohl der Schlüssel vorher widerrufen wurde")
        _check_signature(signer, vouched.pop(row.number, None), row.chain, where, found)
        before, chain = row.number, row.chain
        if row.number in ends and not log.signatures(author, row.number, row.number):
            found.add(f"{where}: am Ende fehlt die Unterschrift")
    for number in vouched:
        found.add(f"{name}: Unterschrift zu Eintrag {number}, der nicht da ist")
    if before < head:
        found.add(f"{name}: es fehlen Einträge bis {head}")
    tell()


_Misread = Callable[[Sequence[audit.Cached]], list[tuple[int, int]]]


def _shared(
    misread: _Misread, batches: Iterator[list[audit.Cached]]
) -> Iterator[list[tuple[int, int]]]:
    """``misread`` of each batch in order, shared out to all processors."""
    workers = min(WORKERS_MAX, os.cpu_count() or 1)
    waiting: deque[Future[list[tuple[int, int]]]] = deque()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for batch in batches:
            waiting.append(pool.submit(misread, batch))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        for each in waiting:
            yield each.result()


def _check_signature(
    signer: Signer, point: SignaturePoint | None, chain: bytes, where: str, found: Findings
) -> None:
    if point is None:
        return
    found.signatures += 1
    signed = (signer.public, signer.network_id, signer.author, point.number, chain)
    if not feed.verify(*signed, point.signature):
        found.add(f"{where}: die Unterschrift ist falsch")
