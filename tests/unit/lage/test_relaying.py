# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All traffic through one radio: counted, and said before it falls."""

from __future__ import annotations

from lage.node.relaying import HOUR_MS, LEAST, PACKETS_MAX, Relaying
from lage.views.around import Around, around_alarms
from lage.views.network import RadioRow, RadioView

A, B = 0xA3, 0xB0


def heard(*packets: tuple[int, int, int], at: int = 0) -> Relaying:
    """(sender, relay, how many)."""
    seen = Relaying()
    for sender, relay, count in packets:
        for _ in range(count):
            seen.note(relay, 1, sender, at)
    return seen


def test_only_one_relay_is_told_from_several() -> None:
    """Of enough relayed packets of the last hour; neighbours count nothing."""
    seen = heard((1, A, LEAST - 2), (2, A, 1))
    seen.note(B, 0, 3, 0)
    assert seen.only(0) == 0
    seen.note(A, 2, 2, 0)
    assert seen.only(HOUR_MS) == A
    assert seen.only(HOUR_MS + 1) == 0


def test_one_far_staff_is_no_bottleneck() -> None:
    """It always comes by some way."""
    assert heard((1, A, 100)).only(0) == 0


def test_who_writes_much_does_not_hide_how_the_others_come() -> None:
    """Nearly all packets come by one relay, and yet a third of the staffs do not."""
    assert heard((1, A, 500), (2, A, 3), (3, B, 2)).only(0) == 0
    assert heard((1, A, 500), (2, A, 30), (3, A, 39), (3, B, 1)).only(0) == A


def test_what_passed_a_radio_that_does_not_say_so_is_another_way() -> None:
    """Old firmware leaves the byte empty; if all is so, nothing is known."""
    assert heard((1, A, 40), (2, 0, 40)).only(0) == 0
    assert heard((1, 0, 40), (2, 0, 40)).only(0) == 0


def test_the_count_is_bounded() -> None:
    """However much is heard."""
    seen = heard((1, A, 2 * PACKETS_MAX))
    assert len(seen._heard) == PACKETS_MAX


def alarm(byte: int, *radios: RadioRow) -> str:
    """Its sentence."""
    view = RadioView(running=True, connected=True, only_relay=byte)
    (found,) = around_alarms(Around(view, (), radios), 0)
    return found.text


def test_the_alarm_names_the_radio() -> None:
    """By the last byte of its number; by that byte where nobody told a name."""
    tower = RadioRow(0x112233A3, "!112233a3", "Schafberg", None, hops=0)
    assert "(Schafberg)" in alarm(0xA3, tower)
    assert "…a3" in alarm(0xA3)


def test_radios_whose_numbers_end_alike_are_both_named() -> None:
    """But for those that cannot have been it: far ones beside a near one, and mute ones."""
    tower = RadioRow(0x112233A3, "!112233a3", "Schafberg", None, hops=0)
    mast = RadioRow(0x445566A3, "!445566a3", "Mast", None, hops=0)
    far = RadioRow(0x778899A3, "!778899a3", "Fern", None, hops=2)
    mute = RadioRow(0x556677A3, "!556677a3", "Stumm", None, hops=0, role="CLIENT_MUTE")
    text = alarm(0xA3, tower, mast, far, mute)
    assert "oder über solche mit gleichem Ende der Nummer (Mast und Schafberg)" in text
    assert "(Schafberg)" in alarm(0xA3, tower, far, mute)


def test_a_number_that_ends_in_zero_is_told_as_ff() -> None:
    """As the firmware does, since zero means that nobody passed it on."""
    assert "(Schafberg)" in alarm(0xFF, RadioRow(0x11223300, "!11223300", "Schafberg", None))
