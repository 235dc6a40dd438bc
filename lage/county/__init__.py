# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who belongs to the county: founding, admitting, joining, revoking, allying with others."""
