# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a script consists of: who takes part, and who does what when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cast:
    """A staff that takes part."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Inject:
    """One Einlage: who does what at which minute."""

    place: int  # position in the file from 1, for messages to the trainer
    minute: float
    staff: str
    action: str  # "create", "change", "receipt"
    kind: str
    fields: Mapping[str, str]  # schema field -> text as typed
    name: str = ""  # for later injects to refer to
    target: str = ""  # what is changed or acknowledged
    notes: Mapping[str, str] = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole exercise."""

    name: str
    begin: int  # log time of X+00
    cast: tuple[Cast, ...]
    injects: tuple[Inject, ...]
