# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A mute radio sees that the relays around it are gone, and says what to do, without flicker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.node.surroundings import APART_MS, FLOODS, LEAST, LOOK_MS, WINDOW_MS, Surroundings
from lage.views.alarm import Alarm
from lage.views.around import RELAY_S, Around, around_alarms, relaying_sentences
from lage.views.network import NetworkView, NodeRow, RadioRow, RadioView
from tui.screens.network import network_lines
from tui.terminal import Glyphs

A, B, C = 0xA3, 0xB0, 0xC7
LATE = RELAY_S + 1
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

    clock = [0]

    def floods(*heard: bool) -> bool:
        for packet_id, passed in enumerate(heard):
            clock[0] += APART_MS
            seen.flooded(packet_id, clock[0])
            seen.passed_on(packet_id, heard=passed)
            seen.passed_on(packet_id, heard=not passed)  # known already
        return seen.unrelayed

    assert not floods(*[False] * (FLOODS - 1), True, False)
    assert floods(*[False] * FLOODS)
    assert floods(True, False, True)
    assert not floods(*[True] * FLOODS)


def test_one_urgent_entry_is_one_flood() -> None:
    """It goes out three times within half a minute, while a relay may just start anew."""
    seen = Surroundings()
    for packet_id in range(3 * FLOODS):
        minute, part = divmod(packet_id, 3)
        seen.flooded(packet_id, minute * APART_MS + part * 10_000)
        seen.passed_on(packet_id, heard=False)
        assert seen.unrelayed == (minute >= FLOODS - 1)


def near(role: str, hops: int | None = 0, name: str = "SAE Greven") -> NodeRow:
    """A staff that was just heard, and how its radio is set."""
    radio = RadioRow(9, "!00000009", name, LATE, hops=hops, role=role)
    return NodeRow(2, name, "GRE", "sae", True, LATE, 5.0, hops, 0, 0, radio)


def told(radio: RadioView, *nodes: NodeRow) -> list[Alarm]:
    """What is said of radios that must relay again."""
    found = around_alarms(Around(radio, nodes), LATE)
    return [alarm for alarm in found if "--weiterleiten ja" in alarm.text]


def test_what_nobody_passes_on_only_the_neighbours_can_mend() -> None:
    """So they are named, and it does not end because the own radio relays."""
    lost = replace(MUTE, unrelayed=True)
    (alarm,) = told(lost, near("CLIENT_MUTE"), near("CLIENT_MUTE", 1, "SAE Fern"))
    assert "anrufen (SAE Greven) und deren Geräte und dieses" in alarm.text
    (alarm,) = told(replace(lost, role="CLIENT"), near("CLIENT_MUTE"))
    assert "und dieses" not in alarm.text
    assert not told(replace(lost, role="CLIENT"), near("CLIENT"))


def test_the_network_screen_has_the_whole_sentence() -> None:
    """Lists cut it at the edge of the screen, before what mends it."""
    around = Around(replace(MUTE, unrelayed=True), (near("CLIENT"),))
    (sentence,) = relaying_sentences(around, LATE)
    view = NetworkView(around.radio, tuple(around.nodes), 0, 0, 0, (), (), relaying=(sentence,))
    lines = network_lines(view, (), LATE, 80, Glyphs.FULL)
    shown = " ".join("".join(text for text, _ in line).strip() for line in lines)
    assert sentence in shown


def test_who_has_taken_note_of_one_failure_is_told_of_the_next() -> None:
    """The key holds since when it is so."""
    signs = (replace(MUTE, unrelayed=True), replace(MUTE, few_relays=True))
    keys = {
        alarm.key
        for since in (5, 500)
        for sign in signs
        for alarm in told(replace(sign, alone_since=since))
    }
    assert len(keys) == 4


def test_a_relay_that_was_never_heard_by_radio_is_not_missed() -> None:
    """One that only the cable knows was not in reach."""
    for hops, said in ((0, 1), (None, 0), (2, 0)):
        tower = replace(near("CLIENT", hops), role="technik", heard=0)
        others = replace(near("CLIENT"), heard=10 * RELAY_S)
        found = around_alarms(Around(MUTE, (tower, others)), 10 * RELAY_S)
        assert sum("Ein Relais schweigt" in alarm.text for alarm in found) == said


SILENT = RadioRow(7, "!00000007", "Schafberg", 0, hops=0, role="ROUTER")


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
