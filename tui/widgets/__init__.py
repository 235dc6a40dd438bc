# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Widgets that draw view models; none of them reads the log but through a given function."""
