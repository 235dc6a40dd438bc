# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys, and the two files by which a node joins."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.county import decrees, membership
from lage.kinds.model import Draft
from lage.language.errors import KeysError, StoreError, UsageError
from lage.station import Station
from lage.store import keys, sealing
from lage.store.provenance import check_provenance
from sync.feed.log import ForkProof
from sync.feed.records import Reason
from tests.fixtures import FixedClock, make_county, make_network, replicate

WORD = "rote Ampel 7"


@pytest.fixture
def holder(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county, its key under a passphrase that is stretched less than in earnest."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    folder = tmp_path / "kreis"
    membership.found_county(folder, "Kreis Steinfurt", WORD)
    return folder


@pytest.fixture
def joined(holder: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Station]:
    """SAE Rheine, admitted and joined."""
    folder = tmp_path / "rheine"
    asking = membership.request(folder, "SAE Rheine")
    membership.join(folder, membership.admit(holder, asking, "sae", WORD, clock=clock), clock=clock)
    station = Station.open(folder, clock=clock)
    yield station
    station.close()


def test_joining(joined: Station) -> None:
    """After request, admission and joining the node can write under its name."""
    assert joined.me is not None
    assert (joined.me.name, joined.me.number, joined.me.role) == ("SAE Rheine", 1, "sae")
    joined.write([Draft("journal", {"text": "da"})])
    assert joined.reader.search("da")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_files_are_the_owners_only(joined: Station, holder: Path) -> None:
    """Key files can be read by their owner alone."""
    for path in (
        joined.folder / keys.NODE_FILE,
        joined.folder / keys.NETWORK_FILE,
        holder / keys.COUNTY_FILE,
    ):
        assert os.stat(path).st_mode & 0o777 == 0o600


def test_private_keys_are_in_no_file_that_leaves(holder: Path, tmp_path: Path) -> None:
    """Request and invitation hold public keys only; the root key is never in clear on disk."""
    folder = tmp_path / "rheine"
    asking = membership.request(folder, "SAE Rheine")
    node = keys.load_node(folder)
    invitation = membership.admit(holder, asking, "sae", WORD)
    root = keys.unlock_county(holder, WORD).private_bytes_raw()
    secrets = (node.sign.private_bytes_raw(), node.seal.private_bytes_raw(), root)
    files = [path.read_bytes() for path in holder.iterdir()] + [
        asking.encode(),
        invitation.encode(),
    ]
    for secret in secrets:
        assert not any(secret in data or secret.hex().encode() in data for data in files)


def test_wrong_passphrase(holder: Path, tmp_path: Path) -> None:
    """A wrong or short passphrase is refused in words."""
    asking = membership.request(tmp_path / "n", "SAE Greven")
    with pytest.raises(KeysError, match="Kennwort"):
        membership.admit(holder, asking, "sae", "falsch")
    with pytest.raises(KeysError, match="mindestens 8"):
        membership.found_county(tmp_path / "zwei", "Kreis", "kurz")


def test_changed_files(holder: Path, tmp_path: Path) -> None:
    """One changed letter in request or invitation is noticed, and so is the wrong file."""
    folder = tmp_path / "n"
    asking = membership.request(folder, "SAE Greven")
    invitation = membership.admit(holder, asking, "sae", WORD)

    def spoilt(text: str) -> str:
        place = len(text) // 2
        return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]

    with pytest.raises(KeysError, match="beschädigt"):
        membership.admit(holder, spoilt(asking), "sae", WORD)
    with pytest.raises(KeysError, match="beschädigt"):
        membership.join(folder, spoilt(invitation))
    with pytest.raises(KeysError, match="keine Einladung"):
        membership.join(folder, asking)
    with pytest.raises(KeysError, match="keine Anfrage"):
        membership.admit(holder, invitation, "sae", WORD)
    assert not keys.has_network(folder)


def test_invitation_of_another_node(holder: Path, tmp_path: Path) -> None:
    """An invitation opens only on the node that asked."""
    asking = membership.request(tmp_path / "greven", "SAE Greven")
    membership.request(tmp_path / "recke", "SAE Recke")
    invitation = membership.admit(holder, asking, "sae", WORD)
    with pytest.raises(KeysError, match="anderen Knoten"):
        membership.join(tmp_path / "recke", invitation)


