# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The bench of bytes and air measures what nodes send, and the county's goals hold on its day."""

from __future__ import annotations

import pytest

from tests.bench import airtime, day, summary, workload
from tests.bench import county as air
from tests.bench.heartbeat import heartbeat
from tests.simulation.county import HOUR_MS, County, Plan


@pytest.fixture(autouse=True)
def without_shared(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The generator of the repository itself, so that the figures are the same everywhere."""
    monkeypatch.setattr(workload, "SHARED", tmp_path_factory.mktemp("nothing"))


def test_day_has_the_shape_of_the_workload() -> None:
    """Every kind of line occurs, in order of time."""
    lines = day.operations(day.TEXTS, 3, 300)
    kinds = [line["kind"] for line in lines]
    times = [line["t"] for line in day.operations(day.TEXTS, 3, 300)]

    assert set(kinds) == set(day.KINDS)
    assert times == sorted(times)


def test_county_goals() -> None:
    """200 operations of 25 authors: alone 1,100 ms, caught up in 32 packets and 280 ms each."""
    lines = list(workload.lines(None, 4, 200))
    single = airtime.single(lines)
    caught_up = airtime.catch_up(lines, 4)

    assert single["airtime_ms_per_op"] <= 1100
    assert caught_up["airtime_ms_per_op"] <= 280
    assert caught_up["packets"] <= 32
    named = airtime.basis(lines)
    assert named["naming"] > 0
    assert named["bytes_per_operation"] <= 0.5
    assert airtime.text_figures([line.text for line in lines if line.text])["bits_per_char"] <= 2.4


def test_ours_is_the_thriftiest() -> None:
    """Every peer needs more bytes and more air for the same lines."""
    found = airtime.measure(None, 2, 60)

    ours = found["ours"]["single"]
    assert set(found["peers"]) == {"json_ed25519", "msgpack_ed25519", "zstd_dictionary_ed25519"}
    for peer in found["peers"].values():
        assert ours["bytes_per_op"] < peer["bytes_per_op"]
        assert ours["airtime_ms_per_op"] < peer["airtime_ms_per_op"]


def test_radios_that_were_set_up_say_less_of_themselves() -> None:
    """The staffs' radios; a tower goes on as it comes."""
    spent = []
    places = [(4_000.0 * number, 0.0) for number in range(12)]
    for set_up in (False, True):
        county = County(places, Plan(1, set_up=set_up), towers=[(20_000.0, 3_000.0)])
        county.run_until(4 * HOUR_MS)
        spent.append(county.airtime()["background"])
    assert 0 < spent[1] < spent[0] / 3


def test_a_summary_throws_latencies_together_and_shows_the_extremes() -> None:
    """Percentiles are those of all seeds in one; figures have their mean, least and greatest."""
    assert summary.seeds("3,7-9") == [3, 7, 8, 9]
    rows = [{"urgent_s": [1.0, 2.0], "air": 4.0}, {"urgent_s": [9.0], "air": 6.0}]
    found = summary.summary(rows)
    assert found["urgent_s"]["p50"] == {"all": 2.0, "least": 2.0, "greatest": 9.0}
    assert found["air"] == {"mean": 5.0, "least": 4.0, "greatest": 6.0}
    assert summary.changed(["urgent_copies=0"]).urgent_copies == 0


def test_a_heartbeat_takes_less_than_three_per_cent_of_the_day() -> None:
    """Counted on every transmission, relayed ones as well, while mains fail for all."""
    town = air.metres(air.KREISHAUS)
    places = [(town[0] + 1500.0 * (n % 3), town[1] + 1500.0 * (n // 3)) for n in range(8)]
    found = heartbeat(4, hours=None, nodes=8, count=60, places=places)

    assert found["complete_share"] == 1.0
    assert found["pages_in_other_frames"] > 8
    assert 0 < found["share_of_all_air"] <= found["share_of_our_air"] <= 0.03
