# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A static model of German staff prose: how likely is each character after what stands before it.

Ten contexts look at the text so far: the last one to five characters; the letters of the current
word among words of staff prose; the same after the previous word and after the one before that;
among words of general German; and as the tail of a compound. Each is a path in one forest of
counts ("after this, that character came so often"). Characters are tried in the order of their
likeliness, each by a yes/no decision; a small network with whole-number weights makes one
probability out of what the contexts say.

Everything is integer arithmetic on tables read from the model file, so every machine computes the
same probabilities. How the file is built: `scripts/build_text_model.py`.
"""

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

MAGIC = b"LTXT"
ORDERS = 5
WORD, PAIR, SKIP, GENERAL, TAIL = range(ORDERS, ORDERS + 5)
CONTEXTS = ORDERS + 5
RANK = CONTEXTS  # a last table: rank of the tried character and length of the word
LANES = 12  # the direct sum and eleven hidden units
LEVELS = 32  # quantised counts
TRIES = 24  # characters tried one by one before the plain table of frequencies
END_OF_TEXT = 0  # symbol: before the first and after the last character
ESCAPE = 254  # symbol: a character outside the alphabet follows
END_OF_WORD = 255  # symbol in general words only
ROOT_CHARACTERS, ROOT_WORD, ROOT_GENERAL, ROOT_HASHED = range(4)
FNV = 0x01000193
SALT_PAIR, SALT_SKIP = 0x811C9DC5, 0x2545F491
START_PAIR, START_SKIP = 1, 2
PRIORITY = (PAIR, 4, SKIP, 3, WORD, TAIL, GENERAL, 2, 1, 0)
# Weights of the contexts in the order of trying characters.
WEIGHTS = tuple(weight << 24 for weight in (1, 3, 8, 20, 40, 50, 100, 20, 10, 16))
SQUASH_HALF = 1536
MIDDLE = 32768  # zero of a lane
_OPENERS = " -/(„\"'"

Decide = Callable[[int, int], int]


def level_values() -> list[int]:
    """The count that each of the 32 levels stands for."""
    values = [0, 1, 2, 3, 4]
    while len(values) < LEVELS:
        values.append(min(values[-1] * 3 // 2, 65535))
    return values


VALUES = level_values()


def _levels() -> bytes:
    """Level of every count 0..65535; larger counts have the level of 65535."""
    out = bytearray()
    for level, value in enumerate(VALUES):
        following = VALUES[level + 1] if level + 1 < LEVELS else 1 << 30
        border = (value + following + 1) // 2
        out += bytes([level]) * (min(border, 1 << 16) - len(out))
    return bytes(out)


LEVEL_OF = _levels()


def level_of(count: int) -> int:
    """The level 0..31 nearest to `count` >= 0."""
    return LEVEL_OF[count] if count < 65536 else LEVEL_OF[65535]


def state_of(total: int, count: int) -> int:
    """What a context says in one of 85 states, from the levels of its total and of a count."""
    if total == 0:
        return 0
    steps = (0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8, 8)
    size = steps[total] if total < len(steps) else 9
    if count == 0:
        return size
    if count >= total:
        return 9 + size
    ratio = 3 * VALUES[count] // max(1, VALUES[total] - VALUES[count])  # in thirds
    odds = 0
    for border in (0, 1, 2, 3, 6, 12, 24, 48, 96, 192, 384, 768):
        odds += ratio > border
    if ratio == 0:
        inverse = VALUES[total] // VALUES[count]
        odds = 0 if inverse > 24 else 1 if inverse > 10 else 2
    else:
        odds = min(12, odds + 2)
    depth = 0 if total < 5 else 1 if total < 7 else 2 if total < 10 else 3 if total < 14 else 4
    return 20 + odds * 5 + depth


STATES = 85


class TextModel:
    """The tables of one model version, read-only and shared by all texts."""

    def __init__(self, data: bytes) -> None:
        """Read a model file's bytes; raises ValueError when they are none."""
        if data[:4] != MAGIC:
            raise ValueError("not a text model")
        body = zlib.decompress(data[5:])
        self.version = data[4]
        sizes = struct.unpack_from("<8I", body)
        parts, at = [], 32
        for size in sizes:
            parts.append(body[at : at + size])
            at += size
        alphabet, self.symbols, self.levels, self.children, steps, hashes, numbers, out = parts
        self._tables(numbers, out)
        self.opened: dict[int, tuple[int, int, int, int]] = {}  # of cursors: nodes unpacked
        self.hashes = array("I", hashes)
        if struct.pack("=I", 1) != struct.pack("<I", 1):
            self.hashes.byteswap()
        roots = ROOT_HASHED + len(self.hashes)
        self.firsts = array(
            "I", accumulate(struct.unpack(f"<{len(steps) // 2}H", steps), initial=roots)
        )
        self._alphabet(alphabet.decode())

    def _alphabet(self, alphabet: str) -> None:
        self.alphabet = alphabet  # position 0 stands for the end of text
        self.symbol_of = {char: at for at, char in enumerate(alphabet) if at}
        self.is_word = bytes(c.isalnum() and at > 0 for at, c in enumerate(alphabet)).ljust(
            256, b"\0"
        )
        upper = [self.symbol_of.get(c.upper(), at) for at, c in enumerate(alphabet)]
        self.upper = bytes(upper).ljust(256, b"\0")
        zero = self.symbol_of.get("0", 0)
        self.masked = bytes(zero if c.isdigit() else at for at, c in enumerate(alphabet)).ljust(
            256, b"\0"
        )
        self.opens_word = bytes(c in _OPENERS or not at for at, c in enumerate(alphabet)).ljust(
            256, b"\0"
        )
        self.link = self.symbol_of.get("s", 0)
        # The plain table: symbols by falling frequency and their sizes, by symbol.
        self.rest = (*range(1, len(alphabet)), ESCAPE)
        self.rest_sizes = [(1 + 4096 // (at + 8)) * (at in self.rest) for at in range(256)]
        self.rest_total = sum(self.rest_sizes)

    def _tables(self, numbers: bytes, out: bytes) -> None:
        width = 2 * LANES
        packed = [
            int.from_bytes(numbers[at : at + width], "little")
            for at in range(0, len(numbers), width)
        ]
        states = bytes(state_of(t, min(c, t)) for t in range(LEVELS) for c in range(LEVELS))
        self.inputs = [[packed[k * STATES + state] for state in states] for k in range(CONTEXTS)]
        self.ranks = packed[RANK * STATES : (RANK + 1) * STATES]
        values: tuple[int, ...] = struct.unpack(f"<{len(out) // 2}h", out)
        # Biases join one table that every sum holds, so that each lane's zero is MIDDLE.
        middle = sum((MIDDLE - offset) << 16 * lane for lane, offset in enumerate(values[:LANES]))
        self.ranks = [packed + middle for packed in self.ranks]
        self.hidden = values[LANES + 1 : 2 * LANES]
        self.end_boost = values[2 * LANES : 2 * LANES + 64]
        self.squash = [value + 32768 for value in values[2 * LANES + 64 :]]

    def chance(self, says: int, slack: int) -> int:
        """16-bit probability that a text ends where the network says that and so much room is
        left."""
        at = says + self.end_boost[min(max(slack + 32, 0), 63)] + SQUASH_HALF
        return self.squash[0 if at < 0 else at if at < len(self.squash) else -1]

    def root(self, digest: int) -> int:
        """The tree of a word's digest, or -1."""
        at = bisect_left(self.hashes, digest)
        if at < len(self.hashes) and self.hashes[at] == digest:
            return ROOT_HASHED + at
        return -1
