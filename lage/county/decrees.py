# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the root decides about a feed: where it ends, which branch counts, which list of two.

A decree names an entry by number and chain value. Both come from a log that holds the entry, or
from a code that a node prints (``position``); a key folder in the safe has seen none of them. The
last decree about a member counts, so a wrong one is mended by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import time

from lage.county.holder import Clock, Holder, holding
from lage.county.position import chain_of, code_of
from lage.county.roster_feed import open_root_fork
from lage.language.errors import UsageError
from lage.station import LOG_FILE, Station
from sync.feed.chain import next_chain
from sync.feed.choice import ROUND_MAX, choose
from sync.feed.log import Log
from sync.feed.records import Certificate, Reason, Reopening, Revocation, decode_record
from sync.feed.roster import ROOT, Member
from sync.feed.settle import is_open
from sync.schema.op import OperationError


@dataclass(frozen=True, slots=True)
class Position:
    """An entry as whoever decides names it."""

    number: int
    code: str = ""  # as a node prints it
    folder: Path | None = None  # or a folder whose log holds it


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice between two lists took over."""

    taken: tuple[str, ...]  # names that stand in both lists now
    left: tuple[str, ...]  # names whose number is another's: to be admitted anew


def standing(station: Station, author: int, number: int | None = None) -> tuple[int, str]:
    """Number and code of a staff's last entry here, or of an earlier one. Raises UsageError."""
    log = station.store.log
    member = station.roster.members.get(author)
    number = log.head(author) if number is None else number
    chain = log.chain(author, number) if number else member.origin if member else None
    if chain is None:
        raise UsageError(f"Eintrag {number} dieser Stelle liegt hier nicht vor.")
    return number, code_of(station.network_keys.network_id, author, number, chain)


def revoke(
    folder: Path,
    author: int,
    passphrase: str,
    reason: Reason,
    until: Position | None = None,
    *,
    clock: Clock = time,
) -> int:
    """End a member's feed after that entry, or after the last one that this node holds."""
    with holding(folder, passphrase, clock) as county:
        member = _member(county, author)
        log = county.store.log
        if until is None:
            if member.revocation is not None:
                raise UsageError(
                    f"„{member.name}“ ist schon widerrufen, nach Eintrag"
                    f" {member.revocation.last_good}; „--bis N“ ändert das."
                )
            if county.network.author is None or not log.head(author):
                raise _asked(member, log.head(author))
            until = Position(log.head(author))
        chain = _chain(county, member, until)
        county.check_current()
        county.append(Revocation(author, until.number, chain, int(reason)).encode())
    return until.number


def reopen(
    folder: Path,
    author: int,
    passphrase: str,
    at: Position | None = None,
    *,
    clock: Clock = time,
) -> int:
    """Let a branch of a forked feed count, or a revoked feed go on; from which entry on."""
    with holding(folder, passphrase, clock) as county:
        member, log = _member(county, author), county.store.log
        roster = county.roster
        forks = [proof for proof in log.forks() if proof.author == author]
        undecided = [proof.number for proof in forks if is_open(proof, log, roster)]
        if at is None and member.revocation is None:
            if not forks:
                raise UsageError(
                    "Für dieses Mitglied ist hier keine Verzweigung bekannt. Kennt ein Knoten eine:"
                    f" {_ask_a_node(member)}"
                )
            if not undecided:
                raise UsageError("Über die Verzweigung dieses Mitglieds ist schon entschieden.")
        if at is None:
            # Where the fork begins one entry tells the branches apart, for every node.
            at = Position(min(undecided, default=log.head(author)))
            if not forks and not at.number:
                raise UsageError(
                    f"„{member.name}“ ist widerrufen, und dieser Ordner kennt keinen Eintrag, von"
                    f" dem an es weitergehen kann. {_ask_a_node(member)}"
                )
            if not at.number or log.chain(author, at.number) is None:
                raise UsageError(
                    "Von diesem Mitglied liegt hier keiner der beiden Zweige vor: bitte mit --bis"
                    " und --kennung einen nennen („lage kreis stand“ an einem Knoten, der ihn hat),"
                    " oder widerrufen."
                )
        if not at.number:
            raise UsageError("Fortsetzen lässt sich ein Lagebuch erst ab Eintrag 1.")
        chain = _chain(county, member, at)
        county.check_current()
        county.append(Reopening(author, at.number, chain).encode())
    return at.number


