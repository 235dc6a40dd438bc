# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Founding a county, admitting nodes, joining, revoking: what changes the roster.

The roster is feed 0 in the log of whoever holds the county's key; it replicates like any feed.
Every function takes folders and texts and does the whole step, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.county.card import Card, write_card
from lage.county.rekey import give_keys
from lage.kinds.directory import ROLES
from lage.kinds.schema import SCHEMA
from lage.language.epoch import from_unix
from lage.language.errors import KeysError, UsageError
from lage.station import LOG_FILE
from lage.store import Store, keys
from sync.feed import chain as feed
from sync.feed.log import VerifiedRun
from sync.feed.records import Alliance, Certificate, Reason, Reopening, Revocation
from sync.feed.roster import ROOT, Roster, read_roster, succession

NAME_MAX = 40
BLOCK = 48
"""Author numbers kept for an allied county: its first 47 nodes can be followed. Blocks lie at the
upper end, our own numbers grow from the lower one."""
Clock = Callable[[], float]


def check_name(name: str) -> str:
    """A name that certificates can carry. Raises UsageError."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned.encode()) > NAME_MAX or not cleaned.isprintable():
        raise UsageError(f"Der Name muss 1 bis {NAME_MAX} Zeichen haben, ohne Steuerzeichen.")
    return cleaned


def found_county(
    folder: Path, name: str, passphrase: str, *, exercise: bool = False
) -> keys.Network:
    """Make a county's keys in a folder."""
    return keys.make_county(folder, check_name(name), passphrase, exercise=exercise)


def request(folder: Path, name: str) -> str:
    """Make a node and give the text of its ``.anfrage`` file."""
    return keys.write_request(keys.make_node(folder, check_name(name)))


def admit(
    folder: Path,
    request_text: str,
    role: str,
    passphrase: str,
    *,
    successor_of: int = 0,
    clock: Clock = time,
) -> str:
    """Certify the node that asks; the text of its ``.einladung`` file."""
    if role not in ROLES:
        raise UsageError(f"Die Rolle „{role}“ gibt es nicht; möglich: {', '.join(ROLES)}.")
    asking = keys.read_request(request_text)
    root = keys.unlock_county(folder, passphrase)
    network = keys.load_network(folder)
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        roster = _roster(store, network)
        for member in roster.members.values():
            if member.sign_key == asking.sign_public:
                raise UsageError(
                    f"„{member.name}“ ist schon aufgenommen (Nummer {member.number}): jede Anfrage"
                    " gilt nur einmal."
                )
        number = max(roster.members, default=0) + 1
        if number >= _first_allied(roster):
            raise UsageError("Der Kreis ist voll: mehr Knoten kann er nicht aufnehmen.")
        certificate = Certificate(
            number,
            asking.sign_public,
            asking.seal_public,
            asking.name,
            ROLES.index(role),
            successor_of=successor_of,
        )
        _append(store, network, root, certificate.encode())
        give_keys(store, network, root, number, from_unix(clock()))
        feed0 = _feed0(store)
    finally:
        store.close()
    return keys.write_invitation(network, asking, number, feed0)


def join(folder: Path, invitation_text: str, *, clock: Clock = time) -> keys.Network:
    """Take up an invitation: keep the network's secrets and the roster so far.

    A node that was admitted as successor of its own earlier number goes on under the new one.
    """
    node = keys.load_node(folder)
    network, feed0 = keys.read_invitation(invitation_text, node)
    before: int | None = None
    if keys.has_network(folder):
        known = keys.load_network(folder)
        before = known.author
        if known.network_id != network.network_id:
            raise KeysError(
                f"In diesem Ordner liegt der Schlüssel von „{known.name}“, die Einladung ist von"
                f" „{network.name}“: bitte einen anderen Ordner nehmen."
            )
    runs = _verified(network.network_id, network.root_public, feed0)
    roster = read_roster(network.network_id, network.root_public, [data for data, _ in feed0])
    assert network.author is not None
    member = roster.members.get(network.author)
    if member is None or member.sign_key != node.sign_public:
        raise KeysError("Die Einladung enthält kein Zertifikat für diesen Knoten: bitte neu holen.")
    if before is not None and (member.successor_of != before or network.author == before):
        raise KeysError(f"Dieser Knoten gehört schon zu „{network.name}“: zweimal geht nicht.")
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        follows = {number: m.successor_of for number, m in roster.members.items() if m.successor_of}
        store.local.keep("author", sorted(succession(network.author, follows)))
        store.local.keep("restored", value=False)
        if before is not None:
            store.local.keep("pushed", 0)
        store.log.store(runs)
    finally:
        store.close()
    keys.save_network(folder, network)
    return network


def revoke(
    folder: Path, author: int, passphrase: str, reason: Reason, *, clock: Clock = time
) -> int:
    """End a member's feed at what this log holds of it; the last good number."""
    root = keys.unlock_county(folder, passphrase)
    network = keys.load_network(folder)
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        member = _roster(store, network).members.get(author)
        if member is None:
            raise UsageError("Dieses Mitglied gibt es nicht.")
        if member.revocation is not None:
            raise UsageError(f"„{member.name}“ ist schon widerrufen.")
        last = store.log.head(author)
        chain = store.log.chain(author, last) if last else member.origin
        assert chain is not None
        _append(store, network, root, Revocation(author, last, chain, int(reason)).encode())
        store.log.quarantine(author, last)
    finally:
        store.close()
    return last


