# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m lage`` is the command line."""

from lage.cli import main

main()
