# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking in a courier file: what this log lacks is verified and kept, the rest is known.

Every part is taken by itself. What stands before a tear is kept, so reading goes on where it ended
when the whole file is there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from lage.bearers.courier_file import header_of, key_of, opened
from lage.bearers.sealed_file import Header, read_parts
from lage.documents.library import SIZE_MAX, keep_content
from lage.kinds.model import Progress
from lage.kinds.setting import RESTORED, Setting
from lage.language.errors import KeysError, UsageError, why
from lage.station import Station
from maps.read.files import regular_size
from sync.feed.batch import Batch
from sync.feed.chain import Run, proof_holds
from sync.feed.intake import Conflict, Fits, Known, Refused, Unlinked
from sync.feed.log import ForkProof
from sync.feed.settle import settle
from sync.feed.why import Why
from sync.wire import bundle
from sync.wire.statement import StatementError, read_statement

TAKEN = Setting[list[str]]("kuriere", [], lambda value: list(map(str, value)))
"""Hashes of the headers of courier files that were taken in whole."""
TAKEN_MAX = 500


@dataclass(slots=True)
class Taken:
    """What came of reading a courier file."""

    maker: str = ""
    made: int = 0  # log time
    new: int = 0  # entries that were not here
    known: int = 0
    of: Counter[str] = field(default_factory=Counter)  # new entries by staff
    refused: Counter[Why] = field(default_factory=Counter)
    gaps: set[str] = field(default_factory=set)  # staffs of whom what came before is missing
    forks: set[str] = field(default_factory=set)  # staffs whose key signed two feeds
    statements: int = 0
    documents: list[str] = field(default_factory=list)
    damaged: int = 0  # parts
    torn: bool = False  # the end is missing
    newer: int = 0  # parts that only a newer version understands
    floor: dict[int, int] = field(default_factory=dict)  # what the file takes for known
    digests: set[bytes] = field(default_factory=set)  # documents that it holds
    untaken: set[int] = field(default_factory=set)  # places of parts that only others can take


def look(station: Station, path: Path) -> Header:
    """What a courier file says of itself. Raises UsageError for any other, or another network's."""
    with opened(path) as stream:
        return header_of(station, path, stream)


def take_in(station: Station, path: Path, progress: Progress | None = None) -> Taken:
    """Take in what a courier file holds and this log lacks.

    What stands before a tear or a damaged part is taken. Raises UsageError for what is no courier
    file of this network, KeysError for one that we are no reader of, StoreError.
    """
    if station.read_only:
        raise KeysError("Dieser Bildschirm zeigt nur an: zum Einlesen Lage selbst öffnen.")
    try:
        size = regular_size(path)
        with opened(path) as stream:
            header = header_of(station, path, stream)
            key = key_of(station, path, header)
            reading = _Reading(station, header)
            for part in read_parts(stream, header, key):
                reading.take(part)
                if progress:
                    progress(stream.tell(), size)
            return reading.finish()
    except OSError as error:
        raise UsageError(f"Die Kurierdatei {path} ist nicht lesbar: {why(error)}.") from error


def carried(station: Station, path: Path, places: Set[int]) -> Iterator[bytes]:
    """The parts at these places of a courier file that was taken in. Raises as ``take_in``."""
    with opened(path) as stream:
        header = header_of(station, path, stream)
        for place, part in enumerate(read_parts(stream, header, key_of(station, path, header)), 1):
            if part is not None and place in places:
                yield part


class _Reading:
    """A courier file on its way into the log."""

    def __init__(self, station: Station, header: Header) -> None:
        self._station = station
        self._batch = Batch(station.store.log)
        self._ended = False
        self._mark = header.hash.hex()
        self._pieces = 0
        self._document = b"", bytearray()  # the one whose parts come now
        self._parts: set[int] = set()  # where they stood
        self._maker = header.maker
        self.taken = Taken(made=header.made)

    def take(self, part: bytes | None) -> None:
        """The next part, as far as it is understood."""
        self._pieces += 1
        try:
            piece = bundle.decode(part) if part is not None else None
        except bundle.PieceError:
            part = None
        if part is None:
            self.taken.damaged += 1
            return
        match piece:
            case bundle.RunsPiece(runs):
                self._runs(runs)
            case bundle.StatementPiece(data):
                self._statement(data)
            case bundle.ProofPiece(proof):
                self._proof(proof)
            case bundle.DocumentPiece():
                self._part_of_document(piece)
            case bundle.EndPiece(pieces):
                self._ended = pieces == self._pieces - 1
            case None:
                self.taken.newer += 1
                self.taken.untaken.add(self._pieces)

    def finish(self) -> Taken:
        """Apply what the new records decide."""
        self.taken.torn = not self._ended
        self.taken.maker = self._station.directory.name(self._maker)
        settle(self._station.store.log, self._station.roster)
        if self._ended and not self.taken.damaged:
            before = [each for each in self._station.setting(TAKEN) if each != self._mark]
            self._station.keep(TAKEN, [*before, self._mark][-TAKEN_MAX:])
        return self.taken

    def _runs(self, runs: Sequence[Run]) -> None:
        station, taken = self._station, self.taken
        for run in runs:
            floor = taken.floor.setdefault(run.author, run.first - 1)
            taken.floor[run.author] = min(floor, run.first - 1)
            name = station.directory.name(run.author)
            held = len(station.store.log.operations(run.author, run.first, run.last))
            verdict = self._batch.take(run, station.roster)
            match verdict:
                case Fits():
                    if run.author == station.network_keys.author:
                        self._own_feed_ahead()
                    taken.known += held
                    taken.new += len(run.operations) - held
                    taken.of[name] += len(run.operations) - held
                case Known():
                    taken.known += len(run.operations)
                case Unlinked():
                    taken.gaps.add(name)
                    taken.untaken.add(self._pieces)
                case Conflict():
                    taken.forks.add(name)
                case Refused():
                    if verdict.reason is Why.AUTHOR:
                        taken.untaken.add(self._pieces)
                    taken.refused[verdict.reason] += len(run.operations)
            if run.author in station.roster.rosters():
                self._batch.store()
        self._batch.store()

    def _own_feed_ahead(self) -> None:
        """The file knows more of our own feed than our log: it is never continued.

        Kept before the entries are, so that no crash leaves a log that looks whole.
        """
        if not self._station.setting(RESTORED):
            self._station.keep(RESTORED, value=True)

    def _statement(self, data: bytes) -> None:
        try:
            statement = read_statement(data, self._station.roster)
        except StatementError:
            return
        self._station.store.local.keep_statement(statement)
        self.taken.statements += 1

    def _proof(self, proof: ForkProof) -> None:
        signer = self._station.roster.signer(proof.author)
        if signer and proof_holds(proof, signer.public, signer.network_id, signer.author):
            self._station.store.log.store_fork(proof, None)
            self.taken.forks.add(self._station.directory.name(proof.author))

    def _part_of_document(self, part: bundle.DocumentPiece) -> None:
        digest, content = self._document
        if part.digest != digest:
            digest, content = self._document = part.digest, bytearray()
            self._parts = set()
        if part.at != len(content) or part.size > SIZE_MAX:
            return  # a part before it was damaged
        content += part.content
        self._parts.add(self._pieces)
        if len(content) < part.size:
            return
        self._document = b"", bytearray()
        self.taken.digests.add(digest)
        if hashlib.blake2b(content, digest_size=32).digest() == digest:
            name = keep_content(self._station, digest, bytes(content))
            if name is None:
                self.taken.untaken |= self._parts
            else:
                self.taken.documents.append(name)
