# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The German that users read, and how it is written: sentences, times, strengths."""
