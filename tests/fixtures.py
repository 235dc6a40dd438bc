# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Staffs for tests: folders with keys and logs, a clock that stands still, radio without radios.

Keys come from names by hashing, so that two test runs make the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.kinds.directory import ROLES
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import AUTHORS
from lage.language.epoch import to_unix
from lage.language.folding import fold_text
from lage.language.tactical import parse_time
from lage.station import LOG_FILE, Station
from lage.store import Store, keys
from lage.store.tables import kind_table
from sync.feed import chain as feed
from sync.feed.log import Log, VerifiedRun
from sync.feed.records import Certificate
from sync.feed.roster import ROOT

START = float(to_unix(parse_time("24.11.2026 15:30", 0)))
"""241530nov26, unix seconds."""


class FixedClock:
    """Unix seconds that pass only when told to."""

    def __init__(self, unix: float = START) -> None:
        self.unix = unix

    def __call__(self) -> float:
        """The time."""
        return self.unix

    def advance(self, seconds: float) -> float:
        """Let time pass; the new time."""
        self.unix += seconds
        return self.unix


def seed(*parts: str) -> bytes:
    """32 bytes that look random and are always the same."""
    return hashlib.blake2b("|".join(parts).encode(), digest_size=32).digest()


def role_of(name: str) -> str:
    """The role that fits a staff's name."""
    folded = fold_text(name)
    return next((role for role in ROLES if role in folded), "sae")


def make_network(county: str, *, exercise: bool = False) -> tuple[keys.Network, Ed25519PrivateKey]:
    """Secrets of a county, and its root key.

    As in life an exercise has a channel key of its own: a node sets right what is wrong with a
    radio that has its key. The network key is the same, so the network's id alone tells them apart.
    """
    root = Ed25519PrivateKey.from_private_bytes(seed(county, "root"))
    network = keys.Network(
        county,
        feed.network_id(seed(county, "id"), exercise=exercise),
        seed(county, "network"),
        root.public_key().public_bytes_raw(),
        "Uebung" if exercise else "Lage",
        seed(county, "channel of an exercise" if exercise else "channel"),
        exercise,
    )
    return network, root


def make_county(
    folder: Path,
    names: Sequence[str],
    *,
    clock: FixedClock | None = None,
    county: str = "Kreis Steinfurt",
    exercise: bool = False,
) -> dict[str, Station]:
    """An open station for each name, in ``folder/<number>``; member numbers count from 1."""
    clock = clock or FixedClock()
    network, _ = make_network(county, exercise=exercise)
    logs = _founded(county, tuple(names), clock(), exercise=exercise)
    stations = {}
    for number, name in enumerate(names, 1):
        place = folder / str(number)
        place.mkdir(parents=True)
        _write_node(place, _node_keys(county, name))
        own = keys.Network(
            **{n: getattr(network, n) for n in keys.Network.__slots__ if n != "author"},
            author=number,
        )
        keys.save_network(place, own)
        (place / LOG_FILE).write_bytes(logs[number - 1])
        stations[name] = Station.open(place, clock=clock)
    return stations


@lru_cache(maxsize=32)
def _founded(
    county: str, names: tuple[str, ...], unix: float, *, exercise: bool
) -> tuple[bytes, ...]:
    """Each staff's log after the founding, as a file: hundreds of tests begin with the same."""
    network, root = make_network(county, exercise=exercise)
    origin = feed.root_origin(network.network_id, network.root_public)
    records = []
    for number, name in enumerate(names, 1):
        node = _node_keys(county, name)
        role = ROLES.index(role_of(name))
        member = Certificate(number, node.sign_public, node.seal_public, name, role)
        records.append(member.encode())
    logs = []
    with TemporaryDirectory() as folder:
        for number in range(1, len(names) + 1):
            path = Path(folder) / f"{number}.db"
            store = Store.open(path, clock=FixedClock(unix))
            store.local.keep(AUTHORS, (number,))
            feed.append(store.log, root, network.network_id, ROOT, origin, records)
            store.close()
            logs.append(path.read_bytes())
    return tuple(logs)


def _node_keys(county: str, name: str) -> keys.NodeKeys:
    return keys.NodeKeys(
        name,
        Ed25519PrivateKey.from_private_bytes(seed(county, name, "sign")),
        X25519PrivateKey.from_private_bytes(seed(county, name, "seal")),
    )


def make_station(
    folder: Path, name: str = "SAE Rheine", *, clock: FixedClock | None = None
) -> Station:
    """One staff alone in its county."""
    return make_county(folder, [name], clock=clock)[name]


def replicate(source: Log, target: Log, *, authors: Sequence[int] | None = None) -> int:
    """Bring a log what it lacks of another, as verified runs; how many operations went over."""
    moved = 0
    for author in source.authors() if authors is None else authors:
        first, last = target.head(author) + 1, source.head(author)
        run = cut_run(source, author, first, last)
        if run is not None:
            target.store([run])
            moved += len(run.operations)
    return moved


def cut_run(source: Log, author: int, first: int, last: int) -> VerifiedRun | None:
    """These operations of a log as one verified run; None where there are none."""
    operations = tuple(source.operations(author, first, last))
    if not operations:
        return None
    end = first + len(operations) - 1
    chains = tuple(source.chain(author, number) or b"" for number in range(first, end + 1))
    signatures = source.signatures(author, first, end)
    assert signatures
    assert signatures[-1].number == end
    return VerifiedRun(author, first, operations, chains, signatures[-1].signature)


def share(*stations: Station) -> None:
    """Let every station hear everything of every other."""
    for _ in range(2):
        for source in stations:
            for target in stations:
                if source is not target:
                    replicate(source.store.log, target.store.log)


def picture(store: Store, *, arrival: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the projection; the order of arrival is each node's own and left out."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for kind in SCHEMA.kinds:
        statement = f"SELECT * FROM {kind_table(kind)} ORDER BY id"  # noqa: S608
        cursor = store.connection.execute(statement)
        names = [column[0] for column in cursor.description]
        keep = [i for i, name in enumerate(names) if arrival or name != "seq"]
        found[kind.name] = [tuple(row[i] for i in keep) for row in cursor]
    words = store.connection.execute("SELECT rowid, text, kind FROM search ORDER BY rowid")
    found["search"] = [tuple(row) for row in words]
    addressed = store.connection.execute("SELECT * FROM addressed ORDER BY message, member")
    found["addressed"] = [tuple(row) for row in addressed]
    overruled = store.connection.execute("SELECT * FROM overruled ORDER BY author, number, field")
    found["overruled"] = [tuple(row) for row in overruled]
    return found


def write_node(station: Station) -> None:
    """Write down a station's keys, so that its folder can be opened once more."""
    assert station._node is not None
    _write_node(station.folder, station._node)
    keys.save_network(station.folder, station.network_keys)


def _write_node(folder: Path, node: keys.NodeKeys) -> None:
    keys.write_private(
        folder / keys.NODE_FILE,
        {
            "name": node.name,
            "sign": node.sign.private_bytes_raw().hex(),
            "seal": node.seal.private_bytes_raw().hex(),
        },
    )
