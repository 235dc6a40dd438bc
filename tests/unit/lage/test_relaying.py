# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All traffic through one radio: counted, and said before it falls."""

from __future__ import annotations

from lage.node.relaying import HOUR_MS, LEAST, Relaying
from lage.views.around import Around, around_alarms
from lage.views.network import RadioRow, RadioView


def test_only_one_relay_is_told_from_several() -> None:
    """Of enough relayed packets of the last hour; neighbours and unknown relays count nothing."""
    seen = Relaying()
    for packet in range(LEAST - 1):
        seen.note(0xA3, 1, packet)
        seen.note(0xB0, 0, packet)
        seen.note(0, 2, packet)
    assert seen.only(LEAST) == 0
    seen.note(0xA3, 2, LEAST)
    assert seen.only(LEAST) == 0xA3
    for packet in range(3):
        seen.note(0xB0, 1, LEAST + packet)
    assert seen.only(2 * LEAST) == 0
    assert seen.only(2 * LEAST + HOUR_MS) == 0


def test_the_alarm_names_the_radio() -> None:
    """By the last byte of its number; by that byte where nobody told a name."""
    radio = RadioView(running=True, connected=True, only_relay=0xA3)
    tower = RadioRow(0x11223344 & ~0xFF | 0xA3, "!112233a3", "Schafberg", None)
    (alarm,) = around_alarms(Around(radio, (), (tower,)), 0)
    assert "(Schafberg)" in alarm.text
    (alarm,) = around_alarms(Around(radio, ()), 0)
    assert "…a3" in alarm.text
