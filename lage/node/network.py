# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radio network as this folder knows it: what the running node wrote down, and the log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lage.language.epoch import from_unix
from lage.views.network import ForkRow, NetworkView, NodeRow, RadioView, RevokedRow

if TYPE_CHECKING:
    from lage.kinds.directory import Staff
    from lage.station import Station
    from lage.store import Peer

NODE_ALIVE_S = 60.0
"""A node that has not reported for so long is taken as not running."""


def radio_view(station: Station) -> RadioView:
    """The radio as the running node last reported it."""
    report = station.setting("radio")
    if not isinstance(report, dict):
        return RadioView(running=False, connected=False, unsent=station.unsent())
    seen = report.pop("reported", 0)
    alive = abs(time.time() - seen) < NODE_ALIVE_S and not report.pop("stopped", False)
    report.pop("stopped", None)
    return RadioView(
        running=alive,
        connected=alive and bool(report.pop("connected", False)),
        unsent=station.unsent(),
        **{key: value for key, value in report.items() if key != "connected"},
    )


def network_view(station: Station) -> NetworkView:
    """Every node: last heard, how far behind; and which feeds do not go on."""
    log, me = station.store.log, station.network_keys.author
    heads = {author: log.head(author) for author in log.authors()}
    peers = {peer.author: peer for peer in station.store.local.peers()}
    vectors = station.store.local.vectors()
    return NetworkView(
        station.radio(),
        tuple(
            _node(staff, peers.get(staff.number), vectors.get(staff.number), heads)
            for staff in station.directory.staffs
            if staff.number != me
        ),
        station.store.situation.operation_count(),
        station.store.situation.unreadable_count(),
        _forks(station),
        _revoked(station),
    )


def _node(
    staff: Staff, peer: Peer | None, vector: dict[int, int] | None, heads: dict[int, int]
) -> NodeRow:
    behind = None
    if vector is not None:
        behind = sum(
            max(0, head - vector.get(author, 0))
            for author, head in heads.items()
            if author != staff.number
        )
    return NodeRow(
        staff.number,
        staff.name,
        staff.code,
        staff.role,
        staff.active,
        from_unix(peer.heard) if peer and peer.heard else None,
        peer.snr_db if peer else None,
        peer.hops if peer else None,
        behind,
        sum(max(0, n - heads.get(a, 0)) for a, n in (vector or {}).items()),
    )


def _forks(station: Station) -> tuple[ForkRow, ...]:
    """The first fork of each author, undecided ones before those that the county has decided."""
    first: dict[int, ForkRow] = {}
    void = station.store.situation.void_counts()
    for proof in station.store.log.forks():
        decided = station.roster.decided(proof.author, proof.number)
        known = first.get(proof.author)
        if known is None or (known.decided, known.number) > (decided, proof.number):
            name = station.directory.name(proof.author)
            kept = void.get(proof.author, 0)
            first[proof.author] = ForkRow(name, proof.number, decided, kept)
    return tuple(first[author] for author in sorted(first))


def _revoked(station: Station) -> tuple[RevokedRow, ...]:
    void = station.store.situation.void_counts()
    return tuple(
        RevokedRow(member.name, member.revocation.last_good, void.get(number, 0))
        for number, member in sorted(station.roster.members.items())
        if member.revocation is not None and not member.alliance
    )
