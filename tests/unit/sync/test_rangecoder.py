# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The range coder spends what decisions cost, and gives them back."""

import math
import random

import pytest

from sync.text.rangecoder import FIRST_LIMIT, RangeDecoder, RangeEncoder


def _code(decisions: list[tuple[int, int]]) -> tuple[int, int]:
    """Number and size of the shortest code in whole bits."""
    coder = RangeEncoder()
    for probability, bit in decisions:
        coder.encode(probability, bit)
    size = coder.bits_used
    while (value := coder.finish(size)) is None:
        size += 1
    return value, size


def _bytes(value: int, size: int) -> bytes:
    fill = -size % 8
    return (value << fill).to_bytes((size + fill) // 8, "big")


@pytest.mark.parametrize("seed", range(20))
def test_decisions_come_back_at_their_price(seed: int) -> None:
    """Any decisions come back, and cost at most two bits more than their information."""
    rng = random.Random(seed)
    decisions = []
    for _ in range(rng.randrange(1, 400)):
        probability = rng.choice([1, 5, 300, 32768, 65000, 65535, rng.randrange(1, 65536)])
        decisions.append((probability, int(rng.random() < probability / 65536)))
    value, size = _code(decisions)
    cost = -sum(math.log2((p if bit else 65536 - p) / 65536) for p, bit in decisions)
    assert size <= cost + 2
    decoder = RangeDecoder(_bytes(value, size))
    assert [decoder.decode(probability) for probability, _ in decisions] == [
        b for _, b in decisions
    ]


def test_a_carry_runs_through_many_bytes() -> None:
    """The largest values of all spans make carries; all still come back."""
    coder = RangeEncoder()
    spans = [(2, 1, 3)] * 60 + [(254, 1, 255)] * 60 + [(0, 1, 65536)] * 4
    for span in spans:
        coder.encode_span(*span)
    size = coder.bits_used + 9
    value = coder.finish(size)
    assert value is not None
    decoder = RangeDecoder(_bytes(value, size))
    for start, part, total in spans:
        assert decoder.peek_span(total) == start
        decoder.take_span(start, part, total)


def test_both_sides_count_the_same_bits() -> None:
    """Encoder and decoder agree on the bits spent after every decision."""
    rng = random.Random(3)
    decisions = [(rng.randrange(1, 65536), rng.randrange(2)) for _ in range(200)]
    value, size = _code(decisions)
    encoder, decoder = RangeEncoder(), RangeDecoder(_bytes(value, size))
    for probability, bit in decisions:
        encoder.encode(probability, bit)
        assert decoder.decode(probability) == bit
        assert encoder.bits_used == decoder.bits_used


def test_first_byte_leaves_room_for_other_modes() -> None:
    """The first byte is below the limit whatever is coded."""
    for bit in (0, 1):
        value, size = _code([(1 if bit else 65535, bit)] * 30)
        assert _bytes(value, size)[0] < FIRST_LIMIT
        value, size = _code([(65535 if bit else 1, bit)] * 30)
        assert not size or _bytes(value, size)[0] < FIRST_LIMIT


def test_no_shorter_code_is_invented() -> None:
    """Where so few bits cannot name the interval there is no code."""
    coder = RangeEncoder()
    for _ in range(50):
        coder.encode(30000, 0)
    assert coder.finish(10) is None
