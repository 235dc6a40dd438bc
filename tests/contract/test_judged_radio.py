# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A node on a radio that is set wrong, is set right from here, and is spoilt by a telephone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.kinds.model import Draft
from lage.kinds.setting import RADIO_ADDRESS
from lage.node import judge
from lage.node.process import Node
from lage.station import Station
from mesh.firmware import Role
from mesh.nodes import MeshNode
from mesh.virtual.network import FIRST_NUMBER
from tests.contract.served_radios import RadioThread
from tests.e2e.conftest import wait_for
from tests.fixtures import make_county


@contextmanager
def node(folder: Path, address: str) -> Iterator[None]:
    """A running node."""
    stop, work = threading.Event(), Node(folder, address)
    thread = threading.Thread(target=work.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        work.wake()
        thread.join()


def alarms(station: Station) -> list[str]:
    """What rings about the radio."""
    return [alarm.text for alarm in station.queue() if alarm.sort.value == "funk"]


def test_a_wrong_radio_gets_nothing_to_send_until_it_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged at the handshake and said everywhere; set up by the running node, the entry goes out;
    what a telephone changes without a restart is noticed, too.
    """
    monkeypatch.setattr(judge, "ASK_MS", 100)
    station, other = make_county(tmp_path, ["SAE Rheine", "SAE Greven"]).values()
    other.close()
    call = ["--daten", str(station.folder)]
    with (
        RadioThread(speed=100.0, restart_s=0.05, names=("Gebraucht", "Anderes")) as radios,
        node(station.folder, radios.address(0)),
    ):
        wait_for(lambda: station.radio().wrong)
        radio = station.radio()
        assert (radio.headline, radio.mute, radio.good) == ("verbunden, sendet nicht", True, False)
        assert "Kanalschlüssel: ein anderer" in (radio.verdict or "")
        assert alarms(station) == [radio.verdict]
        assert "„lage funk einrichten“" in alarms(station)[0]
        station.write([Draft("journal", {"text": "bleibt vorerst hier"})])
        said = CliRunner().invoke(cli, [*call, "status"])
        told = CliRunner().invoke(cli, [*call, "funk", "pruefen", "--json"])
        assert (said.exit_code, told.exit_code, station.unsent()) == (1, 1, 1)
        assert "falsch eingestellt" in said.output
        assert json.loads(told.output)["sendet"] is False

        phone, air = radios.server.phone(FIRST_NUMBER), radios.ether.radios[FIRST_NUMBER]
        assert (air.config.role, station.radio().relays) == (Role.CLIENT, True)
        setting = ["funk", "einrichten", "--ja", "--weiterleiten", "nein"]
        done = CliRunner().invoke(cli, [*call, *setting])
        assert (done.exit_code, done.output.splitlines()[-1]) == (
            0,
            "Das Funkgerät ist eingerichtet.",
        )
        wait_for(lambda: station.radio().good)
        assert (air.config.role, station.radio().relays) == (Role.CLIENT_MUTE, False)
        wait_for(lambda: (station.network().own or MeshNode(0)).role == "CLIENT_MUTE")
        assert "leitet nicht weiter" in CliRunner().invoke(cli, [*call, "status"]).output
        assert (station.radio().name, alarms(station)) == ("SAE Rheine", [])

        # Looking at another radio, or a wrong address, takes nothing from the node.
        look = ["funk", "pruefen", "--radio", radios.address(1), "--json"]
        looked = CliRunner().invoke(cli, [*call, *look])
        assert {d["ist"] for d in json.loads(looked.output)["abweichungen"]} >= {"Anderes"}
        wrong = ["funk", "einrichten", "--ja", "--radio", "tcp:127.0.0.1:1", "--warten", "0.5"]
        assert CliRunner().invoke(cli, [*call, *wrong]).exit_code == 1
        assert station.setting(RADIO_ADDRESS) == station.radio().address == radios.address(0)
        assert station.radio().good

        radios.do(lambda: setattr(phone.settings.lora, "override_frequency", 868.1))
        wait_for(lambda: "868,1" in (station.radio().verdict or ""))
        assert not station.radio().sends
    station.close()
