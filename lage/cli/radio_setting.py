# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk pruefen | einrichten | zuruecksetzen``: whether a radio is right, and making it so.

While the node of this folder runs it holds the radio, so it is asked to do the work; else the
command speaks to the radio itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from hardware.ports import PortKind, find_ports
from hardware.protobuf import ProfileError
from hardware.radio_profile import Difference, RadioProfile
from lage.bearers.radio_order import order_radio
from lage.cli.common import (
    as_json,
    json_option,
    note,
    open_station,
    print_table,
    say,
    say_wrapped,
)
from lage.cli.radio_link import Watched, connected
from lage.kinds.radio_wish import Wish
from lage.kinds.setting import KEY_EPOCH, RADIO_ADDRESS, RADIO_PRESET
from lage.language.errors import RadioError, UsageError
from lage.language.hardware import profile_sentence
from lage.language.settings import (
    BRIEFLY,
    HARMS,
    SETTING_WORDS,
    class_word,
    value_words,
)
from lage.store import keys
from lage.store.radio_order import WORKING, OrderState, given_back
from lage.store.report import REPORT, NodeReport
from lage.store.verdict import Verdict
from lage.views.verdict import ORDERS, changes_of, firmware_sentence
from mesh.radio.setting_up import SettingUp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lage.station import Station

POLL_S = 0.1

radio_option = click.option(
    "--radio", "address", help="z. B. serial:/dev/ttyUSB0; ohne: das zuletzt benutzte."
)
wait_option = click.option(
    "--warten", default=120.0, show_default=True, help="Höchstens so viele Sekunden."
)


class _Desk:
    """A radio, through the running node or directly."""

    def verdict(self) -> tuple[Verdict, str | None]:
        """How it is judged, and its firmware."""
        raise NotImplementedError

    def work(self, wish: Wish, *, relays: bool | None = None) -> OrderState:
        """Have it set up or back, and whether it shall relay; how it ended."""
        raise NotImplementedError


class _ThroughNode(_Desk):
    def __init__(self, station: Station, address: str | None, wait_s: float) -> None:
        self._station, self._until = station, time.monotonic() + wait_s
        # what is reported then is judged anew
        if self._order(Wish.CONNECT, address or "") is OrderState.UNREACHED:
            raise RadioError(ORDERS[OrderState.UNREACHED])

    def _report(self) -> NodeReport:
        report = self._station.setting(REPORT)
        if report is None or not report.running(time.time()):
            raise RadioError("Der Knoten dieses Ordners hat sich beendet: „lage knoten starten“.")
        return report

    def _await(self, ready: Callable[[NodeReport], bool]) -> NodeReport:
        while not ready(report := self._report()):
            if time.monotonic() > self._until:
                if report.order is OrderState.RUNNING and report.connected:
                    raise RadioError(
                        "Der Knoten arbeitet noch daran: gleich noch einmal „lage funk pruefen“."
                    )
                reason = self._station.radio().reason or "keine Antwort"
                raise RadioError(f"Das Funkgerät {report.address} ist nicht bereit: {reason}")
            time.sleep(POLL_S)
        return report

    def _order(self, wish: Wish, address: str = "", *, relays: bool | None = None) -> OrderState:
        at = order_radio(self._station, wish, address, relays=relays)
        done = self._await(
            lambda r: r.order_at == at and r.order not in (OrderState.NONE, *WORKING)
        )
        return done.order

    def verdict(self) -> tuple[Verdict, str | None]:
        """As the node last reported."""
        report = self._await(lambda r: r.connected and r.verdict is not None)
        assert report.verdict is not None
        return report.verdict, report.firmware

    def work(self, wish: Wish, *, relays: bool | None = None) -> OrderState:
        """The node does it."""
        return self._order(wish, relays=relays)


