# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Following other counties: the card they need of us, and the alliance in our roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import time

from lage.county.card import Card, write_card
from lage.county.holder import Clock, first_allied, holding
from lage.county.membership import check_name
from lage.county.roster_feed import records_of, verified
from lage.kinds.directory import ROLES
from lage.kinds.schema import SCHEMA
from lage.language.errors import KeysError, UsageError
from lage.station import LOG_FILE
from lage.store import Store, keys
from sync.feed.records import Alliance
from sync.feed.roster import ROOT

BLOCK = 48
"""Author numbers kept for an allied county: its first 47 nodes can be followed. Blocks lie at the
upper end, our own numbers grow from the lower one."""


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
        feed0 = records_of(store.log)
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
    with holding(folder, passphrase, clock) as county:
        roster, network = county.roster, county.network
        if theirs.exercise != network.exercise:
            raise UsageError("Eine Übung und ein wirklicher Kreis können sich nicht verbünden.")
        known = {network.network_id, *(block.network_id for block in roster.alliances)}
        if theirs.network_id in known:
            raise UsageError(f"Mit „{theirs.name}“ sind wir schon in einem Netz.")
        first = first_allied(roster) - BLOCK
        own = (number for number, member in roster.members.items() if not member.alliance)
        if first <= max(own, default=0):
            raise UsageError("Für einen weiteren Kreis reichen die Nummern nicht.")
        county.check_current()
        runs = verified(theirs.network_id, theirs.root_public, theirs.feed0, first)
        alliance = Alliance(
            first,
            BLOCK,
            theirs.root_public,
            theirs.network_id,
            check_name(theirs.name),
            sum(1 << ROLES.index(role) for role in set(roles)),
            sum(1 << SCHEMA.by_name[kind].number for kind in set(kinds)),
        )
        county.append(alliance.encode())
        county.store.log.store(runs)
    return alliance
