# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log on a stick that somebody carries: packing what others lack, taking in what they packed.

A courier file holds signed runs, what its maker and others said they hold, proofs of forks and, on
request, documents. Whoever reads it needs nothing but membership, and need not ask back. What is
there already is taken for known, so a file may be read twice, or in pieces as it was cut off. A
file that is packed again keeps what it held, also what could not be taken here because something
before it is missing: a stick that was at four staffs carries the union.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lage.bearers.courier_file import readers, sealing_key
from lage.bearers.replacing import identity, replaced
from lage.bearers.sealed_file import Writer
from lage.bearers.taking import Taken, carried, take_in
from lage.documents.library import known_documents
from lage.kinds.model import Progress
from lage.kinds.setting import STATED
from lage.language.errors import KeysError, StoreError, why
from lage.station import Station
from lage.store.keys import load_node
from sync.feed.settle import valid_head
from sync.wire import bundle
from sync.wire.statement import StatementError, read_statement, state

LEFT_S = 3600
"""Nobody packs for so long: older beginnings are of sticks that were pulled out."""
TRIES = 5
"""So often it is begun anew because another packed into the same file meanwhile."""
DOCUMENT_PART = 128 * 1024
"""Bytes of a document in one piece."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a courier file holds now."""

    operations: int
    statements: int
    documents: int
    size: int  # bytes
    readers: int  # members who can read it


def pack(
    station: Station,
    target: Path,
    receiver: int | None = None,
    *,
    everything: bool = False,
    documents: bool = False,
    progress: Progress | None = None,
) -> tuple[Packed, Taken | None]:
    """Write a courier file; what was taken in first where there was one.

    It holds what ``receiver`` lacks, everything, or what not every staff is known to have. Raises
    UsageError where a file of that name is none of ours, KeysError, StoreError.
    """
    for _ in range(TRIES):
        done = _pack(station, target, receiver, everything, documents, progress)
        if done is not None:
            return done
    raise StoreError(f"In {target} packen gerade mehrere zugleich: bitte gleich noch einmal.")


def _pack(
    station: Station,
    target: Path,
    receiver: int | None,
    everything: bool,
    documents: bool,
    progress: Progress | None,
) -> tuple[Packed, Taken | None] | None:
    """None: another has packed there meanwhile, and what it added is to be taken in first."""
    floor = _floor(station, receiver, everything=everything)
    taken, found = None, identity(target)
    if found is not None:
        taken = take_in(station, target)
        for author, number in taken.floor.items():
            floor[author] = min(floor.get(author, 0), number)
    held = known_documents(station)
    contents = {d for d in held if documents or (taken is not None and d in taken.digests)}
    partial = target.with_name(f"{target.name}.{os.getpid()}.neu")  # another may be packing too
    try:
        _tidy(station, target)
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            kept = carried(station, target, taken.untaken) if taken else ()
            packed = _write(station, stream, floor, sorted(contents), kept, progress)
            stream.flush()
            os.fsync(stream.fileno())
        if not replaced(partial, target, found):
            return None
        return Packed(*packed, target.stat().st_size, len(readers(station))), taken
    except OSError as error:
        raise StoreError(
            f"Die Kurierdatei {target} kann nicht geschrieben werden: {why(error)}."
        ) from error
    finally:
        with suppress(OSError):  # a full stick is not to keep half a file
            partial.unlink(missing_ok=True)


def _tidy(station: Station, target: Path) -> None:
    """Take away what a stick that was pulled out has kept of an earlier time."""
    for left in target.parent.glob(f"{glob.escape(target.name)}*.neu"):
        if left.stat().st_mtime < station.unix() - LEFT_S:
            left.unlink(missing_ok=True)


def _write(
    station: Station,
    stream: BinaryIO,
    floor: Mapping[int, int],
    documents: Sequence[bytes],
    kept: Iterable[bytes],
    progress: Progress | None,
) -> tuple[int, int, int]:
    """Fill a file; operations, statements and documents in it. ``kept``: parts as they are."""
    network, log, roster = station.network_keys, station.store.log, station.roster
    if network.author is None:
        raise KeysError("Hier liegt nur der Kreisschlüssel: packen kann nur ein Knoten.")
    node, now = load_node(station.folder), station.now()
    writer = Writer(
        stream,
        network_id=network.network_id,
        network_key=sealing_key(station),
        exercise=network.exercise,
        name=network.name,
        maker=network.author,
        made=now,
        readers=readers(station),
    )
    lists = sorted(roster.rosters())
    authors = [*lists, *sorted(set(log.authors()) - set(lists))]
    heads = {author: valid_head(log, author) for author in authors}
    lacking = sum(max(0, heads[author] - floor.get(author, 0)) for author in authors)
    count = 0
    for piece in bundle.in_pieces(bundle.missing_runs(log, floor, heads)):
        writer.add(bundle.encode(piece))
        count += sum(len(run.operations) for run in piece.runs)
        if progress:
            progress(min(count, lacking), lacking)
    radio = station.radio().sends
    stamp = max(now, station.setting(STATED) + 1)
    station.keep(STATED, stamp)
    own = state(node.sign, network.network_id, network.author, stamp, heads, radio=radio)
    station.store.local.keep_statement(own)
    statements = station.store.local.statements()
    for data in statements:
        writer.add(bundle.encode(bundle.StatementPiece(data)))
    for proof in filter(bundle.fits_a_piece, log.forks()):
        writer.add(bundle.encode(bundle.ProofPiece(proof)))
    for digest in documents:
        for part in _parts(station, digest):
            writer.add(bundle.encode(part))
    for untaken in kept:
        writer.add(untaken)
    writer.add(bundle.encode(bundle.EndPiece(writer.parts)))
    return count, len(statements), len(documents)


def _parts(station: Station, digest: bytes) -> Iterator[bundle.DocumentPiece]:
    content = station.store.local.document(digest) or b""
    for at in range(0, len(content), DOCUMENT_PART):
        part = content[at : at + DOCUMENT_PART]
        yield bundle.DocumentPiece(digest, len(content), at, part)


def _floor(station: Station, receiver: int | None, *, everything: bool) -> dict[int, int]:
    """Author -> last number that need not be packed: all who are meant are known to hold it."""
    if everything:
        return {}
    others = {staff.number for staff in station.directory.others()}
    meant = others if receiver is None else {receiver}
    vectors, log = station.store.local.vectors(), station.store.log
    for member in meant:  # what it signs to hold is less where it lost something
        with suppress(StatementError):
            statement = read_statement(station.store.local.statement(member), station.roster)
            known = vectors.get(member, {})
            vectors[member] = {a: min(n, statement.heads.get(a, 0)) for a, n in known.items()}
    return {
        author: min(
            (vectors.get(member, {}).get(author, 0) for member in meant - {author}),
            default=log.head(author) if meant else 0,
        )
        for author in log.authors()
    }