def reopen(folder: Path, author: int, passphrase: str, *, clock: Clock = time) -> int:
    """Let the branch of a forked feed count that this log holds; up to which number it does."""
    root = keys.unlock_county(folder, passphrase)
    network = keys.load_network(folder)
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        roster = _roster(store, network)
        forks = [proof.number for proof in store.log.forks() if proof.author == author]
        if not forks:
            raise UsageError("Für dieses Mitglied ist keine Verzweigung bekannt.")
        open_forks = [number for number in forks if not roster.decided(author, number)]
        if not open_forks:
            raise UsageError("Über die Verzweigung dieses Mitglieds ist schon entschieden.")
        number = store.log.head(author)
        chain = store.log.chain(author, number)
        if chain is None or number < max(open_forks):
            raise UsageError(
                "Von diesem Mitglied liegt hier keiner der beiden Zweige vor: bitte dort"
                " entscheiden, wo „lage kreis ungueltig“ einen zeigt, oder widerrufen."
            )
        _append(store, network, root, Reopening(author, number, chain).encode())
    finally:
        store.close()
    return number


def county_card(
    folder: Path, passphrase: Callable[[], str] | None = None, *, clock: Clock = time
) -> str:
    """The text of this county's ``.kreis`` file, by which another county can follow it.

    A member signs it; a folder that holds only the county's key asks for its ``passphrase``.
    """
    network = keys.load_network(folder)
    if network.author is not None:
        signer, sign = network.author, keys.load_node(folder).sign.sign
    elif passphrase is not None:
        signer, sign = ROOT, keys.unlock_county(folder, passphrase()).sign
    else:
        raise KeysError("Den Ausweis unterschreibt ein Mitglied oder der Kreisschlüssel.")
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        feed0 = _feed0(store)
    finally:
        store.close()
    card = Card(network.name, network.network_id, network.root_public, feed0)
    return write_card(card, signer, sign)


def ally(
    folder: Path,
    theirs: Card,
    roles: Iterable[str],
    kinds: Iterable[str],
    passphrase: str,
    *,
    clock: Clock = time,
) -> Alliance:
    """Follow another county's staffs of these roles (none: all), showing entries of these kinds."""
    root = keys.unlock_county(folder, passphrase)
    network = keys.load_network(folder)
    if theirs.exercise != network.exercise:
        raise UsageError("Eine Übung und ein wirklicher Kreis können sich nicht verbünden.")
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        roster = _roster(store, network)
        known = {network.network_id, *(block.network_id for block in roster.alliances)}
        if theirs.network_id in known:
            raise UsageError(f"Mit „{theirs.name}“ sind wir schon in einem Netz.")
        first = _first_allied(roster) - BLOCK
        if first <= max(roster.members, default=0):
            raise UsageError("Für einen weiteren Kreis reichen die Nummern nicht.")
        runs = _verified(theirs.network_id, theirs.root_public, theirs.feed0, first)
        alliance = Alliance(
            first,
            BLOCK,
            theirs.root_public,
            theirs.network_id,
            check_name(theirs.name),
            sum(1 << ROLES.index(role) for role in set(roles)),
            sum(1 << SCHEMA.by_name[kind].number for kind in set(kinds)),
        )
        _append(store, network, root, alliance.encode())
        store.log.store(runs)
    finally:
        store.close()
    return alliance


def _first_allied(roster: Roster) -> int:
    return min((block.first for block in roster.alliances), default=feed.AUTHOR_MAX + 1)


def _roster(store: Store, network: keys.Network) -> Roster:
    records = store.log.operations(ROOT, 1, store.log.head(ROOT))
    return read_roster(network.network_id, network.root_public, records)


def _append(store: Store, network: keys.Network, root: Ed25519PrivateKey, record: bytes) -> None:
    start = feed.root_origin(network.network_id, network.root_public)
    feed.append(store.log, root, network.network_id, ROOT, start, [record])


def _feed0(store: Store) -> list[tuple[bytes, bytes]]:
    """Every roster record so far with its signature."""
    head = store.log.head(ROOT)
    signatures = {p.number: p.signature for p in store.log.signatures(ROOT, 1, head)}
    return [
        (data, signatures[place])
        for place, data in enumerate(store.log.operations(ROOT, 1, head), 1)
    ]


def _verified(
    network_id: bytes, root_public: bytes, feed0: list[tuple[bytes, bytes]], author: int = ROOT
) -> list[VerifiedRun]:
    """Feed 0 of an invitation or a card, checked against its county's key, under that number."""
    chain = feed.root_origin(network_id, root_public)
    runs = []
    for number, (data, signature) in enumerate(feed0, 1):
        chain = feed.next_chain(chain, data)
        if not feed.verify(root_public, network_id, ROOT, number, chain, signature):
            raise KeysError("Die Mitgliederliste der Datei ist nicht echt: bitte neu holen.")
        runs.append(VerifiedRun(author, number, (data,), (chain,), signature))
    return runs
