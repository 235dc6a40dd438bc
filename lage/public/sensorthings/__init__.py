# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading the public gauges by OGC SensorThings API 1.1 (18-088), part 1: reading only.

``model`` makes the entities of the standard from the Aushang, ``query`` reads addresses and options
and answers them. What is not answered is refused by name, never guessed.
"""
