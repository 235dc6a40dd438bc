# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio had when it came is kept until it was given back, each radio for itself."""

from __future__ import annotations

import random
from pathlib import Path

from meshtastic.protobuf import admin_pb2

from hardware.radio_profile import RadioProfile
from lage.kinds.radio_wish import Wish
from lage.node.set_up import ended, radio_of, setting_right, undoing
from lage.store.keys import write_private
from lage.store.radio_order import (
    COPIES_MAX,
    COPY_FILE,
    OrderState,
    given_back,
    keep_copy,
    read_copy,
)
from lage.views.verdict import ORDERS
from mesh.radio.reader import RadioReport
from mesh.radio.setting_up import Reread
from mesh.virtual.admin import handle_admin
from mesh.virtual.settings import VirtualSettings

PROFILE = RadioProfile("lage", bytes(range(32)), long_name="SAE Rheine")


def told(radio: VirtualSettings) -> dict[str, bytes]:
    """What it reports at a handshake."""
    report = RadioReport()
    for frame in radio.handshake(1):
        report.read(frame.SerializeToString())
    return report.sections


def test_a_setting_up_that_was_cut_off_loses_nothing_of_the_owner(tmp_path: Path) -> None:
    """Seen: killed between two settings and run again, the copy held the county's own key."""
    radio = VirtualSettings(7, "Mein Garten", "MG")
    before = told(radio)
    setting_right(tmp_path, PROFILE, before)
    for change in PROFILE.changes(before)[:2]:
        handle_admin(radio, admin_pb2.AdminMessage.FromString(change.message))
    cut_off = told(radio)
    assert cut_off["channel:0"] != before["channel:0"]
    setting_right(tmp_path, PROFILE, cut_off)
    copy = read_copy(tmp_path, radio_of(cut_off))
    assert copy is not None
    assert {name: copy[name] for name in ("owner", "channel:0", "lora")} == {
        name: before[name] for name in ("owner", "channel:0", "lora")
    }


def test_what_a_radio_had_comes_back_under_its_new_number(tmp_path: Path) -> None:
    """Seen: from 2.8 the number follows the keys that come with the region, and the way back was
    "not taken", for want of the old number.
    """
    radio = VirtualSettings(7, "Mein Garten", "MG", "2.8.0", factory_new=True)
    before = told(radio)
    setting_right(tmp_path, PROFILE, before)
    for change in PROFILE.changes(before):
        handle_admin(radio, admin_pb2.AdminMessage.FromString(change.message))
    radio.make_keys(random.Random(1))
    radio.start()
    assert radio.number != 7
    work = undoing(tmp_path, told(radio))
    assert work is not None
    there = True
    for now in range(0, 60_000, 1_000):
        orders = work.advance(now, told(radio), connected=there)
        there = Reread.REREAD not in orders
        for order in orders:
            if isinstance(order, bytes):
                handle_admin(radio, admin_pb2.AdminMessage.FromString(order))
    assert ended(work, Wish.UNDO, connected=True) is OrderState.RESTORED
    assert radio.own.user.long_name == "Mein Garten"


def test_another_radio_is_not_given_what_this_one_had(tmp_path: Path) -> None:
    """Its name, channel and keys would make it pass for the other."""
    mine, other = told(VirtualSettings(7, "Meins", "M")), told(VirtualSettings(8, "Anderes", "A"))
    setting_right(tmp_path, PROFILE, mine)
    assert undoing(tmp_path, other) is None
    assert undoing(tmp_path, mine) is not None


def test_what_was_given_back_is_kept_anew_next_time(tmp_path: Path) -> None:
    """Giving back twice does no harm, and the next setting up begins another copy."""
    keep_copy(tmp_path, "a", {"lora": b"first"})
    keep_copy(tmp_path, "a", {"lora": b"second", "device": b"x"})
    assert read_copy(tmp_path, "a") == {"lora": b"first", "device": b"x"}
    given_back(tmp_path, "a")
    assert read_copy(tmp_path, "a") == {"lora": b"first", "device": b"x"}
    keep_copy(tmp_path, "a", {"lora": b"third"})
    assert read_copy(tmp_path, "a") == {"lora": b"third"}


def test_copies_are_bounded_and_a_spoilt_file_holds_none(tmp_path: Path) -> None:
    """The oldest goes first."""
    for number in range(COPIES_MAX + 1):
        keep_copy(tmp_path, str(number), {"lora": b"x"})
    assert read_copy(tmp_path, "0") is None
    assert read_copy(tmp_path, "1") == {"lora": b"x"}
    for spoilt in ({}, {"radios": [1]}, {"radios": {"1": {"sections": {"lora": 3}}}}):
        write_private(tmp_path / COPY_FILE, spoilt)
        assert read_copy(tmp_path, "1") is None


def test_a_radio_that_went_away_has_refused_nothing(tmp_path: Path) -> None:
    """It may have taken all: nothing is said of its owner, and that it has to be done again is."""
    radio = told(VirtualSettings(7, "Mein Garten", "MG", "2.8.0", factory_new=True))
    work = setting_right(tmp_path, PROFILE, radio)
    work.advance(0, radio, connected=True)
    assert ended(work, Wish.SET_UP, connected=True) is OrderState.REFUSED
    assert ended(work, Wish.SET_UP, connected=False) is OrderState.LOST
    assert "wiederholen" in ORDERS[OrderState.LOST]
