# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Version vectors in few bits."""

import random

from sync.wire.bits import BitReader, BitWriter
from sync.wire.summary import AUTHORS_MAX, ranges, read, summarise, write


def size_of(authors: int, operations: int) -> int:
    """Bytes of a summary of random operations."""
    rng = random.Random(3)
    heads: dict[int, int] = {}
    for _ in range(operations):
        author = rng.randrange(authors)
        heads[author] = heads.get(author, 0) + 1
    out = BitWriter()
    write(out, summarise(heads, 0, authors - 1))
    return len(out.getvalue())


def test_25_authors_take_about_22_bytes() -> None:
    """200, 1,000 and 5,000 operations by 25 authors: at most 18, 25, 32 bytes."""
    assert size_of(25, 200) <= 18
    assert size_of(25, 1000) <= 25
    assert size_of(25, 5000) <= 32


def test_one_busy_author_does_not_spoil_the_rest() -> None:
    """A code that suits numbers of very different size is chosen where heads differ much."""
    out = BitWriter()
    write(out, summarise({0: 30, 1: 20_000, 2: 1}, 0, 24))

    assert len(out.getvalue()) <= 14


def test_450_authors_are_split() -> None:
    """Ranges cover all authors, none above the limit, sparse blocks apart."""
    authors = [*range(26), *range(100, 126), *range(200, 450)]
    spans = ranges(authors)

    assert all(last - first < AUTHORS_MAX for first, last in spans)
    assert all(any(first <= a <= last for first, last in spans) for a in authors)
    assert len(spans) == 5


def test_followed_staffs_of_allies_share_frames() -> None:
    """A range's turn comes once in so many announcements, so a range for every ally is too many:
    a node that missed one word heard of it hours later."""
    allies = [first for k in range(17) for first in (1023 - 48 * (k + 1), 1024 - 48 * (k + 1))]
    spans = ranges([*range(26), *allies])

    assert len(spans) <= 10
    for first, last in spans:
        out = BitWriter()
        write(out, summarise({author: 25 if author % 2 else 3 for author in allies}, first, last))
        assert len(out.getvalue()) <= 35


def test_summary_reads_back() -> None:
    """What was written is read, with nothing left."""
    content = summarise({5: 7, 9: 100_000}, 5, 9)
    out = BitWriter()
    write(out, content)
    bits = BitReader(out.getvalue())

    assert read(bits) == content
    bits.finish()
