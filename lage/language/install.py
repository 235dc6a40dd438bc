# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How Lage and its extras are installed: the one place that knows the distribution's name.

The name on a package index is not ``lage``: that one is somebody else's library.
"""

from __future__ import annotations

DISTRIBUTION = "lage-krisenstab"


def install_command(extra: str) -> str:
    """What to type to get an extra."""
    return f"pip install '{DISTRIBUTION}[{extra}]'"
