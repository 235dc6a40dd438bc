# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands that a node runs beside itself (``lage.node.workers``): when to end, and their rank."""

from __future__ import annotations

import os
import sys
import threading

NICENESS = 10


def until_left() -> threading.Event:
    """Set when whoever started this process has closed its standard input, or is gone.

    What it does from now on gives way to the node and the screen.
    """
    left, nice = threading.Event(), getattr(os, "nice", None)
    if nice is not None:
        nice(NICENESS)

    def listen() -> None:
        # not by ``sys.stdin``, whose lock a thread may not hold when the interpreter ends
        while os.read(sys.stdin.fileno(), 4096):
            pass
        left.set()

    threading.Thread(target=listen, name="left", daemon=True).start()
    return left
