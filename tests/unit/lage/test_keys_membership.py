# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys, and the two files by which a node joins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage import keys, membership
from lage.errors import KeysError, UsageError
from lage.model import Draft
from lage.station import Station
from sync.records import Reason
from tests.fixtures import FixedClock, replicate

WORD = "rote Ampel 7"


@pytest.fixture
def holder(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county, its key under a passphrase that is stretched less than in earnest."""
    monkeypatch.setattr(keys, "SCRYPT_LOG_N", 4)
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
    assert membership.revoke(holder, 1, WORD, Reason.LOST, clock=clock) == 1
    county = Station.open(holder, clock=clock)
    replicate(county.store.log, joined.store.log)
    assert county.reader.search("vorher")
    county.close()
    with pytest.raises(KeysError, match="widerrufen"):
        joined.write([Draft("journal", {"text": "nachher"})])
    with pytest.raises(UsageError, match="schon widerrufen"):
        membership.revoke(holder, 1, WORD, Reason.LOST, clock=clock)


def test_sealing() -> None:
    """What is sealed to a key opens with that key only; every byte counts."""
    receiver, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = keys.seal(b"Name;Telefon", receiver.public_key().public_bytes_raw())
    assert keys.open_sealed(sealed, receiver) == b"Name;Telefon"
    for broken in (sealed[:-1], b"", bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(InvalidTag):
            keys.open_sealed(broken, receiver)
    with pytest.raises(InvalidTag):
        keys.open_sealed(sealed, other)
    assert b"Telefon" not in sealed


def test_damaged_key_file(joined: Station) -> None:
    """A key file that is no JSON gives a sentence, not a traceback."""
    (joined.folder / keys.NETWORK_FILE).write_text("kaputt")
    with pytest.raises(KeysError, match="nicht lesbar"):
        Station.open(joined.folder)
