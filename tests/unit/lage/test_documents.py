# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents are what their hash says, on whatever stick they came."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.documents import library as documents
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft
from lage.language.errors import StoreError
from lage.station import Station
from tests.fixtures import share
from tests.unit.lage.conftest import Terminal


def test_two_editions_of_one_name(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """The hash tells them apart; who names only the name is told both."""
    _, rhe, gre = terminals
    plan = tmp_path / "Plan.txt"
    for text in ("alt", "neu"):
        plan.write_text(text, "utf8")
        rhe("dokument", "ablegen", str(plan), "--art", "Plan")
    share(*county)
    for text in ("alt", "neu"):
        plan.write_text(text, "utf8")
        gre("dokument", "ablegen", str(plan))
    hashes = [entry["hash"][:8] for entry in gre.json("dokument", "liste")]
    assert len(set(hashes)) == 2
    refusal = str(gre.refusal("dokument", "holen", "Plan.txt", str(tmp_path / "x")))
    assert all(digest in refusal for digest in hashes)
    for digest in hashes:
        gre("dokument", "holen", digest, str(tmp_path / digest))
    assert {(tmp_path / digest).read_text("utf8") for digest in hashes} == {"alt", "neu"}
    assert "gibt es nicht" in str(gre.refusal("dokument", "holen", "abc", str(tmp_path / "y")))


def test_a_file_that_is_not_the_document(lage: Terminal, tmp_path: Path) -> None:
    """With --zu only the very file is taken; another edition is named by its hash."""
    plan = tmp_path / "Plan.txt"
    plan.write_text("alt", "utf8")
    assert "Prüfsumme" in lage("dokument", "ablegen", str(plan))
    assert "war schon bekannt" in lage("dokument", "ablegen", str(plan), "--zu", "plan")
    plan.write_text("verändert", "utf8")
    assert "ist nicht „Plan.txt“" in str(
        lage.refusal("dokument", "ablegen", str(plan), "--zu", "plan")
    )
    assert len(lage.json("dokument", "liste")) == 1


def test_taking_in_a_stick(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """Known documents are found by hash under any name; nothing else becomes known."""
    _, rhe, gre = terminals
    stick = tmp_path / "stick" / "ordner"
    stick.mkdir(parents=True)
    (stick / "umbenannt.bin").write_bytes(b"Alarmplan Rheine")
    (stick / "privat.txt").write_text("geht niemanden etwas an", "utf8")
    (stick / "gleich gross").write_bytes(b"alarmplan rheine")
    (stick / "verweis").symlink_to(stick / "privat.txt")
    source = tmp_path / "Alarmplan.txt"
    source.write_bytes(b"Alarmplan Rheine")
    rhe("dokument", "ablegen", str(source))
    share(*county)
    head = county[2].store.log.head(3)
    said = gre("dokument", "aufnehmen", str(stick.parent))
    assert "Alarmplan.txt" in said
    assert "1 Dokument aufgenommen" in said
    assert county[2].store.log.head(3) == head
    (entry,) = gre.json("dokument", "liste")
    assert entry["hier"] is True
    assert "0 Dokumente" in gre("dokument", "aufnehmen", str(stick.parent))
    assert "gibt es nicht" in str(gre.refusal("dokument", "aufnehmen", str(tmp_path / "fehlt")))


def test_the_search_names_documents_that_hold_the_words(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """Only where the content lies: elsewhere its words are not known."""
    _, rhe, gre = terminals
    plan = tmp_path / "Plan.txt"
    plan.write_text("Pumpwerk Gellendorf: Schlüssel beim Bauhof", "utf8")
    rhe("dokument", "ablegen", str(plan))
    share(*county)
    assert "In Dokumenten: Plan.txt" in rhe("suche", "Pumpwerk", "schluessel")
    assert "In Dokumenten" not in rhe("suche", "Pumpwerk", "--art", "vorfall")
    assert "In Dokumenten" not in gre("suche", "Pumpwerk")


def test_damaged_content_is_not_handed_out(station: Station, tmp_path: Path) -> None:
    """What the disk has changed is refused, and no file is left behind."""
    path = tmp_path / "a.txt"
    path.write_text("Inhalt", "utf8")
    record = documents.file_away(station, path).record
    station.store.connection.execute("UPDATE document SET content = ?", (b"Unsinn",))
    with pytest.raises(StoreError, match="beschädigt"):
        documents.fetch(station, record, tmp_path / "b.txt")
    assert not (tmp_path / "b.txt").exists()


def test_a_name_is_never_a_path(county: list[Station], tmp_path: Path) -> None:
    """A name from the network that looks like a path or a command is shown, nothing more."""
    _, rhe, gre = county
    name = "../../etc/passwd\x1b[31m"
    rhe.write([Draft("document", {"name": name, "hash": b"\x01" * 32, "size": 3})])
    share(*county)
    lage = Terminal(gre)
    shown = lage("dokument", "liste")
    assert "\x1b" not in shown
    assert "etc/passwd" in shown
    assert documents.take_in(gre, tmp_path) == []
    refusal = str(lage.refusal("dokument", "holen", "passwd", str(tmp_path / "x")))
    assert "nicht vorhanden" in refusal
    assert "\x1b" not in refusal


def test_every_kind_has_a_german_title() -> None:
    """Kinds without a form too: nothing is called by its name in the schema."""
    assert [kind for kind, card in CARDS.items() if card.title in ("", kind)] == []
