# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What kinds of entries there are, and what every part of the product has to know of each."""
