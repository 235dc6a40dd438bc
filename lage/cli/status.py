# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage status``: what waits, the radio, who has what."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from lage.cli.common import as_json, json_option, open_station, print_table, say, say_wrapped, utc
from lage.language.tactical import age, clock
from lage.outside.desk import anything
from lage.station import Station
from lage.views.alarm import Alarm
from lage.views.alarms import TAKEN, still_open
from lage.views.exercise_clock import clock_words
from lage.views.network import NetworkView, NodeRow, way

if TYPE_CHECKING:
    from lage.outside.service import Census


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context, machine: bool) -> None:
    """Was zu tun ist, Funkgerät, Sendezeit der letzten Stunde, wer hat was empfangen.

    Endet mit 1, wenn am Funkgerät etwas nicht stimmt oder es seit über einer Minute weg ist.
    """
    with open_station(ctx) as station:
        view, now = station.network(), station.now()
        me, alarms = station.me, station.queue(taken=True)
        todo = still_open(alarms, station.setting(TAKEN))
        if machine:
            as_json(_json(station, view, todo, alarms))
            ctx.exit(1 if view.radio.troubles else 0)
        say(f"{station.network_name}, {me.name if me else 'kein Knoten'}{_mark(station)}")
        _todo(todo, len(alarms) - len(todo), now)
        _radio(view, {alarm.text for alarm in todo})
        rows = [
            [
                node.name,
                node.code,
                clock(node.heard, now) if node.heard else "noch nie",
                age(node.heard, now) if node.heard else "-",
                "-" if node.snr_db is None else f"{node.snr_db:.0f} dB",
                way(node.hops),
                _behind(node),
            ]
            for node in view.nodes
        ]
        print_table(("Stelle", "Kürzel", "gehört", "Alter", "Signal", "Weg", "unbestätigt"), rows)
        say("„unbestätigt“: von hier, und die Stelle hat den Empfang noch nicht gemeldet.")
        _radios(view, now)
        if (subscribed := _subscribed(station)) is not None:
            say(f"Benachrichtigungen zu Wasserständen: {subscribed.state},"
                f" {subscribed.active} bestätigt")  # fmt: skip
        for portal in _portals(station):
            _say_portal(portal)
        say(f"Einträge im Lagebuch: {view.operations}")
        if view.unreadable:
            say(f"Davon nur mit neuerer Version lesbar: {view.unreadable}")
        if view.unshown:
            say(f"Davon nicht darstellbar: {view.unshown}")
        for fork in view.forks:
            say_wrapped(f"{'' if fork.decided else 'ACHTUNG: '}{fork.sentence()}", 2)
        for gone in view.revoked:
            say_wrapped(gone.sentence(), 2)
        for sentence in view.told:
            say_wrapped(sentence, 2)
        kept = [*(fork.void for fork in view.forks), *(gone.void for gone in view.revoked)]
        if any(kept) or view.unshown:
            say("Was nicht gilt oder nicht darstellbar ist, zeigt „lage kreis ungueltig“.")
        ctx.exit(1 if view.radio.troubles else 0)


def _mark(station: Station) -> str:
    """That it is an exercise, and how its clock goes."""
    how = _how(station)
    drill = f"ÜBUNG · {how}" if how else "ÜBUNG ÜBUNG ÜBUNG"
    return f"  {drill}" if station.exercise else ""


def _how(station: Station) -> str:
    return clock_words(station.reader, station.directory, station.timebase)


def _subscribed(station: Station) -> Census | None:
    """Who is to be told of gauges; what knows of it loads where anything ever came from outside."""
    if not anything(station):
        return None
    from lage.outside.service import at_work

    return at_work(station)


def _portals(station: Station) -> list[dict[str, Any]]:
    """Portals elsewhere; what knows of them loads where there are any."""
    if not (station.folder / "portale").is_dir():
        return []
    from lage.cli.portals import told

    return told(station.folder)


def _say_portal(portal: dict[str, Any]) -> None:
    from lage.cli.portals import since

    said = f"Portal „{portal['name']}“: {since(portal)} abgeglichen"
    say_wrapped(f"{said}. {portal['fehler']}" if portal["fehler"] else said, 2)


