# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Drehbuch: what it consists of (``model``), and how its file is read, checked and printed."""
