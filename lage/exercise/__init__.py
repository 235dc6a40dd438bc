# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exercises: scripts, the staffs that play them, and the simulated air."""
