# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the engine needs of a log, whoever keeps it: memory in simulations, SQLite on a laptop.

A log holds every author's operations as the bytes they were coded to, the chain value after each,
and the signatures seen. Operations beyond an author's head (urgent runs that carried their chain
value) are *islands*: verified and visible, waiting for the gap before them to close.

Whatever ``store`` was given is durable when it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SignaturePoint:
    """A place in a feed that its author vouched for."""

    number: int
    signature: bytes  # 64 bytes, Ed25519


@dataclass(frozen=True, slots=True)
class VerifiedRun:
    """Consecutive operations of one author whose chain and signature were checked."""

    author: int
    first: int  # number of the first operation, 1..
    operations: tuple[bytes, ...]
    chains: tuple[bytes, ...]  # 16 bytes each: chain value after each operation
    signature: bytes  # over the last chain value

    @property
    def last(self) -> int:
        """Number of the last operation."""
        return self.first + len(self.operations) - 1


@dataclass(frozen=True, slots=True)
class ForkProof:
    """Two different chains at one number, both vouched for by their author.

    Each signature stands over the chain after the operations that follow on its side: usually
    none; where the two branches were never signed at the same number, those up to the next
    signature.
    """

    author: int
    number: int
    chain_a: bytes
    signature_a: bytes
    chain_b: bytes
    signature_b: bytes
    operations_a: tuple[bytes, ...] = ()
    operations_b: tuple[bytes, ...] = ()


class LogUnavailable(Exception):
    """The log cannot be written now (full disk, locked file); nothing was stored."""


class Log(Protocol):
    """All feeds that a node holds."""

    def authors(self) -> Iterable[int]:
        """Every author with at least one stored operation."""

    def head(self, author: int) -> int:
        """Last number with nothing missing before it; 0 for an unknown author."""

    def chain(self, author: int, number: int) -> bytes | None:
        """Chain value after that operation, 16 bytes; None if it is not stored."""

    def operations(self, author: int, first: int, last: int) -> list[bytes]:
        """Stored operations from ``first`` on, up to ``last`` or the first one missing."""

    def signatures(self, author: int, first: int, last: int) -> list[SignaturePoint]:
        """Signatures at numbers first..last, ascending."""

    def islands(self, author: int) -> list[tuple[int, int]]:
        """(first, last) of what is held beyond the head, ascending and disjoint."""

    def store(self, runs: Sequence[VerifiedRun]) -> None:
        """Add runs, at the head or as islands; what is there already stays as it is.

        All or nothing; durable on return. Raises OSError or LogUnavailable.
        """

    def store_fork(self, proof: ForkProof, branch: VerifiedRun | None) -> None:
        """Keep the proof, and the branch that is not the one in the log."""

    def forks(self) -> list[ForkProof]:
        """All proofs kept."""

    def branches(self, author: int, number: int) -> list[tuple[bytes, bytes]]:
        """(chain after it, operation) of all that is kept aside at that number."""

    def quarantine(self, author: int, after: int | None) -> None:
        """Take operations above ``after`` as not valid, those that arrive later included.

        This sets the mark, up or down; None lifts it.
        """

    def valid_to(self, author: int) -> int | None:
        """The mark that ``quarantine`` set; None without one."""

    def set_aside(self, author: int, after: int) -> None:
        """Move operations and signatures above ``after`` out of the feed to the kept branches.

        Needed where the county's root decided for the other branch of a fork; the decided one is
        then stored in their place.
        """
