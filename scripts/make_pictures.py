# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of the main screens for README and docs, made from the demo's own script.

    python scripts/make_pictures.py [FOLDER]

The demo is played without radios, its three logs are brought together, and the Krisenstab's
screens are drawn as SVG.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lage.exercise.player import Part
from lage.exercise.script.read import built_in, read_script
from lage.exercise.stage import set_stage
from lage.station import Station
from lage.store import Peer
from lage.store.timebase import Timebase, write_timebase
from tests.fixtures import share
from tests.screens.stage import connect_radio

SIZE = (116, 34)
PICTURES = {"lage": "1", "nachrichten": "3", "pegel": "6", "karte": "0", "netz": "z"}
END_MIN = 34


def play(folder: Path) -> Path:
    """The Krisenstab's folder after the whole script."""
    script = read_script(built_in())
    folders, timebase = set_stage(folder, script, 1.0, time.time)
    stations = {name: Station.open(path) for name, path in folders.items()}
    parts = [Part(script, station) for station in stations.values()]
    for minute in range(END_MIN + 1):
        now = Timebase(time.time() - minute * 60, timebase.begin, 1.0)
        for station in stations.values():
            station.timebase = now
            station._clock = now.unix
        for _ in range(2):
            for part in parts:
                part.play()
            share(*stations.values())
    first = next(iter(folders))
    for station in stations.values():
        station.close()
    write_timebase(folders[first], Timebase(time.time() - END_MIN * 60, timebase.begin, 1.0))
    connect_radio(folders[first], "KST1")
    meet_neighbours(folders[first])
    return folders[first]


def meet_neighbours(folder: Path) -> None:
    """As if the node had heard the others over the air: they have all that it has."""
    station = Station.open(folder)
    log, me = station.store.log, station.context().me
    heads = {author: log.head(author) for author in log.authors()}
    others = [staff.number for staff in station.directory.others()]
    now = int(station.unix())
    peers = [Peer(number, now - 90 * place, 9.0, 0) for place, number in enumerate(others, 1)]
    station.store.local.save_peers(peers, dict.fromkeys(others, heads))
    station.keep("pushed", heads[me])
    station.close()


async def draw(folder: Path, target: Path) -> None:
    """One SVG for each screen."""
    from tui.app.app import LageApp
    from tui.bridge import Bridge
    from tui.terminal import Glyphs, Terminal

    bridge = Bridge(folder)
    bridge.open()
    app = LageApp(
        bridge, folder, Terminal("256", Glyphs.FULL, light=False), marked="ÜBUNG ÜBUNG ÜBUNG"
    )
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.5)
        await pilot.press("enter", "escape")  # the blitz alarm is taken
        for name, key in PICTURES.items():
            await pilot.press(key)
            await pilot.pause(0.5)
            (target / f"{name}.svg").write_text(clean(app.export_screenshot()), "utf8")
    bridge.close()


def clean(svg: str) -> str:
    """Without fonts from the internet: the reader's own monospace font is good enough."""
    svg = re.sub(r"<!-- Generated with Rich .*?-->", "", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    return re.sub(r"Fira Code|FiraCode", "DejaVu Sans Mono", svg)


def main() -> None:
    """Make all pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/bilder")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(draw(play(Path(folder)), target))
    print(f"{len(PICTURES)} Bilder in {target}")


if __name__ == "__main__":
    main()
