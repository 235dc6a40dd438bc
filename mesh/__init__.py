# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How bytes cross the air, and at what cost. Knows nothing of what the bytes mean."""
