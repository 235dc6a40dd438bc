# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The public gauges by OGC SensorThings 1.1: entities, links, options, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.public.sensorthings.filtering import Refused
from lage.public.sensorthings.model import LINKS, SETS, model_of
from lage.public.sensorthings.query import Query
from lage.public.water import file_name
from tests.public_board import board

RHEINE = file_name("Rheine")
QUERY = Query(model_of(board()), "http://x/sta/v1.1")


def ask(path: str, **options: str) -> Any:
    """An answer."""
    return QUERY.answer(path, {f"${name}": text for name, text in options.items()})


def refusal(path: str, **options: str) -> int:
    """The status of a refusal."""
    with pytest.raises(Refused) as caught:
        ask(path, **options)
    return caught.value.status


def test_the_root_names_every_set() -> None:
    """With its address and what is conformed to."""
    root = ask("")

    assert [each["name"] for each in root["value"]] == list(SETS)
    assert root["value"][0]["url"] == "http://x/sta/v1.1/Things"
    assert root["serverSettings"]["conformance"]


@pytest.mark.parametrize("name", SETS)
def test_every_entity_has_what_the_standard_asks(name: str) -> None:
    """Id, own address, and an address for each of its links that can be followed."""
    for entity in ask(name, top="3")["value"]:
        own = entity["@iot.selfLink"].removeprefix("http://x/sta/v1.1/")
        assert ask(own) == entity
        for link in LINKS[name]:
            led = entity[f"{link}@iot.navigationLink"].removeprefix("http://x/sta/v1.1/")
            if link in SETS:
                assert ask(led)["value"] is not None


def test_a_value_leads_to_its_gauge_and_back() -> None:
    """Observation, Datastream, Thing, Location; a value without a place has no feature."""
    (newest,) = ask(
        f"Datastreams('{RHEINE}')/Observations", top="1", orderby="phenomenonTime desc"
    )["value"]
    assert (newest["result"], newest["phenomenonTime"]) == (330, "2026-11-28T11:00:00Z")
    key = newest["@iot.id"]
    assert ask(f"Observations('{key}')/Datastream/Thing")["name"] == "Rheine"
    (place,) = ask(f"Things('{RHEINE}')/Locations")["value"]
    assert place["location"]["coordinates"] == [7.44, 52.28]
    assert ask(f"Things('{RHEINE}')/name") == {"name": "Rheine"}
    langen = file_name("Haus Langen")
    (old,) = ask(f"Datastreams('{langen}')/Observations")["value"]
    assert refusal(f"Observations('{old['@iot.id']}')/FeatureOfInterest") == 404


def test_lists_are_paged_counted_ordered_and_chosen() -> None:
    """``$top`` and ``$skip`` with a link to the rest, which leads to the end."""
    path, values = f"Datastreams('{RHEINE}')/Observations", []
    options = {"top": "30", "count": "true", "select": "result"}
    while True:
        page = ask(path, **options)
        assert page["@iot.count"] == 100
        values += [row["result"] for row in page["value"]]
        if "@iot.nextLink" not in page:
            break
        options["skip"] = page["@iot.nextLink"].rpartition("skip=")[2]

    assert values == [330 - n for n in range(100)]
    assert list(page["value"][0]) == ["result"]
    assert ask("Things", orderby="name")["value"][0]["name"] == "=Greven"


def test_filters_compare_and_join() -> None:
    """Numbers, texts, times; all of them or any of them."""
    path = f"Datastreams('{RHEINE}')/Observations"
    time = "2026-11-28T10:30:00Z"
    assert len(ask(path, filter=f"result gt 300 and phenomenonTime ge {time}")["value"]) == 3
    assert len(ask(path, filter="result eq 330 or result eq 320")["value"]) == 2
    assert [t["@iot.id"] for t in ask("Things", filter="name eq 'Rheine'")["value"]] == [RHEINE]
    assert [t["name"] for t in ask("Things", filter="properties/water eq 'Ems'")["value"]] == [
        "Rheine"
    ]
    assert ask("Things", filter="name eq 'a and b'")["value"] == []


def test_links_are_expanded() -> None:
    """Several, of one step; a long one goes on behind its own link."""
    stream = ask(f"Datastreams('{RHEINE}')", expand="Thing,Observations,ObservedProperty")

    assert stream["Thing"]["name"] == "Rheine"
    assert stream["ObservedProperty"]["name"] == "Wasserstand"
    assert len(stream["Observations"]) == 100


def test_what_is_not_answered_is_refused_by_name() -> None:
    """400 for what is wrong, 404 for what is not there, 501 for what goes beyond this."""
    assert refusal("Dinge") == refusal("Things('nix')") == refusal("Things('nix')/name") == 404
    assert refusal(f"Things('{RHEINE}')/Nix") == 404
    assert refusal("Things", top="viele") == refusal("Things", quatsch="1") == 400
    assert refusal("Things", filter="name") == refusal("Things", select="nix") == 400
    assert refusal("Things", filter="startswith(name,'R')") == 501
    assert refusal("Things", filter="name eq 'a' and name eq 'b' or name eq 'c'") == 501
    assert (
        refusal("Things", expand="Datastreams/Sensor") == refusal("Things", resultFormat="x") == 501
    )


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    path=st.lists(
        st.sampled_from(
            [*SETS, f"Things('{RHEINE}')", "Datastream", "name", "$value", "", "..", "('"]
        ),
        max_size=4,
    ),
    options=st.dictionaries(
        st.sampled_from(["$top", "$skip", "$filter", "$expand", "$select", "$orderby", "$count"]),
        st.one_of(
            st.text(max_size=20), st.sampled_from(["0", "result gt 3", "Thing", "name desc"])
        ),
    ),
)
def test_any_address_is_answered_or_refused(path: list[str], options: dict[str, str]) -> None:
    """Whatever is asked, nothing else happens."""
    try:
        QUERY.answer("/".join(path), options)
    except Refused as refused:
        status = refused.status
    else:
        status = 200
    assert status in (200, 400, 404, 501)
