# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Founding a county, admitting nodes, joining: how somebody becomes a member.

The roster is feed 0 in the log of whoever holds the county's key; it replicates like any feed.
Every function takes folders and texts and does the whole step, or nothing.
"""

from __future__ import annotations

from pathlib import Path
from time import time

from lage.county.holder import Clock, holding, newer_elsewhere, place_of
from lage.county.rekey import give_keys
from lage.county.roster_feed import records_of, roster_of, take_in, verified
from lage.kinds.directory import ROLES
from lage.kinds.setting import AUTHORS, PUSHED, RESTORED
from lage.language.epoch import from_unix
from lage.language.errors import KeysError, UsageError
from lage.language.tactical import tactical
from lage.station import LOG_FILE
from lage.store import Store, keys
from lage.store.provenance import check_provenance
from sync.feed.records import Certificate
from sync.feed.roster import ROOT, Member, Roster, read_roster, succession

NAME_MAX = 40
INVITATION_DAYS = 14
"""So long an invitation can be taken up, unless told otherwise."""
INVITATION_DAYS_MAX = 366
DAY_S = 86_400


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
    place = place_of(folder)
    return keys.make_county(folder, check_name(name), passphrase, exercise=exercise, place=place)


def request(folder: Path, name: str) -> str:
    """Make a node and give the text of its ``.anfrage`` file."""
    return keys.write_request(keys.make_node(folder, check_name(name)))


def request_again(folder: Path) -> tuple[str, str]:
    """Name and the text of the ``.anfrage`` file of the node that is here."""
    node = keys.load_node(folder)
    return node.name, keys.write_request(node)


def admit(
    folder: Path,
    request_text: str,
    role: str,
    passphrase: str,
    *,
    successor_of: int = 0,
    days: int = INVITATION_DAYS,
    others: tuple[Path, ...] = (),
    clock: Clock = time,
) -> str:
    """Certify the node that asks; the text of its ``.einladung`` file.

    ``others``: folders on this computer that may belong to the same county and know more.
    """
    if role not in ROLES:
        raise UsageError(f"Die Rolle „{role}“ gibt es nicht; möglich: {', '.join(ROLES)}.")
    asking = keys.read_request(request_text)
    with holding(folder, passphrase, clock) as county:
        for member in county.roster.members.values():
            if member.sign_key == asking.sign_public:
                raise UsageError(
                    f"„{member.name}“ ist schon aufgenommen (Nummer {member.number}): eine"
                    " verlorene Einladung schreibt „lage kreis einladung“ neu."
                )
        county.check_current()
        ours = county.store.log.head(ROOT)
        for other in others:
            known = _known_in(other, county.network)
            if known > ours:
                raise newer_elsewhere(f"In {other}", known, ours)
        number = county.free_number()
        certificate = Certificate(
            number,
            asking.sign_public,
            asking.seal_public,
            asking.name,
            ROLES.index(role),
            successor_of=successor_of,
        )
        county.append(certificate.encode())
        give_keys(county, number, from_unix(clock()))
        feed0 = records_of(county.store.log)
    return keys.write_invitation(county.network, asking, number, feed0, _end(days, clock))


def invite_again(
    folder: Path, author: int, *, days: int = INVITATION_DAYS, clock: Clock = time
) -> tuple[Member, str]:
    """A member and a new text of its ``.einladung`` file, with the roster as it is now."""
    network = keys.load_network(folder)
    if not (folder / keys.COUNTY_FILE).exists():
        raise KeysError("Einladungen schreibt, wer den Kreisschlüssel hat.")
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        member = roster_of(store.log, network).members.get(author)
        feed0 = records_of(store.log)
    finally:
        store.close()
    if member is None or not member.active or member.alliance:
        raise UsageError("Dieses Mitglied gibt es nicht, oder es ist widerrufen.")
    asking = keys.Request(member.name, member.sign_key, member.seal_key)
    return member, keys.write_invitation(network, asking, author, feed0, _end(days, clock))


def join(folder: Path, invitation_text: str, *, clock: Clock = time) -> keys.Network:
    """Take up an invitation: keep the network's secrets and the roster so far.

    A node that was admitted as successor of its own earlier number goes on under the new one; so
    does one whose certificate stood in the list of members that does not count.
    """
    node = keys.load_node(folder)
    network, feed0, until = keys.read_invitation(invitation_text, node)
    if until and clock() > until:
        raise KeysError(
            f"Die Einladung galt bis {tactical(from_unix(until))}: der Kreis schreibt mit"
            " „lage kreis einladung“ eine neue. Stimmt die Uhr dieses Rechners?"
        )
    known = keys.load_network(folder) if keys.has_network(folder) else network
    before = known.author if known is not network else None
    if known.network_id != network.network_id:
        raise KeysError(
            f"In diesem Ordner liegt der Schlüssel von „{known.name}“, die Einladung ist von"
            f" „{network.name}“: bitte einen anderen Ordner nehmen."
        )
    runs = verified(network.network_id, network.root_public, feed0)
    roster = read_roster(network.network_id, network.root_public, [data for data, _ in feed0])
    member = roster.members.get(network.author or ROOT)
    if network.author is None or member is None or member.sign_key != node.sign_public:
        raise KeysError("Die Einladung enthält kein Zertifikat für diesen Knoten: bitte neu holen.")
    store = Store.open(folder / LOG_FILE, clock=clock)
    try:
        check_provenance(store.log, network, folder)
        if before is not None and not _goes_on(before, member, roster_of(store.log, known), roster):
            raise KeysError(f"Dieser Knoten gehört schon zu „{network.name}“: zweimal geht nicht.")
        follows = {number: m.successor_of for number, m in roster.members.items() if m.successor_of}
        store.local.keep(AUTHORS, tuple(succession(network.author, follows)))
        store.local.keep(RESTORED, value=False)
        if before is not None:
            store.local.keep(PUSHED, 0)
        take_in(store, network, runs)
    finally:
        store.close()
    keys.save_network(folder, network)
    return network


def _goes_on(before: int, member: Member, was: Roster, now: Roster) -> bool:
    """Whether a node that had the number ``before`` may go on as that member: as the successor, or
    because its certificate stood in the list of members that does not count."""
    if member.number == before or member.successor_of == before:
        return member.number != before
    mine, theirs = was.members.get(before), now.members.get(before)
    return (
        mine is not None
        and mine.sign_key == member.sign_key
        and (theirs is None or theirs.sign_key != member.sign_key)
    )


def _end(days: int, clock: Clock) -> int:
    return int(clock()) + days * DAY_S


def _known_in(folder: Path, network: keys.Network) -> int:
    """How many records of this county's feed 0 another folder on this computer holds."""
    if not (folder / LOG_FILE).exists() or not keys.has_network(folder):
        return 0
    if keys.load_network(folder).network_id != network.network_id:
        return 0
    store = Store.open(folder / LOG_FILE, clock=time)
    try:
        return store.log.head(ROOT)
    finally:
        store.close()
