# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radio network as this folder knows it: the node's last report, its peers, and the log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lage.kinds.build import own_fault
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.radio import CLASSES, REJECTED, trouble_sentence
from lage.language.sensing import SENSES, measured_words
from lage.language.settings import difference_words
from lage.store.hearing import HEARING
from lage.store.lives import BATTERIES, LIVES, hours_left
from lage.store.radio_order import OrderState
from lage.store.radios import RADIOS
from lage.store.ways import WAYS
from lage.views.around import Around, relaying_sentences
from lage.views.hearing import Pair, pairs
from lage.views.lasting import lasting
from lage.views.network import (
    MUCH,
    ForkRow,
    KeysView,
    NetworkView,
    NodeRow,
    RadioRow,
    RadioView,
    RevokedRow,
)
from lage.views.stuck import stuck
from lage.views.verdict import (
    NO_RADIO,
    ORDERS,
    firmware_sentence,
    silence_sentence,
    verdict_sentence,
)
from mesh.nodes import Measure, MeshNode
from sync.feed.roster import ROOT
from sync.feed.settle import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lage.kinds.directory import Directory, Staff
    from lage.store import Peer, Store
    from lage.store.lives import Life
    from lage.store.report import NodeReport
    from sync.feed.roster import Roster


BUSY_PACKETS = 100
"""Heard packets below which an hour is too quiet for anybody to be said to write much."""


RELAY_S = 7 * 24 * 3600
"""A radio without a staff that was silent for longer is not shown any more."""

RELAYS_MAX = 30
"""Anybody with the channel key can invent more."""

_SHOWN_AS_POWER = frozenset({Measure.BATTERY, Measure.VOLTAGE})

STRANGERS_MAX = 5
"""Unknown numbers that are named; anybody with a radio can invent more."""


def radio_view(report: NodeReport | None, unsent: int, now_unix: float) -> RadioView:
    """The radio as the running node last reported it."""
    if report is None:
        return RadioView(running=False, connected=False, unsent=unsent)
    running = report.running(now_unix)
    connected = running and report.connected
    trouble = report.reason or report.mute
    verdict = report.verdict if connected else None
    differences = verdict.differences if verdict else ()
    return RadioView(
        running=running,
        connected=connected,
        address=report.address,
        name=report.name,
        number=report.number,
        firmware=report.firmware,
        preset=report.preset,
        region=report.region,
        reason=NO_RADIO
        if running and not report.address
        else (None if trouble is None else trouble_sentence(trouble)),
        mute=report.mute is not None or (verdict is not None and verdict.holds),
        verdict=None if verdict is None else verdict_sentence(verdict),
        wrong=tuple(difference_words(each) for each in differences if each.must),
        better=tuple(difference_words(each) for each in differences if not each.must),
        role=verdict.role if verdict else None,
        unjudged=verdict.unjudged if verdict else (),
        firmware_doubt=firmware_sentence(report.firmware) if connected else None,
        rival=trouble_sentence(report.rival) if connected and report.rival else None,
        silence=silence_sentence(report.quiet_s, report.unanswered_s) if connected else None,
        away_s=report.away_s,
        setting_up=ORDERS[report.order],
        busy=running and report.order is OrderState.RUNNING,
        setting_up_at=report.order_at,
        notice=report.notice,
        channel_utilisation=report.channel_utilisation,
        airtime_hour_ms=report.airtime_hour_ms,
        airtime_limit_ms=report.airtime_limit_ms,
        queue={CLASSES[urgency]: count for urgency, count in report.queue.items()},
        unsent=unsent,
        packets_sent=report.packets_sent,
        packets_heard=report.packets_heard,
        key_epoch=report.key_epoch,
        keys_refused=report.keys_refused,
        shares=report.shares,
        rejected={REJECTED[why]: count for why, count in report.rejected.items()},
        strangers=report.strangers if running else {},
        clock_ahead_s=report.radio_ahead_s if running else None,
        clock_gps=running and report.radio_gps,
        only_relay=report.only_relay if connected else 0,
        few_relays=connected and report.few_relays,
        unrelayed=connected and report.unrelayed,
        alone_since=from_unix(report.alone_since),
    )


