# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes on the air: frames, runs, summaries, and their bits."""
