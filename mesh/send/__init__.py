# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes out next, and what may: the queue before the radio and its account of airtime."""
