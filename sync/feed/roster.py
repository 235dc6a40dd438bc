# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may write: the fold of feed 0, which the county's root key signs.

Records become a frozen ``Roster``. What a record does is decided by its place in feed 0 and by
positions in chains, never by a clock, so all nodes with the same feed 0 agree. Rules:

* The first certificate of an author number fixes its signing key and the origin of its feed; a
  later one for the same number and key changes name, role, sealing key and term only.
* A key belongs to one number. Numbers and keys are never used again.
* Of several decisions about one author (revocations, reopenings) the last one counts, so a wrong
  one can be mended by another.
* Changes of keys follow one upon another; a key is doubted when a device that knew it is lost.
* Of several choices between branches of feed 0 the one of the highest rank counts.
* An alliance maps another county's feeds to a block of author numbers: the block's first number is
  that county's feed 0, the following ones its members by their number at home.

A record that breaks a rule is without effect and counted in ``Roster.ignored``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.feed import chain as feed
from sync.feed.choice import chosen
from sync.feed.epochs import Epochs, KeyEpoch
from sync.feed.records import (
    Alliance,
    Certificate,
    Choice,
    KeyChange,
    KeySlots,
    Reopening,
    Revocation,
    decode_record,
)
from sync.schema.op import OperationError

ROOT = 0
"""Author number of feed 0."""

Anchor = tuple[int, bytes]
"""A number and the chain value there."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature a feed needs."""

    public: bytes  # 32 bytes, Ed25519
    network_id: bytes  # 16 bytes, part of what is signed
    author: int  # the number that is signed: differs from ours for members of another county
    origin: bytes  # chain(0)


@dataclass(frozen=True, slots=True)
class Member:
    """A node of the county, or of an allied one."""

    number: int
    name: str
    role: int
    sign_key: bytes  # 32 bytes, Ed25519
    seal_key: bytes  # 32 bytes, X25519
    origin: bytes  # chain(0) of its feed, 16 bytes
    signer: Signer
    valid_until: int = 0  # seconds since the epoch, 0: no end; shown to users, never decides
    successor_of: int = 0  # number of the feed that this one continues, 0: none
    revocation: Revocation | None = None
    reopening: Reopening | None = None
    alliance: int = 0  # first number of the allied county's block, 0: our own county

    @property
    def active(self) -> bool:
        """Whether its feed may grow."""
        return self.revocation is None

    @property
    def anchor(self) -> Anchor | None:
        """(number, chain) that the root decided on: its feed leads through this value."""
        if self.reopening is not None:
            return self.reopening.number, self.reopening.chain
        if self.revocation is not None and self.revocation.last_good:
            return self.revocation.last_good, self.revocation.chain
        return None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone who may write, as of a number of feed 0."""

    network_id: bytes
    root_public: bytes
    head: int = 0  # how many records it is made of
    members: Mapping[int, Member] = field(default_factory=dict)
    alliances: tuple[Alliance, ...] = ()
    ignored: int = 0  # records that broke a rule or that only a newer version knows
    signers: Mapping[int, Signer] = field(default_factory=dict)  # feeds 0 included
    choices: Mapping[int, Choice] = field(default_factory=dict)  # of forked feeds 0, by number
    keys: tuple[KeyEpoch, ...] = ()  # changes of keys, in their order
    lost: int = 0  # record by which the last device with keys was reported lost; 0: none

    def county(self) -> Iterator[Member]:
        """The active members of our own county, without those of allied ones."""
        return (each for each in self.members.values() if each.active and not each.alliance)

    @property
    def numbers(self) -> set[int]:
        """Of the active members of our own county."""
        return {member.number for member in self.county()}

    @property
    def size(self) -> int:
        """How many active members our own county has."""
        return sum(1 for _ in self.county())

    def signer(self, author: int) -> Signer | None:
        """Who signs that feed; None for a stranger."""
        return self.signers.get(author)

    def last_good(self, author: int) -> int | None:
        """Number after which a revoked feed ends; None while it goes on."""
        member = self.members.get(author)
        if member is None or member.revocation is None:
            return None
        return member.revocation.last_good

    def decided(self, author: int, number: int) -> bool:
        """Whether the root has said which branch of a fork at that number counts, or ended the
        feed before it."""
        anchor, ends = self.anchor(author), self.last_good(author)
        return (anchor is not None and anchor[0] >= number) or (ends is not None and ends < number)

    def anchor(self, author: int) -> Anchor | None:
        """Chain value that the root decided on for that feed."""
        choice = self.choices.get(author)
        if choice is not None:
            return choice.number, choice.chain
        member = self.members.get(author)
        return member.anchor if member else None

    def key_epoch(self, epoch: int) -> KeyEpoch | None:
        """A change of keys; None for the keys of the beginning."""
        return self.keys[epoch - 1] if 0 < epoch <= len(self.keys) else None

    def doubted(self, epoch: int) -> bool:
        """Whether somebody who is no member any more knows the network key of that epoch."""
        known = self.key_epoch(epoch)
        return self.lost > (known.place if known else 0)

    def rosters(self) -> frozenset[int]:
        """Numbers of the feeds that say who is a member: feed 0 and those of allied counties."""
        return frozenset((ROOT, *(block.first for block in self.alliances)))

    def with_choice(self, author: int, choice: Choice) -> Roster:
        """With a choice about that feed 0 that was heard before the branch on which it stands.

        It must have been checked; one of lower rank than the known one changes nothing.
        """
        known = self.choices.get(author)
        if known is not None and known.rank >= choice.rank:
            return self
        return replace(self, choices={**self.choices, author: choice})


def read_roster(
    network_id: bytes,
    root_public: bytes,
    records: Sequence[bytes],
    allied: Mapping[int, Sequence[bytes]] | None = None,
) -> Roster:
    """Fold the operations of feed 0 and, by block number, those of allied counties' feeds 0."""
    own = _fold(network_id, root_public, records)
    members, alliances, ignored = own.members, own.alliances, own.ignored
    choices = {ROOT: own.choice} if own.choice else {}
    signers = {
        ROOT: Signer(root_public, network_id, ROOT, feed.root_origin(network_id, root_public))
    }
    for alliance in alliances:
        base = alliance.first
        signers[base] = Signer(
            alliance.root,
            alliance.network_id,
            ROOT,
            feed.root_origin(alliance.network_id, alliance.root),
        )
        theirs = _fold(alliance.network_id, alliance.root, (allied or {}).get(base, ()))
        ignored += theirs.ignored
        if theirs.choice:
            choices[base] = theirs.choice
        for member in theirs.members.values():
            if member.number < alliance.count and alliance.follows(member.role):
                number = base + member.number
                successor = base + member.successor_of if member.successor_of else 0
                members[number] = replace(
                    member, number=number, successor_of=successor, alliance=base
                )
    signers.update((number, member.signer) for number, member in members.items())
    return Roster(
        network_id,
        root_public,
        len(records),
        members,
        tuple(alliances),
        ignored,
        signers,
        choices,
        own.keys.epochs,
        own.keys.lost,
    )


