# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The staff's side of what comes from outside: emergency calls at an Infopunkt, offers of help."""