def network_view(
    store: Store,
    directory: Directory,
    roster: Roster,
    me: int | None,
    radio: RadioView,
    now_unix: float,
) -> NetworkView:
    """Every node: last heard, how far behind; and which feeds do not go on."""
    vectors = store.local.vectors()
    own = next((n for n in store.local.setting(RADIOS) if n.number == radio.number), None)
    nodes, relays = mesh_rows(store, directory, me, radio, now_unix)
    mine = store.local.setting(LIVES).get(me) if me is not None else None
    ways = store.local.setting(WAYS) if radio.running else None
    return NetworkView(
        radio,
        nodes,
        store.situation.operation_count(),
        store.situation.unreadable_count(),
        sum(store.situation.unshown_counts().values()),
        _forks(store, directory, roster),
        _revoked(store, roster),
        _keys(directory, roster, vectors, me, radio),
        _busy(directory, radio),
        _strangers(roster, radio),
        own_fault(),
        None if own is None else _radio(own),
        relays,
        None if mine is None else lasting(mine, None, None, now_unix),
        ways,
        stuck(radio, nodes, len(ways.reached) if ways else 0),
        relaying_sentences(Around(radio, nodes, relays), from_unix(now_unix)),
        _hearing(store, directory, me, radio, now_unix),
    )


def _hearing(
    store: Store, directory: Directory, me: int | None, radio: RadioView, now_unix: float
) -> tuple[Pair, ...]:
    """Who hears whom; our own radio hears for us."""
    radios = [
        replace(node, member=me) if node.number == radio.number else node
        for node in store.local.setting(RADIOS)
    ]
    known = store.local.setting(HEARING)
    return pairs(known, radios, directory.name, me, now_unix)


def mesh_rows(
    store: Store, directory: Directory, me: int | None, radio: RadioView, now_unix: float
) -> tuple[tuple[NodeRow, ...], tuple[RadioRow, ...]]:
    """Every other node, and the relays."""
    heads = {author: store.log.head(author) for author in store.log.authors()}
    peers = {peer.author: peer for peer in store.local.peers()}
    vectors = store.local.vectors()
    known = [node for node in store.local.setting(RADIOS) if node.number != (radio.number or 0)]
    radios = _by_member(known)
    lives, batteries = store.local.setting(LIVES), store.local.setting(BATTERIES)
    hours = {number: hours_left(found, now_unix) for number, found in batteries.items()}
    nodes = tuple(
        _node(
            *(staff, peers.get(staff.number), vectors.get(staff.number), heads),
            *(radios.get(staff.number), lives.get(staff.number), hours, now_unix),
        )
        for staff in directory.staffs
        if staff.number != me
    )
    return nodes, _relays(known, radios, hours, now_unix)


def _keys(
    directory: Directory,
    roster: Roster,
    vectors: dict[int, dict[int, int]],
    me: int | None,
    radio: RadioView,
) -> KeysView | None:
    last = roster.keys[-1] if roster.keys else None
    coming = last.begins if last is not None and last.epoch > radio.key_epoch else None
    names = (
        ()
        if last is None
        else tuple(
            staff.name
            for staff in directory.staffs
            if staff.active
            and staff.number != me
            and vectors.get(staff.number, {}).get(ROOT, 0) < last.last
        )
    )
    known = sum(staff.active for staff in directory.staffs) - len(names)
    doubted = roster.doubted(radio.key_epoch)
    view = KeysView(radio.key_epoch, coming, known, names, doubted, radio.keys_refused)
    return view if view.sentences() else None


def _busy(directory: Directory, radio: RadioView) -> tuple[str, ...]:
    return tuple(
        f"{directory.name(author)} schreibt viel: {share} % dessen, was in der letzten Stunde neu"
        " war. Was anderen fehlt, geht vor."
        for author, share in sorted(radio.shares.items())
        if share >= MUCH and radio.packets_heard >= BUSY_PACKETS
    )


