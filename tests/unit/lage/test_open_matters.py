# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Missing Quittungen as alarms, the Sichter's words, and places that move."""

from __future__ import annotations

from lage.kinds.model import Draft
from lage.station import Station
from lage.views.lists import LISTS
from lage.views.pages import overdue_page
from lage.views.receipts import awaited, owed
from lage.write import commands
from sync.schema.definition import Change
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal

SOFORT: dict[str, Change] = {"text": "Pegel?", "priority": "sofort", "receipt_wanted": True}


def test_status_says_which_quittung_is_overdue(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """The sender sees who owes it, the addressee that it owes; a Quittung ends both."""
    county[1].write([Draft("message", {**SOFORT, "to": (1, 3)})])
    share(*county)
    assert terminals[1].json("status")["alarme"] == []
    (owes,) = terminals[0].json("status")["alarme"]
    assert owes["text"] == "SOFORT RHE-N1 von SAE Rheine: Pegel?"
    clock.advance(31 * 60)
    assert "seit 31 min: RHE-N1: Quittung fehlt von Krisenstab Steinfurt, SAE Greven" in (
        " ".join(terminals[1]("status").split())
    )
    terminals[0]("nachricht", "quittieren", "1", "--name", "Kurz")
    share(*county)
    assert terminals[0].json("status")["alarme"] == []
    (late,) = terminals[1].json("status")["alarme"]
    assert (late["text"], late["entity"]) == ("RHE-N1: Quittung fehlt von SAE Greven", "2:1")
    shown = [
        [row.key for row in overdue_page(view.columns, view.query, each.context()).rows]
        for each in county
        for view in [LISTS["message"]]
    ]
    assert [len(rows) for rows in shown] == [0, 1, 1]


def test_open_quittungen_are_found_among_others_messages(county: list[Station]) -> None:
    """What others owe each other, or have confirmed, is no business of ours."""
    kst, rhe, gre = county
    mine, other, all_ = rhe.write(
        [
            Draft("message", {**SOFORT, "to": (1,)}),
            Draft("message", {**SOFORT, "to": (3,)}),
            Draft("message", dict(SOFORT)),
        ]
    )
    share(*county)
    assert [record.id for record in owed(kst.context())] == [all_, mine]
    assert [record.id for record in owed(kst.context(), "pegel")] == [all_, mine]
    assert [record.id for record in owed(gre.context())] == [all_, other]
    assert owed(rhe.context()) == []
    record = kst.reader.get(mine)
    assert record is not None
    kst.write(commands.acknowledge(record, "Kurz", kst.parse_context(), []))
    share(*county)
    assert [record.id for record in owed(kst.context())] == [all_]
    waiting = [(record.id, state.open) for record, state in awaited(rhe.context())]
    assert waiting == [(all_, (1, 3)), (other, (3,))]


def test_distribution_is_shown_with_its_note(county: list[Station], lage: Terminal) -> None:
    """Whom the Sichter gave it to, with what remark, and his sign."""
    county[0].write([Draft("message", {"text": "Pegel?", "priority": "einfach"})])
    share(*county)
    lage("nachricht", "verteilen", "1", "--an", "S2,S3", "--vermerk", "bis 1700", "--zeichen", "Si")
    told = " ".join(lage("nachricht", "zeigen", "1").split())
    assert "Verteilung: SAE Rheine 241530nov26, an S2, S3, Vermerk: bis 1700, Zeichen Si" in told


def test_the_municipality_follows_the_coordinate(lage: Terminal, station: Station) -> None:
    """A moved incident lies where its new coordinate is, unless somebody says otherwise."""

    def place() -> object:
        return lage.json("vorfall", "zeigen", "1").get("municipality")

    lage("vorfall", "melden", "Baum", "--art", "Sturmschaden", "--koordinate", "52,279 7,440")
    assert place() == "Rheine"
    lage("vorfall", "aendern", "1", "--koordinate", "52,09 7,61")
    assert place() == "Greven"
    lage("vorfall", "aendern", "1", "--koordinate", "52,279 7,440", "--gemeinde", "Neuenkirchen")
    assert place() == "Neuenkirchen"
    lage("vorfall", "aendern", "1", "--koordinate", "50,0 7,0")
    assert place() is None
    assert "Gemeinde: unbekannt" in lage("vorfall", "zeigen", "1")


def test_a_separated_incident_says_so(lage: Terminal) -> None:
    """Taking a merge back is no unknown place, but the end of it."""
    for text in ("Keller", "Keller auch"):
        lage("vorfall", "melden", text, "--art", "Überflutung")
    lage("vorfall", "zusammenfuehren", "2", "1")
    assert lage.json("vorfall", "zeigen", "2")["merged_into"] == "2:1"
    lage("vorfall", "trennen", "2")
    assert "überführt in: entfällt" in lage("vorfall", "zeigen", "2")
