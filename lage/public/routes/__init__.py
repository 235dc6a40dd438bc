# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One file for each thing that people come for: its addresses, and its finished pages."""
