# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Direction: conducting an exercise, from the pure conductor to the processes at work."""