class _Direct(_Desk):
    def __init__(self, station: Station, profile: RadioProfile, link: Watched, wait_s: float):
        self._station, self._profile, self._link = station, profile, link
        self._wait_s = wait_s

    def verdict(self) -> tuple[Verdict, str | None]:
        """As the radio reports now."""
        from lage.node.judge import judged

        firmware = self._link.state.firmware if self._link.state else None
        return judged(self._profile, self._link.sections(), frozenset()), firmware

    def work(self, wish: Wish, *, relays: bool | None = None) -> OrderState:
        """One setting after the other, until the radio has what is wanted."""
        from lage.node.set_up import radio_of, setting_right, undoing

        folder, sections = self._station.folder, self._link.sections()
        if wish is not Wish.UNDO:
            profile = replace(self._profile, relays=relays)
            return self._drive(setting_right(folder, profile, sections), wish)
        work = undoing(folder, sections)
        if work is None:
            return OrderState.NO_COPY
        state = self._drive(work, wish)
        if state is OrderState.RESTORED:
            given_back(folder, radio_of(sections))
        return state

    def _drive(self, work: SettingUp, wish: Wish) -> OrderState:
        from lage.node.set_up import ended

        link, until = self._link, time.monotonic() + self._wait_s
        while work.outcome is None and time.monotonic() < until:
            link.note()
            there = link.state is not None and link.state.connected
            for order in work.advance(_now_ms(), link.sections(), connected=there):
                if isinstance(order, bytes):
                    link.configure([order])
                else:
                    link.reread()
            time.sleep(POLL_S)
        return ended(work, wish, connected=link.state is not None and link.state.connected)


def _now_ms() -> int:
    return int(time.monotonic() * 1000)


@contextmanager
def _desk(
    ctx: click.Context,
    address: str | None,
    wait_s: float,
    preset: str | None = None,
    *,
    takes: bool = False,
) -> Iterator[_Desk]:
    """The radio of that address, or of the last start; with ``takes`` it is the staff's from now
    on. Raises UsageError, RadioError.
    """
    with open_station(ctx) as station:
        profile = _profile(station, preset)
        if preset is not None and takes:
            station.keep(RADIO_PRESET, profile.preset)
        report = station.setting(REPORT)
        if report is not None and report.running(time.time()):
            other = None if address in (None, report.address) else address
            if not other and not report.address:
                other = _found()
            if other:  # the node leaves its radio only for one that answers, and not to look at it
                with connected(other, wait_s) as link:
                    if not takes:
                        yield _Direct(station, profile, link, wait_s)
                        return
            yield _ThroughNode(station, other, wait_s)
            return
        address = address or station.setting(RADIO_ADDRESS) or _found()
        with connected(address, wait_s) as link:
            if station.me is not None and takes:
                station.keep(RADIO_ADDRESS, address)
            yield _Direct(station, profile, link, wait_s)


def _found() -> str:
    """The only radio that is plugged in. Raises UsageError where there is none or a choice."""
    likely = (PortKind.RADIO, PortKind.MAYBE_RADIO)
    ports = [port for port in find_ports() if port.kind in likely]
    if len(ports) == 1:
        return ports[0].address
    what = "kein Funkgerät" if not ports else "mehr als ein mögliches Funkgerät"
    raise UsageError(f"Angesteckt ist {what}: bitte mit --radio angeben („lage funk suchen“).")


def _profile(station: Station, preset: str | None) -> RadioProfile:
    from lage.node.judge import profile_for

    try:
        wanted = preset.upper() if preset else None
        return profile_for(station, _channel_key(station), wanted)
    except ProfileError as error:
        raise UsageError(profile_sentence(error)) from error


def _channel_key(station: Station) -> bytes:
    """The channel key in force: that of the last change of keys, if this node has it."""
    from lage.county.rekey import Keyring

    network = station.network_keys
    if network.author is None:
        if station.roster.keys:
            raise UsageError(
                "Die Schlüssel des Kreises wurden gewechselt: bitte diesen Befehl im Ordner"
                " eines Knotens ausführen."
            )
        return network.channel_key
    seal = keys.load_node(station.folder).seal
    ring = Keyring(network, seal, station.setting(KEY_EPOCH))
    plan = ring.plan(station.roster, station.now(), convinced=False)
    return plan.held[plan.epoch].channel


@click.command("pruefen")
@radio_option
@wait_option
@json_option
@click.pass_context
def check(ctx: click.Context, address: str | None, warten: float, machine: bool) -> None:
    """Sagen, was am Funkgerät falsch eingestellt ist; endet mit 1, wenn etwas sein muss."""
    with _desk(ctx, address, warten) as desk:
        verdict, firmware = desk.verdict()
    if machine:
        as_json(_judged_json(verdict, firmware))
    else:
        _say_verdict(verdict, firmware)
    ctx.exit(1 if verdict.must or not verdict.readable else 0)


