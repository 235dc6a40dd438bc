# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German prose in few bits: model, coder and the numbers in between."""
