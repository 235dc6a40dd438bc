# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk test``: is the way to that radio good enough?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from lage.cli.common import as_json, folder_of, json_option, note, open_station, print_table, say
from lage.language.errors import NotFound, RadioError, UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.station import Station
from lage.store.radios import RADIOS
from lage.store.range_tests import ORDER, RUNS, Asked, TestRun
from lage.views.range_tests import Summary, band_words, by_distance, probe_words, seconds, summary
from mesh.airtime import LONG_FAST, PRESETS, frame_len, time_on_air_ms
from mesh.firmware import RELIABLE_SENDS
from mesh.nodes import MeshNode
from mesh.send.range_test import COUNT_MAX, SIZE_MAX, TEST_APP, Order

POLL_S = 0.2
CONNECT_S = 60.0


@click.command("test")
@click.argument("gegenstelle", required=False)
@click.option(
    "--anzahl", type=click.IntRange(1, COUNT_MAX), default=10, show_default=True, help="Pakete."
)
@click.option(
    "--groesse", type=click.IntRange(1, SIZE_MAX), default=20, show_default=True, help="Byte."
)
@click.option(
    "--abstand", type=click.IntRange(0, 600), default=5, show_default=True, help="Sekunden Pause."
)
@click.option(
    "--entfernung",
    type=click.IntRange(0, 200_000),
    help="Meter; sonst aus den Standorten, die beide Funkgeräte melden.",
)
@click.option("--radio", "address", help="Funkgerät, falls kein Knoten läuft.")
@json_option
@click.pass_context
def test(
    ctx: click.Context,
    gegenstelle: str | None,
    anzahl: int,
    groesse: int,
    abstand: int,
    entfernung: int | None,
    address: str | None,
    machine: bool,
) -> None:
    """Verlust, Signal und Umlaufzeit zu einer Stelle oder einem Funkgerät messen.

    Ohne GEGENSTELLE: wer zu hören ist und was frühere Tests ergaben, nach Entfernung. Jedes
    Funkgerät antwortet von selbst, auch ein Relais ohne Laptop.
    """
    with open_station(ctx) as station:
        if gegenstelle is None:
            _earlier(station, machine=machine)
            return
        partner = _partner(gegenstelle, station)
        order = Order(
            time.time_ns() // 1_000_000, partner.number, anzahl, groesse, abstand * 1000, entfernung
        )
        with _node(folder_of(ctx), station, address):
            run = _ordered(station, partner, order, machine=machine)
    result = summary(run.probes)
    if machine:
        as_json(_json(run, partner))
    else:
        _say_summary(result)
        _say_by_distance([run])
    if not result.answered:
        ctx.exit(RadioError.exit_code)


def _ordered(station: Station, partner: MeshNode, order: Order, *, machine: bool) -> TestRun:
    """Give the order to the running node and tell what comes of it, probe by probe."""
    if not machine:
        view = station.radio()
        once = time_on_air_ms(
            PRESETS.get(view.preset or "", LONG_FAST),
            frame_len(order.size, TEST_APP, broadcast=False),
        )
        low, high = order.count * once / 1000, order.count * RELIABLE_SENDS * once / 1000
        say(
            f"{plain(partner.called)} ({partner.id}): {order.count} Pakete zu {order.size} B,"
            f" {low:.0f} bis {high:.0f} s Sendezeit; frei {view.airtime_free_ms / 1000:.0f} s."
        )
    station.keep(ORDER, Asked(order, time.time()))
    told = 0
    try:
        while True:
            run = next((run for run in station.setting(RUNS) if run.id == order.id), None)
            for probe in run.probes[told:] if run else ():
                told += 1
                if not machine:
                    say(f"{told:3}  {probe_words(probe)}")
            if run is not None and run.done:
                return run
            if not station.radio().running:
                raise RadioError("Der Knoten läuft nicht mehr: der Test ist abgebrochen.")
            time.sleep(POLL_S)
    except BaseException:
        end = replace(order, id=order.id + 1, count=0)
        station.keep(ORDER, Asked(end, time.time()))
        raise


@contextmanager
def _node(folder: Path, station: Station, address: str | None) -> Iterator[None]:
    """The running node, or one for as long as the test takes. Raises RadioError."""
    if station.radio().running:
        if address:
            raise UsageError(
                "Der Knoten läuft und hat das Funkgerät: bitte ohne --radio wiederholen."
            )
        _wait_connected(station, wait_s=0)
        yield
        return
    from lage.node.process import Node

    node, stop = Node(folder, address), threading.Event()
    thread = threading.Thread(target=node.run, args=(stop,), name="node", daemon=True)
    note("Der Knoten läuft nicht: er wird für den Test gestartet …")
    thread.start()
    try:
        _wait_connected(station, wait_s=CONNECT_S)
        yield
    finally:
        stop.set()
        node.wake()
        thread.join(20)


