# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every kind through every place that shows or takes entries: none is forgotten anywhere.

One county has an entry of each kind with all its fields. A new kind that lacks something fails
here and says where; mostly it simply works.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from lage.cli import cli
from lage.exercise.script.read import read_script
from lage.imports.entries import KINDS, default_mapping, plan_entries
from lage.kinds.card import Card
from lage.kinds.cards import CARDS
from lage.kinds.inputs import (
    changeable,
    choices_of,
    has_place,
    input_of,
    parts_of,
    refers_to,
)
from lage.kinds.model import Draft, Query, Record
from lage.kinds.states import is_open
from lage.reports import tables
from lage.station import Station
from lage.store.timebase import Timebase
from lage.views.detail import detail, title_of
from lage.views.gist import gist
from lage.views.journal import computed_lines, journal
from lage.views.lists import LISTS
from lage.views.on_the_way import on_the_way
from lage.views.pages import fitting, list_page, widths
from lage.views.scene import areas, markers
from lage.views.search import Filters, search
from lage.views.situation import situation_report
from lage.views.words import KIND_NAMES, label_of, long_value
from lage.write import commands, rights
from maps.draw.signs import SIGNS
from scripts.make_docs import walk
from sync.schema.definition import Change, EntityId, Many, Ref
from tests.fixtures import FixedClock, make_county
from tests.samples import sample
from tests.unit.lage.conftest import Terminal
from tui.actions import ACTIONS
from tui.forms.new import create
from tui.forms.orders import order
from tui.forms.spec import prefilled
from tui.screens.main import MORE, VIEWS

ALL = pytest.mark.parametrize("kind", CARDS)
OWN_SCREENS = {"gauge": "pegel", "supply": "material", "supply_state": "versorgung"}
"""Kinds whose screens sum them up instead of listing them."""

SPECIAL = {"outline": "52,27 7,44; 52,28 7,44; 52,28 7,46", "to_place": "Greven", "decimals": "0"}
TYPED: Mapping[str, str] = {
    "number": "3",
    "time": "1530",
    "point": "52,279 7,440",
    "staff": "Greven",
    "term": "Rheine",
    "flag": "ja",
}


