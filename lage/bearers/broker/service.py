# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A client of an MQTT broker (MQTT 5.0, OASIS; 3.1.1 where the broker knows no newer).

    lage/<network>/neu            what is new, to all
    lage/<network>/stand/<member> what a member holds, retained
    lage/<network>/an/<member>    for one member

paho-mqtt (Eclipse, EPL-2.0/EDL-1.0, no dependencies) has a thread of its own and reconnects with
growing pauses; here it only fills a bounded queue. Messages go with QoS 1. The session ends with
the connection: what was missed meanwhile is asked for, which costs less than what piles up.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from lage.bearers.bearer import MESSAGE_MAX
from lage.bearers.broker.address import BrokerAddress
from lage.bearers.terms import BROKER
from lage.language.fence import Fault, Fence, Place

LOGGER = logging.getLogger("lage.bearers")
WAITING_MAX = 64
"""Messages that the broker has not confirmed."""
UNREAD_MAX = 1_000
"""Messages that the node has not looked at; then the oldest go, and are asked for."""
PAUSE_S = (1, 60)
TAKEN_S = (30, 300)
"""Where another node has our number we stay away longer and longer: else both would push each other
out for ever, and nobody would hear either."""
LASTING_S = 60.0
"""A connection that lasted so long was no such quarrel."""
QUARRELS = 3
"""Connections in a row that did not last: not every broker says that somebody took our place (3.1.1
cannot, Mosquitto 2.0 hangs up before it is read)."""
KEEP_ALIVE_S = 30


@dataclass(frozen=True, slots=True)
class Up:
    """The broker is there and has our subscriptions."""


@dataclass(frozen=True, slots=True)
class Down:
    """It is not; in German."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A message."""

    topic: str  # behind ``lage/<network>/``
    content: bytes


class _Client(mqtt.Client):
    """paho's, which tells why it does not connect, and what its thread ended on."""

    died: Callable[[Fault], None]
    failure: OSError | None = None

    def reconnect(self) -> Any:
        """As paho does."""
        try:
            return super().reconnect()
        except OSError as error:
            self.failure = error
            raise

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> Any:
        """What paho's thread runs."""
        with Fence(Place.WAYS, self.died):
            return super().loop_forever(timeout, retry_first_connection)
        return mqtt.MQTT_ERR_UNKNOWN


