# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Years later: verifying a log and printing the proof; backups and coming back from one."""
