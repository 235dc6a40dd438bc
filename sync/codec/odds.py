# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the compact codec expects to be written: its static probabilities, by kind and field.

These numbers are part of codec version 2: another number makes other bytes of the same operation,
so nothing here may change once published. What the tables do not name has a default, so new kinds
and fields need no entry; better odds for them are a matter of the next codec version.

Kinds and fields stand as numbers of the schema (``lage.kinds.schema`` for the product), names in
comments.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.codec.stream import starts_of


@dataclass(frozen=True, slots=True)
class Odds:
    """What to expect of one field. Probabilities in 256ths."""

    present: int = 24  # in an operation that creates
    changed: int = 16  # in an operation that changes
    cleared: int = 2  # of a register that is present: set back to "not known"
    negative: int = 128  # of a signed number, or of a moment before the operation's
    own: int = 128  # of a reference: to the author's own feed
    weights: tuple[int, ...] = ()  # of a choice's first values
    later: tuple[int, ...] = ()  # the same in operations that change
    tens: int = 0  # of a number: a multiple of ten; 0: nobody counts it in tens


DEFAULT = Odds()

ODDS: dict[tuple[int, int], Odds] = {
    # journal
    (1, 0): Odds(changed=224),  # text, continued
    (1, 1): Odds(present=32, negative=240),  # at
    (1, 2): Odds(present=24),  # sender
    (1, 3): Odds(present=10),  # recipient
    (1, 4): Odds(present=24),  # way
    (1, 5): Odds(present=16, changed=32),  # action
    (1, 6): Odds(present=32),  # sign
    (1, 7): Odds(present=16),  # about
    (1, 8): Odds(present=4, own=250),  # strikes
    # message
    (2, 0): Odds(weights=(110, 90, 50, 6)),  # priority
    (2, 1): Odds(present=216),  # to
    (2, 2): Odds(changed=250),  # text, continued
    (2, 3): Odds(present=100),  # receipt wanted
    (2, 4): Odds(present=8),  # receipt minutes
    (2, 5): Odds(present=24),  # function
    (2, 6): Odds(present=24),  # sign
    (2, 7): Odds(present=32, own=24),  # answers
    (2, 8): Odds(present=10, own=24),  # forwards
    (2, 9): Odds(present=12, negative=240),  # at
    (2, 10): Odds(present=8),  # external sender
    (2, 11): Odds(present=8),  # way
    (2, 12): Odds(present=10),  # group
    # receipt
    (3, 0): Odds(own=8),  # message
    (3, 2): Odds(negative=240),  # at
    # distribution
    (4, 0): Odds(own=24),  # message
    # task
    (5, 1): Odds(present=200),  # to
    (5, 2): Odds(present=48, changed=32),  # assignee
    (5, 4): Odds(present=96, negative=8),  # due
    (5, 5): Odds(present=96, changed=224, weights=(200, 20, 20, 10, 6), later=(8, 80, 60, 96, 12)),
    (5, 6): Odds(present=2, changed=128),  # feedback
    (5, 8): Odds(present=64, changed=8, weights=(120, 90, 40, 6)),  # priority
    (5, 9): Odds(present=4, changed=48),  # progress
    # incident
    (6, 0): Odds(changed=4, weights=(44, 36, 30, 20, 30, 12, 16, 14, 16, 14, 8, 8, 6, 4, 6, 12)),
    (6, 1): Odds(present=240, changed=40),  # text
    (6, 2): Odds(present=40, changed=6),  # place
    (6, 3): Odds(present=200, changed=6),  # point
    (6, 4): Odds(present=40, changed=4),  # municipality
    (6, 5): Odds(changed=208, weights=(224, 20, 6, 6), later=(10, 110, 36, 100)),  # status
    (6, 6): Odds(present=40, changed=24),  # priority
    (6, 7): Odds(present=32, changed=140),  # affected
    (6, 8): Odds(present=16, changed=20),  # injured
    (6, 9): Odds(present=8, changed=8),  # missing
    (6, 10): Odds(present=4, changed=4),  # dead
    (6, 11): Odds(present=24, changed=16),  # responsible
    (6, 12): Odds(present=16, changed=24),  # units
    (6, 13): Odds(present=1, changed=8),  # merged into
    (6, 14): Odds(present=24, negative=240),  # at
    (6, 15): Odds(present=8),  # external id
    # gauge
    (7, 1): Odds(present=128),
    (7, 2): Odds(present=128),
    (7, 5): Odds(present=160, negative=8),
    (7, 6): Odds(present=160, negative=8),
    (7, 7): Odds(present=160, negative=8),
    (7, 8): Odds(present=64, negative=8),
    (7, 9): Odds(present=64, negative=8),
    (7, 10): Odds(present=96, negative=40),
    (7, 11): Odds(present=96, negative=8),
    # reading
    (8, 1): Odds(negative=4),  # value
    (8, 2): Odds(present=28, negative=248),  # at
    (8, 3): Odds(present=28, weights=(60, 80, 70, 20, 40)),  # source
    (8, 4): Odds(present=8),  # note
    # unit
    (9, 1): Odds(present=160),
    (9, 2): Odds(present=128, changed=40),
    (9, 3): Odds(present=128, changed=40),
    (9, 4): Odds(present=200, changed=48),
    (9, 5): Odds(present=160, changed=140),
    (9, 6): Odds(present=128, changed=96),
    (9, 8): Odds(present=32, changed=48),
    (9, 9): Odds(present=48, changed=32, negative=8),
    (9, 10): Odds(present=32, changed=48),
    # supply
    (10, 2): Odds(present=160),
    (10, 3): Odds(present=128, changed=200, tens=200),
    # stock movement
    (11, 2): Odds(negative=128, tens=200),  # amount
    (11, 3): Odds(present=32),  # to place
    (11, 4): Odds(present=24),  # reason
    (11, 5): Odds(present=16, negative=240),  # at
    (11, 6): Odds(present=16),  # request
    # request
    (12, 0): Odds(present=96, changed=16),
    (12, 1): Odds(present=200),
    (12, 2): Odds(present=200, changed=16, tens=140),
    (12, 5): Odds(present=64, negative=8),
    (12, 6): Odds(
        present=96, changed=224, weights=(220, 16, 8, 4, 4, 4), later=(6, 80, 60, 70, 30, 10)
    ),
    (12, 7): Odds(present=160),
    # helper
    (13, 0): Odds(changed=12),  # skills
    (13, 1): Odds(changed=12),  # place
    (13, 2): Odds(present=40, changed=16, negative=32),  # since
    (13, 3): Odds(present=200, changed=16),  # hours
    (13, 4): Odds(present=160, changed=12),  # count
    (13, 5): Odds(present=24, changed=8),  # equipment
    (13, 6): Odds(present=32, changed=216, weights=(200, 28, 20, 8), later=(10, 80, 80, 86)),
    (13, 7): Odds(present=4, changed=60),  # worked
    (13, 8): Odds(present=64, changed=16, negative=2),  # delete at
    (13, 9): Odds(present=1, changed=32),  # erased
    # assignment
    (14, 0): Odds(own=200),
    (14, 2): Odds(present=200),
    (14, 3): Odds(present=200, negative=8),
    (14, 5): Odds(present=8, changed=128),
    (14, 6): Odds(present=1, changed=100),
    # sealed
    (15, 0): Odds(own=250),
    # shelter
    (16, 1): Odds(present=200, changed=4),
    (16, 2): Odds(present=128, changed=4),
    (16, 3): Odds(present=224, changed=24, tens=200),
    (16, 4): Odds(present=96, changed=200, tens=60),
    (16, 5): Odds(present=96, changed=8),
    (16, 6): Odds(present=160, changed=64, weights=(120, 100, 10, 10), later=(100, 10, 70, 70)),
    # supply state
    (17, 3): Odds(present=64, negative=240),
    (17, 4): Odds(present=96, tens=220),
    (17, 5): Odds(present=64, negative=8),
    # report
    (18, 0): Odds(negative=220),
}

