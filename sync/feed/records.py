# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The records of feed 0 and their bytes: operations of codec version 0 with fixed layouts.

Big-endian. The envelope is that of every operation; its five low bits name the record:

    1 certificate  author 2, role 1, valid until 4, successor of 2, sign key 32, seal key 32, name
    2 revocation   author 2, last good number 4, chain there 16, reason 1
    3 reopening    author 2, number 4, chain there 16
    4 alliance     first author 2, count 2, roles 4, kinds 8, root key 32, network id 16, name
    5 keys         epoch 2, in force from 4, ephemeral key 32, slots
    6 choice       round 1, number 4, chain there 16, signature of the root 64
    7 key slots    epoch 2, slots sealed with the ephemeral key of the last record 5 of that epoch

A slot is author 2, sealed secret 16 (``sync.feed.rekey``).

Names are 1..40 bytes of UTF-8 without control characters. All records are at most 140 bytes.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from typing import ClassVar

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.feed.weak import fit_to_seal, fit_to_sign
from sync.schema.op import OPERATION_MAX, OperationError, UnknownCodec, unwrap, wrap

VERSION = 0
NAME_MAX = 40
"""Longest name in bytes of UTF-8."""

SECRET_SIZE = 16

_CERTIFICATE, _REVOCATION, _REOPENING, _ALLIANCE, _KEYS, _CHOICE, _SLOTS = range(1, 8)
_CERTIFICATE_LAYOUT = struct.Struct(">HBIH32s32s")
_REVOCATION_LAYOUT = struct.Struct(">HI16sB")
_REOPENING_LAYOUT = struct.Struct(">HI16s")
_ALLIANCE_LAYOUT = struct.Struct(">HHIQ32s16s")
_CHOICE_LAYOUT = struct.Struct(">BI16s64s")
_KEYS_LAYOUT = struct.Struct(">HI32s")
_SLOTS_LAYOUT = struct.Struct(">H")
_SLOT_LAYOUT = struct.Struct(f">H{SECRET_SIZE}s")

for _layout in (_CERTIFICATE_LAYOUT, _ALLIANCE_LAYOUT):
    assert 2 + _layout.size + NAME_MAX <= OPERATION_MAX, "a record with the longest name fits"


class Reason(enum.IntEnum):
    """Why a feed was ended; unknown numbers count as OTHER."""

    OTHER = 0
    LOST = 1  # the device is lost or stolen, and with it the network's keys
    FORKED = 2  # two branches of its feed exist
    LEFT = 3  # left the network
    REPLACED = 4  # goes on in a successor's feed


@dataclass(frozen=True, slots=True)
class Certificate:
    """The root vouches that a number belongs to these keys."""

    author: int  # 1..1023
    sign_key: bytes  # 32 bytes, Ed25519
    seal_key: bytes  # 32 bytes, X25519
    name: str
    role: int = 0  # 0..255
    valid_until: int = 0  # seconds since the epoch, 0: no end
    successor_of: int = 0  # 0: none

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check_author(self.author)
        _check(fit_to_sign(self.sign_key) and fit_to_seal(self.seal_key), "key")
        _check(0 <= self.role <= 255 and 0 <= self.valid_until < 2**32, "role or term")
        _check(0 <= self.successor_of <= AUTHOR_MAX, "predecessor")
        head = _CERTIFICATE_LAYOUT.pack(
            self.author,
            self.role,
            self.valid_until,
            self.successor_of,
            self.sign_key,
            self.seal_key,
        )
        return wrap(VERSION, _CERTIFICATE, head + _name_bytes(self.name))