@dataclass(frozen=True)
class House:
    """A staff whose log holds an entry of every kind, and a plain one that those refer to."""

    station: Station
    full: Mapping[str, Record]
    plain: Mapping[str, Record]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Written once for all."""
    names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
    folder = tmp_path_factory.mktemp("haus")
    stations = list(make_county(folder, names, clock=FixedClock()).values())
    station = stations[1]
    plain: dict[str, Record] = {}
    allowed = pytest.MonkeyPatch()
    allowed.setattr(rights, "DIRECTION_ONLY", frozenset())
    for kind, card in CARDS.items():
        needed = {field.name for field in card.kind.fields if field.required}
        given = {n: v for n, v in sample(kind).items() if n in needed}
        plain[kind] = _written(station, kind, given)
    full = {kind: _written(station, kind, _about(sample(kind), kind, plain)) for kind in CARDS}
    allowed.undo()
    yield House(station, full, plain)
    for each in stations:
        each.close()


def _written(station: Station, kind: str, values: Mapping[str, Change]) -> Record:
    (entity, *_) = station.write([Draft(kind, values)])
    record = station.reader.get(entity)
    assert record is not None
    assert record.kind == kind
    return record


def _about(
    values: Mapping[str, Change], kind: str, plain: Mapping[str, Record]
) -> dict[str, Change]:
    """The values, with references to entries that are there."""
    return {
        name: plain[refers_to(kind, name)].id if refers_to(kind, name) else value
        for name, value in values.items()
    }


def _typed(card: Card, house: House) -> dict[str, str]:
    """Something for each input of a form."""
    directory = house.station.directory
    given = {}
    for item in card.form:
        other = refers_to(card.name, item.name)
        sort = input_of(card.name, item.name)
        if item.name in card.parts:
            given[item.name] = "1/3/12"
        elif other:
            given[item.name] = directory.label(house.plain[other])
        elif choices_of(card.name, item.name):
            given[item.name] = choices_of(card.name, item.name)[0]
        elif item.name in SPECIAL:
            given[item.name] = SPECIAL[item.name]
        else:
            given[item.name] = TYPED.get(sort, f"{item.label} ä")
    return given


@ALL
def test_a_card_names_what_there_is(kind: str) -> None:
    """Fields, signs, actions and inputs that a card speaks of exist."""
    card = CARDS[kind]
    fields = card.kind.by_name
    inputs = {item.name for item in card.form}
    named = {*card.labels, *card.gist, *card.indexed, *card.scaled, *card.fixed} | {
        name for name, _ in card.stands_at
    }
    assert named - set(fields) == set()
    assert {card.called, card.due, card.ended_by, card.merges} - {""} <= set(fields)
    assert all(parts_of(kind, name) for name in inputs)
    assert card.command is None or card.command.positional in inputs
    assert set(card.deeds) <= set(ACTIONS)
    assert card.sign is None or (card.sign.name in SIGNS and "point" in fields)
    assert card.sign is None or set(card.sign.words.values()) <= set(SIGNS)


@ALL
def test_everything_has_a_german_name(kind: str) -> None:
    """Kind and fields, none of them by its name in the schema."""
    card = CARDS[kind]
    assert card.title
    assert card.plural
    assert kind not in (card.title, card.plural)
    assert [f.name for f in card.kind.fields if label_of(kind, f.name) == f.name] == []


def test_no_two_kinds_are_called_the_same() -> None:
    """Letters, words, exports and commands tell kinds apart."""
    for names in (
        [card.letter for card in CARDS.values() if card.letter is not None],
        [card.word for card in CARDS.values() if card.word],
        [card.export for card in CARDS.values() if card.export],
        [card.command.name for card in CARDS.values() if card.command],
    ):
        assert len(names) == len(set(names))


@ALL
def test_search(kind: str, house: House) -> None:
    """Found by its words and by its kind, and told in a line; or it stands at another entry."""
    card, record = CARDS[kind], house.full[kind]
    if not card.word:
        assert not card.form
        return
    context = house.station.context()
    assert KIND_NAMES[card.word] == kind
    assert record.id in [hit.id for hit in search(context, "", Filters(kinds=(kind,)))]
    assert title_of(record, context).startswith(card.title)
    assert kind == "gauge" or gist(record, context)


@ALL
def test_list(kind: str, house: House) -> None:
    """In a list with each filter, on 80 cells and on many; or on a screen that sums it up."""
    card, context = CARDS[kind], house.station.context()
    view = LISTS.get(kind)
    if view is None:
        assert not card.form or OWN_SCREENS[kind] in VIEWS
        return
    assert f"gehe_{kind}" in ACTIONS or kind in MORE
    page = list_page(view, view.columns, view.query, context)
    row = next(row for row in page.rows if row.key == house.full[kind].id)
    assert all(cell and kind not in cell for cell in row.cells)
    for width in (80, 200):
        shown = fitting(view.columns, width)
        assert shown
        assert sum(widths(shown, width)) + len(shown) - 1 <= width
    for item in view.filters:
        house.station.reader.select(Query(kind, item.where(context)))
    if card.closed:
        assert [item for item in view.filters if item.key in ("offen", "eigene", "bereit", "frei")]


@ALL
def test_detail(kind: str, house: House) -> None:
    """Every field with its value, the history, and the entry at those that it is about."""
    context, record, card = house.station.context(), house.full[kind], CARDS[kind]
    shown = detail(record.id, context)
    assert shown is not None
    together = {part for parts in card.parts.values() for part in parts}
    labels = dict(shown.fields)
    for name, value in record.values.items():
        if name not in together and name != "at":
            assert labels[label_of(kind, name)], name
            assert long_value(kind, name, value, context)
    assert shown.history[0].what.startswith("angelegt: ")
    for field, target in card.stands_at:
        if field == card.merges:
            continue
        target = target or refers_to(kind, field)
        assert refers_to(kind, field) == target
        about = detail(house.plain[target].id, context)
        assert about is not None
        assert [title for title, _ in about.related if title.startswith(card.title)]


@ALL
def test_form(kind: str, house: House) -> None:
    """What is typed into each input of the form becomes an entry that says all of it."""
    card, station = CARDS[kind], house.station
    if not card.form:
        assert card.command is None
        return
    typed = _typed(card, house)
    (draft, *_) = commands.enter(kind, typed, station.parse_context())
    parts = {part for name in typed for part in parts_of(kind, name)}
    assert parts <= draft.changes.keys()
    assert set(card.fixed) <= draft.changes.keys()
    spec = create(kind)
    assert {item.name for item in card.form} <= {item.name for item in spec.fields}
    assert set(prefilled(station, spec)) == {item.name for item in spec.fields}


def test_command() -> None:
    """On the command line somewhere all of a form can be given."""
    asked = [{p.name for p in command.params} for _, command in walk(cli)]
    missing = [
        kind
        for kind, card in CARDS.items()
        if card.form and not any({i.name for i in card.form} <= names for names in asked)
    ]
    assert missing == []


@pytest.mark.parametrize("kind", [kind for kind, card in CARDS.items() if card.command])
def test_group_of_commands(kind: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create, list, show and change by what people call it, as the card says."""
    monkeypatch.setattr(Timebase, "unix", lambda _: FixedClock()())
    card, lage = CARDS[kind], Terminal(house.station)
    assert card.command is not None
    given = _typed(card, house)
    context = click.Context(cli)
    group = cli.get_command(context, card.command.name)
    assert isinstance(group, click.Group)
    verb = group.get_command(context, card.command.verb)
    assert verb is not None
    name, called = card.command.positional, f"{given.pop(card.command.positional)} neu"
    options = {p.name: p.opts[0] for p in verb.params if isinstance(p, click.Option)}
    typed = [part for n, text in given.items() for part in (options[n], text)]
    lage(card.command.name, card.command.verb, *typed, "--", called)
    row = next(r for r in lage.json(card.command.name, "liste", "-n", "500") if r[name] == called)
    if card.letter is None and card.called != name:
        return  # several may be called the same
    number = called if card.letter is None else row["nr"]
    assert lage.json(card.command.name, "zeigen", number)["id"] == row["id"]
    if any(changeable(kind, item.name) for item in card.form):
        lage(card.command.name, "aendern", number, "--status", choices_of(kind, "status")[1])


