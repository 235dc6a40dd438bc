# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The running node: one process that owns log, engine and radio, and what it reports."""
