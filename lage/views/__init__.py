# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Situation to view models for screen, command line and paper, so that all three agree. Pure.

Nothing here knows SQL, files, clocks or widgets: a ``Reader`` answers questions about the
situation, a ``ViewContext`` carries the time and the staffs.
"""
