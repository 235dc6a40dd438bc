# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radio network as a staff sees it: the own radio, the others, who lacks what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lage.language.tactical import tactical
from lage.store.ways import WaysReport
from lage.views.hearing import Pair
from lage.views.lasting import NEVER, Lasting, hours_words

MUTE = "CLIENT_MUTE"
"""The role of a radio that passes on nothing that others send."""
RELAYING = frozenset({"ROUTER", "ROUTER_LATE", "ROUTER_CLIENT", "REPEATER", "CLIENT_BASE"})
"""Roles of radios that stand at a place for others."""

AWAY_S = 60
"""A radio that is away for less is about to come back by itself."""


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
    reason: str | None = None  # German sentence while not connected, or not sending
    mute: bool = False  # connected, and does not send
    verdict: str | None = None  # sentence: what is set wrong and how to mend it
    wrong: tuple[str, ...] = ()  # what makes it deaf, mute or unlawful, in words
    better: tuple[str, ...] = ()  # what only should be otherwise
    role: str | None = None  # as its settings call it; None: not known
    unjudged: tuple[str, ...] = ()  # settings that this version does not know
    firmware_doubt: str | None = None  # sentence: a firmware that may not do
    rival: str | None = None  # sentence: another program seems to use the radio
    silence: str | None = None  # sentence: nothing was heard, though it should have been
    away_s: int = 0  # how long it has neither heard nor sent
    setting_up: str = ""  # how far the last order about it is, in a sentence
    busy: bool = False  # it is being carried out
    setting_up_at: float = 0.0
    notice: str | None = None  # what the radio last told its user, in its own words
    channel_utilisation: float | None = None  # percent
    airtime_hour_ms: int = 0  # own and relayed, rolling hour
    airtime_limit_ms: int = 360_000
    queue: Mapping[str, int] = field(default_factory=dict)  # class -> frames waiting
    unsent: int = 0  # own operations that no radio has taken yet
    packets_sent: int = 0
    packets_heard: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)  # reason -> packets
    key_epoch: int = 0  # of the keys in force
    keys_refused: bool = False  # the radio did not take its new channel keys
    shares: Mapping[int, int] = field(default_factory=dict)
    strangers: Mapping[int, int] = field(default_factory=dict)
    """Author -> per cent of what was new in the last hour."""
    clock_ahead_s: int | None = None  # the radio's clock less this computer's; None: it has none
    clock_gps: bool = False  # it goes by satellites
    only_relay: int = 0  # last byte of the one radio through which all that is relayed comes
    few_relays: bool = False  # others around it that used to pass on are gone
    unrelayed: bool = False  # nobody passes on what it sends
    alone_since: int = 0  # log time when the first of these two began

    @property
    def relays(self) -> bool:
        """Whether it passes on what others send."""
        return self.role != MUTE

    @property
    def clock(self) -> str:
        """What the radio's clock is worth, in words."""
        if self.clock_ahead_s is None:
            return "keine"
        apart = f"{abs(self.clock_ahead_s)} s {'vor' if self.clock_ahead_s > 0 else 'nach'}"
        by = "nach GPS" if self.clock_gps else "ohne GPS"
        return f"{by}, {apart if self.clock_ahead_s else 'gleich'} (gegen diesen Rechner)"

    @property
    def airtime_free_ms(self) -> int:
        """What may still be sent in this hour."""
        return max(0, self.airtime_limit_ms - self.airtime_hour_ms)

    @property
    def headline(self) -> str:
        """The state in one or two words."""
        if not self.running:
            return "Knoten läuft nicht"
        if not self.connected:
            return "Gerät getrennt" if self.address else "kein Funkgerät"
        if self.mute:
            return "verbunden, sendet nicht"
        if self.wrong:
            return "verbunden, falsch eingestellt"
        if self.rival:
            return "verbunden, wird mitbenutzt"
        return "verbunden, hört nichts" if self.silence else "verbunden"

    @property
    def good(self) -> bool:
        """Whether nothing about it wants a person."""
        return self.connected and not self.troubles

    @property
    def sends(self) -> bool:
        """Whether what is written can go on the air."""
        return self.connected and not self.mute

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is the matter with it, in sentences; nothing is where no node runs."""
        away = not self.connected and (self.away_s < AWAY_S or not self.address)
        if not self.running or away:
            return ()
        found = (self.reason if self.verdict is None else None, self.verdict)
        return tuple(filter(None, (*found, self.rival, self.silence)))


def way(hops: int | None) -> str:
    """How a radio is heard: ``direkt``, ``über 2``."""
    return "-" if hops is None else f"über {hops}" if hops else "direkt"


@dataclass(frozen=True, slots=True)
class RadioRow:
    """One radio of the mesh as it tells of itself; None: it has not said."""

    number: int
    id: str
    name: str
    heard: int | None  # log time
    snr_db: float | None = None
    hops: int | None = None
    role: str | None = None
    hardware: str | None = None
    battery_percent: int | None = None
    on_mains: bool | None = None
    place: tuple[float, float] | None = None  # latitude, longitude
    gps: bool = False
    measured: Mapping[str, str] = field(default_factory=dict)
    """By German name, with its unit."""
    hours: float | None = None  # how long its battery lasts, by how it fell

    @property
    def power(self) -> str:
        """What feeds it; empty where it has not said."""
        if self.on_mains:
            return "Netzstrom"
        if self.battery_percent is None:
            return ""
        return ", ".join(filter(None, (f"Akku {self.battery_percent} %", hours_words(self.hours))))

    @property
    def says(self) -> str:
        """That it does not relay, power and sensors in one line; empty where it says nothing."""
        mute = "leitet nicht weiter" if self.role == MUTE else ""
        values = (f"{name} {value}" for name, value in self.measured.items())
        return ", ".join(filter(None, (mute, self.power, *values)))


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
    radio: RadioRow | None = None  # the radio that sends its frames
    lasting: Lasting = NEVER

    @property
    def last(self) -> int | None:
        """Log time at which it was last there, by whichever way."""
        return self.heard if self.lasting.last is None else self.lasting.last

    @property
    def by(self) -> str:
        """That way: ``Kabel``, ``direkt``, ``über 2``."""
        return way(self.hops) if self.lasting.way in ("", "Funk") else self.lasting.way


UNTIL_DECIDED = (
    "hier gilt die, die zuerst da war, und nichts Neues kommt dazu, bis mit dem Kreisschlüssel"
    " entschieden ist („lage kreis entscheiden“)"
)
"""What holds while there are two lists of members. Each node has the members of the one it knew
first: their entries count there and nothing is taken back before the root has spoken."""


@dataclass(frozen=True, slots=True)
class ForkRow:
    """A member whose key signed two different feeds."""

    name: str
    number: int  # the branches differ from this entry on
    decided: bool  # the county has said which branch counts
    void: int  # entries of it that are kept here and do not count
    lists: bool = False  # it is the county's own feed, the list of members

    def sentence(self) -> str:
        """For whoever reads it."""
        if self.lists:
            what = "Zwei Mitgliederlisten des Kreises, verschieden"
            if self.decided:
                return f"{what} ab Eintrag {self.number}, vom Kreis entschieden"
            return f"{what} ab Eintrag {self.number}: {UNTIL_DECIDED}"
        if self.decided:
            return (
                f"{self.name}: Verzweigung ab Eintrag {self.number}, vom Kreis entschieden"
                f"{_kept(self.void)}"
            )
        return (
            f"Schlüssel von {self.name} doppelt benutzt ab Eintrag {self.number}: beim Kreis melden"
            f"{_kept(self.void)}"
        )


@dataclass(frozen=True, slots=True)
class RevokedRow:
    """A member whose right to write has ended."""

    name: str
    last_good: int
    void: int  # later entries of it that are kept here and do not count

    def sentence(self) -> str:
        """For whoever reads it."""
        return f"{self.name}: Schlüssel widerrufen nach Eintrag {self.last_good}{_kept(self.void)}"


def _kept(void: int) -> str:
    if not void:
        return ""
    return "; 1 Eintrag gilt nicht" if void == 1 else f"; {void} Einträge gelten nicht"


@dataclass(frozen=True, slots=True)
class KeysView:
    """The network's keys: which are in force, who has those to come, who knows them wrongly."""

    epoch: int
    coming: int | None  # log time from which the next are in force
    known: int  # staffs that are known to have the last ones, we included
    missing: tuple[str, ...]
    doubted: bool  # somebody who is no member any more knows the key in force
    refused: bool  # our radio did not take its channel keys

    def sentences(self) -> tuple[str, ...]:
        """For whoever reads it; nothing while all is well."""
        found = []
        if self.coming is not None:
            found.append(f"Schlüsselwechsel: neue Schlüssel gelten ab {tactical(self.coming)}.")
        if self.missing and (self.coming is not None or self.epoch):
            found.append(
                f"Die neuen Schlüssel haben {self.known} von {self.known + len(self.missing)};"
                f" noch nicht bekannt bei: {', '.join(self.missing)}."
            )
        if self.doubted and self.coming is None:
            found.append(
                "Ein verlorenes Gerät kennt die Schlüssel des Netzes: „gehört“ und „empfangen“"
                " ruhen bis zum Schlüsselwechsel („lage kreis schluesselwechsel“)."
            )
        if self.refused:
            found.append(
                "Das Funkgerät nimmt den neuen Kanalschlüssel nicht an: bitte mit „lage funk"
                " einrichten“ einstellen."
            )
        return tuple(found)