def _judged_json(verdict: Verdict, firmware: str | None) -> dict[str, Any]:
    return {
        "lesbar": verdict.readable,
        "sendet": not verdict.holds,
        "abweichungen": [
            {
                "einstellung": each.item.path,
                "ist": each.found,
                "soll": each.wanted,
                "urteil": class_word(each),
                "folge": HARMS[each.why],
            }
            for each in verdict.differences
        ],
        "unbekannt": list(verdict.unjudged),
        "rolle": verdict.role,
        "firmware": firmware,
        "firmware_zweifel": firmware_sentence(firmware),
    }


def _say_verdict(verdict: Verdict, firmware: str | None) -> None:
    if not verdict.readable:
        say("Was das Funkgerät von seinen Einstellungen meldet, ist nicht lesbar.")
    elif not verdict.differences:
        say("Das Funkgerät ist richtig eingestellt.")
    else:
        _say_differences(verdict.differences)
    if doubt := firmware_sentence(firmware):
        say_wrapped(doubt, 2)
    if verdict.unjudged:
        names = ", ".join(verdict.unjudged)
        say_wrapped(f"Diese Version von Lage kennt nicht, und beurteilt nicht: {names}.", 2)
    if verdict.must:
        say("Beheben mit „lage funk einrichten“.")


def _say_differences(differences: tuple[Difference, ...]) -> None:
    print_table(
        ("Einstellung", "ist", "gewünscht", "Urteil", "sonst"),
        [
            [
                SETTING_WORDS[each.item.path],
                value_words(each.item, each.found),
                value_words(each.item, each.wanted),
                class_word(each),
                BRIEFLY[each.why],
            ]
            for each in differences
        ],
    )


@click.command("einrichten")
@radio_option
@click.option("--preset", help="Funkeinstellung des Kreises; ohne: die bisherige, sonst LONG_FAST.")
@click.option(
    "--weiterleiten",
    type=click.Choice(["ja", "nein"]),
    help="Ob es weitergibt, was andere senden („lage funk plan“); ohne: wie bisher.",
)
@click.option("--auch-relais", is_flag=True, help="„nein“ auch für eines, das als Relais dient.")
@click.option("--probe", is_flag=True, help="Nur zeigen, was geändert würde.")
@click.option("--ja", is_flag=True, help="Nicht fragen.")
@wait_option
@click.pass_context
def set_up(
    ctx: click.Context,
    address: str | None,
    preset: str | None,
    weiterleiten: str | None,
    auch_relais: bool,
    probe: bool,
    ja: bool,
    warten: float,
) -> None:
    """Das Funkgerät auf Kanal, Schlüssel und Einstellung des Kreises bringen.

    Zeigt, was geändert wird, fragt, ändert eines nach dem anderen und prüft. Was vorher eingestellt
    war, bleibt aufgehoben: „lage funk zuruecksetzen“.
    """
    relays = None if weiterleiten is None else weiterleiten == "ja"
    with _desk(ctx, address, warten, preset, takes=not probe) as desk:
        verdict, _ = desk.verdict()
        changes = changes_of(verdict, relays, relay_too=auch_relais)
        if not changes and verdict.readable:
            say("Das Funkgerät ist schon richtig eingestellt.")
            return
        _say_differences(changes)
        if probe:
            return
        _ask("So einrichten?", ja=ja)
        note(ORDERS[OrderState.RUNNING])
        _tell(desk.work(Wish.SET_UP, relays=relays))


@click.command("zuruecksetzen")
@radio_option
@click.option("--ja", is_flag=True, help="Nicht fragen.")
@wait_option
@click.pass_context
def undo(ctx: click.Context, address: str | None, ja: bool, warten: float) -> None:
    """Dem Funkgerät zurückgeben, was eingestellt war, bevor Lage es einrichtete."""
    with _desk(ctx, address, warten) as desk:
        desk.verdict()
        what = "Das Funkgerät passt danach nicht mehr zum Kreis. Zurücksetzen?"
        _ask(what, ja=ja)
        _tell(desk.work(Wish.UNDO))


def _ask(question: str, *, ja: bool) -> None:
    """Go on after a yes. Raises RadioError."""
    if ja:
        return
    answer = click.prompt(f"{question} (j/n)", default="n", show_default=False, err=True)
    if answer.strip().lower() not in ("j", "ja"):
        raise RadioError("Nichts geändert.")


def _tell(state: OrderState) -> None:
    if state not in (OrderState.RIGHT, OrderState.RESTORED):
        raise RadioError(ORDERS[state])
    say(ORDERS[state])


__all__ = ["check", "set_up", "undo"]
