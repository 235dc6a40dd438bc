# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a key to paper: make the file, ask where it shall go, say where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lage.station import Station
from tui.screens.dialogs import Choose
from tui.screens.host import Host
from tui.widgets.choices import Option

if TYPE_CHECKING:
    from lage.reports.output import Target

Make = Callable[[Station], Path]


async def to_paper(lage: Host, make: Make) -> None:
    """Write the file; then to the printer, to a stick, or leave it where it is."""
    from lage.reports.output import HERE, targets

    lage.bridge.may_write()
    lage.say("Wird geschrieben …", "key")
    path = await lage.bridge.work(make)
    found = await lage.bridge.work(lambda _: targets())
    if len(found) == 1:
        await _send(lage, path, HERE)
        return

    async def chosen(target: Target | None) -> None:
        async def deed() -> None:
            await _send(lage, path, HERE if target is None else target)

        await lage.attempt(deed)

    options = [Option(target, target.title) for target in found]
    await lage.push(Choose("Wohin damit?", options), chosen)


async def _send(lage: Host, path: Path, target: Target) -> None:
    from lage.reports.output import send

    lage.say(await lage.bridge.work(lambda _: send(path, target)), "ok")
