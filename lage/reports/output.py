# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where paper goes: to a printer, to a stick, or to stay as a file whose whole path is said.

The file is finished and durable in ``berichte`` before anything else is tried, so a printer that
is off or a stick that is full loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardware import printing
from lage.language.errors import ServiceError
from lage.reports.files import write_whole
from maps.read.files import read_regular

BYTES_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """One place where a finished file may go."""

    kind: str  # printer, stick, folder
    name: str
    title: str


HERE = Target("folder", "", "Nur als Datei in „berichte“")


def targets() -> list[Target]:
    """Printers, then the folder, then sticks; asks the system, so it may take seconds."""
    return [
        *(Target("printer", name, f"Drucken auf {name}") for name in printing.printers()),
        HERE,
        *(Target("stick", str(path), f"Auf den Stick {path}") for path in printing.sticks()),
    ]


def send(path: Path, target: Target) -> str:
    """Take a finished file there, and say what was done. Raises ServiceError, StoreError."""
    whole = path.absolute()
    if target.kind == "printer":
        try:
            printing.print_file(whole, target.name)
        except printing.PrintFailed as error:
            said = f" ({error})" if str(error) else ""
            raise ServiceError(
                f"Der Drucker {target.name} nimmt die Datei nicht an{said}:"
                f" sie liegt unter {whole}."
            ) from error
        return f"An den Drucker {target.name} gegeben; Datei: {whole}"
    if target.kind == "stick":
        copy = Path(target.name) / path.name
        write_whole(copy, read_regular(whole, BYTES_MAX))
        return f"Auf den Stick geschrieben: {copy}"
    return f"Geschrieben: {whole}"
