# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A text that is to be read together with others, and what came of it (``sync.text.together``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.text.rangecoder import RangeDecoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Other = tuple[int, int, int]
"""Start, size and total of a part; of a possible end what the network says, if it is one, and 0."""


@dataclass(slots=True)
class Task:
    """A text in a stream that stands at its first decision, and what became of it."""

    coder: RangeDecoder
    room: int  # bits of the stream
    length: int  # characters; of an open text the most there may be
    open: bool  # whether it ends where the stream ends
    text: str | None = None  # None: to be read by the reference
    trace: NDArray[np.int64] | None = None
    """Its decisions: probability << 1 | bit, or -1 - place of something else among the others."""
    others: Sequence[Other] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """Where an open text can end, in bits of room left."""

    zone: int
    shown: int  # from here on ends are noted: shorter streams of the same text ask for more of them
    overrun: int
    least: int  # probability
