# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One antenna and two signals: collision, capture, preamble, half duplex, listen before talk."""

from __future__ import annotations

import pytest

from mesh.air.receiver import CAPTURE_DB, Modem, Receiver, Signal, UndisturbedReceiver
from mesh.airtime import LONG_FAST
from mesh.firmware import Frame, cad_ms, slot_ms
from mesh.link import BROADCAST, FrameClass
from tests.unit.mesh.air import GOOD_DB, air, chain, packet

MODEM = Modem(LONG_FAST)
FRAME = Frame(1, 1, BROADCAST, 3, 3, 0, 256, b"", False, FrameClass.ROUTINE, 70, 1000, 64)


def overlap(first_dbm: float, second_dbm: float, offset_ms: int) -> tuple[bool, bool]:
    """Whether each of two one-second signals is decoded, the second ``offset_ms`` later."""
    receiver = Receiver(MODEM)
    first = Signal(FRAME, first_dbm, 0, 1000)
    second = Signal(FRAME, second_dbm, offset_ms, offset_ms + 1000)
    decoded: dict[int, bool] = {}
    receiver.begin(first, 0, deaf=False)
    if offset_ms >= 1000:
        decoded[1] = receiver.end(first) and not first.spoiled
    receiver.begin(second, offset_ms, deaf=False)
    if 1 not in decoded:
        decoded[1] = receiver.end(first) and not first.spoiled
    decoded[2] = receiver.end(second) and not second.spoiled
    return decoded[1], decoded[2]


@pytest.mark.parametrize("offset", [0, 100, 500, 999])
@pytest.mark.parametrize("difference", [-5.9, 0.0, 5.9])
def test_near_equals_destroy_each_other(offset: int, difference: float) -> None:
    """Within 6 dB nothing is decoded, whatever the overlap."""
    assert overlap(-100.0, -100.0 + difference, offset) == (False, False)


@pytest.mark.parametrize("offset", [0, 100, 500, 999])
def test_stronger_first_survives(offset: int) -> None:
    """The first is decoded through a later signal 6 dB weaker."""
    assert overlap(-100.0, -100.0 - CAPTURE_DB, offset) == (True, False)


def test_stronger_second_takes_over_in_the_preamble() -> None:
    """A signal 6 dB stronger is decoded if it comes while the first is still in its preamble."""
    assert overlap(-100.0, -94.0, MODEM.preamble_ms - 1) == (False, True)


def test_stronger_second_after_the_preamble_destroys_both() -> None:
    """Once locked, the receiver does not move on; the first is spoiled all the same."""
    assert overlap(-100.0, -94.0, MODEM.preamble_ms) == (False, False)


def test_overlap_of_the_early_preamble_does_no_harm() -> None:
    """A weak tail that ends before the last five preamble symbols spares the second signal."""
    receiver = Receiver(MODEM)
    tail = Signal(FRAME, -130.0, 0, MODEM.spare_ms)
    late = Signal(FRAME, -128.0, 0, 1000)
    tail.rssi_dbm = MODEM.sensitivity_dbm - 1  # cannot be locked on
    receiver.begin(tail, 0, deaf=False)
    receiver.begin(late, 0, deaf=False)
    receiver.end(tail)

    assert not late.spoiled
    assert receiver.end(late)


def test_one_after_the_other_both_are_decoded() -> None:
    """Without overlap there is no collision."""
    assert overlap(-100.0, -100.0, 1000) == (True, True)


def test_too_weak_to_decode() -> None:
    """Below the sensitivity nothing is decoded, at the sensitivity it is."""
    limit = MODEM.sensitivity_dbm

    assert overlap(limit - 0.1, -60.0, 1000) == (False, True)
    assert overlap(limit, -60.0, 1000) == (True, True)


def test_sending_radio_is_deaf() -> None:
    """What begins while the radio sends, or is on the air when it begins, is lost."""
    receiver = Receiver(MODEM)
    during, before = Signal(FRAME, -80.0, 0, 1000), Signal(FRAME, -80.0, 2000, 3000)
    receiver.begin(during, 0, deaf=True)
    ended = receiver.end(during)
    receiver.begin(before, 2000, deaf=False)
    receiver.deafen()

    assert not ended
    assert not receiver.end(before)
    assert before.spoiled


