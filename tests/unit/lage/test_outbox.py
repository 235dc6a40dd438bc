# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letters to people outside: a real mail server, stand-ins of services, refusals, back-off."""

from __future__ import annotations

import email
import json
from collections.abc import Callable, Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from lage.language.errors import KeysError
from lage.outside import outbox
from lage.outside.channels.channel import Channel, Later, Letter, Refused
from lage.outside.channels.chosen import FILE, channels_of
from lage.outside.channels.mail import Mail
from lage.outside.desk import boxes_of
from lage.outside.tending import tend
from lage.station import Station
from lage.store.arrived import ArrivedBoxes
from lage.store.notices import Notices
from lage.views.alarm import Sort
from tests.fixtures import FixedClock, make_county
from tests.nodes import free_port
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_offers import ANNE, Portal, portal

httpx = pytest.importorskip("httpx", reason="the extra [nachrichten] is not installed")
controller = pytest.importorskip("aiosmtpd.controller")
from lage.outside.channels.web import Matrix, Ntfy, Sms  # noqa: E402

__all__ = ["portal"]
LETTER = Letter("ab12", "anne@example.org", "Bitte kommen", "Treffpunkt: Rathaus\nÄnderung möglich")


class Postbox:
    """What a mail server does with what it is given."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.says = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, or refuse it."""
        if self.says.startswith("250"):
            self.got.append(email.message_from_bytes(envelope.content, policy=default))
        return self.says


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    server = controller.Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


