# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radio network as a staff sees it: the own radio, the others, who lacks what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RadioView:
    """This node's radio; what the running node wrote down last."""

    running: bool  # a node process holds the radio and reported within the last minute
    connected: bool
    address: str = ""
    name: str | None = None
    number: int | None = None
    firmware: str | None = None
    preset: str | None = None
    region: str | None = None
    reason: str | None = None  # German sentence while not connected
    channel_utilisation: float | None = None  # percent
    airtime_hour_ms: int = 0  # own and relayed, rolling hour
    airtime_limit_ms: int = 360_000
    queue: Mapping[str, int] = field(default_factory=dict)  # class -> frames waiting
    unsent: int = 0  # own operations that no radio has taken yet
    packets_sent: int = 0
    packets_heard: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)  # reason -> packets

    @property
    def headline(self) -> str:
        """The state in one or two words."""
        if not self.running:
            return "Knoten läuft nicht"
        return "verbunden" if self.connected else "Funkgerät getrennt"


@dataclass(frozen=True, slots=True)
class NodeRow:
    """Another node of the network."""

    member: int
    name: str
    code: str
    role: str
    active: bool
    heard: int | None  # log time; None: never heard directly
    snr_db: float | None
    hops: int | None
    behind: int | None  # operations of ours it is not known to hold; None: nothing known
    ahead: int  # operations it announced that we lack


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The network screen."""

    radio: RadioView
    nodes: tuple[NodeRow, ...]
    operations: int  # in the own log
    unreadable: int  # kept for a newer version
    forks: tuple[str, ...]  # members with a proven fork, by name
    revoked: tuple[str, ...]
