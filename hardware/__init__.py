# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is plugged in: radios and GPS on serial ports, battery, sensors."""
