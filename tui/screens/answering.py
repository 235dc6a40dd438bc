# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One key says yes to whatever waits: Quittung, accepting, a report, or that it was noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.alarm import Alarm, Answer
from lage.views.detail import title_of
from sync.schema.definition import EntityId
from tui.forms import changes, messages
from tui.forms.spec import FormSpec, Intent, record_of
from tui.screens.dialogs import Choose
from tui.screens.host import Host
from tui.widgets.choices import Option
from tui.widgets.todo import alarm_goal

ACCEPTED = "angenommen"
REPORT = ("status", "feedback", "progress")


async def confirm(host: Host, alarm: Alarm) -> None:
    """Do what ends it."""
    entity = alarm.entity
    if alarm.answer is Answer.DECIDE:
        await host.go(alarm_goal(alarm)[1], anew=True)
    elif alarm.answer is Answer.NOTE or entity is None:
        await host.note(alarm)
        host.say("Zur Kenntnis genommen; steht noch unter ! beim Filter „gesehen“.", "ok")
    elif alarm.answer is Answer.RECEIPT:
        await _open(host, lambda station: messages.acknowledge(station, record_of(station, entity)))
    elif alarm.answer is Answer.REPORT:
        await _open(host, lambda station: _report(station, record_of(station, entity)))
    elif await host.bridge.look(lambda station: _to_all(station, entity)):
        await _ask_who(host, entity)
    else:
        await _accept(host, entity)


async def _open(host: Host, make: Callable[[Station], FormSpec]) -> None:
    await host.open_form(await host.bridge.look(make))


def _report(station: Station, record: Record) -> FormSpec:
    """How it stands, in words."""
    names = tuple(name for name in REPORT if name in CARDS[record.kind].kind.by_name)
    return changes.change(station, record, names)


def _to_all(station: Station, entity: EntityId) -> bool:
    return "to" not in record_of(station, entity).values


async def _ask_who(host: Host, entity: EntityId) -> None:
    """What was asked of all is not refused by one: either we do it, or others will."""

    async def chosen(ours: bool | None) -> None:
        if ours:
            await _accept(host, entity)

    options = [
        Option(True, "Wir übernehmen das", "alle lesen: angenommen"),
        Option(False, "Das machen andere", "bleibt offen, bis eine Stelle annimmt"),
    ]
    await host.push(Choose("Die Anforderung geht an alle", options), chosen)


async def _accept(host: Host, entity: EntityId) -> None:
    """Written after the moment for taking it back."""

    def build(station: Station) -> tuple[FormSpec, Intent]:
        record = record_of(station, entity)
        now = record.text("status")
        if now != "offen":
            raise UsageError(f"Das ist nicht mehr offen: {now}.")
        form = changes.change(station, record, ("status",))
        intent = form.build(station, {"status": ACCEPTED})
        title = title_of(record, station.context())
        return form, replace(intent, title=f"{title} angenommen")

    form, intent = await host.bridge.look(build)
    await host.sending.submit(intent, form, {"status": ACCEPTED}, lambda: None)
