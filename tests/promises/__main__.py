# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m tests.promises``: write down what is new; refuses where something old has changed."""

from __future__ import annotations

import sys

from tests.promises import migrations, names, operations, picture, schema, wire


def main() -> int:
    """Add lines to every file; 1 if a promise would be broken."""
    broken = [
        *schema.write(),
        *names.write(),
        *operations.write(),
        *wire.write(),
        *migrations.write(),
        *picture.write(),
    ]
    sys.stdout.writelines(f"{line}\n" for line in broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
