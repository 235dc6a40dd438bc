# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which texts may be put into a form; runs in the bridge's threads."""

from __future__ import annotations

from lage.imports.plan import read_text
from lage.station import Station
from lage.write.templates import FILE, FREQUENT, Template, own


def templates(station: Station) -> tuple[Template, ...]:
    """A staff's own, then the frequent ones. Raises LageError for a file that is none."""
    path = station.folder / FILE
    return (*own(read_text(path)), *FREQUENT) if path.exists() else FREQUENT