def _strangers(roster: Roster, radio: RadioView) -> str:
    unknown = sorted(number for number in radio.strangers if roster.signer(number) is None)
    if not unknown:
        return ""
    named = ", ".join(map(str, unknown[:STRANGERS_MAX]))
    more = " und weiteren" if len(unknown) > STRANGERS_MAX else ""
    return (
        f"Unter Nummer {named}{more} schreibt jemand, den die Mitgliederliste hier nicht kennt;"
        " nach einer neueren wird gefragt. Kommt keine, beim Kreis die .mitteilung holen („lage"
        " kreis einlesen“)."
    )


def _node(
    staff: Staff,
    peer: Peer | None,
    vector: dict[int, int] | None,
    heads: dict[int, int],
    radio: MeshNode | None,
    life: Life | None,
    hours: Mapping[int, float | None],
    now_unix: float,
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
        None if radio is None else _radio(radio, hours.get(radio.number)),
        lasting(life, peer.heard if peer else None, peer.hops if peer else None, now_unix),
    )


def _by_member(nodes: Iterable[MeshNode]) -> dict[int, MeshNode]:
    """The radio of each staff; of several the one that was heard last."""
    found: dict[int, MeshNode] = {}
    for node in sorted(nodes, key=lambda n: n.heard or 0):
        if node.member is not None:
            found[node.member] = node
    return found


def _relays(
    nodes: Iterable[MeshNode],
    of_staffs: Mapping[int, MeshNode],
    hours: Mapping[int, float | None],
    now_unix: float,
) -> tuple[RadioRow, ...]:
    """Radios that were heard and send no staff's frames, the one heard last first."""
    relays = [
        node
        for node in nodes
        if node.member not in of_staffs
        and node.heard is not None
        and now_unix - node.heard < RELAY_S
    ]
    relays.sort(key=lambda node: (-(node.heard or 0), node.number))
    return tuple(_radio(node, hours.get(node.number)) for node in relays[:RELAYS_MAX])


def _radio(node: MeshNode, hours: float | None = None) -> RadioRow:
    place = node.place
    return RadioRow(
        node.number,
        node.id,
        plain(node.called),
        from_unix(node.heard) if node.heard is not None else None,
        node.snr_db,
        node.hops,
        node.role,
        node.hardware,
        node.battery_percent,
        node.on_mains,
        None if place is None else (place.latitude, place.longitude),
        place is not None and place.gps,
        {
            SENSES[measure].name: measured_words(measure, value)
            for measure, value in node.measured.items()
            if measure not in _SHOWN_AS_POWER
        },
        None if node.on_mains else hours,
    )


def _forks(store: Store, directory: Directory, roster: Roster) -> tuple[ForkRow, ...]:
    """The first fork of each author, undecided ones before those that the county has decided."""
    first: dict[int, ForkRow] = {}
    void = store.situation.void_counts()
    lists = roster.rosters()
    for proof in store.log.forks():
        decided = not is_open(proof, store.log, roster)
        known = first.get(proof.author)
        if known is None or (known.decided, known.number) > (decided, proof.number):
            name = directory.name(proof.author)
            if proof.author in lists:  # ours is in use, decided or not
                kept = sum(
                    each.aside and each.author == proof.author
                    for each in store.situation.void_operations()
                )
            else:
                kept = void.get(proof.author, 0)
            first[proof.author] = ForkRow(
                name, proof.number, decided, kept, lists=proof.author in lists
            )
    return tuple(first[author] for author in sorted(first))


def _revoked(store: Store, roster: Roster) -> tuple[RevokedRow, ...]:
    void = store.situation.void_counts()
    return tuple(
        RevokedRow(member.name, member.revocation.last_good, void.get(number, 0))
        for number, member in sorted(roster.members.items())
        if member.revocation is not None and not member.alliance
    )
