# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many runs into a log at once: judged one by one, stored together.

A log makes every change durable, which costs a disk milliseconds. Runs that come in bulk (a file, a
cable) are therefore judged against the log *as it will be*, and stored in one change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.feed.chain import Run
from sync.feed.intake import Conflict, Fits, Verdict, examine
from sync.feed.log import ForkProof, Log, SignaturePoint, VerifiedRun
from sync.feed.roster import Roster


class Batch:
    """Runs on their way into a log; what was taken counts for judging the next."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._ahead = _Ahead(log)

    @property
    def waiting(self) -> int:
        """Operations that ``store`` will write."""
        return sum(len(run.operations) for run in self._ahead.runs)

    def take(self, run: Run, roster: Roster) -> Verdict:
        """Judge a run, and keep it if it fits. A conflict is kept as proof, with its branch.

        May raise what the log raises.
        """
        verdict = examine(run, self._ahead, roster, roster.last_good(run.author))
        if isinstance(verdict, Fits):
            if verdict.misfit:  # what was held beyond the gap belongs to another branch
                self.store()
                self._log.set_aside(run.author, run.last)
            self._ahead.runs.append(verdict.run)
            self._ahead.note(verdict.run)
        elif isinstance(verdict, Conflict):
            self.store()
            if verdict.exact or roster.anchor(run.author) is None:
                self._log.store_fork(verdict.proof, verdict.run)
        return verdict

    def store(self) -> None:
        """Write what was taken, all or nothing; durable on return. Raises what the log raises."""
        if self._ahead.runs:
            self._log.store(self._ahead.runs)
        self._ahead = _Ahead(self._log)


class _Ahead:
    """The log as it will be, as far as judging a run asks; nothing is written through it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.runs: list[VerifiedRun] = []
        self._heads: dict[int, int] = {}
        self._chains: dict[tuple[int, int], bytes] = {}

    def note(self, run: VerifiedRun) -> None:
        """That run is part of it from now on."""
        for number, chain in enumerate(run.chains, run.first):
            self._chains[run.author, number] = chain
        if run.first <= self.head(run.author) + 1:
            self._heads[run.author] = max(self.head(run.author), run.last)

    def head(self, author: int) -> int:
        known = self._heads.get(author)
        return self._log.head(author) if known is None else known

    def chain(self, author: int, number: int) -> bytes | None:
        return self._chains.get((author, number)) or self._log.chain(author, number)

    def operations(self, author: int, first: int, last: int) -> list[bytes]:
        return self._log.operations(author, first, last)

    def signatures(self, author: int, first: int, last: int) -> list[SignaturePoint]:
        found = {point.number: point for point in self._log.signatures(author, first, last)}
        for run in self.runs:
            if run.author == author and first <= run.last <= last:
                found.setdefault(run.last, SignaturePoint(run.last, run.signature))
        return [found[number] for number in sorted(found)]

    def islands(self, author: int) -> list[tuple[int, int]]:
        return self._log.islands(author)

    def authors(self) -> Iterable[int]:
        return self._log.authors()

    def forks(self) -> list[ForkProof]:
        return self._log.forks()

    def branches(self, author: int, number: int) -> list[tuple[bytes, bytes]]:
        return self._log.branches(author, number)

    def valid_to(self, author: int) -> int | None:
        return self._log.valid_to(author)

    def store(self, runs: Sequence[VerifiedRun]) -> None:
        raise NotImplementedError

    def store_fork(self, proof: ForkProof, branch: VerifiedRun | None) -> None:
        raise NotImplementedError

    def quarantine(self, author: int, after: int | None) -> None:
        raise NotImplementedError

    def set_aside(self, author: int, after: int) -> None:
        raise NotImplementedError