def _json(
    station: Station, view: NetworkView, todo: list[Alarm], alarms: list[Alarm]
) -> dict[str, Any]:
    me, subscribed = station.me, _subscribed(station)
    return {
        "netz": station.network_name,
        "uebung": station.exercise,
        "uebungsuhr": _how(station) or None,
        "stelle": me.name if me else None,
        "zu_tun": [_alarm(alarm) for alarm in todo],
        "alarme": [_alarm(alarm) for alarm in alarms],
        "abos": None
        if subscribed is None
        else {"stand": subscribed.state, "bestaetigt": subscribed.active},
        "portale": _portals(station),
        **asdict(view),
        "nodes": [
            {**asdict(node), "heard": utc(node.heard) if node.heard else None}
            for node in view.nodes
        ],
    }


def _todo(todo: list[Alarm], noted: int, now: int) -> None:
    say(f"Zu tun: {len(todo) or 'nichts'}")
    for alarm in todo:
        ago = "" if alarm.since is None else f"{age(alarm.since, now)}: "
        since = ago if ago in ("", "gerade: ") else f"seit {ago}"
        say_wrapped(f"  {alarm.weight.sign} {since}{alarm.text}", 6)
    if noted:
        say(f"Zur Kenntnis genommen: {noted}")


def _alarm(alarm: Alarm) -> dict[str, Any]:
    entity = alarm.entity
    return {
        "schwere": alarm.weight,
        "art": alarm.sort.value,
        "seit": utc(alarm.since) if alarm.since is not None else None,
        "text": alarm.text,
        "entity": f"{entity.author}:{entity.number}" if entity else None,
    }


def _radios(view: NetworkView, now: int) -> None:
    """What the radios tell of themselves, and those that belong to no staff."""
    told = [("hier", view.own), *((node.code, node.radio) for node in view.nodes)]
    lines = [f"{code}: {radio.says}" for code, radio in told if radio and radio.says]
    if lines:
        say_wrapped("Funkgeräte: " + "; ".join(lines), 2)
    if view.relays:
        rows = [
            [
                radio.name,
                radio.id,
                clock(radio.heard, now) if radio.heard else "-",
                age(radio.heard, now) if radio.heard else "-",
                "-" if radio.snr_db is None else f"{radio.snr_db:.0f} dB",
                way(radio.hops),
                radio.says or "-",
            ]
            for radio in view.relays
        ]
        titles = ("Funkgerät ohne Stelle", "Nummer", "gehört", "Alter", "Signal", "Weg", "meldet")
        print_table(titles, rows)


def _radio(view: NetworkView, said: set[str]) -> None:
    radio = view.radio
    say(f"Funk: {radio.headline}{' ' + radio.address if radio.address else ''}")
    for sentence in radio.troubles or filter(None, (radio.reason,)):
        if sentence not in said:
            say_wrapped(f"  {sentence}", 2)
    used, limit = radio.airtime_hour_ms / 1000, radio.airtime_limit_ms / 1000
    free = radio.airtime_free_ms / 1000
    say(f"  Sendezeit letzte Stunde: {used:.0f} s von {limit:.0f} s, frei {free:.0f} s")
    if radio.channel_utilisation is not None:
        say(f"  Kanal belegt: {radio.channel_utilisation:.0f} %")
    say(f"  noch nicht gesendet: {radio.unsent}")
    waiting = {name: count for name, count in radio.queue.items() if count}
    if waiting:
        queued = ", ".join(f"{name} {count}" for name, count in waiting.items())
        say_wrapped("  Warteschlange: " + queued, 4)
    if radio.rejected:
        rejected = ", ".join(f"{why} {n}" for why, n in radio.rejected.items())
        say_wrapped("  Verworfen: " + rejected, 4)


def _behind(node: NodeRow) -> str:
    if not node.active:
        return "widerrufen"
    here = "unbekannt" if node.behind is None else str(node.behind or "nichts")
    return here + (f", hier fehlen {node.ahead}" if node.ahead else "")
