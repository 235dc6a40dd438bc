# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of the builder of the German text model; see docs/developer/text-model.md."""
