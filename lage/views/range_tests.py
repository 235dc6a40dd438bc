# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What tests of the way to other radios say: loss, round trip and signal, together and by distance.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from lage.views.network import way
from lage.views.traffic import REFUSALS
from mesh.link import Refusal
from mesh.send.range_test import Probe

BANDS_M = (250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Upper ends of the spans of distance in which probes are counted together."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Some probes together; None where none was answered."""

    sent: int
    answered: int
    first_try: int  # of these, without any repetition
    round_trip_ms: int | None  # the middle one
    fastest_ms: int | None
    slowest_ms: int | None
    snr_db: float | None  # the middle one
    worst_snr_db: float | None
    rssi_dbm: int | None

    @property
    def loss_percent(self) -> int | None:
        """Of those sent, how many were not answered; None where none was sent."""
        return round(100 * (self.sent - self.answered) / self.sent) if self.sent else None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "gesendet": self.sent,
            "beantwortet": self.answered,
            "beim_ersten_mal": self.first_try,
            "verlust_prozent": self.loss_percent,
            "umlauf_ms": self.round_trip_ms,
            "umlauf_ms_kleinster": self.fastest_ms,
            "umlauf_ms_groesster": self.slowest_ms,
            "snr_db": self.snr_db,
            "snr_db_schlechtester": self.worst_snr_db,
            "rssi_dbm": self.rssi_dbm,
        }


def summary(probes: Iterable[Probe]) -> Summary:
    """Loss, round trip and signal of some probes."""
    sent = [probe for probe in probes if probe.sent]
    answered = [probe for probe in sent if probe.answered_ms is not None]
    trips = [probe.answered_ms for probe in answered if probe.answered_ms is not None]
    signals = [probe.snr_db for probe in answered if probe.snr_db is not None]
    strengths = [probe.rssi_dbm for probe in answered if probe.rssi_dbm is not None]
    return Summary(
        len(sent),
        len(answered),
        sum(probe.first_try for probe in answered),
        round(median(trips)) if trips else None,
        min(trips, default=None),
        max(trips, default=None),
        round(median(signals), 1) if signals else None,
        min(signals, default=None),
        round(median(strengths)) if strengths else None,
    )


def by_distance(probes: Sequence[Probe]) -> list[tuple[int, int | None, Summary]]:
    """(from, to, what came of them) for each span in which something was tried, near ones first."""
    found = []
    ends = (*BANDS_M, None)
    for low, high in zip((0, *BANDS_M), ends, strict=True):
        inside = [
            probe
            for probe in probes
            if probe.distance_m is not None
            and low <= probe.distance_m
            and (high is None or probe.distance_m < high)
        ]
        if inside:
            found.append((low, high, summary(inside)))
    return found


def probe_words(probe: Probe) -> str:
    """What became of one probe."""
    far = f"{distance_words(probe.distance_m)}, " if probe.distance_m is not None else ""
    if probe.answered_ms is None:
        if probe.refusal is Refusal.MAX_RETRANSMIT:
            relayed = ", aber weitergegeben" if probe.relayed else ""
            return f"{far}keine Antwort{relayed}"
        return f"{far}nicht gesendet: {REFUSALS[probe.refusal]}"
    again = "" if probe.first_try else ", erst nach Wiederholung"
    signal = "" if probe.snr_db is None else f", {probe.snr_db:.0f} dB, {probe.rssi_dbm} dBm"
    path = "" if probe.hops is None else f", {way(probe.hops)}"
    return f"{far}Antwort nach {seconds(probe.answered_ms)}{again}{signal}{path}"


def seconds(ms: int | None) -> str:
    """``1,2 s``."""
    return "-" if ms is None else f"{ms / 1000:.1f} s".replace(".", ",")


def distance_words(metres: int) -> str:
    """``850 m``, ``6,2 km``."""
    return f"{metres} m" if metres < 1_000 else f"{metres / 1000:.1f} km".replace(".", ",")


def band_words(low: int, high: int | None) -> str:
    """``1,0 km bis 2,0 km``."""
    if high is None:
        return f"ab {distance_words(low)}"
    return (
        f"{distance_words(low)} bis {distance_words(high)}"
        if low
        else f"bis {distance_words(high)}"
    )
