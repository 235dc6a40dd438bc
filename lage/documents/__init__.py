# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents on the shelf: reference works, plans, dangerous goods."""
