# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking back at an exercise or a real night: what was expected, what was done, and when."""
