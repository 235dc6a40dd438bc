# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Builds with another text model or schema: said, and never read as something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.kinds import build
from lage.kinds.model import Draft, Query
from lage.kinds.schema import SCHEMA
from lage.station import Station
from lage.store import keys
from sync.codec import texts
from sync.schema.definition import Schema
from sync.schema.fingerprint import fingerprint
from sync.schema.vocabulary import TERMS
from sync.text import prose
from tests.fixtures import share

TEXT = "Alter Vorfall, Dorf"


@pytest.fixture
def another_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on the installed file is not the one that is pinned under its number."""
    texts._recorded.clear()
    prose.load_model.cache_clear()
    monkeypatch.setitem(prose.PINNED, 1, "00" * 32)
    yield
    texts._recorded.clear()
    prose.load_model.cache_clear()


def journal(station: Station) -> list[str]:
    """What stands in all journals."""
    records = station.reader.select(Query("journal", descending=False))
    return [str(record.values["text"]) for record in records]


def test_texts_of_another_model_are_not_read_as_something_else(
    county: list[Station], another_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the pinned model coded cannot be shown where the file is another one, and what such a
    build writes cannot be shown by the others: it is kept and counted, and never other words."""
    _, rheine, greven = county
    with monkeypatch.context() as pinned:
        pinned.setitem(prose.PINNED, 1, prose.model_digest(1))
        prose.load_model.cache_clear()
        greven.write([Draft("journal", {"text": TEXT})])
        prose.load_model.cache_clear()
        texts._recorded.clear()
    share(rheine, greven)

    assert journal(rheine) == []
    assert rheine.store.situation.unreadable_count() == 1
    assert "Das Textmodell dieses Programms ist ein anderes" in rheine.network().build

    rheine.write([Draft("journal", {"text": TEXT})])
    monkeypatch.undo()
    prose.load_model.cache_clear()
    share(rheine, greven)
    assert journal(greven) == [TEXT]
    assert greven.network().unreadable + greven.network().unshown == 1


def test_version_names_model_and_schema() -> None:
    """Two people compare by telephone what they run."""
    said = CliRunner().invoke(cli, ["--version"]).output
    model, schema = build.this_build().split("-")

    assert f"Textmodell {model}, Schema {schema}" in said
    assert prose.PINNED[1].startswith(model)
    assert build.own_fault() == ""


def test_every_change_of_the_schema_changes_its_fingerprint() -> None:
    """A field, a type, a term: what operations mean by."""
    whole = fingerprint(SCHEMA, TERMS)
    first, *others = SCHEMA.kinds
    fewer = Schema((replace(first, fields=first.fields[:-1]), *others))
    renamed = Schema((replace(first, name="anders"), *others))
    more = {**TERMS, "place": (*TERMS["place"], "Neudorf")}

    found = {fingerprint(fewer, TERMS), fingerprint(renamed, TERMS), fingerprint(SCHEMA, more)}
    assert len(found | {whole}) == 4


def test_a_difference_is_said_once_it_is_known() -> None:
    """The model separates, the schema only hides what is newer; what is unknown is not guessed."""
    model, schema = build.this_build().split("-")

    assert build.difference("", "Der Kreis") == ""
    assert build.difference(build.this_build(), "Der Kreis") == ""
    assert "auf denselben Stand" in build.difference(f"00000000-{schema}", "Der Kreis")
    assert "lesen beide einander" in build.difference(f"{model}-00000000", "Der Kreis")


def test_requests_and_invitations_carry_the_build(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever admits and whoever joins learns what the other runs."""
    node = keys.load_node(station.folder)
    other = "00000000-00000000"
    monkeypatch.setattr(keys, "this_build", lambda: other)
    asking = keys.read_request(keys.write_request(node))
    network, _, _ = keys.read_invitation(
        keys.write_invitation(station.network_keys, asking, 2, []), node
    )
    assert asking.build == network.build == other
