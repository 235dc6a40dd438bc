# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The apostrophe before a cell that a spreadsheet would take for a formula: put on, taken off.

Taking it off gives back exactly what it was put on, also for text that begins so by itself.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_HARMLESS = re.compile(r"[+-]?[0-9]+(,[0-9]+)?|-+")


def guarded(cell: str) -> str:
    """Text that no spreadsheet calculates; plain numbers stay numbers, bare dashes dashes."""
    formula = _FORMULA.match(cell) is not None and _HARMLESS.fullmatch(cell) is None
    return f"'{cell}" if formula else cell


def unguarded(cell: str) -> str:
    """The text as it was before ``guarded``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