def succession(number: int, following: Mapping[int, int]) -> frozenset[int]:
    """A number with all that follow from it, e.g. by ``successor_of`` of certificates."""
    found = {number}
    while (number := following.get(number, number)) not in found:
        found.add(number)
    return frozenset(found)


def allied_blocks(records: Sequence[bytes]) -> tuple[Alliance, ...]:
    """The alliances that these records of feed 0 make."""
    return tuple(_fold(b"", b"", records).alliances)


@dataclass(slots=True)
class _Folded:
    """What the records of one feed 0 come to."""

    members: dict[int, Member] = field(default_factory=dict)
    alliances: list[Alliance] = field(default_factory=list)
    ignored: int = 0
    choice: Choice | None = None
    keys: Epochs = field(default_factory=Epochs)


def _fold(network_id: bytes, root_public: bytes, records: Sequence[bytes]) -> _Folded:
    found = _Folded()
    members = found.members
    for place, data in enumerate(records, 1):
        try:
            record = decode_record(data)
        except OperationError:
            found.ignored += 1
            continue
        if isinstance(record, Certificate):
            took = _certify(members, found.alliances, network_id, record, data)
        elif isinstance(record, (Revocation, Reopening)):
            took = _decide(members, record)
            if took:
                found.keys.decided(record, place)
        elif isinstance(record, Choice):
            took = chosen(record, root_public, network_id)
            if took and (found.choice is None or found.choice.rank < record.rank):
                found.choice = record
        elif isinstance(record, (KeyChange, KeySlots)):
            took = found.keys.take(record, place)
        else:
            took = _ally(members, found.alliances, record, network_id)
        found.ignored += not took
    return found


def _certify(
    members: dict[int, Member],
    alliances: list[Alliance],
    network_id: bytes,
    record: Certificate,
    data: bytes,
) -> bool:
    known = members.get(record.author)
    if known is not None:
        if known.sign_key != record.sign_key:
            return False
        members[record.author] = replace(
            known,
            name=record.name,
            role=record.role,
            seal_key=record.seal_key,
            valid_until=record.valid_until,
        )
        return True
    if any(member.sign_key == record.sign_key for member in members.values()):
        return False
    if any(block.first <= record.author < block.first + block.count for block in alliances):
        return False
    start = feed.origin(data)
    members[record.author] = Member(
        record.author,
        record.name,
        record.role,
        record.sign_key,
        record.seal_key,
        start,
        Signer(record.sign_key, network_id, record.author, start),
        record.valid_until,
        record.successor_of,
    )
    return True


def _decide(members: dict[int, Member], record: Revocation | Reopening) -> bool:
    member = members.get(record.author)
    if member is None:
        return False
    ended = record if isinstance(record, Revocation) else None
    going_on = record if isinstance(record, Reopening) else None
    members[record.author] = replace(member, revocation=ended, reopening=going_on)
    return True


def _ally(
    members: Mapping[int, Member], alliances: list[Alliance], record: Alliance, network_id: bytes
) -> bool:
    end = record.first + record.count
    taken = any(record.first <= number < end for number in members)
    overlaps = any(
        record.first < block.first + block.count and block.first < end for block in alliances
    )
    known = bool(network_id)  # not where only the blocks of numbers are asked for
    mixed = known and feed.is_exercise(record.network_id) != feed.is_exercise(network_id)
    if taken or overlaps or mixed or record.network_id == network_id:
        return False
    alliances.append(record)
    return True
