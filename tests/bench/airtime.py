# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes and air that the county's operations cost, beside other encoders in the same run.

    python -m tests.bench airtime --json [--texts FILE] [--seed N] [-n 200]

Operations of the shared workload go through the codec, feed, packing and frames that nodes use:
each alone in a run with header and signature, and all of them to a node that missed everything.
Peers encode the workload's own lines and sign each (64 bytes); theirs hold no sequence number,
clock or network id. Time on air as in ``mesh.airtime``: LONG_FAST, radio header and Data included.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.kinds.schema import SCHEMA
from mesh.airtime import LONG_FAST, payload_airtime_ms
from sync.codec import versions as codec
from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate
from sync.feed.roster import ROOT
from sync.replica.compare.repair import Repairs
from sync.replica.config import EngineConfig
from sync.replica.feeds import Feeds
from sync.text import prose as text
from sync.wire.frames import FRAME_MAX, Runs, Seal
from sync.wire.packet import decode, encode_runs
from tests.bench import workload

NETWORK_ID = bytes(range(16))
RECEIVER = 900
DICTIONARY = 4096
CORPUS = Path(text.__file__).parent / "data" / "corpus"


def measure(texts: Path | None = None, seed: int = 1, count: int = 200) -> dict[str, Any]:
    """All figures; sizes in bytes, times on air in ms."""
    lines = list(workload.lines(texts, seed, count))
    raw = workload.raw(texts, seed, count)
    prose = [line.text for line in lines if line.text]
    return {
        "operations": len(lines),
        "texts": str(texts.name if texts else "default"),
        "seed": seed,
        "text_chars_mean": _mean([len(item) for item in prose]),
        "ours": {
            "codec": codec.LATEST,
            "operation_bytes": _mean([len(line.data) for line in lines]),
            "by_kind": _by_kind(lines),
            "basis": basis(lines),
            "single": single(lines),
            "catchup": catch_up(lines, seed),
            "text": text_figures(prose),
            "ms": speed(lines),
        },
        "peers": peers(raw),
    }


def basis(lines: Sequence[workload.Line]) -> dict[str, float]:
    """What it costs that changes name what they were made in view of."""
    changes = [line for line in lines if line.operation.entity is not None]
    more = [
        len(line.data)
        - len(codec.encode(replace(line.operation, basis=()), SCHEMA, line.author, line.number))
        for line in changes
    ]
    return {
        "changes": len(changes),
        "naming": sum(1 for line in changes if line.operation.basis),
        "bytes_per_change": _mean(more),
        "bytes_per_operation": round(sum(more) / len(lines), 2),
    }


