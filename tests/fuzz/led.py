# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One target under atheris: ``python -m tests.fuzz.led NAME [libFuzzer options] [corpus]``."""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

# The text model does the same for all bytes, and watching it is slow.
UNWATCHED = [f"sync.text.{name}" for name in ("coder", "cursor", "model", "rangecoder")]
with atheris.instrument_imports(include=["sync"], exclude=UNWATCHED):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
