# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Revoked and forked feeds in the real store: what counts, what is kept, what users are told."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.kinds.model import Draft, Query
from lage.station import Station
from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.log import VerifiedRun
from sync.feed.records import Reopening, Revocation
from sync.feed.roster import ROOT
from sync.replica.engine import Engine
from sync.replica.events import HeardFrame, Rejected
from sync.wire.packet import encode_runs
from tests.fixtures import cut_run, make_network, seed
from tests.unit.lage.conftest import Terminal

GREVEN = 3


@pytest.fixture
def engine(station: Station) -> Engine:
    """The engine of SAE Rheine, as its node runs it."""
    network = station.network_keys
    return Engine(
        station.store.log,
        network_id=network.network_id,
        network_key=network.network_key,
        root_public=network.root_public,
        author=network.author,
        rng=random.Random(1),
        now=0,
    )


def entry(station: Station, number: int) -> VerifiedRun:
    """One of its own operations as a run."""
    run = cut_run(station.store.log, GREVEN, number, number)
    assert run is not None
    return run


def hear(engine: Engine, run: VerifiedRun) -> list[object]:
    """A run comes over the air."""
    engine.take_events()
    plain = Run(run.author, run.first, run.operations, run.signature)
    engine.receive(HeardFrame(encode_runs((plain,)), 5.0, 0), 1000)
    return list(engine.take_events())


def decide(station: Station, engine: Engine, record: bytes) -> None:
    """The county's decision comes over the air."""
    network, root = make_network("Kreis Steinfurt")
    head = station.store.log.head(ROOT)
    chain = station.store.log.chain(ROOT, head)
    assert chain is not None
    hear(engine, feed.make_run(root, network.network_id, ROOT, head + 1, chain, [record]))


def texts(station: Station) -> list[str]:
    """What stands in the journal."""
    records = station.reader.select(Query("journal", descending=False))
    return sorted(str(record.values["text"]) for record in records)


def test_revocation_by_position(county: list[Station], engine: Engine, lage: Terminal) -> None:
    """What lies after the last good entry does not count, whether it was here before or comes late;
    it is kept, shown, and named by every command that looks at the log."""
    _, rheine, greven = county
    for text in ("vorher", "zu spät", "viel zu spät"):
        greven.write([Draft("journal", {"text": text})])
    hear(engine, entry(greven, 1))
    hear(engine, entry(greven, 2))
    assert texts(rheine) == ["vorher", "zu spät"]

    chain = greven.store.log.chain(GREVEN, 1)
    assert chain is not None
    decide(rheine, engine, Revocation(GREVEN, 1, chain, 1).encode())
    assert hear(engine, entry(greven, 3)) == [Rejected("limit", GREVEN)]

    assert texts(rheine) == ["vorher"]
    sentence = "SAE Greven: Schlüssel widerrufen nach Eintrag 1; 1 Eintrag gilt nicht"
    assert sentence in lage("status")
    assert lage.json("status")["revoked"] == [{"name": "SAE Greven", "last_good": 1, "void": 1}]
    assert lage.json("pruefen")["hinweise"] == [sentence]
    (void,) = lage.json("kreis", "ungueltig")
    assert (void["stelle"], void["eintrag"], void["grund"]) == (
        "SAE Greven",
        2,
        "nach dem Widerruf",
    )
    assert void["inhalt"] == "Tagebucheintrag: Inhalt: zu spät"
    assert lage.json("pruefen")["in_ordnung"]


def test_fork_is_shown_until_the_county_decides(
    county: list[Station], engine: Engine, lage: Terminal
) -> None:
    """Both branches are kept and neither counts beyond the fork; the decided one counts again."""
    _, rheine, greven = county
    assert lage("kreis", "ungueltig") == "Alles, was hier liegt, gilt.\n"
    greven.write([Draft("journal", {"text": "gemeinsam"})])
    ours, other = _branches(greven)
    for run in (entry(greven, 1), ours, other):
        hear(engine, run)

    assert texts(rheine) == ["gemeinsam"]
    assert "ACHTUNG: Schlüssel von SAE Greven doppelt benutzt ab Eintrag 2" in lage("status")
    assert "doppelt benutzt" in lage.json("pruefen")["hinweise"][0]
    reasons = [(row["eintrag"], row["grund"]) for row in lage.json("kreis", "ungueltig")]
    assert reasons == [(2, "nach der Verzweigung"), (2, "anderer Zweig")]

    decide(rheine, engine, Reopening(GREVEN, 2, other.chains[-1]).encode())
    hear(engine, other)

    assert texts(rheine) == ["anders", "gemeinsam"]
    assert "Verzweigung ab Eintrag 2, vom Kreis entschieden" in lage("status")
    assert "ACHTUNG" not in lage("status")
    (void,) = lage.json("kreis", "ungueltig")
    assert (void["eintrag"], void["grund"]) == (2, "anderer Zweig")
    assert void["inhalt"] == "Tagebucheintrag: Inhalt: so"
    assert lage.json("pruefen")["in_ordnung"]


def _branches(greven: Station) -> list[VerifiedRun]:
    """Two different second entries under one key."""
    network, _ = make_network("Kreis Steinfurt")
    key = Ed25519PrivateKey.from_private_bytes(seed("Kreis Steinfurt", "SAE Greven", "sign"))
    chain = greven.store.log.chain(GREVEN, 1)
    assert chain is not None
    runs = []
    for text in ("so", "anders"):
        (data,) = greven.coded([Draft("journal", {"text": text})])
        runs.append(feed.make_run(key, network.network_id, GREVEN, 2, chain, [data]))
    return runs
