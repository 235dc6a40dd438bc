# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox of people outside: durable, sealed, one box for each ticket, on both engines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds import outside
from lage.language.errors import UsageError
from lage.store import inbox as inbox_module
from lage.store.inbox import Inbox, InboxFull
from lage.store.opening import NotOurs, open_box
from lage.store.reception import Reception
from lage.store.recipient import SHEET, Recipient
from lage.store.ticket import NoTicket, Ticket
from tests.postgres import Server, postgres_server

__all__ = ["postgres_server"]
SECRET = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PLAIN = ("Annegret Musterfrau", "0171 5559876", "Lindenweg 12")
CALL = outside.Call("Person in Not", PLAIN[2], "Sauerstoff reicht noch zwei Stunden",
                    people=1, name=PLAIN[0], back=PLAIN[1])  # fmt: skip


def recipient(*, exercise: bool = False) -> Recipient:
    public = SECRET.public_key().public_bytes_raw()
    return Recipient("SAE Rheine", 2, public, "Kreis Steinfurt", exercise, "Infopunkt Dorenkamp")


@pytest.fixture(params=["sqlite", "postgresql"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Inbox]:
    if request.param == "sqlite":
        address = str(tmp_path / "eingang.db")
    else:
        server: Server = request.getfixturevalue("postgres_server")
        address = server.fresh_database()
    opened = Inbox.open(address)
    yield opened
    opened.close()


def test_one_box_for_each_ticket(inbox: Inbox) -> None:
    """Handed in twice is one number; kinds count by themselves; fetched content is gone."""
    ours, other = Ticket.new(), Ticket.new()
    first = inbox.put(ours.id, "notruf", b"sealed", 100)
    again = inbox.put(ours.id, "notruf", b"sealed anew", 130)
    assert (first.number, first.received, first.new) == (1, 100, True)
    assert (again.number, again.received, again.new) == (1, 100, False)
    assert inbox.put(other.id, "notruf", b"second", 140).number == 2
    assert inbox.put(Ticket.new().id, "angebot", b"help", 150).number == 1

    waiting = inbox.waiting()
    assert [(box.kind, box.number, box.sealed) for box in waiting] == [
        ("notruf", 1, b"sealed"), ("notruf", 2, b"second"), ("angebot", 1, b"help"),
    ]  # fmt: skip
    assert [box.number for box in inbox.waiting(after=waiting[1].seq)] == [1]
    inbox.fetched([ours.id])
    entered = inbox.entered(ours.id)
    assert entered is not None
    assert (entered.number, entered.fetched) == (1, True)
    assert [box.id for box in inbox.waiting()] == [other.id, waiting[2].id]
    assert inbox.entered(Ticket.new().id) is None


def test_answers_and_retention(inbox: Inbox) -> None:
    """The latest answer counts; past its day it goes, and with it what was fetched."""
    ours = Ticket.new()
    inbox.put(ours.id, "notruf", b"sealed", 100)
    for word in (b"gelesen", b"angekommen"):
        inbox.answer(ours.id, ours.seal(word), until=5000)
    answered = inbox.answered(ours.id)
    assert answered is not None
    assert ours.open(answered) == b"angekommen"
    assert Ticket.new().open(answered) is None
    inbox.sweep(10**9)
    assert inbox.answered(ours.id) is None
    assert inbox.entered(ours.id) is not None, "nobody has fetched it"
    inbox.fetched([ours.id])
    inbox.sweep(10**9)
    assert inbox.entered(ours.id) is None


def test_all_processes_know_one_secret(inbox: Inbox) -> None:
    """Whoever asks first makes it."""
    assert inbox.shared_secret("formular") == inbox.shared_secret("formular")
    assert inbox.shared_secret("formular") != inbox.shared_secret("anderes")


def test_a_full_inbox_confirms_nothing(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the person is told at once; what is in it stays."""
    monkeypatch.setattr(inbox_module, "WAITING_MAX", 1)
    ours = Ticket.new()
    inbox.put(ours.id, "notruf", b"sealed", 100)
    with pytest.raises(InboxFull, match="Helfenden"):
        inbox.put(Ticket.new().id, "notruf", b"more", 101)
    assert inbox.put(ours.id, "notruf", b"again", 102).number == 1


def test_a_stolen_server_holds_only_sealed_boxes(tmp_path: Path) -> None:
    """No name, number or address in any file, the write-ahead log included; nor the ticket."""
    ticket = Ticket.new()
    opened = Inbox.open(str(tmp_path / "eingang.db"))
    opened.put(ticket.id, CALL.KIND, recipient().close(CALL, ticket), 100)
    opened.answer(ticket.id, ticket.seal(f"Frau {PLAIN[0]}, bitte warten".encode()), 10**9)
    opened.lay_out(SHEET, recipient().to_json())
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert files["eingang.db-wal"], "the write-ahead log is looked at as well"
    for name, content in files.items():
        for word in (*PLAIN, "Sauerstoff", str(ticket)):
            assert word.encode() not in content, name
        assert ticket.secret not in content, name
    assert Recipient.from_json(opened.laid_out(SHEET) or b"") == recipient()
    (box,) = opened.waiting()
    assert open_box(box.sealed, [SECRET], exercise=False) == (ticket, CALL)
    opened.fetched([box.id])
    opened.close()
    assert box.sealed[:64] not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


def test_boxes_of_others_are_not_ours() -> None:
    """Sealed to another staff, practised, cut, flipped: refused in one way."""
    ticket = Ticket.new()
    sealed = recipient().close(CALL, ticket)
    with pytest.raises(NotOurs):
        open_box(sealed, [X25519PrivateKey.generate()], exercise=False)
    with pytest.raises(NotOurs, match="exercise"):
        open_box(sealed, [SECRET], exercise=True)
    for broken in (b"", sealed[:40], sealed[:-1], bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(NotOurs):
            open_box(broken, [SECRET], exercise=False)
    practised = recipient(exercise=True).close(CALL, ticket)
    assert open_box(practised, [X25519PrivateKey.generate(), SECRET], exercise=True)[1] == CALL


def test_size_tells_little() -> None:
    """Boxes come in steps of 256 bytes."""
    sizes = {
        len(recipient().close(outside.Call("Brand", "x" * n), Ticket.new())) for n in range(1, 80)
    }
    assert all(size % 256 == 0 for size in sizes)
    assert len(sizes) <= 2


@given(st.binary(min_size=10, max_size=10))
def test_tickets_as_people_type_them(secret: bytes) -> None:
    """Lower case, no dashes, O for nought: the same ticket."""
    ticket = Ticket(secret)
    typed = str(ticket).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Ticket.parse(typed) == ticket


@given(st.binary(min_size=10, max_size=10))
def test_tickets_as_scanners_type_them(secret: bytes) -> None:
    """The address in the QR code, also by a scanner that is set to the American keyboard."""
    ticket = Ticket(secret)
    address = f"http://infopunkt.lan:8080/beleg/{ticket}"
    assert Ticket.parse(address) == ticket
    american = str.maketrans("yzYZ-/:", "zyZYß-Ö")
    assert Ticket.parse(address.translate(american)) == ticket


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_other_words_are_no_tickets(typed: str) -> None:
    """Any text is a ticket or refused."""
    with suppress(NoTicket):
        assert Ticket.parse(str(Ticket.parse(typed))) == Ticket.parse(typed)


SAID = st.dictionaries(
    st.sampled_from(["what", "place", "text", "people", "skills", "name", "at", "wish"]),
    st.integers(-5, 10**6) | st.text(max_size=5) | st.lists(st.text(max_size=3)),
)


@settings(max_examples=40)
@given(
    st.binary(max_size=200)
    | st.tuples(st.sampled_from(["notruf", "angebot", "aenderung", ""]), SAID).map(msgpack.packb)
)
def test_reading_a_box_is_total(data: bytes) -> None:
    """Any bytes are something checked, or refused."""
    with suppress(outside.Unreadable):
        outside.unpack(data).check()


def test_what_cannot_be_acted_on_is_asked_again() -> None:
    """Each sentence names its input."""
    for told, field in (
        (outside.Call("Ufo", "Rheine"), "what"),
        (outside.Call("Brand", ""), "place"),
        (outside.Call("Brand", "Rheine", people=-1), "people"),
        (outside.Call("Brand", "x" * 81), "place"),
        (outside.Offer((), "Rheine", "Anne", phone="1", consent=True), "skills"),
        (outside.Offer(("Küche",), "Rheine", "Anne", consent=True), "phone"),
        (outside.Offer(("Küche",), "Rheine", "Anne", mail="anne", consent=True), "mail"),
        (outside.Offer(("Küche",), "Rheine", "Anne", phone="1"), "consent"),
        (outside.Offer(("Küche",), "Rheine", "Anne", phone="1", days=999, consent=True), "days"),
        (outside.Wish(b"x", "tanzen", 0), "wish"),
    ):
        with pytest.raises(UsageError) as refused:
            told.check()
        assert refused.value.field == field


WRITER = """
import sys
from lage.store.inbox import Inbox
from lage.store.ticket import Ticket
inbox = Inbox.open(sys.argv[1])
while True:
    ticket = Ticket.new()
    inbox.put(ticket.id, "notruf", b"x" * 700, 1)
    print(ticket, flush=True)
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_confirmed_survives_kill_9(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two processes are killed in the middle of writing: all that they confirmed is there."""
    if engine == "sqlite":
        address = str(tmp_path / "eingang.db")
    else:
        address = request.getfixturevalue("postgres_server").fresh_database()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    confirmed: list[str] = []
    for writer in writers:
        assert writer.stdout is not None
        confirmed += [writer.stdout.readline() for _ in range(5)]
        writer.kill()
    for writer in writers:
        assert writer.stdout is not None
        confirmed += [line for line in writer.stdout if line.endswith("\n")]
        writer.wait()
    opened = Inbox.open(address)
    numbers = [opened.entered(Ticket.parse(line).id) for line in confirmed]
    assert all(numbers)
    assert len({found.number for found in numbers if found}) == len(confirmed)
    opened.close()


def test_node_and_pages_may_be_two_accounts(tmp_path: Path) -> None:
    """A folder of both makes files of both, whoever makes them; any other, the owner's alone."""
    for mode, expected in ((0o2770, 0o660), (0o755, 0o600), (0o770, 0o600)):
        folder = tmp_path / oct(mode)
        folder.mkdir()
        folder.chmod(mode)
        inbox = Inbox.open(str(folder / "eingang.db"))
        inbox.lay_out(SHEET, b"x")
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {expected}
        assert len(list(folder.iterdir())) == 3, "the database's helper files too"
        inbox.close()


def test_what_is_fetched_or_forgotten_leaves_the_disk(tmp_path: Path) -> None:
    """While the pages go on: neither in the tables nor in the write-ahead log."""
    pages, node = (Inbox.open(str(tmp_path / "eingang.db")) for _ in range(2))
    first, second = Ticket.new(), Ticket.new()
    sealed = [recipient().close(CALL, ticket) for ticket in (first, second)]
    for ticket, each in zip((first, second), sealed, strict=True):
        pages.put(ticket.id, "notruf", each, 100)

    def stands(what: bytes) -> bool:
        return any(what[:200] in path.read_bytes() for path in tmp_path.iterdir())

    assert all(map(stands, sealed))
    node.fetched([first.id])
    assert [stands(each) for each in sealed] == [False, True]
    node.forget(second.id)
    assert not stands(sealed[1])
    for inbox in (pages, node):
        inbox.close()


def test_a_replaced_key_is_used_at_once(tmp_path: Path) -> None:
    """The pages run on; what they seal from then on opens with the new key."""
    inbox = Inbox.open(str(tmp_path / "eingang.db"))
    inbox.lay_out(SHEET, recipient().to_json())
    window = Reception(inbox)
    new = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    changed = replace(recipient(), seal=new.public_key().public_bytes_raw())
    inbox.lay_out(SHEET, changed.to_json())
    window.hand_in(CALL, window.new_ticket())
    (box,) = inbox.waiting()
    assert open_box(box.sealed, [new], exercise=False)[1] == CALL
    inbox.close()
