# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where simulated radios stand, by a table (``lage.imports.antennas``).

Hills between them are not known to the simulated air.
"""

from __future__ import annotations

from pathlib import Path

from lage.imports.antennas import read_antennas
from lage.views.relay_plan import HEIGHT_M
from maps.geo.places import to_grid
from mesh.virtual.network import Site


def read_sites(path: Path) -> list[Site]:
    """The sites in the order of the table. Raises ImportRefused."""
    sites = []
    for antenna in read_antennas(path, placed=True).antennas:
        assert antenna.position is not None
        grid = to_grid(antenna.position)
        sites.append(Site(antenna.name, grid.east, grid.north, antenna.height_m or HEIGHT_M))
    return sites