@ALL
def test_export(kind: str, house: House) -> None:
    """As a table, as JSON and, with a place on the ground, as GeoJSON."""
    card, context = CARDS[kind], house.station.context()
    assert bool(card.form) <= bool(card.export)
    if not card.export:
        return
    records = list(tables.all_records(context, kind))
    assert house.full[kind].id in [record.id for record in records]
    text = tables.csv_of(kind, records, context).decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert len(rows) == len(records)
    assert {len(row) for row in rows} == {len(heading)}
    assert set(heading) & {field.name for field in card.kind.fields} == set()
    found = json.loads(tables.json_of(kind, records, context))
    wanted = f"{house.full[kind].id.author}:{house.full[kind].id.number}"
    entry = next(entry for entry in found if entry["id"] == wanted)
    assert set(house.full[kind].values) <= set(entry)
    if has_place(kind):
        features = json.loads(tables.geojson_of(kind, records, context))["features"]
        assert wanted in [feature["properties"]["id"] for feature in features]


@pytest.mark.parametrize("kind", [kind for kind in CARDS if has_place(kind)])
def test_map(kind: str, house: House) -> None:
    """What is open and has a place on the ground stands on the map."""
    context = house.station.context()
    assert is_open(house.full[kind])
    shown = [item.key for item in (*markers(context), *areas(context))]
    assert house.full[kind].id in shown


@pytest.mark.parametrize("kind", KINDS)
def test_import(kind: str, house: House, tmp_path: Path) -> None:
    """A table with columns called like the fields is taken in once."""
    card, station = CARDS[kind], house.station
    typed = {**_typed(card, house), "external_id": f"{kind} 4711"}
    names = [name for name in typed if name in card.kind.by_name]
    path = tmp_path / "fremd.csv"
    lines = [";".join(label_of(kind, n) for n in names), ";".join(typed[n] for n in names)]
    path.write_text("\n".join(lines), "utf8")
    for new, known in ((1, 0), (0, 1)):
        plan = plan_entries(path, default_mapping(kind), station.parse_context(), station.reader)
        assert (plan.new, plan.known) == (new, known)
        station.write(plan.drafts)


