# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation of a county in a crisis: domain, store, node, command line, reports."""

__version__ = "0.1.0"