def test_radios_that_simulate_their_lora_do_not_disturb_each_other() -> None:
    """Two signals at once, and while sending: both are decoded; one that is too weak is not."""
    receiver = UndisturbedReceiver(MODEM)
    signals = [Signal(FRAME, -100.0, 0, 1000) for _ in range(2)]
    weak = Signal(FRAME, MODEM.sensitivity_dbm - 1, 0, 1000)
    for signal in (*signals, weak):
        receiver.begin(signal, 0, deaf=True)
    receiver.deafen()
    assert not receiver.locked
    assert not receiver.detects(500)
    assert [receiver.end(signal) for signal in (*signals, weak)] == [True, True, False]
    assert not any(signal.spoiled for signal in signals)


def test_detection_takes_time() -> None:
    """A transmission is noticed 2.5 symbols after its beginning, not before."""
    receiver = Receiver(MODEM)
    receiver.begin(Signal(FRAME, -100.0, 1000, 2000), 1000, deaf=False)
    scan = cad_ms(LONG_FAST)

    assert receiver.locked
    assert not receiver.receiving(1000 + scan - 1)
    assert not receiver.detects(1000 + scan - 1)
    assert receiver.receiving(1000 + scan)
    assert receiver.detects(1000 + scan)


def test_listen_before_talk() -> None:
    """Radios that hear each other hardly ever send at the same time."""
    ether = chain(2)
    for n in range(1, 121):
        now = n * 1500
        ether.radios[n % 2 + 1].submit(packet(n, 60, hop_limit=0), now)
    ether.advance(600_000)
    clashes = 0
    for before, after in zip(ether.log, ether.log[1:], strict=False):
        begun = after.at - before.at
        if begun < before.frame.airtime_ms:
            assert begun < cad_ms(LONG_FAST)  # only what could not be detected yet
            clashes += 1

    assert len(ether.log) == 120
    assert clashes <= 20


def test_hidden_stations_collide() -> None:
    """Two radios that don't hear each other destroy their packets at a third between them."""
    ether = chain(3, r2={"channels": None})
    for n in range(1, 61):
        now = n * 20_000
        ether.radios[1].submit(packet(n, 200, hop_limit=0), now)
        ether.radios[3].submit(packet(100 + n, 200, hop_limit=0), now)
    ether.advance(61 * 20_000)

    assert len(ether.log) == 120
    assert ether.radios[2].take_received() == []
    assert ether.radios[2].airtime.rx_bad == 60


def test_capture_favours_the_near_station() -> None:
    """Of two hidden stations only the one 20 dB stronger gets through, and nearly always does."""
    ether = air({(1, 2): GOOD_DB, (2, 3): GOOD_DB + 20})
    for n in range(1, 61):
        now = n * 20_000
        ether.radios[1].submit(packet(n, 200, hop_limit=0), now)
        ether.radios[3].submit(packet(100 + n, 200, hop_limit=0), now)
    ether.advance(61 * 20_000)
    heard = [item.sender for item in ether.radios[2].take_received()]

    assert set(heard) == {1}
    assert len(heard) >= 30


def test_same_slot_collides() -> None:
    """Two who wait for the same end and draw the same slot send together; others don't."""
    together = 0
    for seed in range(60):
        ether = air({(1, 2): GOOD_DB, (1, 3): GOOD_DB, (2, 3): GOOD_DB}, seed=seed)
        ether.radios[1].submit(packet(1, 50, hop_limit=0), 0)
        while not ether.log:
            ether.advance(ether.next_deadline() or 0)
        middle = ether.log[0].at + 300
        ether.radios[2].submit(packet(2, hop_limit=0), middle)
        ether.radios[3].submit(packet(3, hop_limit=0), middle)
        ether.advance(60_000)
        second, third = ether.log[1].at, ether.log[2].at
        together += second == third
        assert second == third or third - second >= slot_ms(LONG_FAST)

    assert 1 <= together <= 20  # about one in eight
