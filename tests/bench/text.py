# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bits per character and time of the text model: `python -m tests.bench.text FILE...`.

Each line of a file is a text. Prints JSON: bits per character of the bytes that `encode_tail`
makes, the same from UTF-8 and from zlib, milliseconds per 100 characters, and loading time.
"""

import argparse
import json
import time
import zlib
from pathlib import Path

from sync.text import prose as codec
from sync.text.model import TextModel


def measure(lines: list[str]) -> dict[str, float]:
    """Figures of one list of texts; every text must come back."""
    start = time.process_time()
    coded = [codec.encode_tail(line) for line in lines]
    middle = time.process_time()
    found = [codec.decode_tail(data, max_chars=100_000) for data in coded]
    end = time.process_time()
    if found != lines:
        raise ValueError("a text did not come back")
    chars = sum(map(len, lines))
    return {
        "texts": len(lines),
        "chars": chars,
        "bits_per_char": round(8 * sum(map(len, coded)) / chars, 4),
        "utf8_bits_per_char": round(8 * sum(len(line.encode()) for line in lines) / chars, 4),
        "zlib_bits_per_char": round(
            8 * sum(len(zlib.compress(line.encode(), 9)) for line in lines) / chars, 4
        ),
        "worst_bits_per_char": round(
            max(8 * len(data) / len(line) for data, line in zip(coded, lines, strict=True)), 4
        ),
        "encode_ms_per_100_chars": round((middle - start) / chars * 1e5, 3),
        "decode_ms_per_100_chars": round((end - middle) / chars * 1e5, 3),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args()
    model = codec.load_model(codec.LATEST)
    data = Path(codec.__file__).with_name("data") / f"text{model.version}.bin"
    raw = data.read_bytes()
    start = time.perf_counter()
    TextModel(raw)
    report: dict[str, object] = {
        "model": model.version,
        "model_bytes": len(raw),
        "load_ms": round((time.perf_counter() - start) * 1e3, 1),
    }
    for path in args.files:
        lines = [line for line in path.read_text("utf8").splitlines() if line]
        report[path.name] = measure(lines)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
