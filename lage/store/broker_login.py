# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the broker is and our password there: a file of its owner's only, in no backup."""

from __future__ import annotations

from pathlib import Path

from lage.store.keys import read_private, write_private

BROKER_FILE = "vermittler.json"


def keep_broker(folder: Path, address: str, password: str, authority: str = "") -> None:
    """Keep where the broker is and our password there; both empty to forget. Raises KeysError.

    ``authority``: who vouches for it (PEM); empty: those whom this computer trusts.
    """
    kept = {"address": address, "password": password, "authority": authority}
    write_private(folder / BROKER_FILE, kept)


def broker_login(folder: Path) -> tuple[str, str]:
    """Address and password of the broker; empty without one. Raises KeysError."""
    if not (folder / BROKER_FILE).exists():
        return "", ""
    data = read_private(folder / BROKER_FILE, "")
    return str(data.get("address", "")), str(data.get("password", ""))


def broker_authority(folder: Path) -> str:
    """Who vouches for the broker (PEM); empty: whom this computer trusts. Raises KeysError."""
    if not (folder / BROKER_FILE).exists():
        return ""
    return str(read_private(folder / BROKER_FILE, "").get("authority", ""))
