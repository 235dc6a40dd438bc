# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A mute radio sees that the relays around it are gone, and says what to do, without flicker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.node.surroundings import FLOODS, LEAST, LOOK_MS, WINDOW_MS, Surroundings
from lage.views.around import RELAY_S, Around, around_alarms
from lage.views.network import RadioRow, RadioView

A, B, C = 0xA3, 0xB0, 0xC7
MUTE = RadioView(running=True, connected=True, role="CLIENT_MUTE")


def hear(seen: Surroundings, start: int, *relays: int, count: int = 2 * LEAST) -> int:
    """So many relayed packets in two hours, by turns over these; when they end."""
    step = WINDOW_MS // count
    for n in range(count):
        seen.heard(relays[n % len(relays)], 1, start + n * step)
    return start + WINDOW_MS


def test_relays_that_are_gone_are_missed_and_no_longer_when_they_are_back() -> None:
    """Two of three fall silent; one packet of another does not end it, several do."""
    seen = Surroundings()
    now = hear(seen, 0, A, B, C)
    assert not seen.few(now)
    now = hear(seen, now + 1, A)
    assert seen.few(now)
    seen.heard(B, 1, now + 1)
    assert seen.few(now + LOOK_MS)
    now = hear(seen, now + 2, A, B, count=LEAST // 2)
    assert not seen.few(now)


def test_few_that_were_always_few_and_little_traffic_say_nothing() -> None:
    """A place that one tower alone reaches; a quiet night; direct neighbours; old firmware."""
    tower = Surroundings()
    assert not tower.few(hear(tower, hear(tower, 0, A) + 1, A))
    rare = Surroundings()  # the tower is nearly always first, another one stands by
    now = hear(rare, 0, *[A] * 19, B)
    assert not rare.few(hear(rare, now + 1, A))
    night = Surroundings()
    now = hear(night, 0, A, B, C)
    assert not night.few(hear(night, now + 1, A, count=LEAST // 2))
    for unknown in ((0, 1), (C, 0)):
        near = Surroundings()
        now = hear(near, 0, A, B)
        near.heard(*unknown, now + 1)
        assert not near.few(now + 4 * WINDOW_MS)


def test_floods_that_nobody_passes_on_count_in_a_row() -> None:
    """And so do those that are passed on again; other packets count nothing."""
    seen = Surroundings()

    def floods(*heard: bool) -> bool:
        for packet_id, passed in enumerate(heard):
            seen.flooded(packet_id)
            seen.passed_on(packet_id, heard=passed)
            seen.passed_on(packet_id, heard=not passed)  # known already
        return seen.unrelayed

    assert not floods(*[False] * (FLOODS - 1), True, False)
    assert floods(*[False] * FLOODS)
    assert floods(True, False, True)
    assert not floods(*[True] * FLOODS)


SILENT = RadioRow(7, "!00000007", "Schafberg", 0, hops=0, role="ROUTER")
LATE = RELAY_S + 1


@pytest.mark.parametrize(
    ("radio", "relays", "said"),
    [
        (replace(MUTE, unrelayed=True), (), "gibt niemand mehr weiter"),
        (replace(MUTE, few_relays=True), (), "höchstens noch ein Funkgerät"),
        (MUTE, (SILENT,), "Ein Relais schweigt"),
        (MUTE, (replace(SILENT, hops=2),), ""),
        (MUTE, (), ""),
        (replace(MUTE, role="CLIENT", unrelayed=True, few_relays=True), (SILENT,), ""),
        (replace(MUTE, connected=False, unrelayed=True), (), ""),
    ],
)
def test_a_mute_radio_is_wanted_back_with_the_command(
    radio: RadioView, relays: tuple[RadioRow, ...], said: str
) -> None:
    """One sentence, whichever sign there is; a radio that relays has nothing to mend."""
    texts = [alarm.text for alarm in around_alarms(Around(radio, (), relays), LATE)]
    wanted = [text for text in texts if "--weiterleiten ja" in text]
    assert [said in text for text in wanted] == ([True] if said else [])