@pytest.mark.parametrize("kind", [kind for kind, card in CARDS.items() if card.noted])
def test_journal(kind: str, house: House) -> None:
    """Its beginning and each change stand in the Tagebuch by themselves, once."""
    station, card = house.station, CARDS[kind]
    record = _written(station, kind, _about(sample(kind), kind, house.plain))
    title = title_of(record, station.context())
    began = [line for line in journal(station.context()) if line.entity == record.id]
    assert [line.text.startswith(title) and line.topic == kind for line in began] == [True]
    if not card.closed:
        return
    station.write([Draft(kind, {"status": card.closed[0]}, record.id)])
    both = [line.text for line in computed_lines(station.context()) if line.entity == record.id]
    assert [text.startswith(f"{title} {card.closed[0]}") for text in both] == [False, True]


@pytest.mark.parametrize("kind", [kind for kind, card in CARDS.items() if card.reported])
def test_report(kind: str, house: House) -> None:
    """Open ones are a part of the Lagemeldung."""
    parts = situation_report(house.station.context(), {}).parts
    (part,) = (part for part in parts if part.title.startswith(CARDS[kind].plural))
    assert len(part.rows) >= 1
    assert len(part.widths) == len(part.columns) == len(part.rows[0])


@ALL
def test_script(kind: str, house: House, tmp_path: Path) -> None:
    """An exercise's script can have it happen, in the words of the form."""
    card = CARDS[kind]
    if not card.form:
        return
    at = {"zeit": "X+04", "stelle": "SAE Rheine"}

    def step(kind: str, **more: str) -> dict[str, object]:
        typed = {n: t for n, t in _typed(CARDS[kind], house).items() if not refers_to(kind, n)}
        said = {n: t for n, t in {**typed, **more}.items() if n in CARDS[kind].kind.by_name}
        return {**at, CARDS[kind].word: {label_of(kind, n): t for n, t in said.items()}}

    others = {item.name: refers_to(kind, item.name) for item in card.form}
    named = {name: f"dort-{name}" for name, other in others.items() if other}
    steps = [{"id": called, **step(others[name])} for name, called in named.items()]
    entry = step(kind, **named)
    typed = entry[card.word]
    assert isinstance(typed, dict)
    staffs = house.station.directory.staffs
    script = {
        "name": "Probe",
        "beginn": "24.11.2026 05:30",
        "stellen": [{"name": staff.name, "rolle": staff.role} for staff in staffs],
        "ablauf": [*steps, entry],
    }
    path = tmp_path / "drehbuch.yaml"
    path.write_text(json.dumps(script, ensure_ascii=False), "utf8")
    written = read_script(path).injects[-1].entry
    assert written is not None
    assert written.kind == kind
    assert set(written.fields.values()) == set(typed.values())


def test_network(house: House) -> None:
    """Kinds whose cards ask for it are told while not every staff has them."""
    context = house.station.context()
    titles = {told.title.split(" ")[0] for told in on_the_way(context, 10_000)}
    wanted = {card.title.split(" ")[0] for card in CARDS.values() if card.watched}
    assert titles == wanted


@ALL
def test_references_are_of_a_kind(kind: str) -> None:
    """A field that names an entry names one of a kind that there is."""
    for field in CARDS[kind].kind.fields:
        item = field.type.item if isinstance(field.type, Many) else field.type
        if isinstance(item, Ref):
            assert refers_to(kind, field.name) in CARDS


def test_samples_fill_every_field() -> None:
    """Else this page would prove little."""
    for kind, card in CARDS.items():
        left = {f.name for f in card.kind.fields} - sample(kind).keys()
        assert left <= {card.ended_by, card.merges}
        assert all(isinstance(v, EntityId) for n, v in sample(kind).items() if refers_to(kind, n))


@pytest.mark.parametrize("kind", [kind for kind, card in CARDS.items() if "auftrag" in card.deeds])
def test_a_task_about_it(kind: str, house: House) -> None:
    """Begun at the entry it refers to it, and stands there; a message gives its text instead."""
    station, record = house.station, house.full[kind]
    typed = prefilled(station, order(station, record))
    if kind == "message":
        assert typed["text"] == record.text("text")
        return
    (draft,) = commands.enter("task", {**typed, "text": "absperren"}, station.parse_context())
    assert draft.changes["origin"] == record.id
    station.write([draft])
    shown = detail(record.id, station.context())
    assert shown is not None
    assert "absperren" in [text for _, text in shown.related]
