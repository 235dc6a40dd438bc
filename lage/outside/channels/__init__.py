# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ways on which a staff writes to people outside; each is one class, named in ``kanaele.toml``."""