@dataclass(frozen=True, slots=True)
class Revocation:
    """A feed ends after ``last_good``; what lies before stays valid."""

    author: int
    last_good: int  # 0: nothing of it is valid
    chain: bytes  # chain(last_good), 16 bytes: says which branch of a fork is meant
    reason: int = 0

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check_author(self.author)
        _check(0 <= self.last_good <= NUMBER_MAX and len(self.chain) == 16, "position")
        _check(0 <= self.reason <= 255, "reason")
        return wrap(
            VERSION,
            _REVOCATION,
            _REVOCATION_LAYOUT.pack(self.author, self.last_good, self.chain, self.reason),
        )


@dataclass(frozen=True, slots=True)
class Reopening:
    """A forked feed goes on along the branch that has this chain value at this number."""

    author: int
    number: int
    chain: bytes  # 16 bytes

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check_author(self.author)
        _check(0 < self.number <= NUMBER_MAX and len(self.chain) == 16, "position")
        return wrap(
            VERSION, _REOPENING, _REOPENING_LAYOUT.pack(self.author, self.number, self.chain)
        )


@dataclass(frozen=True, slots=True)
class Alliance:
    """Another county whose feeds are followed under numbers first..first+count-1."""

    first: int
    count: int
    root: bytes  # 32 bytes
    network_id: bytes  # 16 bytes
    name: str
    roles: int = 0  # bit r: feeds of members with role r are followed; 0: all
    kinds: int = 0  # bit k: entries of kind k are shown; 0: all (feeds replicate whole)

    def follows(self, role: int) -> bool:
        """Whether feeds of members with that role are replicated."""
        return not self.roles or (role < 32 and bool(self.roles >> role & 1))

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check_author(self.first)
        _check(self.count > 0 and self.first + self.count - 1 <= AUTHOR_MAX, "block")
        _check(fit_to_sign(self.root) and len(self.network_id) == 16, "key")
        _check(0 <= self.roles < 2**32 and 0 <= self.kinds < 2**64, "filter")
        head = _ALLIANCE_LAYOUT.pack(
            self.first, self.count, self.roles, self.kinds, self.root, self.network_id
        )
        return wrap(VERSION, _ALLIANCE, head + _name_bytes(self.name))


@dataclass(frozen=True, slots=True)
class Choice:
    """Of two branches of feed 0 itself, the one with this chain value at this number counts.

    It is signed by itself, so that it convinces whoever holds the other branch as well.
    """

    round: int  # 1..255: the highest counts, so that a second choice mends a wrong one
    number: int
    chain: bytes  # 16 bytes
    signature: bytes  # 64 bytes, over ``choice_input``

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check(0 < self.round < 256 and 0 < self.number <= NUMBER_MAX, "position")
        _check(len(self.chain) == 16 and len(self.signature) == 64, "chain or signature")
        parts = (self.round, self.number, self.chain, self.signature)
        return wrap(VERSION, _CHOICE, _CHOICE_LAYOUT.pack(*parts))

    @property
    def rank(self) -> tuple[int, bytes]:
        """Of two choices the one of higher rank counts, whoever hears them in whatever order."""
        return self.round, self.chain


@dataclass(frozen=True, slots=True)
class Slot:
    """A secret for one member; what it needs to be opened stands beside it."""

    author: int  # 0: the root itself
    sealed: bytes  # 16 bytes


@dataclass(frozen=True, slots=True)
class KeyChange:
    """From a moment on all to whom it is sealed use keys that follow from a new secret."""

    SLOTS_MAX: ClassVar[int] = (OPERATION_MAX - 2 - _KEYS_LAYOUT.size) // _SLOT_LAYOUT.size

    epoch: int  # 1..65535; another record of the same epoch brings slots for later members
    begins: int  # seconds since the epoch of the log
    ephemeral: bytes  # 32 bytes, X25519
    slots: tuple[Slot, ...]  # ascending by author

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check(0 < self.epoch < 2**16 and 0 <= self.begins < 2**32, "epoch or time")
        _check(fit_to_seal(self.ephemeral), "key")
        head = _KEYS_LAYOUT.pack(self.epoch, self.begins, self.ephemeral)
        return wrap(VERSION, _KEYS, head + _slot_bytes(self.slots, self.SLOTS_MAX))


