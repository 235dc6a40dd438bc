# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where things are: coordinates, boundaries, places, waters, and drawing them in cells."""
