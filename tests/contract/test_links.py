# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every link must do, on every kind of link there is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from mesh.link import (
    BROADCAST,
    PAYLOAD_MAX,
    Acknowledged,
    Packet,
    RadioState,
    Reason,
    Received,
    Refusal,
    Sent,
    Trouble,
)
from mesh.record import Entry
from mesh.virtual.network import FIRST_NUMBER
from tests.contract.served_radios import RadioThread, Watched

Pair = tuple[Watched, Watched]


@pytest.fixture(params=["tcp", "serial"])
def addresses(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Two radios in reach of each other."""
    if request.param == "serial" and sys.platform == "win32":
        pytest.skip("no pseudo-terminals on Windows")
    with RadioThread(pty=request.param == "serial") as radios:
        yield radios.address(0), radios.address(1)


@pytest.fixture
def pair(addresses: tuple[str, str]) -> Iterator[Pair]:
    """Two connected links."""
    with ExitStack() as stack:
        links = [stack.enter_context(Watched(address)) for address in addresses]
        for link in links:
            link.connected()
        yield links[0], links[1]


def carried(pair: Pair, payload: bytes, first_id: int) -> Received:
    """Send until it is heard: a link promises no delivery, the radios' own chatter collides."""
    sender, hearer = pair
    for packet_id in range(first_id, first_id + 8):
        sender.link.send(Packet(payload, packet_id, hop_limit=0))
        sent = sender.wait(lambda e: isinstance(e, Sent))
        assert (sent.packet_id, sent.refusal) == (packet_id, Refusal.NONE)
        try:
            heard = hearer.wait(lambda e: isinstance(e, Received), 1.5)
        except AssertionError:
            continue
        assert isinstance(heard, Received)
        assert heard.id == packet_id
        return heard
    raise AssertionError("eight packets in a row were not heard")


@pytest.mark.parametrize("size", [0, PAYLOAD_MAX])
def test_payload_arrives_unchanged_both_ways(pair: Pair, size: int) -> None:
    """Nothing and the largest payload alike, with sender and hops."""
    payload = bytes(range(256))[:size]
    for direction, number in ((pair, FIRST_NUMBER), (pair[::-1], FIRST_NUMBER + 1)):
        heard = carried(direction, payload, number + 100)

        assert (heard.payload, heard.sender) == (payload, number)
        assert (heard.hop_limit, heard.hop_start, heard.hops) == (0, 0, 0)
        assert (heard.port, heard.channel, heard.destination) == (256, 0, BROADCAST)


def test_state_before_and_after_connecting(addresses: tuple[str, str]) -> None:
    """First not connected with a reason, then connected with what the radio is."""
    with Watched(addresses[0]) as watched:
        state = watched.connected()
        assert watched.events[0] == RadioState(
            connected=False,
            address=addresses[0],
            reason=Reason(Trouble.CONNECTING),
        )
    assert (state.number, state.name, state.address) == (FIRST_NUMBER, "Krisenstab", addresses[0])
    assert (state.region, state.preset, state.reason) == ("EU_868", "LONG_FAST", None)


def test_acknowledgement_of_a_broadcast_and_of_a_unicast(pair: Pair) -> None:
    """A broadcast is acknowledged implicitly, a unicast by its destination."""
    sender, _ = pair
    sender.link.send(Packet(b"an alle", 901, want_ack=True))
    implicit = sender.wait(lambda e: isinstance(e, Acknowledged))
    unicast = Packet(b"an einen", 902, destination=FIRST_NUMBER + 1, want_ack=True)
    sender.link.send(unicast)
    real = sender.wait(lambda e: isinstance(e, Acknowledged) and e.packet_id == 902)

    assert implicit == Acknowledged(901, implicit=True)
    assert (real.implicit, real.refusal, real.hops) == (False, Refusal.NONE, 0)
    assert real.snr_db is not None


def test_too_long_a_payload_is_a_programmers_error(addresses: tuple[str, str]) -> None:
    """Nothing is sent; ValueError at once."""
    with pytest.raises(ValueError, match="232"):
        Watched(addresses[0]).link.send(Packet(bytes(232), 1))


def test_without_connection_a_packet_is_given_back(addresses: tuple[str, str]) -> None:
    """Before start and after stop alike."""
    watched = Watched(addresses[0])
    watched.link.send(Packet(b"x", 1))
    assert watched.link.take_events() == [Sent(1, Refusal.DISCONNECTED)]
    with watched:
        watched.connected()
    watched.link.take_events()
    watched.link.send(Packet(b"x", 2))
    assert watched.link.take_events() == [Sent(2, Refusal.DISCONNECTED)]


def test_a_virtual_radio_plays_a_record() -> None:
    """What was heard then is heard again, with its sender and signal, in its distances."""
    heard = [Received(bytes([n]), 9, n + 1, -3.5, -101, 2, 3, port=256) for n in range(3)]
    entries = [Entry(5_000 + n * 4_000, what) for n, what in enumerate(heard)]
    with RadioThread() as radios, Watched(radios.address(0)) as watched:
        watched.connected()
        radios.call(radios.server.play(FIRST_NUMBER, entries))
        got = [watched.wait(lambda e: isinstance(e, Received) and e.sender == 9) for _ in heard]
    told = [(each.payload, each.id, each.snr_db, each.hops) for each in got]
    assert told == [(each.payload, each.id, -3.5, 1) for each in heard]


def test_stop_is_prompt_and_start_comes_again(addresses: tuple[str, str]) -> None:
    """A stopped link can be started again; stopping twice is harmless."""
    watched = Watched(addresses[0])
    for _ in range(2):
        with watched:
            watched.connected()
            before = time.monotonic()
            watched.link.stop()
        assert time.monotonic() - before < 5
        assert watched.lost().reason is not None
