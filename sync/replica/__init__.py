# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The engine: own entries out, others in, comparing who holds what, and doubt."""