class Service:
    """A channel that does what the test wants."""

    name = "mail"

    def __init__(self, *, refuses: Exception | None = None) -> None:
        self.refuses = refuses
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Take it, or not."""
        if self.refuses is not None:
            raise self.refuses
        self.sent.append(letter)


@pytest.fixture
def boxes(station: Station) -> Iterator[ArrivedBoxes]:
    with boxes_of(station) as opened:
        yield opened


def states(boxes: ArrivedBoxes) -> list[tuple[str, int, str]]:
    return [(row.state, row.tries, row.why) for row in Notices(boxes.database).all()]


def test_a_real_mail_server_gets_the_letter(postbox: tuple[Postbox, int]) -> None:
    """Umlauts, subject, an id that stays when it is sent again; 5yz is for good, 4yz is not."""
    box, port = postbox
    mail = Mail("127.0.0.1", "stab@rheine.example", port)
    mail.send(LETTER)
    mail.send(LETTER)
    assert [message["message-id"] for message in box.got] == ["<ab12@rheine.example>"] * 2
    assert box.got[0]["subject"] == "Bitte kommen"
    assert box.got[0]["date"].datetime is not None
    assert box.got[0].get_content().strip().endswith("Änderung möglich")
    box.says = "550 gibt es nicht"
    with pytest.raises(Refused):
        mail.send(LETTER)
    box.says = "451 später"
    with pytest.raises(Later):
        mail.send(LETTER)
    with pytest.raises(Refused):
        mail.send(Letter("x", "anne@example.org\nBcc: alle@example.org", "a", "b"))
    with pytest.raises(Later):
        Mail("127.0.0.1", "stab@rheine.example", free_port()).send(LETTER)


def answering(answer: Callable[[Any], Any], seen: list[Any]) -> Any:
    """A stand-in that keeps what it was asked."""

    def handle(request: Any) -> Any:
        seen.append(request)
        return answer(request)

    return httpx.MockTransport(handle)


@pytest.mark.parametrize(
    ("status", "body", "headers", "outcome", "after"),
    [
        (200, "100\n77", {}, None, None),
        (200, "900", {}, Later, None),  # wrong key, and still 200: the staff puts it right
        (200, "202", {}, Refused, None),
        (200, "402", {}, Later, None),
        (200, "", {}, Refused, None),
        (429, "", {"retry-after": "120"}, Later, 120.0),
        (503, "", {}, Later, None),
        (401, "", {}, Later, None),
        (400, "", {}, Refused, None),
    ],
)
def test_sms_gateway(
    status: int, body: str, headers: dict[str, str], outcome: Any, after: float | None
) -> None:
    """It says in the body whether it has taken the letter."""
    seen: list[Any] = []
    answer = httpx.Response(status, text=body, headers=headers)
    sms = Sms("geheim", "Rheine", transport=answering(lambda _: answer, seen))
    letter = Letter("ab12", "0171 555", "Bitte kommen", "Treffpunkt: Rathaus")
    if outcome is None:
        sms.send(letter)
    else:
        with pytest.raises(outcome) as refused:
            sms.send(letter)
        assert getattr(refused.value, "after_s", None) == after
    assert seen[0].headers["x-api-key"] == "geheim"
    assert "Rathaus" in seen[0].content.decode().replace("%3A", ":")


def test_ntfy_and_matrix() -> None:
    """Published as their documentation says; the transaction's number is the letter's."""
    seen: list[Any] = []
    taken = answering(lambda _: httpx.Response(200, json={"id": "x"}), seen)
    Ntfy(token="tk_x", transport=taken).send(Letter("ab", "lage-rheine", "Aufruf", "Küche gesucht"))
    assert json.loads(seen[0].content) == {
        "topic": "lage-rheine", "title": "Aufruf", "message": "Küche gesucht",
    }  # fmt: skip
    assert seen[0].headers["authorization"] == "Bearer tk_x"
    Matrix("https://matrix.example", "syt_x", taken).send(Letter("ab", "!raum:example", "A", "b"))
    assert seen[1].method == "PUT"
    assert seen[1].url.raw_path.decode().endswith("%21raum%3Aexample/send/m.room.message/ab")
    limited = httpx.Response(429, json={"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500})
    with pytest.raises(Later) as later:
        Matrix("https://m.example", "x", answering(lambda _: limited, seen)).send(LETTER)
    assert later.value.after_s == 2.5
    for status, judged in ((403, Later), (401, Later), (404, Refused)):
        wrong = answering(lambda _, status=status: httpx.Response(status), seen)  # type: ignore[misc]
        with pytest.raises(judged):
            Matrix("https://m.example", "x", wrong).send(LETTER)

    def falls(_: Any) -> Any:
        raise httpx.ConnectError("no route")

    with pytest.raises(Later):
        Ntfy(transport=answering(falls, seen)).send(LETTER)
    with pytest.raises(ValueError, match="https"):
        Ntfy("http://ntfy.example")


def test_tried_again_ever_later_until_given_up(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """One minute, two, four … six hours; after three days it has failed, and says why."""
    service = Service(refuses=Later("Antwort 451"))
    outbox.write(station, boxes, "mail", "anne@example.org", "Bitte kommen", "Rathaus")
    waits = []
    while Notices(boxes.database).all()[0].state == "wartet":
        due = Notices(boxes.database).all()[0].due
        waits.append(due - int(clock.unix))
        clock.unix = due
        assert outbox.send_due(station, boxes, {"mail": service}) == 0
        assert outbox.send_due(station, boxes, {"mail": service}) == 0, "not before its time"
    assert waits[:5] == [0, 60, 120, 240, 480]
    assert max(waits) == 6 * 3600
    assert 2.5 * 86_400 < sum(waits) <= 3 * 86_400
    assert states(boxes) == [("gescheitert", len(waits), "Antwort 451")]


def test_a_service_says_when(station: Station, boxes: ArrivedBoxes, clock: FixedClock) -> None:
    """Its word counts where it is later than ours."""
    outbox.write(station, boxes, "mail", "a@b.c", "x", "y")
    outbox.send_due(station, boxes, {"mail": Service(refuses=Later("429", 900.0))})
    assert Notices(boxes.database).all()[0].due == int(clock.unix) + 900


def test_the_same_words_to_the_same_are_one_letter(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """Also after it was sent; a refusal for good is not tried again."""
    service = Service()
    for _ in range(3):
        outbox.write(station, boxes, "mail", "a@b.c", "x", "y")
    outbox.write(station, boxes, "mail", "a@b.c", "x", "anders")
    assert outbox.send_due(station, boxes, {"mail": service}) == 2
    assert not outbox.write(station, boxes, "mail", "a@b.c", "x", "y")
    outbox.write(station, boxes, "mail", "gibt-es-nicht@b.c", "x", "y")
    outbox.send_due(station, boxes, {"mail": Service(refuses=Refused("Antwort 550"))})
    clock.advance(86_400)
    outbox.send_due(station, boxes, {"mail": service})
    assert len(service.sent) == 2
    assert states(boxes).count(("gescheitert", 1, "Antwort 550")) == 1


def test_addresses_and_words_lie_sealed(
    station: Station, boxes: ArrivedBoxes, tmp_path: Path
) -> None:
    """The outbox on the disk tells channel, state and time."""
    outbox.write(station, boxes, "mail", "anne@example.org", "Bitte kommen", "Treffpunkt Rathaus")
    data = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"anne@example" not in data
    assert b"Treffpunkt Rathaus" not in data


def test_an_exercise_begins_and_ends_with_its_mark(tmp_path: Path, clock: FixedClock) -> None:
    """Nobody takes it for a real call."""
    station = make_county(tmp_path, ["SAE Rheine"], clock=clock, exercise=True)["SAE Rheine"]
    service = Service()
    with boxes_of(station) as boxes:
        outbox.write(station, boxes, "mail", "a@b.c", "Bitte kommen", "Rathaus")
        outbox.send_due(station, boxes, {"mail": service})
    station.close()
    (letter,) = service.sent
    assert letter.subject.startswith("ÜBUNG")
    assert letter.text.splitlines()[0] == letter.text.splitlines()[-1] == "ÜBUNG ÜBUNG ÜBUNG"


def test_who_is_sent_is_written_to_once_and_withdrawal_stops_it(
    portal: Portal, lage: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter for each assignment, with point, contact and the way to say no."""
    service = Service(refuses=Later("Antwort 451"))
    channels: dict[str, Channel] = {"mail": service}
    monkeypatch.setattr("lage.outside.tending.channels_of", lambda _: channels)
    ticket = portal.offer()
    lage("angebot", "uebernehmen", "1")
    lage(
        "helfer", "zuweisen", "1", "--an", "Greven", "--treffpunkt", "Rathaus", "--kontakt", "Kroos"
    )
    for _ in range(3):
        tend(portal.station)
    with boxes_of(portal.station) as boxes:
        assert [row[0] for row in states(boxes)] == ["wartet"]
    portal.wish(ticket, "zurueckziehen")
    service.refuses = None
    portal.clock.advance(7200)
    tend(portal.station)
    assert service.sent == []
    assert lage.json("angebot", "ausgang")[0]["stand"] == "gestoppt"
    other = portal.offer()
    lage("angebot", "uebernehmen", "2")
    lage(
        "helfer", "zuweisen", "2", "--an", "Greven", "--treffpunkt", "Rathaus", "--kontakt", "Kroos"
    )
    tend(portal.station)
    tend(portal.station)
    (letter,) = service.sent
    assert letter.to == ANNE.mail
    for words in ("Treffpunkt: Rathaus", "Kontakt: Kroos", f"example.org/beleg/{other}"):
        assert words in letter.text


