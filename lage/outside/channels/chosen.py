# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The channels that a folder's ``kanaele.toml`` describes. A new one is a class with ``name`` and
``send``, and a line in ``CHANNELS``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lage.language.errors import KeysError, why
from lage.outside.channels.channel import Channel
from maps.read.files import load_toml, read_regular

FILE = "kanaele.toml"


def _mail(config: Mapping[str, Any]) -> Channel:
    from lage.outside.channels.mail import Mail

    return Mail(**config)


def _sms(config: Mapping[str, Any]) -> Channel:
    from lage.outside.channels.web import Sms

    return Sms(**config)


def _ntfy(config: Mapping[str, Any]) -> Channel:
    from lage.outside.channels.web import Ntfy

    return Ntfy(**config)


def _matrix(config: Mapping[str, Any]) -> Channel:
    from lage.outside.channels.web import Matrix

    return Matrix(**config)


CHANNELS: Mapping[str, Callable[[Mapping[str, Any]], Channel]] = {
    "mail": _mail,
    "sms": _sms,
    "ntfy": _ntfy,
    "matrix": _matrix,
}
"""By the name of their table in ``kanaele.toml``."""


def channels_of(folder: Path) -> dict[str, Channel]:
    """The channels that a folder's file describes; none without a file. Raises KeysError."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        tables = load_toml(read_regular(path, 100_000).decode())
        return {name: CHANNELS[name](table) for name, table in tables.items()}
    except KeyError as error:
        known = ", ".join(CHANNELS)
        raise KeysError(
            f"{path}: einen Kanal {error} gibt es nicht, möglich sind {known}."
        ) from None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise KeysError(f"{path} ist nicht zu verstehen: {why(error)}.") from error
