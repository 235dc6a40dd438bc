# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the running node last wrote down of itself for the other processes on this folder.

The node writes it about once a second as a local setting; command line, screen and wall read it.
Reading is total: what an older or newer version has written gives a report with what is understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from lage.kinds.setting import Setting, exactly
from lage.store.radio_order import OrderState
from lage.store.verdict import Verdict, verdict_of
from mesh.ledger import EU_868_LIMIT_PPM, HOUR_MS
from mesh.link import FrameClass, Reason, Trouble
from sync.feed.why import Why

ALIVE_S = 12.0
"""A node that has not reported for so long is taken as not running."""


@dataclass(frozen=True, slots=True)
class NodeReport:
    """The node, its radio, and what went in and out since it started."""

    reported: float = 0.0  # unix seconds
    stopped: bool = True
    connected: bool = False
    address: str = ""
    name: str | None = None
    number: int | None = None
    firmware: str | None = None
    preset: str | None = None
    region: str | None = None
    reason: Reason | None = None  # while not connected
    mute: Reason | None = None  # connected, and does not send
    rival: Reason | None = None  # another program seems to use the radio
    notice: str | None = None  # last message of the radio to its user, in its own words
    channel_utilisation: float | None = None  # percent
    airtime_hour_ms: int = 0  # own and relayed, rolling hour
    airtime_limit_ms: int = HOUR_MS * EU_868_LIMIT_PPM // 1_000_000
    queue: Mapping[FrameClass, int] = field(default_factory=dict)  # frames that wait
    packets_sent: int = 0
    packets_heard: int = 0
    rejected: Mapping[Why, int] = field(default_factory=dict)  # packets not taken
    key_epoch: int = 0  # of the keys in force
    keys_refused: bool = False  # the radio did not take the channels it was told
    shares: Mapping[int, int] = field(default_factory=dict)
    """Author -> per cent of what of others' feeds was new in the last hour."""
    strangers: Mapping[int, int] = field(default_factory=dict)
    """Number that no certificate here names -> packets under it."""
    radio_ahead_s: int | None = None  # the radio's clock less this computer's; None: it has none
    radio_gps: bool = False  # that clock goes by satellites
    only_relay: int = 0  # last byte of the one radio through which all that is relayed comes
    few_relays: bool = False  # radios that used to pass on are gone
    unrelayed: bool = False  # nobody passes on what this radio sends
    alone_since: int = 0  # unix seconds when the first of these two began

    verdict: Verdict | None = None  # on the radio's settings; None: nothing to judge
    away_s: int = 0  # how long the radio has neither heard nor sent
    quiet_s: int | None = None  # how long a connected radio has heard nothing
    unanswered_s: int | None = None  # how long ago something urgent went out, unanswered
    order_at: float = 0.0  # of the last order about the radio
    order: OrderState = OrderState.NONE

    def running(self, now_unix: float) -> bool:
        """Whether a node process holds the radio and has reported lately."""
        return not self.stopped and abs(now_unix - self.reported) < ALIVE_S

    def as_setting(self) -> dict[str, Any]:
        """As a JSON value."""
        values: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        for name, reason in (
            ("reason", self.reason),
            ("mute", self.mute),
            ("rival", self.rival),
        ):
            if reason is not None:
                values[name] = [reason.trouble.value, reason.about, reason.detail]
        values["verdict"] = None if self.verdict is None else self.verdict.kept()
        values["order"] = self.order.value
        values["queue"] = {urgency.name: count for urgency, count in self.queue.items()}
        values["rejected"] = {why.value: count for why, count in self.rejected.items()}
        for name in ("shares", "strangers"):
            values[name] = {str(author): n for author, n in values[name].items()}
        return values


def _report(kept: dict[str, Any]) -> NodeReport:
    values = {name: kept[name] for name in _PLAIN if type(kept.get(name)) in _PLAIN[name]}
    return NodeReport(
        **values,
        reason=_reason(kept.get("reason")),
        mute=_reason(kept.get("mute")),
        rival=_reason(kept.get("rival")),
        verdict=verdict_of(kept.get("verdict")),
        order=_ORDERS.get(kept.get("order"), OrderState.NONE),
        queue={FrameClass[name]: n for name, n in _counts(kept, "queue") if name in _CLASSES},
        rejected={Why(name): n for name, n in _counts(kept, "rejected") if name in _WHYS},
        shares=_by_author(kept, "shares"),
        strangers=_by_author(kept, "strangers"),
    )


_READ_APART = frozenset(
    ("reason", "mute", "rival", "queue", "rejected", "shares", "strangers", "verdict", "order")
)
_PLAIN: dict[str, tuple[type, ...]] = {
    item.name: {
        "bool": (bool,),
        "str": (str,),
        "str | None": (str,),
        "int": (int,),
        "int | None": (int,),
        "float": (int, float),
        "float | None": (int, float),
    }[str(item.type)]
    for item in fields(NodeReport)
    if item.name not in _READ_APART
}
_ORDERS: dict[object, OrderState] = {state.value: state for state in OrderState}
_WHYS = frozenset(why.value for why in Why)
_CLASSES = frozenset(urgency.name for urgency in FrameClass)


def _reason(kept: object) -> Reason | None:
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    name, about, detail = map(str, kept)
    known = {trouble.value: trouble for trouble in Trouble}
    return Reason(known[name], about, detail) if name in known else None


def _counts(kept: Mapping[str, Any], key: str) -> list[tuple[str, int]]:
    counts = kept.get(key)
    items = counts.items() if isinstance(counts, dict) else ()
    return [(str(name), count) for name, count in items if type(count) is int]


def _by_author(kept: Mapping[str, Any], key: str) -> dict[int, int]:
    return {int(name): n for name, n in _counts(kept, key) if name.isdecimal()}


def _kept(report: NodeReport | None) -> dict[str, Any] | None:
    return report.as_setting() if report is not None else None


REPORT = Setting[NodeReport | None]("radio", None, lambda kept: _report(exactly(dict)(kept)), _kept)
"""The last report; None if no node has ever run here."""