KIND_WEIGHTS = {
    1: 880,  # journal
    2: 760,  # message
    3: 120,  # receipt
    4: 60,  # distribution
    5: 120,  # task
    6: 840,  # incident
    7: 24,  # gauge
    8: 640,  # reading
    9: 80,  # unit
    10: 32,  # supply
    11: 420,  # stock movement
    12: 80,  # request
    13: 300,  # helper
    14: 60,  # assignment
    15: 40,  # sealed
    16: 40,  # shelter
    17: 80,  # supply state
    18: 24,  # report
    20: 24,  # area
    21: 24,  # handover
}
KINDS = starts_of([KIND_WEIGHTS.get(number, 0 if number == 0 else 8) for number in range(64)])
"""Kind numbers 0..63; 0 is none."""

CREATES = {1: 250, 2: 250, 5: 90, 6: 140, 7: 200, 9: 80, 10: 200, 12: 110, 13: 150, 14: 200, 16: 90}
"""In 256ths: an operation on a kind that can change creates its entity."""
CREATES_DEFAULT = 180

FIRST_TERMS = {"place": 24, "gauge": 8, "item": 8, "skill": 8, "organisation": 12}
"""How many terms at the beginning of a vocabulary are the frequent ones."""
FIRST_TERMS_DEFAULT = 8
TERM_LISTED = 250  # of 256
TERM_FIRST = 52_000  # of 65536: among the frequent ones

ERA_STOP = 16_384  # time: each further 194 days are a quarter less likely
EXTENDED = 256  # of 65536: fields of a later schema follow
WHOLE_MINUTE = 224  # of 256
IN_BOX = 248  # of 256: a position in and around the county
BOX_SOUTH, BOX_NORTH = 519_000, 526_000  # 1e-4 degrees, both inside
BOX_WEST, BOX_EAST = 69_000, 81_000
NEAR_DEGREES = 24  # 1e-4 degrees between neighbouring corners of an outline
MEMBERS = 32  # author numbers below are the frequent ones
MEMBER_FIRST = 58_000  # of 65536
OWN_BACK = 8  # operations back to the author's entity
OTHERS_NUMBER = 64  # number of another author's entity


def choice_weights(room: int, first: tuple[int, ...]) -> tuple[int, ...]:
    """Weights of a choice's values: as given, then rare; without any, likelier the earlier."""
    if first:
        return (*first, *[1] * (room - len(first)))
    return tuple(4096 // (index + 2) for index in range(room))


def field_odds(kind: int, number: int) -> Odds:
    """Odds of one field."""
    return ODDS.get((kind, number), DEFAULT)