class Broker:
    """One connection, a ``Way``; all but paho's callbacks is called from the node's thread."""

    terms = BROKER

    def __init__(
        self,
        address: BrokerAddress,
        password: str,
        mark: str,
        member: int,
        wake: Callable[[], None],
        authority: str = "",
    ) -> None:
        """``mark`` names the network in topics; ``authority`` (PEM): who vouches for the broker,
        else whom this computer trusts."""
        self._authority = authority
        self._address, self._password, self._wake = address, password, wake
        self._prefix = f"lage/{mark}/"
        self._topics = [(self._prefix + name, 1) for name in ("neu", "stand/+", f"an/{member}")]
        self._id = f"lage-{mark}-{member}"
        self._lock = threading.Lock()
        self._events: deque[Up | Down | Heard] = deque(maxlen=UNREAD_MAX)
        self._unconfirmed: set[int] = set()
        self._version = MQTTProtocolVersion.MQTTv5
        self._client: mqtt.Client | None = None
        self._told, self._there, self._answered = "", False, False
        self._begin_at: float | None = None  # when to begin anew (monotonic)
        self._pause_s = float(PAUSE_S[0])
        self._up_at, self._quarrels, self._away_s = 0.0, 0, TAKEN_S[0]

    def start(self) -> None:
        """Connect, and again whenever it is lost."""
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._id,
            clean_session=True if self._version is MQTTProtocolVersion.MQTTv311 else None,
            protocol=self._version,
        )
        if self._address.user:
            client.username_pw_set(self._address.user, self._password)
        if self._address.secure:
            context = ssl.create_default_context(cadata=self._authority or None)
            client.tls_set_context(context)
        client.died = self._on_death
        client.reconnect_delay_set(*PAUSE_S)
        client.max_queued_messages_set(WAITING_MAX)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.connect_async(self._address.host, self._address.port, KEEP_ALIVE_S)
        client.loop_start()
        self._client = client

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def take_events(self) -> list[Up | Down | Heard]:
        """What happened since the last call."""
        found = []
        with self._lock:
            while self._events:
                found.append(self._events.popleft())
            begin = self._begin_at is not None and time.monotonic() >= self._begin_at
            if begin:
                self._begin_at = None
        if begin:
            self.stop()
            self.start()
        return found

    def room(self) -> bool:
        """Whether the broker keeps up."""
        with self._lock:
            return len(self._unconfirmed) < WAITING_MAX // 2

    def publish(self, topic: str, content: bytes, *, retain: bool = False) -> None:
        """Say something under a topic."""
        assert len(content) <= MESSAGE_MAX + 64
        if self._client is None:
            return
        sent = self._client.publish(self._prefix + topic, content, qos=1, retain=retain)
        if sent.rc == mqtt.MQTT_ERR_SUCCESS:
            with self._lock:
                self._unconfirmed.add(sent.mid)

    # --- paho's thread --------------------------------------------------------------------------

    def _begin_anew(self, pause_s: float) -> None:
        """With a fresh client, after a while."""
        with self._lock:
            self._begin_at = time.monotonic() + pause_s

    def _begin_later(self) -> None:
        self._begin_anew(self._pause_s)
        self._pause_s = min(PAUSE_S[1], 2 * self._pause_s)

    def _on_death(self, fault: Fault) -> None:
        LOGGER.error("the broker's thread ended: %s", fault.reason)
        self._there = False
        self._trouble(_NO_MQTT)
        self._begin_later()

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, code: Any, _p: Any) -> None:
        self._answered = True
        if code.is_failure:
            name = code.getName()
            if name == _OLD and self._version is MQTTProtocolVersion.MQTTv5:
                self._version = MQTTProtocolVersion.MQTTv311
                self._begin_anew(0.0)
                return
            self._trouble(_REFUSALS.get(name, f"der Vermittler lehnt ab ({name})"))
            return
        client.subscribe(self._topics)
        self._there, self._pause_s, self._up_at = True, float(PAUSE_S[0]), time.monotonic()
        if not self._quarrels:
            self._told = ""
        with self._lock:
            self._unconfirmed.clear()
        self._tell(Up())

    def _on_connect_fail(self, client: mqtt.Client, _data: Any) -> None:
        self._trouble(_why(client.failure if isinstance(client, _Client) else None))

    def _on_disconnect(
        self, client: mqtt.Client, _data: Any, _flags: Any, code: Any, _p: Any
    ) -> None:
        was_there, self._there = self._there, False
        answered, self._answered = self._answered, False
        with self._lock:
            waits = self._begin_at is not None
        if (
            code.is_failure and not answered and not waits
        ):  # some that know no 5.0 hang up without a word
            other = self._version is MQTTProtocolVersion.MQTTv5
            self._version = MQTTProtocolVersion.MQTTv311 if other else MQTTProtocolVersion.MQTTv5
            self._trouble(_NO_MQTT)
            self._begin_later()
        if code.is_failure and was_there:  # else it was said why we are not let in
            name = code.getName()
            if not self._quarrelled(taken=name == _TAKEN):
                client.reconnect_delay_set(*PAUSE_S)
            else:
                self._trouble(_SECOND)
                client.reconnect_delay_set(self._away_s, self._away_s)
                self._away_s = min(TAKEN_S[1], 2 * self._away_s)
                return
            self._trouble(_REFUSALS.get(name, "die Verbindung ist abgerissen"))

    def _quarrelled(self, *, taken: bool) -> bool:
        """Whether somebody else seems to come under our number, each time that we do."""
        if time.monotonic() - self._up_at >= LASTING_S:
            self._quarrels, self._away_s = 0, TAKEN_S[0]
        self._quarrels += 1
        return taken or self._quarrels >= QUARRELS

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic, content = message.topic, bytes(message.payload)
        except UnicodeDecodeError:
            return  # no topic of ours
        if topic.startswith(self._prefix) and len(content) <= MESSAGE_MAX + 64:
            self._tell(Heard(topic[len(self._prefix) :], content))

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, _code: Any, _p: Any) -> None:
        with self._lock:
            self._unconfirmed.discard(mid)
        self._wake()

    def _trouble(self, reason: str) -> None:
        sentence = f"Vermittler {self._address}: {reason}; es wird weiter versucht."
        if sentence != self._told:
            self._told = sentence
            LOGGER.info("%s", sentence)
            self._tell(Down(sentence))

    def _tell(self, event: Up | Down | Heard) -> None:
        with self._lock:
            self._events.append(event)
        self._wake()


def _why(error: OSError | None) -> str:
    """Why no connection came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"sein Zertifikat gilt hier nicht ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "er spricht dort kein TLS"
    if isinstance(error, socket.gaierror):
        return "den Namen kennt hier niemand"
    return "er ist nicht zu erreichen"


_OLD = "Unsupported protocol version"
_TAKEN = "Session taken over"
_SECOND = (
    "unter unserer Nummer meldet sich dort ein zweiter Knoten, oder er trennt jedes Mal gleich;"
    " bitte nur einen Ordner dieser Stelle laufen lassen"
)
_NO_MQTT = "was dort antwortet, spricht kein MQTT oder legt auf"
_REFUSALS = {
    _OLD: "er spricht eine andere Fassung von MQTT",
    "Not authorized": "Name oder Kennwort gilt dort nicht",
    "Bad user name or password": "Name oder Kennwort gilt dort nicht",
    "Server unavailable": "er ist überlastet",
    "Server busy": "er ist überlastet",
    "Quota exceeded": "er ist überlastet",
    "Packet too large": "eine Nachricht war ihm zu groß",
}
"""By MQTT 5.0, section 2.4, as paho names them."""
