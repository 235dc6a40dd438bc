# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How Lage and its extras are installed: the one place that knows the distribution's name.

The name on a package index is not ``lage``: that one is somebody else's library. What we tell
people to type never asks an index at all: a staff installs from the folder of wheels that came with
Lage, so nobody can slip a package of the same name in between.
"""

from __future__ import annotations

DISTRIBUTION = "lage-krisenstab"


def install_command(extra: str) -> str:
    """What to type to get an extra from the folder of wheels."""
    return f"pip install --no-index --find-links ORDNER '{DISTRIBUTION}[{extra}]'"
