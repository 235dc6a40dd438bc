# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An MQTT broker, while there is one: one speaks, all hear."""
