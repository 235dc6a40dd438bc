# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A task that refers to a message or any other entry. Runs in the bridge's threads."""

from __future__ import annotations

from lage.kinds.model import Record
from lage.station import Station
from tui.forms.key import Does, with_entry
from tui.forms.new import create
from tui.forms.spec import FormSpec


def order(station: Station, record: Record) -> FormSpec:
    """The form of a task, with what the entry says."""
    initial: dict[str, str] = {}
    if record.kind == "message":
        initial["text"] = record.text("text")
    else:
        initial["origin"] = station.context().directory.label(record)
        initial["place"] = record.text("place")
    return create("task", initial, with_entry(Does.ORDER, record.id))
