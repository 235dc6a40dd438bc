# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one antenna makes of the signals that reach it: lock, collision, capture, carrier sense.

All radios use the same settings, so every signal disturbs every other. A receiver locks on the
first signal it can decode, and moves on to another only while still in the preamble and only if
that one is stronger by ``CAPTURE_DB``. A signal survives an overlap if it is stronger by that
much, or if the other has ended before the last five symbols of its own preamble (M. Bor et al.,
"Do LoRa low-power wide-area networks scale?", MSWiM 2016: 6 dB and five symbols).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mesh.air.propagation import noise_floor_dbm, sensitivity_dbm
from mesh.airtime import PREAMBLE_SYMBOLS, Preset
from mesh.firmware import Frame, cad_ms, slot_ms

CAPTURE_DB = 6.0
"""By how much a signal must exceed another on the same settings to survive it."""

CLEAN_SYMBOLS = 5
"""Symbols of the preamble that suffice to lock."""


@dataclass(frozen=True, slots=True)
class Modem:
    """What all radios of one ether share, computed once; times in ms, levels in dBm."""

    preset: Preset
    extra_noise_db: float = 0.0
    collisions: bool = True
    slot_ms: int = field(init=False)
    cad_ms: int = field(init=False)
    preamble_ms: int = field(init=False)
    spare_ms: int = field(init=False)  # part of the preamble that may be lost
    noise_dbm: float = field(init=False)
    sensitivity_dbm: float = field(init=False)

    def __post_init__(self) -> None:
        symbol = self.preset.symbol_us
        values = {
            "slot_ms": slot_ms(self.preset),
            "cad_ms": cad_ms(self.preset),
            "preamble_ms": (PREAMBLE_SYMBOLS * symbol + symbol * 17 // 4) // 1000,
            "spare_ms": (PREAMBLE_SYMBOLS - CLEAN_SYMBOLS) * symbol // 1000,
            "noise_dbm": noise_floor_dbm(self.preset) + self.extra_noise_db,
            "sensitivity_dbm": sensitivity_dbm(self.preset) + self.extra_noise_db,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def floor_dbm(self) -> float:
        """Signals below this can neither be decoded nor harm one that can."""
        return self.sensitivity_dbm - CAPTURE_DB


@dataclass(slots=True, eq=False)
class Signal:
    """One transmission as one receiver hears it."""

    frame: Frame
    rssi_dbm: float
    start: int
    end: int
    spoiled: bool = False
    dead: bool = False  # the receiver lost power meanwhile


class Receiver:
    """The signals at one antenna and the one that is being decoded."""

    def __init__(self, modem: Modem) -> None:
        self._modem = modem
        self._signals: list[Signal] = []
        self._lock: Signal | None = None

    def begin(self, signal: Signal, now: int, *, deaf: bool) -> None:
        """A transmission reaches the antenna; ``deaf``: the radio itself is sending."""
        modem = self._modem
        signal.spoiled = deaf
        for other in self._signals:
            stronger_by = signal.rssi_dbm - other.rssi_dbm
            if stronger_by > -CAPTURE_DB:
                other.spoiled = True
            if stronger_by < CAPTURE_DB and other.end > now + modem.spare_ms:
                signal.spoiled = True
        self._signals.append(signal)
        if deaf or signal.rssi_dbm < modem.sensitivity_dbm:
            return
        lock = self._lock
        if lock is None or (
            now < lock.start + modem.preamble_ms and signal.rssi_dbm >= lock.rssi_dbm + CAPTURE_DB
        ):
            self._lock = signal

    def end(self, signal: Signal) -> bool:
        """A transmission is over; whether it was the one being decoded (maybe in vain)."""
        if signal.dead:
            return False
        self._signals.remove(signal)
        if self._lock is not signal:
            return False
        self._lock = None
        return True

    @property
    def locked(self) -> bool:
        """Whether a signal is being decoded, noticed or not."""
        return self._lock is not None

    def receiving(self, now: int) -> bool:
        """Whether the radio knows that it is receiving: the preamble has lasted long enough."""
        return self._lock is not None and self._lock.start + self._modem.cad_ms <= now

    def detects(self, now: int) -> bool:
        """Channel activity detection: whether somebody sends, and has since before the scan."""
        begun, floor = now - self._modem.cad_ms, self._modem.sensitivity_dbm
        return any(s.start <= begun and s.rssi_dbm >= floor for s in self._signals)

    def deafen(self) -> None:
        """The radio begins to send: nothing that is on the air now can be decoded."""
        self._lock = None
        for signal in self._signals:
            signal.spoiled = True

    def power_off(self) -> None:
        """Forget everything."""
        self._lock = None
        for signal in self._signals:
            signal.dead = True
        self._signals.clear()


class UndisturbedReceiver(Receiver):
    """Decodes whatever is strong enough, also while the radio sends, and never makes it wait.

    So radios hear each other whose LoRa the firmware simulates (SimRadio.cpp).
    """

    def begin(self, signal: Signal, now: int, *, deaf: bool) -> None:
        """A transmission reaches the antenna."""
        self._signals.append(signal)

    def end(self, signal: Signal) -> bool:
        """A transmission is over; whether it was heard."""
        if signal.dead:
            return False
        self._signals.remove(signal)
        return signal.rssi_dbm >= self._modem.sensitivity_dbm

    def detects(self, now: int) -> bool:
        """Nobody listens before talking."""
        return False

    def deafen(self) -> None:
        """Sending disturbs nothing."""