def _wait_connected(station: Station, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    while not (view := station.radio()).sends:
        if time.monotonic() > until:
            none = "Es ist kein Funkgerät angeschlossen: bitte mit --radio nennen."
            why = next(filter(None, (*view.troubles, view.reason)), none)
            raise RadioError(f"Der Test geht nicht: {why}")
        time.sleep(POLL_S)


def _partner(typed: str, station: Station) -> MeshNode:
    """The radio that is meant by a staff, its own name or its number. Raises NotFound."""
    radios = [node for node in station.setting(RADIOS) if node.number != station.radio().number]
    wanted = fold_text(typed.strip())
    if wanted.startswith("!") and len(wanted) == 9:
        try:
            number = int(wanted[1:], 16)
        except ValueError:
            number = 0
        if 0 < number < 0xFFFFFFFF:
            return next((n for n in radios if n.number == number), MeshNode(number))
    radios.sort(key=lambda node: -(node.heard or 0))
    staff = next(
        (s for s in station.directory.staffs if wanted in (fold_text(s.name), fold_text(s.code))),
        None,
    )
    if staff is not None:
        for node in radios:
            if node.member == staff.number:
                return node
        raise NotFound(
            f"Das Funkgerät der Stelle {staff.name} wurde noch nicht gehört: bitte seine Nummer"
            " angeben, z. B. !a1b2c3d4."
        )
    named = [
        n for n in radios if wanted in (fold_text(n.name or ""), fold_text(n.short_name or ""))
    ]
    if not named:
        raise NotFound(
            f"Ein Funkgerät „{typed}“ wurde nicht gehört: „lage funk test“ ohne Angabe zeigt, wer"
            " zu hören ist."
        )
    return named[0]


def _earlier(station: Station, *, machine: bool) -> None:
    runs = station.setting(RUNS)
    radios = {node.number: node for node in station.setting(RADIOS)}
    heard = [n for n in radios.values() if n.heard and n.number != station.radio().number]
    heard.sort(key=lambda node: -(node.heard or 0))
    if machine:
        as_json(
            {
                "hoerbar": [
                    {"nummer": n.id, "name": n.name, "snr_db": n.snr_db, "hops": n.hops}
                    for n in heard
                ],
                "tests": [_json(r, radios.get(r.radio, MeshNode(r.radio))) for r in runs],
                "nach_entfernung": _json_by_distance(runs),
            }
        )
        return
    rows = [
        [
            plain(node.called),
            node.id,
            "-" if node.member is None else station.directory.name(node.member),
            "-" if node.snr_db is None else f"{node.snr_db:.0f} dB",
        ]
        for node in heard
    ]
    print_table(("Funkgerät", "Nummer", "Stelle", "Signal"), rows)
    if not heard:
        say("(noch kein anderes Funkgerät gehört)")
    for run in runs:
        name = plain(radios.get(run.radio, MeshNode(run.radio)).called)
        say(f"{name}: {_summary_words(summary(run.probes))}")
    _say_by_distance(runs)


def _summary_words(result: Summary) -> str:
    if not result.sent:
        return "nichts gesendet"
    loss = f"{result.answered} von {result.sent} beantwortet, Verlust {result.loss_percent} %"
    if not result.answered:
        return loss
    signal = "" if result.snr_db is None else f", Signal {result.snr_db:.0f} dB"
    return (
        f"{loss}, {result.first_try} beim ersten Mal; Antwort nach"
        f" {seconds(result.round_trip_ms)}{signal}"
    )


def _say_summary(result: Summary) -> None:
    say(_summary_words(result))


def _say_by_distance(runs: list[TestRun] | tuple[TestRun, ...]) -> None:
    spans = by_distance([probe for run in runs for probe in run.probes])
    if not spans:
        return
    rows = [
        [
            band_words(low, high),
            str(result.sent),
            "-" if result.loss_percent is None else f"{result.loss_percent} %",
            seconds(result.round_trip_ms),
            "-" if result.snr_db is None else f"{result.snr_db:.0f} dB",
        ]
        for low, high, result in spans
    ]
    print_table(
        ("Entfernung", "Pakete", "Verlust", "Antwort", "Signal"),
        rows,
        (False, True, True, True, True),
    )


def _json(run: TestRun, partner: MeshNode) -> dict[str, object]:
    return {
        "nummer": partner.id,
        "name": partner.name,
        "begonnen": run.began,
        "groesse": run.size,
        "pakete": [
            {
                "umlauf_ms": probe.answered_ms,
                "beim_ersten_mal": probe.first_try,
                "snr_db": probe.snr_db,
                "rssi_dbm": probe.rssi_dbm,
                "hops": probe.hops,
                "weitergegeben": probe.relayed,
                "grund": None if probe.answered_ms is not None else probe.refusal.name,
                "entfernung_m": probe.distance_m,
            }
            for probe in run.probes
        ],
        **summary(run.probes).as_dict(),
        "nach_entfernung": _json_by_distance([run]),
    }


def _json_by_distance(runs: list[TestRun] | tuple[TestRun, ...]) -> list[dict[str, object]]:
    probes = [probe for run in runs for probe in run.probes]
    return [
        {"von_m": low, "bis_m": high, **result.as_dict()}
        for low, high, result in by_distance(probes)
    ]