def test_joining_and_admitting_twice(joined: Station, holder: Path, tmp_path: Path) -> None:
    """Nobody joins twice, is admitted twice, or makes a second node in one folder."""
    asking = keys.write_request(keys.load_node(joined.folder))
    with pytest.raises(UsageError, match="schon aufgenommen"):
        membership.admit(holder, asking, "sae", WORD)
    other = membership.request(tmp_path / "o", "SAE Recke")
    invitation = membership.admit(holder, other, "sae", WORD)
    membership.join(tmp_path / "o", invitation)
    with pytest.raises(KeysError, match="gehört schon"):
        membership.join(tmp_path / "o", invitation)
    with pytest.raises(KeysError, match="schon einen Knoten"):
        membership.request(joined.folder, "SAE Rheine")


def test_roles_and_names_are_checked(holder: Path, tmp_path: Path) -> None:
    """An unknown role and a name that no certificate can carry are refused."""
    with pytest.raises(UsageError, match="Rolle"):
        membership.admit(holder, "egal", "könig", WORD)
    for name in ("", "x" * 41, "a\x1bb"):
        with pytest.raises(UsageError, match="Name"):
            membership.request(tmp_path / "x", name)


def test_revoked_node_cannot_write_and_keeps_its_past(
    joined: Station, holder: Path, clock: FixedClock
) -> None:
    """After a revocation nothing can be added; what stood before stays valid."""
    joined.write([Draft("journal", {"text": "vorher"})])
    county = Station.open(holder, clock=clock)
    replicate(joined.store.log, county.store.log)
    county.close()
    last = decrees.Position(1)
    assert decrees.revoke(holder, 1, WORD, Reason.LOST, last, clock=clock) == 1
    county = Station.open(holder, clock=clock)
    replicate(county.store.log, joined.store.log)
    assert county.reader.search("vorher")
    county.close()
    with pytest.raises(KeysError, match="widerrufen"):
        joined.write([Draft("journal", {"text": "nachher"})])
    with pytest.raises(UsageError, match="schon widerrufen"):
        decrees.revoke(holder, 1, WORD, Reason.LOST, clock=clock)


def test_county_decides_a_fork_once(joined: Station, holder: Path, clock: FixedClock) -> None:
    """Only where a branch is held, only while it is open; then the branch counts."""
    with pytest.raises(UsageError, match="keine Verzweigung"):
        decrees.reopen(holder, 1, WORD, clock=clock)
    joined.write([Draft("journal", {"text": "so"})])
    proof = ForkProof(1, 1, b"a" * 16, b"s" * 64, b"b" * 16, b"t" * 64)
    county = Station.open(holder, clock=clock)
    county.store.log.store_fork(proof, None)
    with pytest.raises(UsageError, match="keiner der beiden Zweige"):
        decrees.reopen(holder, 1, WORD, clock=clock)
    replicate(joined.store.log, county.store.log)

    assert decrees.reopen(holder, 1, WORD, clock=clock) == 1

    assert county.roster.decided(1, 1)
    county.close()
    with pytest.raises(UsageError, match="schon entschieden"):
        decrees.reopen(holder, 1, WORD, clock=clock)