def single(lines: Sequence[workload.Line]) -> dict[str, float]:
    """Every operation in a frame of its own, as a routine one goes out."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    sizes, prefixed = [], []
    for line in lines:
        made = feed.make_run(key, NETWORK_ID, line.author, line.number, bytes(16), [line.data])
        run = Run(line.author, line.number, made.operations, made.signature)
        urgent = replace(run, prefix=bytes(16)) if line.urgency <= 1 else run
        sizes.append(len(encode_runs([run], original=True)))
        prefixed.append(len(encode_runs([urgent], original=True)))
    return {
        "bytes_per_op": _mean(sizes),
        "airtime_ms_per_op": _mean([_air(size) for size in sizes]),
        "airtime_ms_per_op_urgent_with_chain": _mean([_air(size) for size in prefixed]),
        "airtime_ms_per_op_firmware_2_8": _mean(
            [payload_airtime_ms(LONG_FAST, size, signing=True) for size in sizes]
        ),
    }


def catch_up(lines: Sequence[workload.Line], seed: int) -> dict[str, float]:
    """What a holder sends to a node that has nothing, read back and verified there."""
    feeds, origins = _holder(lines)
    repairs = Repairs(1, feeds, EngineConfig(repair_burst_max=10**6), random.Random(seed))
    repairs.spread([(author, 1, feeds.head(author)) for author in origins], 0)
    frames: list[bytes] = []
    now = 0
    while repairs.deadline is not None:
        now = max(now + 3_600_000, repairs.deadline)  # an hour on: the allowance is full again
        sent = repairs.advance(now)
        if sent is not None:
            frames.append(encode_runs(sent.content.runs, urgent=sent.content.urgent))
    runs = _received(frames, feeds, origins)
    assert sum(len(run.operations) for run in runs) == len(lines)
    return {
        "packets": len(frames),
        "runs": len(runs),
        "bytes": sum(map(len, frames)),
        "airtime_ms_per_op": round(sum(map(_air, frames_sizes(frames))) / len(lines), 1),
    }


def frames_sizes(frames: Sequence[bytes]) -> list[int]:
    """Bytes of each."""
    return [len(frame) for frame in frames]


def _holder(lines: Sequence[workload.Line]) -> tuple[Feeds, dict[int, bytes]]:
    """A log with everything, signed after every operation as a node does."""
    root = Ed25519PrivateKey.from_private_bytes(bytes(32))
    log = MemoryLog()
    keys, records, origins = {}, [], {}
    for author in sorted({line.author for line in lines}):
        keys[author] = Ed25519PrivateKey.from_private_bytes(bytes([author]) * 32)
        public = keys[author].public_key().public_bytes_raw()
        records.append(Certificate(author, public, bytes([9]) * 32, f"SAE {author}", 1).encode())
        origins[author] = feed.origin(records[-1])
    public = root.public_key().public_bytes_raw()
    feed.append(log, root, NETWORK_ID, ROOT, feed.root_origin(NETWORK_ID, public), records)
    for line in lines:
        chain = origins[line.author]
        feed.append(log, keys[line.author], NETWORK_ID, line.author, chain, [line.data])
    feeds = Feeds(log, NETWORK_ID, public)
    return feeds, origins


def _received(frames: Sequence[bytes], feeds: Feeds, origins: dict[int, bytes]) -> list[Run]:
    """The runs in these frames, every one verified in the order of its feed."""
    found: list[Run] = []
    for frame in frames:
        assert len(frame) <= FRAME_MAX
        content = decode(frame, Seal(NETWORK_ID, bytes(32)))
        assert isinstance(content, Runs)
        found += content.runs
    heads = dict(origins)
    for run in sorted(found, key=lambda run: (run.author, run.first)):
        chain = feed.chain_values(heads[run.author], run.operations)[-1]
        signer = feeds.roster.signer(run.author)
        assert signer is not None
        assert feed.verify(signer.public, NETWORK_ID, run.author, run.last, chain, run.signature)
        heads[run.author] = chain
    return found


def text_figures(prose: Sequence[str]) -> dict[str, float]:
    """Bits per character of the texts alone, whole bytes each."""
    chars = sum(map(len, prose))
    started = time.process_time()
    bits = 8 * sum(len(text.encode_tail(item)) for item in prose)
    spent = time.process_time() - started
    return {
        "bits_per_char": round(bits / max(1, chars), 3),
        "encode_ms_per_100_chars": round(spent / max(1, chars) * 1e5, 2),
    }


def speed(lines: Sequence[workload.Line]) -> dict[str, float]:
    """Milliseconds per operation through the codec, with and without text."""
    result = {}
    for name, chosen in (
        ("without_text", [line for line in lines if not line.text]),
        ("with_text", [line for line in lines if line.text]),
    ):
        started = time.process_time()
        for line in chosen:
            codec.encode(line.operation, SCHEMA, line.author, line.number)
        middle = time.process_time()
        for line in chosen:
            codec.decode(line.data, SCHEMA, line.author, line.number)
        ended = time.process_time()
        each = 1000 / max(1, len(chosen))
        result[f"encode_{name}"] = round((middle - started) * each, 3)
        result[f"decode_{name}"] = round((ended - middle) * each, 3)
    return result


def peers(raw: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Naive encoders: every operation signed and sent alone, cut where a frame is too small."""
    packer = _zstd()
    encoders: dict[str, Callable[[dict[str, Any]], bytes]] = {
        "json_ed25519": lambda line: json.dumps(
            line, ensure_ascii=False, separators=(",", ":")
        ).encode(),
        "msgpack_ed25519": lambda line: msgpack.packb(_positional(line)),
        "zstd_dictionary_ed25519": lambda line: packer.compress(msgpack.packb(_positional(line))),
    }
    result = {}
    for name, encode in encoders.items():
        sizes = [len(encode(line)) + feed.SIGNATURE_SIZE for line in raw]
        parts = [_cut(size) for size in sizes]
        result[name] = {
            "bytes_per_op": _mean(sizes),
            "packets": sum(map(len, parts)),
            "airtime_ms_per_op": round(sum(_air(size) for p in parts for size in p) / len(raw), 1),
        }
    return result


def _positional(line: dict[str, Any]) -> list[Any]:
    values = [value for name, value in line.items() if name not in ("t", "node")]
    return [line["t"], line["node"], values]


def _zstd() -> zstandard.ZstdCompressor:
    """A compressor with a dictionary trained on operations with other texts: the corpus."""
    texts = [
        line
        for path in sorted(CORPUS.glob("*.txt"))
        for line in path.read_text("utf8").splitlines()
        if line
    ]
    lines = workload.operations(texts, 99, 4000)
    samples = [msgpack.packb(_positional(line)) for line in lines]
    trained = zstandard.train_dictionary(DICTIONARY, samples)
    return zstandard.ZstdCompressor(
        level=19,
        dict_data=trained,
        write_content_size=False,
        write_dict_id=False,
        write_checksum=False,
    )


def _cut(size: int) -> list[int]:
    """Packets of a message that a frame may be too small for, 4 bytes of header each then."""
    if size <= FRAME_MAX:
        return [size]
    parts = -(-size // (FRAME_MAX - 4))
    return [FRAME_MAX] * (parts - 1) + [size - (parts - 1) * (FRAME_MAX - 4) + 4]


def _by_kind(lines: Sequence[workload.Line]) -> dict[str, float]:
    sizes: dict[str, list[int]] = {}
    for line in lines:
        change = "" if line.operation.entity is None else " changed"
        sizes.setdefault(line.operation.kind + change, []).append(len(line.data))
    return {name: _mean(found) for name, found in sorted(sizes.items())}


def _air(size: int) -> int:
    return payload_airtime_ms(LONG_FAST, size)


def _mean(values: Sequence[float]) -> float:
    return round(statistics.mean(values), 1) if values else 0.0


def main(argv: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="tests.bench airtime", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-n", type=int, default=200)
    args = parser.parse_args(argv)
    result = measure(args.texts, args.seed, args.n)
    if args.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return 0
    ours = result["ours"]
    print(f"single   {ours['single']['bytes_per_op']} B, {ours['single']['airtime_ms_per_op']} ms")
    print(
        f"catch-up {ours['catchup']['packets']} packets, "
        f"{ours['catchup']['airtime_ms_per_op']} ms per operation"
    )
    print(f"text     {ours['text']['bits_per_char']} bits per character")
    for name, row in result["peers"].items():
        print(f"{name:24} {row['bytes_per_op']} B, {row['airtime_ms_per_op']} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
