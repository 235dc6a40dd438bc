# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A plain fuzzer: mutations of right inputs and noise, the same for the same seed.

It works everywhere and sees no coverage; ``python -m tests.fuzz`` takes atheris where it is there.
"""

from __future__ import annotations

import random
import time

from tests.fuzz.targets import EXAMPLES, TARGETS

INTERESTING = (0, 1, 2, 3, 31, 32, 63, 64, 127, 128, 254, 255)
NOISE_MAX = 260


class Failed(Exception):
    """A target that raised; the input stands in the message."""


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to four small changes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << rng.randrange(8)
            case 1 if at < len(out):
                out[at] = rng.choice(INTERESTING)
            case 2:
                out[at:at] = rng.randbytes(rng.randint(1, 4))
            case 3:
                del out[at : at + rng.randint(1, 4)]
            case 4:
                del out[at:]
            case _:
                out += out[at : at + 16]
    return bytes(out)


def inputs(name: str, rng: random.Random) -> bytes:
    """The next input for a target."""
    if rng.random() < 0.2:
        return rng.randbytes(rng.randint(0, NOISE_MAX))
    return mutated(rng.choice(_examples(name)), rng)


_made: dict[str, list[bytes]] = {}


def _examples(name: str) -> list[bytes]:
    if name not in _made:
        _made[name] = EXAMPLES[name]()
    return _made[name]


def run(name: str, runs: int, seed: int, seconds: float | None = None) -> int:
    """Throw so many inputs at a target, or for so long; how many. Raises Failed."""
    rng = random.Random(f"{name} {seed}")
    target = TARGETS[name]
    until = None if seconds is None else time.monotonic() + seconds
    done = 0
    while done < runs if until is None else time.monotonic() < until:
        data = inputs(name, rng)
        try:
            target(data)
        except Exception as error:
            raise Failed(f"{name}: {data.hex()}: {error!r}") from error
        done += 1
    return done