def test_what_no_longer_holds_is_not_sent(
    portal: Portal, lage: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dismissed by the staff, sent elsewhere, the appeal ended, on every channel. Thanks are sent
    to whoever was dismissed, and who was sent to an appeal that has enough comes."""
    service = Service(refuses=Later("Antwort 451"))
    channels: dict[str, Channel] = {"mail": service, "ntfy": service}
    for module in ("lage.outside.tending", "lage.cli.offers"):
        monkeypatch.setattr(f"{module}.channels_of", lambda _: channels)
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Küche", "--treffpunkt", "Aula",
         "--personen", "9")  # fmt: skip
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Küche", "--treffpunkt", "Stadthalle",
         "--personen", "3")  # fmt: skip
    for _ in range(4):
        portal.offer()
    assert "genug" in lage("angebot", "zuweisen", "4", "--aufruf", "RHE-R2")
    lage("aufruf", "aendern", "2", "--status", "beendet")
    lage("angebot", "uebernehmen", "1")
    lage("helfer", "zuweisen", "2", "--an", "Greven", "--treffpunkt", "Rathaus")
    lage("angebot", "zuweisen", "2", "--aufruf", "RHE-R1")
    lage("angebot", "uebernehmen", "3")
    lage("helfer", "zuweisen", "4", "--an", "Greven", "--treffpunkt", "Turnhalle")
    lage("angebot", "aufruf", "RHE-R1", "--kanal", "ntfy", "--an", "helfen")
    tend(portal.station)
    lage("helfer", "zuweisen", "4", "--an", "Greven", "--treffpunkt", "Bauhof")
    lage("helfer", "entlassen", "2")
    lage("angebot", "schreiben", "1", "Danke!")
    lage("aufruf", "aendern", "1", "--status", "beendet")
    service.refuses = None
    portal.clock.advance(7200)
    tend(portal.station)
    said = [letter.text.splitlines()[0] for letter in service.sent]
    assert sorted(said) == ["Danke!", "Treffpunkt: Bauhof", "Treffpunkt: Stadthalle"]


def test_the_file_of_channels(station: Station, tmp_path: Path) -> None:
    """All four by their names; what is wrong in it is said and sends nothing."""
    path = station.folder / FILE
    path.write_text(
        '[mail]\nserver = "localhost"\nsender = "stab@rheine.example"\n'
        '[sms]\nkey = "x"\n[ntfy]\n[matrix]\naddress = "https://m.example"\ntoken = "x"\n'
    )
    assert list(channels_of(station.folder)) == ["mail", "sms", "ntfy", "matrix"]
    no_sender = '[mail]\nserver = "localhost"\nsender = "stab@rheine..example"\n'
    for wrong in (
        no_sender,
        '[sms]\nkey = "schlüssel"\n',
        '[mail]\nserver = "x"\nsender = "a@b.c"\npassword = "Käse"\n',
        "[fax]\n",
        "[mail]\n",
        "[mail",
        '[ntfy]\naddress = "http://n.example"\n',
    ):
        path.write_text(wrong)
        with pytest.raises(KeysError, match=FILE):
            channels_of(station.folder)
    assert any(FILE in trouble for trouble in tend(station).troubles)


def test_a_silent_service_is_waited_for_once_in_a_round(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """Its other letters keep their turn, those of other services go; a node sends them apart."""
    dead, alive = Service(refuses=Later("TimeoutError")), Service()
    for n in range(5):
        outbox.write(station, boxes, "mail", f"{n}@example.org", "Bitte kommen", "Rathaus")
    outbox.write(station, boxes, "sms", "0171", "Bitte kommen", "Rathaus")
    assert outbox.send_due(station, boxes, {"mail": dead, "sms": alive}) == 1
    tries = [n.tries for n in Notices(boxes.database).all() if n.channel == "mail"]
    assert sorted(tries) == [0, 0, 0, 0, 1]
    clock.advance(1)
    assert tend(station, letters=False).sent == 0
    assert outbox.send_due(station, boxes, {"mail": Service()}) == 4
    for n in range(outbox.ROUND_MAX):
        outbox.write(station, boxes, "mail", f"{n}@example.org", "Bitte kommen", "Turnhalle")
    outbox.write(station, boxes, "sms", "0171", "Bitte kommen", "Turnhalle")
    assert outbox.send_due(station, boxes, {"mail": dead, "sms": alive}) == 1


def test_letters_that_no_service_takes_are_an_alarm(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """After some tries, or three refusals in a row; one wrong address is none, and it ends with
    the next that is taken."""

    def alarms() -> list[str]:
        return [alarm.text for alarm in station.queue() if alarm.sort is Sort.POST]

    def write(n: int, service: Service) -> None:
        clock.advance(4000)
        outbox.write(station, boxes, "mail", f"{n}@b.c", "x", "y")
        outbox.send_due(station, boxes, {"mail": service})

    wrong = Service(refuses=Refused("Antwort 550"))
    write(0, Service())
    write(1, wrong)
    write(2, wrong)
    assert alarms() == []
    write(3, wrong)
    (text,) = alarms()
    assert text.startswith("3 Nachrichten gehen nicht hinaus (mail: Antwort 550)")
    write(4, Service())
    assert alarms() == []
    for _ in range(3):
        write(5, Service(refuses=Later("Antwort 451")))
    assert "Eine Nachricht geht nicht hinaus (mail: Antwort 451)" in alarms()[0]


def test_what_was_sent_is_kept_no_longer(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """Neither address nor words, sealed or not, of a letter that is done with."""
    outbox.write(station, boxes, "mail", "a@b.c", "x", "y")
    outbox.write(station, boxes, "sms", "0171", "x", "y")
    outbox.send_due(station, boxes, {"mail": Service(), "sms": Service(refuses=Later("503"))})
    assert {n.channel: bool(n.sealed) for n in Notices(boxes.database).all()} == {
        "mail": False, "sms": True,
    }  # fmt: skip


def test_what_is_withdrawn_while_others_are_sent_stays_here(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """The letter before took its time; neither address nor words of the stopped one are kept."""
    for n in b"ab":
        outbox.write(station, boxes, "mail", f"{n}@b.c", "x", "y", owner=bytes([n]) * 16)
        clock.advance(1)

    class Slow(Service):
        def send(self, letter: Letter) -> None:
            super().send(letter)
            Notices(boxes.database).stop(b"b" * 16)

    slow = Slow()
    assert outbox.send_due(station, boxes, {"mail": slow}) == 1
    assert [letter.to for letter in slow.sent] == [f"{ord('a')}@b.c"]
    (stopped, _) = Notices(boxes.database).all()
    assert (stopped.state, stopped.sealed) == ("gestoppt", b"")


def test_a_service_that_wants_a_pause_gets_it_from_all_letters(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """And a letter that has failed can be written again; one that waits is one."""
    for n in range(3):
        outbox.write(station, boxes, "mail", f"{n}@b.c", "x", "y")
    busy = Service(refuses=Later("Antwort 429", 600.0))
    outbox.send_due(station, boxes, {"mail": busy})
    clock.advance(599)
    assert outbox.send_due(station, boxes, {"mail": Service()}) == 0
    clock.advance(1)
    outbox.send_due(station, boxes, {"mail": Service(refuses=Refused("Antwort 550"))})
    assert {state for state, *_ in states(boxes)} == {"gescheitert"}
    assert outbox.write(station, boxes, "mail", "0@b.c", "x", "y")
    assert not outbox.write(station, boxes, "mail", "0@b.c", "x", "y")
    assert outbox.send_due(station, boxes, {"mail": Service()}) == 1


def test_a_channel_that_is_not_set_up_yet(
    station: Station, boxes: ArrivedBoxes, lage: Terminal, clock: FixedClock
) -> None:
    """Its letters wait as for a service that is away; an appeal to it is not even taken."""
    outbox.write(station, boxes, "sms", "0171", "x", "y")
    outbox.send_due(station, boxes, {})
    assert states(boxes) == [("wartet", 1, "Kanal nicht eingerichtet")]
    clock.advance(60)
    assert outbox.send_due(station, boxes, {"sms": Service()}) == 1
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Küche")
    refusal = lage.refusal("angebot", "aufruf", "RHE-R1", "--kanal", "ntfy", "--an", "rheine")
    assert "[ntfy] steht nicht in" in str(refusal)


def test_an_error_of_the_program_costs_its_letter_alone(
    station: Station, boxes: ArrivedBoxes, clock: FixedClock
) -> None:
    """The others go in the same round; it is told, tried again ever later, and fails in the end."""

    class Stumbles(Service):
        def send(self, letter: Letter) -> None:
            if letter.to.startswith("0"):
                raise RecursionError(letter.to)
            super().send(letter)

    for n in range(3):
        outbox.write(station, boxes, "mail", f"{n}@b.c", "x", "y")
        clock.advance(1)
    service, faults = Stumbles(), 0
    while any(state == "wartet" for state, *_ in states(boxes)):
        with pytest.raises(RecursionError):
            outbox.send_due(station, boxes, {"mail": service})
        faults += 1
        assert [letter.to for letter in service.sent] == ["1@b.c", "2@b.c"]
        clock.unix = Notices(boxes.database).all()[-1].due
    assert states(boxes)[-1] == ("gescheitert", faults, "Fehler des Programms (RecursionError)")
    assert faults > 10
