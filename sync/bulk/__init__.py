# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exchange over ways that carry bundles: whoever lacks something gets it at once, in bulk."""
