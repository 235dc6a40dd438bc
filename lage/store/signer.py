# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The keys of a folder as the right to append to its feed."""

from __future__ import annotations

from lage.language.errors import KeysError
from lage.store import keys
from sync.feed import chain as feed
from sync.feed.roster import Roster


class NodeSigner:
    """This node's right to append to its feed."""

    def __init__(self, network: keys.Network, node: keys.NodeKeys, roster: Roster) -> None:
        assert network.author is not None
        self.author = network.author
        self.origin = roster.members[network.author].origin
        if roster.members[network.author].sign_key != node.sign_public:
            raise KeysError(
                f"Die Schlüssel in diesem Ordner gehören nicht zu Nummer {network.author}: bitte"
                " den Ordner mit seinen eigenen Dateien benutzen oder neu beitreten."
            )
        self._network_id = network.network_id
        self._key = node.sign

    def sign(self, number: int, chain: bytes) -> bytes:
        """Signature over the chain at that number."""
        return feed.sign(self._key, self._network_id, self.author, number, chain)
