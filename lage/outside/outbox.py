# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letters to people outside: written once, sent when the service takes them, stopped by withdrawal.

Address and text lie on the disk sealed to this node. What a service does not take is tried again
after one minute, two, four … up to six hours, or when the service says; after three days it has
failed. An error of the program costs the letter at which it happens: that one is put off in the
same way, the others go. The same words to the same address are one letter, however often they are
written, until it has failed: whoever writes it again means it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence

from lage.language.fence import Fault, Fence, Place
from lage.outside.channels.channel import Channel, Later, Letter, Refused
from lage.reports import EXERCISE
from lage.station import Station
from lage.store.arrived import FAILED, SENT, WAITING, ArrivedBoxes
from lage.store.notices import Notice, Notices
from lage.store.opening import unsealed_here
from lage.store.sealing import seal

FIRST_S, LONGEST_S, GIVEN_UP_S = 60, 6 * 3600, 3 * 86_400
ROUND_MAX = 10
"""Letters of one channel in a round."""


def write(
    station: Station, boxes: ArrivedBoxes, channel: str, to: str, subject: str, text: str,
    owner: bytes = b"", leave: str = "", language: str = "",
) -> bool:  # fmt: skip
    """Put a letter into the outbox; False where the same is there already. ``leave``, ``language``:
    as in ``Letter``."""
    letter = letter_of(station, channel, to, subject, text, owner, leave, language)
    return Notices(boxes.database).put(letter)


def letter_of(
    station: Station, channel: str, to: str, subject: str, text: str,
    owner: bytes = b"", leave: str = "", language: str = "",
) -> Notice:  # fmt: skip
    """The same letter, not yet in the outbox."""
    if station.exercise:
        subject, text = f"ÜBUNG: {subject}", f"{EXERCISE}\n{text}\n{EXERCISE}"
    said = json.dumps([to, subject, text, leave, language], ensure_ascii=False).encode()
    digest = hashlib.blake2b(channel.encode() + b"|" + owner + b"|" + said, digest_size=16).digest()
    me, now = station.me, int(station.unix())
    assert me is not None
    sealed = seal(said, station.roster.members[me.number].seal_key)
    return Notice(digest, owner, channel, sealed, WAITING, 0, now, now, "")


def send_due(station: Station, boxes: ArrivedBoxes, channels: Mapping[str, Channel]) -> int:
    """Try what is due; how many letters a service took.

    Each channel has a round of its own: however many letters wait for a service that is away, those
    of the others go. The first error of the program is raised after the round, for whoever counts
    and tells it.
    """
    notices, now = Notices(boxes.database), int(station.unix())
    faults: list[Fault] = []
    sent = sum(
        _try(station, notices, channels.get(name), notices.due(name, now, ROUND_MAX), now, faults)
        for name in notices.channels(now)
    )
    notices.sweep(now)
    if faults:
        raise faults[0].error
    return sent


def _try(
    station: Station, notices: Notices, channel: Channel | None, due: Sequence[Notice], now: int,
    faults: list[Fault],
) -> int:  # fmt: skip
    """Letters of one channel, until its service takes no more: the rest wait for its patience once,
    not once each."""
    sent = 0
    for notice in due:
        # those before took their time: withdrawal or deletion may have come meanwhile
        if not notices.waits(notice):
            continue
        before = len(faults)
        try:
            with Fence(Place.OUTSIDE, faults.append, passes=(Refused, Later)):
                _send(station, channel, notice)
        except Refused as refused:
            notices.tried(notice, FAILED, now, str(refused))
        except Later as later:
            _put_off(notices, notice, now, str(later), later.after_s or 0)
            if later.after_s:
                notices.postpone(notice.channel, now + min(LONGEST_S, math.ceil(later.after_s)))
            break
        else:
            if len(faults) > before:  # its words may name the address: only what kind it was
                kind = type(faults[-1].error).__name__
                _put_off(notices, notice, now, f"Fehler des Programms ({kind})")
                continue
            sent += 1
            notices.tried(notice, SENT, now, "")
    return sent


def _send(station: Station, channel: Channel | None, notice: Notice) -> None:
    """Raises Refused, Later."""
    letter = _opened(station, notice)
    if letter is None:
        raise Refused("nicht mehr lesbar")
    if channel is None:
        raise Later("Kanal nicht eingerichtet")
    channel.send(letter)


def _put_off(notices: Notices, notice: Notice, now: int, reason: str, after_s: float = 0) -> None:
    """Later again, or never where it was tried for too long."""
    wait = min(LONGEST_S, FIRST_S * 2 ** min(notice.tries, 12))
    wait = max(wait, min(LONGEST_S, round(after_s)))
    given_up = now + wait > notice.made + GIVEN_UP_S
    notices.tried(notice, FAILED if given_up else WAITING, now + wait, reason)


def _opened(station: Station, notice: Notice) -> Letter | None:
    said = unsealed_here(station.folder, notice.sealed)
    if said is None:
        return None
    return Letter(notice.id.hex(), *json.loads(said))
