# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped layers, loaded once per worker."""

from __future__ import annotations

import pytest

from maps.read.layers import Layers, load_layers


@pytest.fixture(scope="session")
def layers() -> Layers:
    """What ships with the product."""
    return load_layers()
