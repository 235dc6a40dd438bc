# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does not get on, and why, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lage.views.network import NodeRow, RadioView

BUSY_PERCENT = 25.0
"""From that on the sender lets everything wait that is not urgent (``mesh.send.policy``)."""


def stuck(radio: RadioView, nodes: Sequence[NodeRow], reached: int) -> tuple[str, ...]:
    """Entries of ours that wait, packets that wait, and whom no way reaches."""
    found = []
    waiting = sum(radio.queue.values())
    if radio.unsent or waiting:
        what = ", ".join(
            filter(
                None,
                (
                    _count(radio.unsent, "Eintrag", "Einträge") if radio.unsent else "",
                    _count(waiting, "Paket", "Pakete") if waiting else "",
                ),
            )
        )
        found.append(f"Noch nicht hinaus: {what}; {_why(radio)}.")
    lacking = [node for node in nodes if node.active and node.ahead]
    if lacking:
        most = max(node.ahead for node in lacking)
        asked = (
            "danach wird gefragt" if radio.sends or reached else "ohne Funk und Netz fragt niemand"
        )
        found.append(
            f"Hier fehlen bis zu {_count(most, 'Eintrag', 'Einträge')}, die andere haben: {asked}."
        )
    return tuple(found)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _why(radio: RadioView) -> str:
    if not radio.running:
        return "der Knoten läuft nicht"
    if not radio.connected:
        return "das Funkgerät ist getrennt" if radio.address else "es ist kein Funkgerät da"
    if radio.mute:
        return "das Funkgerät sendet nicht"
    if radio.airtime_free_ms == 0:
        return "die Sendezeit dieser Stunde ist aufgebraucht"
    if radio.channel_utilisation is not None and radio.channel_utilisation >= BUSY_PERCENT:
        return f"der Kanal ist zu {radio.channel_utilisation:.0f} % belegt"
    return "sie sind an der Reihe"