@dataclass(frozen=True, slots=True)
class KeySlots:
    """More slots of a change of keys."""

    SLOTS_MAX: ClassVar[int] = (OPERATION_MAX - 2 - _SLOTS_LAYOUT.size) // _SLOT_LAYOUT.size

    epoch: int
    slots: tuple[Slot, ...]

    def encode(self) -> bytes:
        """The record as an operation. Raises OperationError."""
        _check(0 < self.epoch < 2**16, "epoch")
        head = _SLOTS_LAYOUT.pack(self.epoch)
        return wrap(VERSION, _SLOTS, head + _slot_bytes(self.slots, self.SLOTS_MAX))


Record = Certificate | Revocation | Reopening | Alliance | Choice | KeyChange | KeySlots


def decode_record(data: bytes) -> Record:
    """The record in these bytes. Raises OperationError; UnknownCodec for a newer one."""
    version, kind, rest = unwrap(data)
    if version != VERSION:
        raise UnknownCodec(f"codec version {version}")
    try:
        record = _read(kind, rest)
    except struct.error as error:
        raise OperationError("wrong length") from error
    if record.encode() != data:
        raise OperationError("not canonical")
    return record


def _read(kind: int, rest: bytes) -> Record:
    if kind == _CERTIFICATE:
        size = _CERTIFICATE_LAYOUT.size
        author, role, until, successor, sign_key, seal_key = _CERTIFICATE_LAYOUT.unpack(rest[:size])
        return Certificate(author, sign_key, seal_key, _name(rest[size:]), role, until, successor)
    if kind == _REVOCATION:
        return Revocation(*_REVOCATION_LAYOUT.unpack(rest))
    if kind == _REOPENING:
        return Reopening(*_REOPENING_LAYOUT.unpack(rest))
    if kind == _ALLIANCE:
        size = _ALLIANCE_LAYOUT.size
        first, count, roles, kinds, root, network_id = _ALLIANCE_LAYOUT.unpack(rest[:size])
        return Alliance(first, count, root, network_id, _name(rest[size:]), roles, kinds)
    if kind == _CHOICE:
        return Choice(*_CHOICE_LAYOUT.unpack(rest))
    if kind == _KEYS:
        size = _KEYS_LAYOUT.size
        epoch, begins, ephemeral = _KEYS_LAYOUT.unpack(rest[:size])
        return KeyChange(epoch, begins, ephemeral, _slots(rest[size:]))
    if kind == _SLOTS:
        size = _SLOTS_LAYOUT.size
        (epoch,) = _SLOTS_LAYOUT.unpack(rest[:size])
        return KeySlots(epoch, _slots(rest[size:]))
    raise UnknownCodec(f"record {kind}")


def _name_bytes(name: str) -> bytes:
    try:
        data = name.encode()
    except UnicodeEncodeError as error:
        raise OperationError("name") from error
    _check(0 < len(data) <= NAME_MAX and name.isprintable(), "name")
    return data


def _name(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise OperationError("name") from error


def _slot_bytes(slots: tuple[Slot, ...], most: int) -> bytes:
    _check(0 < len(slots) <= most, "number of slots")
    _check(all(len(slot.sealed) == SECRET_SIZE for slot in slots), "secret")
    _check(all(0 <= slot.author <= AUTHOR_MAX for slot in slots), "author")
    return b"".join(_SLOT_LAYOUT.pack(slot.author, slot.sealed) for slot in slots)


def _slots(data: bytes) -> tuple[Slot, ...]:
    return tuple(Slot(*fields) for fields in _SLOT_LAYOUT.iter_unpack(data))


def _check_author(author: int) -> None:
    _check(0 < author <= AUTHOR_MAX, "author")


def _check(fits: bool, what: str) -> None:
    if not fits:
        raise OperationError(f"{what} out of range")