def choose_list(folder: Path, passphrase: str, *, clock: Clock = time) -> Chosen:
    """Of two lists of members let the one in this folder count, and take over who stands in the
    other alone."""
    with holding(folder, passphrase, clock) as county:
        log, network = county.store.log, county.network
        fork = open_root_fork(log, county.roster)
        chain = log.chain(ROOT, fork)
        if not fork or chain is None:
            raise UsageError(
                "Von diesem Kreis ist nur eine Mitgliederliste bekannt; die andere liest „lage"
                " kreis einlesen DATEI“ ein."
            )
        before = county.roster.choices.get(ROOT)
        round_ = min(ROUND_MAX, before.round + 1 if before else 1)
        county.append(choose(county.root, network.network_id, round_, fork, chain).encode())
        taken: list[str] = []
        left: list[str] = []
        for record in _other_list(log, fork):
            name, fits = _fits(county, record)
            if fits:
                county.append(record)
            if name:
                (taken if fits else left).append(name)
    return Chosen(tuple(taken), tuple(left))


def _member(county: Holder, author: int) -> Member:
    member = county.roster.members.get(author)
    if member is None:
        raise UsageError("Dieses Mitglied gibt es nicht.")
    return member


def _chain(county: Holder, member: Member, at: Position) -> bytes:
    """The chain value of the entry that a decree names. Raises UsageError."""
    if not at.number:
        return member.origin
    held = county.store.log.chain(member.number, at.number)
    if at.code:
        return chain_of(county.network.network_id, member.number, at.number, at.code)
    if at.folder is not None:
        held = _chain_in(at.folder, county, member.number, at.number)
    if held is None:
        raise _asked(member, county.store.log.head(member.number), at.number)
    return held


def _chain_in(folder: Path, county: Holder, author: int, number: int) -> bytes | None:
    if not (folder / LOG_FILE).exists():
        raise UsageError(f"In {folder} liegt kein Lagebuch.")
    station = Station.open(folder, read_only=True)
    try:
        if station.network_keys.network_id != county.network.network_id:
            raise UsageError(f"Das Lagebuch in {folder} gehört zu einem anderen Kreis.")
        return station.store.log.chain(author, number)
    finally:
        station.close()


def _ask_a_node(member: Member) -> str:
    return (
        f'Jeder Knoten nennt mit „lage kreis stand "{member.name}"“ den letzten Eintrag, den er'
        " hat: hier dann --bis NUMMER --kennung KENNUNG, oder --aus ORDNER mit einem Lagebuch."
    )


def _asked(member: Member, held: int, number: int | None = None) -> UsageError:
    here = f"nur bis Eintrag {held}" if held else "keinen Eintrag"
    which = "welcher Eintrag zuletzt gilt" if number is None else f"was Eintrag {number} ist"
    return UsageError(
        f"Dieser Ordner kennt von „{member.name}“ {here} und weiß nicht, {which}. Jeder Knoten sagt"
        f' es mit „lage kreis stand "{member.name}"“: hier dann --bis NUMMER --kennung KENNUNG,'
        " oder --aus ORDNER mit einem Lagebuch. --bis 0: nichts von dieser Stelle gilt."
    )


def _other_list(log: Log, fork: int) -> list[bytes]:
    """Records of the list that was not chosen, from where the two part."""
    records: list[bytes] = []
    chain, ours = log.chain(ROOT, fork - 1), log.chain(ROOT, fork)
    number = fork
    while True:
        following = [
            (after, record)
            for after, record in log.branches(ROOT, number)
            if after != ours and (chain is None or next_chain(chain, record) == after)
        ]
        if not following:
            return records
        chain, record = following[0]
        records.append(record)
        number, ours = number + 1, None


def _fits(county: Holder, record: bytes) -> tuple[str, bool]:
    """Name of whom a record certifies, and whether it has its effect behind ours as well."""
    try:
        found = decode_record(record)
    except OperationError:
        return "", False
    ours = county.store.log.operations(ROOT, 1, county.store.log.head(ROOT))
    if record in ours:
        return "", False
    if not isinstance(found, Certificate):
        return "", isinstance(found, Revocation | Reopening)
    members = county.roster.members
    known = members.get(found.author)
    if known is None:
        return found.name, all(m.sign_key != found.sign_key for m in members.values())
    return found.name, known.sign_key == found.sign_key
