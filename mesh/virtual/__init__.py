# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The virtual radio: the client protocol on TCP and pseudo-terminal, before the simulated air."""
