# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came of packing and reading courier files, in German."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lage.bearers.packing import Packed
from lage.bearers.taking import Taken
from lage.language.radio import REJECTED
from lage.language.tactical import tactical


def packed_sentence(path: Path, packed: Packed) -> str:
    """What a file holds now and who can read it."""
    return (
        f"{path}: {_entries(packed.operations)} und der Stand von {packed.statements}"
        f" {'Stelle' if packed.statements == 1 else 'Stellen'}"
        f"{_documents(packed.documents)}, {_size(packed.size)}; lesbar für"
        f" {packed.readers} Mitglieder."
    )


def taken_lines(path: Path, taken: Taken) -> Iterable[str]:
    """What came of reading a file, for people."""
    yield (
        f"{path}: von {taken.maker}, gepackt {tactical(taken.made)}: {_entries(taken.new)} neu,"
        f" {taken.known} bekannt{_documents(len(taken.documents))}."
    )
    if taken.of:
        yield "  neu von " + ", ".join(f"{name}: {n}" for name, n in taken.of.most_common())
    yield from (f"  {line}" for line in warnings_of(taken))


def warnings_of(taken: Taken) -> Iterable[str]:
    """What its reader should know or do."""
    if taken.torn or taken.damaged:
        what = "Das Ende der Datei fehlt" if taken.torn else "Die Datei ist beschädigt"
        parts = f" ({taken.damaged} Teile unlesbar)" if taken.damaged else ""
        yield f"{what}{parts}: Lesbares ist übernommen; die ganze Datei noch einmal einlesen."
    if taken.gaps:
        yield (
            f"Es fehlt, was davor geschrieben wurde, von {', '.join(sorted(taken.gaps))}: bitte mit"
            " „lage kurier packen --alles“ packen lassen."
        )
    if taken.forks:
        yield (
            f"Schlüssel doppelt benutzt von {', '.join(sorted(taken.forks))}: beim Kreis melden"
            " („lage netz“ zeigt, was gilt)."
        )
    for reason, count in taken.refused.items():
        yield f"{_entries(count)} nicht übernommen: {REJECTED[reason]}."
    if taken.newer:
        yield "Manches in der Datei versteht erst eine neuere Version von Lage."


def _entries(count: int) -> str:
    return "1 Eintrag" if count == 1 else f"{count} Einträge"


def _documents(count: int) -> str:
    return f", {count} {'Dokument' if count == 1 else 'Dokumente'}" if count else ""


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
