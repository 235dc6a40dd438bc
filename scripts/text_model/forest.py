# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of what follows what, as paths, and their layout as the forest of a model file.

A path is a string: a root's mark, then one character per symbol (code point = symbol number).
"""

import struct
from collections import Counter
from collections.abc import Iterable, Iterator

from sync.text.model import (  # fmt: skip
    END_OF_WORD,
    FNV,
    ORDERS,
    SALT_PAIR,
    SALT_SKIP,
    START_PAIR,
    START_SKIP,
    level_of,
)

CHARACTERS, WORD, GENERAL, HASHED = "A", "W", "D", "H"
END = "\0"
CHAIN = 4


def alphabet_of(lines: Iterable[str]) -> str:
    """Every character worth a symbol: printable ASCII, German, and what the lines use often."""
    counts = Counter(char for line in lines for char in line)
    base = [chr(c) for c in range(32, 127)] + list("äöüÄÖÜß§°²³µ·½éèáàçñ€„“”‚‘’–—…×≥≤\n")
    chars = dict.fromkeys(base) | dict.fromkeys(c for c, n in counts.items() if n > 1)
    ordered = sorted(chars, key=lambda c: (-counts[c], c))
    return END + "".join(ordered[:253])


class Texts:
    """Turns lines into strings of symbols."""

    def __init__(self, alphabet: str) -> None:
        self.alphabet = alphabet
        self._table = {ord(char): at for at, char in enumerate(alphabet) if at}
        self.is_word = [c.isalnum() and at > 0 for at, c in enumerate(alphabet)]
        zero = alphabet.index("0")
        self.masked = [zero if c.isdigit() else at for at, c in enumerate(alphabet)]

    def symbols(self, line: str) -> str:
        """The line between two ends of text; characters outside the alphabet are left out."""
        return END + "".join(chr(self._table[ord(c)]) for c in line if ord(c) in self._table) + END

    def digest(self, word: str, salt: int) -> int:
        """Digest of a word with its digits masked, as a cursor computes it."""
        for char in word:
            salt = ((salt ^ self.masked[ord(char)]) * FNV) & 0xFFFFFFFF
        return salt

    def words(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each word in a string of symbols."""
        start = None
        for at, char in enumerate(text):
            if self.is_word[ord(char)]:
                start = at if start is None else start
            elif start is not None:
                yield start, at
                start = None


def count_text(counts: Counter[str], texts: Texts, line: str) -> None:
    """Count one text's paths in all contexts but the general words."""
    text = texts.symbols(line)
    for at in range(1, len(text)):
        for order in range(min(ORDERS, at) + 1):
            counts[CHARACTERS + text[at - order : at + 1]] += 1
    spans = list(texts.words(text))
    ends = dict(spans)
    for at in range(len(text) - 1):
        if not texts.is_word[ord(text[at])]:
            last = ends.get(at + 1, at + 1)
            for stop in range(at + 1, last + 2):
                counts[WORD + text[at:stop]] += 1
    _count_pairs(counts, texts, text, spans)


def _count_pairs(
    counts: Counter[str], texts: Texts, text: str, spans: list[tuple[int, int]]
) -> None:
    pair, skip, begin, previous = START_PAIR, START_SKIP, 1, START_SKIP
    for start, end in [*spans, (len(text) - 1, len(text) - 1)]:
        for root in (pair, skip):
            mark = f"{HASHED}{root:08x}"
            for stop in range(begin, min(end + 1, len(text)) + 1):
                counts[mark + text[begin:stop]] += 1
        begin = end
        pair = texts.digest(text[start:end], SALT_PAIR)
        skip, previous = previous, texts.digest(text[start:end], SALT_SKIP)


def count_general(counts: Counter[str], texts: Texts, word: str, weight: float) -> None:
    """Count a word of general German."""
    path = GENERAL + texts.symbols(word)[1:-1] + chr(END_OF_WORD)
    for stop in range(1, len(path) + 1):
        counts[path[:stop]] += weight  # type: ignore[assignment]


def prune(counts: Counter[str], chain: int = CHAIN) -> None:
    """Cut what followed a word only once after its first `chain` characters.

    Other contexts foretell the rest of a word as well, once it has begun.
    """
    for path in [p for p, n in counts.items() if n == 1 and p[0] == HASHED]:
        if len(path) > 9 + chain and counts[path[:-chain]] <= 1:
            del counts[path]


def lay_out(counts: Counter[str]) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Symbols, levels, numbers of children, steps of each 16 nodes, and hashes of the roots.

    Children of a node stand together: the end of text first, then by falling count.
    """
    hashed = sorted(path for path in counts if path[0] == HASHED and len(path) == 9)
    row = [CHARACTERS, WORD, GENERAL, *hashed]
    children: dict[str, list[str]] = {}
    for path in counts:
        if path not in (CHARACTERS, WORD, GENERAL) and (path[0] != HASHED or len(path) > 9):
            children.setdefault(path[:-1], []).append(path)
    symbols, levels, numbers = bytearray(), bytearray(), bytearray()
    while row:
        following: list[str] = []
        for path in row:
            below = sorted(children.get(path, ()), key=lambda p: (p[-1] != END, -counts[p], p))
            symbols.append(ord(path[-1]) if len(path) > 1 else 0)
            levels.append(max(1, level_of(int(min(counts[path], 65535)))))
            numbers.append(len(below))
            following += below
        row = following
    steps = [sum(numbers[at : at + 16]) for at in range(0, len(numbers), 16)]
    return (
        bytes(symbols),
        bytes(levels),
        bytes(numbers),
        struct.pack(f"<{len(steps)}H", *steps),
        struct.pack(f"<{len(hashed)}I", *(int(path[1:], 16) for path in hashed)),
    )
