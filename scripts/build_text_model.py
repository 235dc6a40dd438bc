# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Build the German text model's file: `python -m scripts.build_text_model`.

Counts come from all of the corpus. The network that weighs them is trained on texts whose own
counts were left out (folds), so that it learns what counts are worth for texts never seen.
See docs/developer/text-model.md.
"""

import argparse
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.text_model import forest, network
from scripts.text_model.ending import fit_boost
from scripts.text_model.sources import corpus_lines, general_words
from sync.schema.vocabulary import TERMS
from sync.text.cursor import Cursor
from sync.text.model import (  # fmt: skip
    CONTEXTS,
    END_OF_TEXT,
    LANES,
    LEVELS,
    MAGIC,
    RANK,
    STATES,
    TextModel,
    state_of,
)

INPUTS = RANK + 1
FOLDS = 4
ENDING = 8  # before the end of a text, on so many places its end is learnt
DOMAIN_WEIGHT = 8.0  # of a corpus word among general words


def count_all(
    lines: Iterable[str], texts: forest.Texts, general: list[tuple[str, float]]
) -> Counter[str]:
    """All paths of the corpus lines, of general words and of the vocabulary."""
    counts: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for line in lines:
        forest.count_text(counts, texts, line)
        words.update(re.findall(r"[^\W\d_]+", line))
    for terms in TERMS.values():
        for term in terms:
            words.update(re.findall(r"[^\W\d_]+", term))
    for word, number in words.items():
        forest.count_general(counts, texts, word, number * DOMAIN_WEIGHT)
    for word, weight in general:
        if all(char in texts.alphabet for char in word):
            forest.count_general(counts, texts, word, weight)
    forest.prune(counts)
    return counts


def file_bytes(
    version: int, alphabet: str, counts: Counter[str], numbers: bytes, out: bytes
) -> bytes:
    """A model file."""
    symbols, levels, children, steps, hashes = forest.lay_out(counts)
    parts = (alphabet.encode(), symbols, levels, children, steps, hashes, numbers, out)
    body = struct.pack("<8I", *map(len, parts)) + b"".join(parts)
    return MAGIC + bytes([version]) + zlib.compress(body, 9)


class Recorder(Cursor):
    """A cursor over tables that hold each state in seven bits of its own, to read them back."""

    rows: list[int]

    def probability(self, packed: int, boost: int) -> int:
        """Keep the states; the value does not matter."""
        self.rows.append(packed)
        return 32768


def open_states(model: TextModel) -> None:
    """Turn a model's inputs into seven-bit fields of states."""
    states = [state_of(t, min(c, t)) for t in range(LEVELS) for c in range(LEVELS)]
    model.inputs = [[state << 7 * k for state in states] for k in range(CONTEXTS)]
    model.ranks = [state << 7 * RANK for state in range(STATES)]


def record(
    model: TextModel, texts: forest.Texts, lines: Iterable[str]
) -> tuple[list[int], list[bool]]:
    """Packed states and outcomes of all decisions in coding `lines`."""
    rows: list[int] = []
    hits: list[bool] = []

    def decide(_probability: int, bit: int) -> int:
        hits.append(bool(bit))
        return bit

    for line in lines:
        cursor = Recorder(model)
        cursor.rows = rows
        symbols = [ord(c) for c in texts.symbols(line)][1:]
        for at, symbol in enumerate(symbols):
            if at >= len(symbols) - ENDING:
                cursor.end_probability(cursor.end_state(), 0)
                hits.append(symbol == END_OF_TEXT)
            if symbol != END_OF_TEXT:
                cursor.code(decide, symbol)
                cursor.advance(symbol)
    return rows, hits


def unpack(rows: list[int]) -> NDArray[np.uint8]:
    """States as an array, one row per decision."""
    fields = np.frombuffer(b"".join(row.to_bytes(16, "little") for row in rows), np.uint8)
    bits = np.unpackbits(fields.reshape(-1, 16), axis=1, bitorder="little")
    groups = bits[:, : 7 * INPUTS].reshape(-1, INPUTS, 7)
    return np.packbits(groups, axis=2, bitorder="little")[:, :, 0]


def blank_tables() -> tuple[bytes, bytes]:
    """Tables of a network that knows nothing yet."""
    numbers = bytes(INPUTS * STATES * LANES * 2)
    return numbers, bytes(4 * LANES) + bytes(128) + network.squash_table()


def split(lines: list[str], fold: int) -> tuple[list[str], list[str]]:
    """Lines outside and inside of a fold, a run of lines: neighbours tell of the same events."""
    start, stop = fold * len(lines) // FOLDS, (fold + 1) * len(lines) // FOLDS
    return lines[:start] + lines[stop:], lines[start:stop]


def decisions(
    lines: list[str], general: list[tuple[str, float]], alphabet: str
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """States and outcomes for every line, counted without the line's own fold."""
    texts = forest.Texts(alphabet)
    states, hits = [], []
    for fold in range(FOLDS):
        others, own = split(lines, fold)
        counts = count_all(others, texts, general)
        model = TextModel(file_bytes(0, alphabet, counts, *blank_tables()))
        open_states(model)
        rows, outcome = record(model, texts, own)
        states.append(unpack(rows))
        hits += outcome
        print(f"fold {fold}: {len(rows)} decisions", flush=True)
    return np.concatenate(states), np.array(hits, np.float32)


def build(version: int, lines: list[str], words: int) -> bytes:
    """A complete model file from corpus lines."""
    alphabet = forest.alphabet_of(lines)
    general = list(general_words(words))
    states, hits = decisions(lines, general, alphabet)
    trained = network.train(states, hits)
    numbers, out = network.rounded(trained, INPUTS)
    texts, squash = forest.Texts(alphabet), network.squash_table()
    others, own = split(lines, 0)
    part = count_all(others, texts, general)
    model = TextModel(file_bytes(0, alphabet, part, numbers, out + bytes(128) + squash))
    boost = struct.pack("<64h", *fit_boost(model, own))
    counts = count_all(lines, texts, general)
    return file_bytes(version, alphabet, counts, numbers, out + boost + squash)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--version", type=int, default=1)
    parser.add_argument("--words", type=int, default=98000, help="words of general German")
    parser.add_argument("--without", action="append", default=[], help="corpus file left out")
    parser.add_argument("-o", "--output", type=Path, default=Path("sync/text/data/text1.bin"))
    args = parser.parse_args()
    lines = [x for name, part in corpus_lines().items() if name not in args.without for x in part]
    data = build(args.version, lines, args.words)
    args.output.write_bytes(data)
    print(f"{args.output}: {len(data)} bytes, {len(lines)} lines")


if __name__ == "__main__":
    main()
