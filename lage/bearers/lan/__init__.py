# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A cable, a WLAN, a VPN: nodes that reach each other by TCP."""
