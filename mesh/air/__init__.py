# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The simulated air: propagation, collisions, and radios as their firmware behaves."""
