# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Feeds: hash chains of operations, who may sign them, and where they are kept."""
