# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the node writes down of itself, read by another process, whatever stands there."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hardware.radio_profile import JUDGED, Difference
from lage.store import report as kept_report
from lage.store.radio_order import OrderState
from lage.store.report import NodeReport
from lage.store.verdict import Verdict
from lage.views.nodes import radio_view
from mesh.link import FrameClass, Reason, Trouble
from sync.feed.why import Why

REGION = next(item for item in JUDGED if item.path == "lora.region")
REPORT = NodeReport(
    reported=1000.5,
    stopped=False,
    connected=True,
    address="serial:/dev/ttyUSB0",
    name="SAE Rheine",
    number=7,
    firmware="2.7.26",
    preset="LONG_FAST",
    region="EU_868",
    reason=Reason(Trouble.NO_DEVICE, "/dev/ttyUSB0", "OSError"),
    mute=Reason(Trouble.REFUSES, detail="99"),
    rival=Reason(Trouble.SHARED, "tcp:a:1"),
    notice="duty cycle",
    channel_utilisation=3.5,
    airtime_hour_ms=1,
    airtime_limit_ms=2,
    queue={FrameClass.FLASH: 1, FrameClass.HAVE: 0},
    packets_sent=3,
    packets_heard=4,
    rejected={Why.MAC: 5},
    key_epoch=1,
    keys_refused=True,
    shares={3: 40},
    radio_ahead_s=-2,
    radio_gps=True,
    only_relay=0xA3,
    few_relays=True,
    unrelayed=True,
    alone_since=1_800_000_000,
    strangers={9: 4},
    verdict=Verdict((Difference(REGION, "EU_868", "US"),), ("lora.110",), role="CLIENT_MUTE"),
    away_s=70,
    quiet_s=10_000,
    unanswered_s=1_200,
    order_at=900.5,
    order=OrderState.REFUSED,
)


def read_report(kept: Any) -> NodeReport | None:
    """What a folder's setting says, through JSON."""
    return kept_report.REPORT.read(json.loads(json.dumps(kept)))


def test_report_comes_back_as_it_was_kept() -> None:
    """Every field, through JSON; the example differs from the default in each of them."""
    assert read_report(kept_report.REPORT.kept(REPORT)) == REPORT
    same = [
        f.name for f in fields(REPORT) if getattr(REPORT, f.name) == getattr(NodeReport(), f.name)
    ]
    assert same == []


def test_other_versions_are_understood_as_far_as_possible() -> None:
    """Unknown fields, classes and troubles are left out, wrong types too."""
    kept = REPORT.as_setting()
    kept |= {"later": 1, "name": 5, "reason": ["aliens", "", ""], "queue": {"LATER": 1, "HAVE": 2}}
    report = read_report(kept)
    assert report is not None
    assert (report.name, report.reason, report.queue) == (None, None, {FrameClass.HAVE: 2})
    assert report.firmware == "2.7.26"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([f.name for f in fields(NodeReport)]), inner)
        ),
    )
)
def test_reading_is_total(value: Any) -> None:
    """Whatever stands in the setting, there is a report or none."""
    report = read_report(value)
    radio_view(report, 0, 1000.0)


def test_view_says_it_in_german_and_knows_when_nobody_reports() -> None:
    """The screens get words; a node that is silent for 12 seconds is not running."""
    view = radio_view(REPORT, 2, 1010.0)
    assert (view.running, view.connected, view.unsent) == (True, True, 2)
    assert view.reason == (
        "Das Gerät /dev/ttyUSB0 gibt es nicht; bitte prüfen, ob es angesteckt ist."
    )
    assert view.queue == {"blitz": 1, "Abgleich": 0}
    assert view.rejected == {"fremdes Netz": 5}

    silent = radio_view(REPORT, 2, 1013.0)
    assert (silent.running, silent.connected) == (False, False)


def test_a_verdict_and_long_silence_are_sentences() -> None:
    """What is set wrong, that an urgent entry brought no answer, and a radio away for a minute."""
    kept = replace(REPORT, reason=None, mute=None, rival=None)
    view = radio_view(kept, 0, 1000.5)
    assert view.headline == "verbunden, sendet nicht"
    verdict, silence = view.troubles
    assert "Region: US, gewünscht EU_868" in verdict
    assert "bleibt hier aufgehoben" in verdict
    assert verdict.count("lage funk einrichten") == 1
    assert silence.startswith("Seit 166 min nichts gehört, obwohl seither Dringendes")
    right = replace(kept, verdict=Verdict(), unanswered_s=None)
    assert radio_view(right, 0, 1000.5).headline == "verbunden, hört nichts"
    assert "obwohl das Funkgerät verbunden ist" in radio_view(right, 0, 1000.5).troubles[0]
    assert not radio_view(replace(right, quiet_s=8_000), 0, 1000.5).troubles
    gone = replace(REPORT, connected=False)
    assert len(radio_view(gone, 0, 1000.5).troubles) == 1
    assert not radio_view(replace(gone, away_s=20), 0, 1000.5).troubles


def test_rows_of_a_verdict_that_nobody_knows_are_left_out() -> None:
    """A later version may judge what this one does not."""
    kept = REPORT.as_setting()
    kept["verdict"]["differences"] += [["lora.later", 1, 2], ["lora.region", [], None], 7]
    report = read_report(kept)
    assert report is not None
    assert report.verdict == REPORT.verdict