def test_sealing() -> None:
    """What is sealed to a key opens with that key only; every byte counts."""
    receiver, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = sealing.seal(b"Name;Telefon", receiver.public_key().public_bytes_raw())
    assert sealing.open_sealed(sealed, receiver) == b"Name;Telefon"
    for broken in (sealed[:-1], b"", bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(InvalidTag):
            sealing.open_sealed(broken, receiver)
    with pytest.raises(InvalidTag):
        sealing.open_sealed(sealed, other)
    assert b"Telefon" not in sealed


def test_damaged_key_file(joined: Station) -> None:
    """A key file that is no JSON gives a sentence, not a traceback."""
    (joined.folder / keys.NETWORK_FILE).write_text("kaputt")
    with pytest.raises(KeysError, match="nicht lesbar"):
        Station.open(joined.folder)


@pytest.mark.parametrize("name", [keys.NODE_FILE, keys.NETWORK_FILE])
@pytest.mark.parametrize(
    "content", ["", "[", "[]", "{}", '{"name": 1, "sign": 2, "seal": 3}', '{"network_id": "zz"}']
)
def test_damaged_key_files_are_refused_in_words(joined: Station, name: str, content: str) -> None:
    """Whatever stands in a key file, opening the folder gives a sentence that names the file."""
    (joined.folder / name).write_text(content, "utf8")
    with pytest.raises(KeysError, match=name):
        Station.open(joined.folder)


def test_damaged_county_file_is_refused_in_words(holder: Path, tmp_path: Path) -> None:
    """A county key that lost a part is not taken for a wrong passphrase."""
    (holder / keys.COUNTY_FILE).write_text('{"salt": "00"}', "utf8")
    with pytest.raises(KeysError, match=keys.COUNTY_FILE):
        keys.unlock_county(holder, WORD)


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", ""])
def test_request_with_a_hostile_name_is_refused(tmp_path: Path, name: str) -> None:
    """A name that would steer the terminal never reaches the roster, signed or not."""
    node = keys.make_node(tmp_path / "n", name)
    with pytest.raises(KeysError, match="Anfrage"):
        keys.read_request(keys.write_request(node))


def test_request_with_a_useless_sealing_key_changes_nothing(holder: Path, tmp_path: Path) -> None:
    """A key that nothing can be sealed to is refused before the roster is written."""
    node = keys.make_node(tmp_path / "n", "SAE Greven")
    body = msgpack.packb([node.name, node.sign_public, bytes(32)])
    asking = sealing.armour(
        keys.REQUEST_MARK, msgpack.packb([body, node.sign.sign(keys._REQUEST + body)])
    )
    with pytest.raises(KeysError, match="Anfrage"):
        membership.admit(holder, asking, "sae", WORD)
    station = Station.open(holder)
    assert station.store.log.head(0) == 0
    station.close()


@pytest.mark.parametrize(
    "content", [[], 7, ["a"] * 9, ["Kreis", b"", b"", b"", "Lage", b"", False, 1, []], {"a": 1}]
)
def test_invitation_sealed_by_a_stranger_is_refused(tmp_path: Path, content: object) -> None:
    """Anybody can seal something to a node; what is no invitation ends in a sentence."""
    node = keys.make_node(tmp_path / "n", "SAE Greven")
    sealed = sealing.seal(msgpack.packb(content), node.seal_public)
    text = sealing.armour(keys.INVITATION_MARK, msgpack.packb([node.seal_public[:8], sealed]))
    with pytest.raises(KeysError, match="Einladung"):
        membership.join(tmp_path / "n", text)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_key_files_stay_the_owners_only(tmp_path: Path) -> None:
    """A half-written file of a crash with wider rights lends them to no key; so does no folder."""
    folder = tmp_path / "neu" / "knoten"
    folder.parent.mkdir()
    keys.make_node(folder, "SAE Greven")
    (folder / "netz.neu").write_text("{}", "utf8")
    (folder / "netz.neu").chmod(0o644)
    keys.save_network(folder, make_network("Kreis")[0])

    assert (folder / keys.NETWORK_FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where a file is in the way of the folder, the sentence names it."""
    (tmp_path / "datei").write_text("", "utf8")
    with pytest.raises(KeysError, match="kann nicht geschrieben werden"):
        membership.request(tmp_path / "datei" / "knoten", "SAE Greven")


def test_a_log_of_another_network_is_not_opened(
    joined: Station, tmp_path: Path, clock: FixedClock
) -> None:
    """A file copied from an exercise's folder would be shown as reality, and the other way."""
    (drill,) = make_county(tmp_path / "u", ["SAE Greven"], exercise=True, clock=clock).values()
    drill.write([Draft("journal", {"text": "Übungsbrand"})])
    drill.close()
    strange = (drill.folder / "lage.db").read_bytes()
    joined.close()
    assert Station.open(joined.folder, clock=clock).roster  # as it was

    (joined.folder / "lage.db").write_bytes(strange)
    with pytest.raises(StoreError, match="nie gemischt"):
        Station.open(joined.folder, clock=clock)


def test_nobody_joins_over_a_log_of_another_network(
    holder: Path, tmp_path: Path, clock: FixedClock
) -> None:
    """The invitation would bring its own roster to the other's entries."""
    (drill,) = make_county(tmp_path / "u", ["SAE Greven"], exercise=True, clock=clock).values()
    drill.close()
    folder = tmp_path / "rheine"
    asking = membership.request(folder, "SAE Rheine")
    (folder / "lage.db").write_bytes((drill.folder / "lage.db").read_bytes())
    invitation = membership.admit(holder, asking, "sae", WORD, clock=clock)
    with pytest.raises(StoreError, match="nie gemischt"):
        membership.join(folder, invitation, clock=clock)
    assert not keys.has_network(folder)


def test_a_damaged_first_record_is_no_strangers(joined: Station, clock: FixedClock) -> None:
    """Damage is for „lage retten“ and the neighbours; it shuts nobody out of the log."""
    joined.store.connection.execute(
        "UPDATE operation SET bytes = zeroblob(9) WHERE author = 0 AND number = 1"
    )
    check_provenance(joined.store.log, joined.network_keys, joined.folder)
