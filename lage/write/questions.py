# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked before it is written, because it is likely a slip: nothing here refuses. Pure.

A name typed wrongly would become a second one: half of a river's readings under „Grevn“, half of a
hall's beds counted twice. So a word that is neither listed nor used before, and nearly one that is,
is asked about; so is a second entry of a name of which there should be one (``Card.distinct``).
The screen asks, the command line wants ``--neu``, an import says it in its report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lage.kinds.cards import CARDS
from lage.kinds.cards.gauge import QUANTITIES
from lage.kinds.inputs import vocabulary_of
from lage.kinds.model import Draft
from lage.language.folding import fold_text
from lage.language.near import slips
from lage.write.parse import Context

_APART = frozenset(map(fold_text, QUANTITIES)) | {
    "neu", "alt", "nord", "sued", "ost", "west", "oben", "unten", "links", "rechts",
}  # fmt: skip
"""Words by which one gauge differs from another at the same place."""
NEAR = 0.8  # of the longer word's letters without a slip
SHORT = 3  # letters up to which a word is another one as soon as a letter is
TOLD_MAX = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to confirm."""

    field: str  # the input that it is about
    text: str  # a German question


def questions(drafts: Iterable[Draft], context: Context) -> list[Question]:
    """What should be asked before these are written; each word once."""
    asked: dict[tuple[str, str], Question | None] = {}
    for draft in drafts:
        for place, name, word in _words(draft):
            if (place, word) not in asked:
                asked[place, word] = _about(place, name, word, context)
    return [question for question in asked.values() if question is not None]


def near(word: str, names: Iterable[str]) -> list[str]:
    """The names of which a word is likely a misspelling, the likeliest first."""
    wanted = _parts(word)
    found = [(score, name) for name in names if (score := _alike(wanted, _parts(name)))]
    best = sorted(found, key=lambda each: (-each[0], each[1]))
    return list(islice((name for _, name in best), TOLD_MAX))


def asks_names(kind: str) -> bool:
    """Whether entries of a kind hold names that may be asked about."""
    card = CARDS[kind]
    return card.distinct or any(vocabulary_of(kind, field.name) for field in card.kind.fields)


def _words(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """(where names of that sort are listed, field, word): a vocabulary, ``=`` and a kind whose
    names should differ, ``~`` and one that gets another name."""
    card = CARDS[draft.kind]
    for name, value in draft.changes.items():
        vocabulary = vocabulary_of(draft.kind, name)
        if vocabulary:
            for word in value if isinstance(value, tuple) else (value,):
                if isinstance(word, str):
                    yield vocabulary, name, word
        elif name == card.renamed and value is not None:
            yield f"~{draft.kind}", name, str(value)
        elif card.distinct and name == card.called and draft.entity is None:
            yield f"={draft.kind}", name, str(value)


def _about(place: str, field: str, word: str, context: Context) -> Question | None:
    if place == "~gauge":
        taken = _same(word, (*context.terms.get("gauge", ()), *context.known("gauge")))
        text = f"Eine Messstelle „{word}“ gibt es schon: wirklich beide so nennen?"
        return Question(field, text) if taken else None
    if place.startswith("="):
        named = context.named(place[1:])
        if _same(word, (name for name, ours in named.items() if ours)):
            return Question(field, f"„{word}“ gibt es hier schon: wirklich noch einmal?")
        names: Collection[str] = named
    else:
        names = (*context.terms.get(place, ()), *context.known(place))
    if _same(word, names):
        return None
    meant = near(word, dict.fromkeys(names))
    if place == "gauge" and not meant:
        meant = _partly(word, context.known("gauge"), context.terms.get("gauge", ()))
    if not meant:
        return None
    told = _or([f"„{name}“" for name in meant])
    return Question(field, f"„{word}“ gibt es noch nicht: meinten Sie {told}?")


def _partly(word: str, used: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Gauges whose name is a part of a word, „Pegel Greven“; or used ones of which it is one.

    What a number, another quantity or a direction tells apart is another one.
    """
    wanted = _bare(word)
    parts = {name: _bare(name) for name in (*used, *listed)}
    less = [name for name, known in parts.items() if known and known <= wanted]
    more = [name for name in used if wanted and wanted <= parts[name]]
    found = [name for name in (*less, *more) if not _tells_apart(wanted ^ parts[name])]
    best = sorted({(len(wanted ^ parts[name]), name) for name in found})
    return [name for _, name in best[:TOLD_MAX]]


def _bare(name: str) -> frozenset[str]:
    return frozenset(_parts(name)) - {"pegel", "messstelle", "wasserstand"}


def _tells_apart(words: Iterable[str]) -> bool:
    return any(word.isdecimal() or len(word) < SHORT or word in _APART for word in words)


def _same(word: str, names: Iterable[str]) -> bool:
    wanted = fold_text(word).strip()
    return any(fold_text(name).strip() == wanted for name in names)


def _parts(name: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d_]+", fold_text(name))


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How near two names are, 0 for not at all: each word to its like, numbers exactly."""
    if "".join(one) == "".join(other):
        return 1.0
    if len(one) != len(other):
        return 0.0
    return min((_word(a, b) for a, b in zip(one, other, strict=True)), default=0.0)


def _word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one.isdecimal() or min(len(one), len(other)) <= SHORT or one[0] != other[0]:
        return 0.0  # Zug 1 and Zug 2, Halle A and Halle B; a slip seldom hits the first letter
    found = slips(one, other)
    alike = 0.0 if found is None else 1 - found / max(len(one), len(other))
    return alike if alike >= NEAR else 0.0


def _or(told: Sequence[str]) -> str:
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} oder {told[-1]}"
