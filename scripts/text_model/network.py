# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The network that weighs contexts: training with numpy, then rounding to whole numbers.

Inputs are states (one of 85 per context), so the first layer is a sum of table rows:
logit = sum D[k, state] + v . relu(b + sum E[k, state]). Trained by Adam on yes/no decisions.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from sync.text.model import LANES, SQUASH_HALF, STATES

Floats = NDArray[np.float32]
HIDDEN = LANES - 1
SCALE = 256


class Network:
    """Parameters by name: D, E, b, v, c."""

    def __init__(self, inputs: int, rng: np.random.Generator) -> None:
        rows = inputs * STATES
        self.parameters: dict[str, Floats] = {
            "D": np.zeros((rows, 1), np.float32),
            "E": rng.normal(0, 0.15, (rows, HIDDEN)).astype(np.float32),
            "b": np.full(HIDDEN, 0.3, np.float32),
            "v": rng.normal(0, 0.3, HIDDEN).astype(np.float32),
            "c": np.zeros(1, np.float32),
        }

    def forward(self, rows: NDArray[np.int32]) -> tuple[Floats, Floats]:
        """Hidden units and logits of decisions given as table rows."""
        p = self.parameters
        hidden = np.maximum(p["b"] + p["E"][rows].sum(1), 0)
        return hidden, p["D"][rows][:, :, 0].sum(1) + hidden @ p["v"] + p["c"]

    def gradients(self, rows: NDArray[np.int32], hits: Floats) -> tuple[dict[str, Floats], float]:
        """Gradients of the mean loss, and the batch's loss in bits."""
        p = self.parameters
        hidden, logit = self.forward(rows)
        chance = 1 / (1 + np.exp(-logit))
        loss = -np.log2(np.where(hits > 0, chance, 1 - chance) + 1e-9).sum()
        delta = (chance - hits) / len(hits)
        back = np.outer(delta, p["v"]) * (hidden > 0)
        flat, wide, size = rows.ravel(), rows.shape[1], len(p["D"])
        table = np.empty((size, HIDDEN), np.float32)
        for unit in range(HIDDEN):
            table[:, unit] = np.bincount(flat, np.repeat(back[:, unit], wide), size)
        direct = np.bincount(flat, np.repeat(delta, wide), size)[:, None]
        found = {"D": direct, "E": table, "b": back.sum(0), "v": hidden.T @ delta,
                 "c": np.array([delta.sum()])}  # fmt: skip
        return found, float(loss)


def as_rows(states: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Table rows of states: context k owns rows k * 85 to k * 85 + 84."""
    return states.astype(np.int32) + np.arange(states.shape[1], dtype=np.int32) * STATES


def train(
    states: NDArray[np.uint8], hits: Floats, epochs: int = 8, batch: int = 4096, decay: float = 1e-6
) -> Network:
    """Fit a network to decisions; deterministic."""
    rng = np.random.default_rng(5)
    network = Network(states.shape[1], rng)
    rows = as_rows(states)
    first = {k: np.zeros_like(v) for k, v in network.parameters.items()}
    second = {k: np.zeros_like(v) for k, v in network.parameters.items()}
    step, steps = 0, epochs * (len(rows) // batch)
    for epoch in range(epochs):
        order, total = rng.permutation(len(rows)), 0.0
        for at in range(0, len(rows) - batch + 1, batch):
            pick = order[at : at + batch]
            found, loss = network.gradients(rows[pick], hits[pick])
            total += loss
            step += 1
            rate = 0.01 * (1 - step / (steps + 1)) + 1e-5
            for name, value in network.parameters.items():
                slope = found[name] + decay * value
                first[name] += 0.1 * (slope - first[name])
                second[name] += 0.005 * (slope * slope - second[name])
                mean = first[name] / (1 - 0.9**step)
                spread = np.sqrt(second[name] / (1 - 0.995**step)) + 1e-8
                value -= (rate * mean / spread).astype(np.float32)
        print(
            f"epoch {epoch}: {total / (len(rows) // batch * batch):.4f} bits per decision",
            flush=True,
        )
    return network


def rounded(network: Network, inputs: int) -> tuple[bytes, bytes]:
    """The tables as packed lanes, and offsets, weights and boost-free ends as int16."""
    p = network.parameters
    lanes = np.concatenate([p["D"], p["E"]], axis=1).reshape(inputs, STATES, LANES)
    whole = np.rint(lanes * SCALE).astype(np.int64)
    lowest = whole.min(axis=1, keepdims=True)
    shifted = whole - lowest
    if shifted.max(axis=1).sum(axis=0).max() > 65535:
        raise ValueError("a lane could overflow")
    bias = np.concatenate([p["c"], p["b"]])
    offsets = -lowest.sum(axis=(0, 1)) - np.rint(bias * SCALE).astype(np.int64)
    weights = np.concatenate([[0], np.rint(p["v"] * SCALE).astype(np.int64)])
    if max(abs(offsets).max(), abs(weights).max()) > 32767:
        raise ValueError("a weight does not fit 16 bits")
    numbers = b"".join(struct.pack(f"<{LANES}H", *row) for row in shifted.reshape(-1, LANES))
    return numbers, struct.pack(f"<{2 * LANES}h", *offsets, *weights)


def squash_table() -> bytes:
    """Probabilities of logits in 1/128 as int16, 32768 less than the 16-bit value."""
    at = np.arange(-SQUASH_HALF, SQUASH_HALF) / 128
    chance = np.clip(np.rint(65536 / (1 + np.exp(-at))), 4, 65532).astype(np.int64)
    return struct.pack(f"<{2 * SQUASH_HALF}h", *(chance - 32768))