MUCH = 50
"""Per cent of the news of an hour from which on a staff is said to write much."""


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The network screen."""

    radio: RadioView
    nodes: tuple[NodeRow, ...]
    operations: int  # in the own log
    unreadable: int  # kept for a newer version
    unshown: int  # kept, and no version could show them
    forks: tuple[ForkRow, ...]
    revoked: tuple[RevokedRow, ...]
    keys: KeysView | None = None  # None: nothing to say
    busy: tuple[str, ...] = ()  # who writes much, as sentences
    strangers: str = ""  # that somebody speaks whom the list of members here does not name
    build: str = ""  # that this program's text model is not that of the others
    own: RadioRow | None = None  # what the own radio tells of itself
    relays: tuple[RadioRow, ...] = ()  # radios that send no staff's frames
    me: Lasting | None = None  # how this node is, as it tells the others
    ways: WaysReport | None = None  # beside the radio; None: no node runs
    stuck: tuple[str, ...] = ()  # what does not get on and why, in sentences
    relaying: tuple[str, ...] = ()  # who passes on too little, and what mends it, in sentences
    hearing: tuple[Pair, ...] = ()  # who hears whom, as far as it is known here

    @property
    def told(self) -> tuple[str, ...]:
        """What is to be said of the network, in sentences."""
        keys = self.keys.sentences() if self.keys else ()
        return (*keys, *filter(None, (self.strangers, self.build)), *self.busy, *self.stuck)
