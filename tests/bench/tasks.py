# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Key presses of the ten most frequent tasks on the screen, text apart.

``python -m tests.bench tasks [--json]``
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")  # as tui.terminal.prepare does

from tests.screens import stage
from tests.screens.tasks import TASKS, do


def measure() -> dict[str, int]:
    """Each task done once on a fresh copy of the same county, and all of them together."""
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        built = Path(name) / "county"
        stage.build(built)
        for task, (doing, *_) in TASKS.items():
            folder = Path(name) / task
            shutil.copytree(built, folder)
            figures[task] = do(folder / "2", doing)
    return {**figures, "zusammen": sum(figures.values())}
