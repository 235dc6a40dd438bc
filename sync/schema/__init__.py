# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an entry may say: kinds, fields, value types and how changes merge."""
