# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom the running node reaches besides the radio, as it wrote down for the other processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lage.kinds.setting import Setting


@dataclass(frozen=True, slots=True)
class WaysReport:
    """Ways besides the radio."""

    listening: str = ""  # where others reach us; empty: nowhere
    reached: Mapping[int, str] = field(default_factory=dict)  # member -> where
    troubles: tuple[str, ...] = ()  # sentences
    brokers: tuple[str, ...] = ()  # of ``reached``, what is a broker and no connection


def _read(kept: Any) -> WaysReport:
    reached = {int(member): str(where) for member, where in kept["reached"].items()}
    troubles, brokers = tuple(map(str, kept["troubles"])), kept.get("brokers", ())
    return WaysReport(str(kept["listening"]), reached, troubles, tuple(map(str, brokers)))


WAYS = Setting("ways", WaysReport(), _read, asdict)
"""Holds while the node runs (``lage.store.report``)."""
