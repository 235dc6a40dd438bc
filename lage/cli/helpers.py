# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage helfer``: Spontanhelfende by skill, place and time."""

from __future__ import annotations

from lage.cli.entries import entry_group

helper = entry_group("helper", "helfer", "melden", positional="skills")
