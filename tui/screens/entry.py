# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be done with the selected entry, in a list, in the overview or in its detail."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lage.kinds.inputs import choices_of
from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.station import Station
from lage.views.alarm import Alarm
from lage.views.pages import Row
from maps.geo.places import Position
from sync.schema.definition import EntityId, Point
from tui.actions import Action
from tui.screens.base import View
from tui.screens.dialogs import Choose
from tui.screens.printing import to_paper
from tui.widgets.choices import Option

if TYPE_CHECKING:
    from tui.forms.spec import FormSpec, Intent


def record_of(station: Station, entity: EntityId) -> Record:
    """The record, or a sentence why not."""
    from tui.forms.spec import record_of as found

    return found(station, entity)


class EntryView(View):
    """A view that has a selected entity, and what can be done with it."""

    def gone(self) -> Row | None:
        """The row that was chosen and has left the list, where rows come and go by themselves."""
        return None

    def called(self, row: Row) -> str:
        """A row in a sentence."""
        return f"„{plain(' '.join(row.cells))}“"

    def why_gone(self) -> str:
        """What is said where somebody wants to do something with a row that is gone, else empty."""
        row = self.gone()
        if row is None:
            return ""
        return (
            f"{self.called(row)} steht nicht mehr in dieser Liste, nichts ist geschehen: bitte mit"
            " Pfeil hoch oder runter neu wählen."
        )

    def why_nothing(self) -> str:
        """It is gone, or nothing was chosen."""
        return self.why_gone() or super().why_nothing()

    def why_not(self, action: Action) -> str:
        """It is gone."""
        return self.why_gone()

    async def _open(self, form: str, kind: str = "", about: EntityId | None = None) -> None:
        """A form, named by its module in ``tui.forms`` and what makes it: loaded when wanted.

        ``about``: the entry that a dialog named; the cursor may be on another one since.
        """
        entity = about or self._wanted()
        module, _, made = form.partition(":")
        make: Callable[[Station, Record], FormSpec]
        make = getattr(import_module(f"tui.forms.{module}"), made)

        def spec(station: Station) -> FormSpec:
            record = record_of(station, entity)
            if kind and record.kind != kind:
                raise UsageError("Das geht nur mit einer Nachricht." if kind == "message" else
                                 "Das geht mit diesem Eintrag nicht.")  # fmt: skip
            return make(station, record)

        await self.lage.open_form(await self.lage.bridge.look(spec))

    def _wanted(self) -> EntityId:
        entity = self.selected()
        if entity is None:
            raise UsageError(self.why_nothing())
        return entity

    async def waiting(self) -> Alarm | None:
        """What of all that is to be done is about the selected entry."""
        entity = self._wanted()
        queue = await self.lage.bridge.work(lambda station: station.queue())
        return next((alarm for alarm in queue if alarm.entity == entity), None)

    async def act_bestaetigen(self) -> None:
        """Yes to what waits there."""
        alarm = await self.waiting()
        if alarm is None:
            raise UsageError("Hier wartet nichts auf eine Bestätigung.")
        from tui.screens import answering

        await answering.confirm(self.lage, alarm)

    async def act_quittieren(self) -> None:
        """Quittung with a name."""
        await self._open("messages:acknowledge", "message")

    async def act_antworten(self) -> None:
        """Write back."""
        await self._open("messages:answer", "message")

    async def act_weiterleiten(self) -> None:
        """Send on."""
        await self._open("messages:forward", "message")

    async def act_verteilen(self) -> None:
        """Distribute in the staff."""
        await self._open("messages:distribute", "message")

    async def act_berichtigen(self) -> None:
        """Strike a journal entry."""
        await self._open("changes:strike", "journal")

    async def act_aendern(self) -> None:
        """Change fields."""
        await self._open("changes:change")

    async def act_vordruck(self) -> None:
        """The message on paper."""
        entity = self._wanted()

        def write(station: Station) -> Path:
            from lage.reports.files import write_message

            return write_message(station, record_of(station, entity))

        await to_paper(self.lage, write)

    async def act_auftrag(self) -> None:
        """A task that refers to the entry."""
        await self._open("orders:order")

    async def act_doppelt(self) -> None:
        """Say that two incidents or gauges are one, or no longer."""
        await self._open("duplicates:merge")

    async def act_zuweisen(self) -> None:
        """Send a helper to a staff."""
        await self._open("helpers:assign", "helper")

    async def act_rueckmeldung(self) -> None:
        """What a helper is told."""
        await self._open("helpers:feedback", "helper")

    async def act_entlassen(self) -> None:
        """Let a helper go."""
        await self._open("helpers:dismiss", "helper")

    async def act_person_loeschen(self) -> None:
        """Destroy a helper's private part, after a question."""
        entity = self._wanted()

        def build(station: Station) -> tuple[FormSpec, Intent]:
            from tui.forms import helpers

            form = helpers.erase(station, record_of(station, entity))
            return form, form.build(station, {})

        form, intent = await self.lage.bridge.look(build)
        await self.lage.sending.submit(intent, form, {}, lambda: None)

    async def act_freigeben(self) -> None:
        """Make it public, or take it back, after a question that shows what people will read."""
        await self.publish(self._wanted())

    async def publish(self, entity: EntityId) -> None:
        """The same for any entry."""

        def build(station: Station) -> tuple[FormSpec, Intent]:
            from tui.forms import public

            form = public.publish(station, record_of(station, entity))
            return form, form.build(station, {})

        form, intent = await self.lage.bridge.look(build)
        await self.lage.sending.submit(intent, form, {}, lambda: None)

    async def act_status(self) -> None:
        """Choose the status from a short list; written after the moment for taking it back."""
        entity = self._wanted()
        record = await self.lage.bridge.look(lambda s: record_of(s, entity))
        now = record.text("status")
        values = choices_of(record.kind, "status")
        options = [Option(value, value, on=value == now) for value in values]

        async def chosen(value: str | None) -> None:
            if value is None or value == now:
                return
            if record.kind == "helper" and value == "entlassen":
                # the hours, and an end to running assignments
                await self._open("helpers:dismiss", "helper", entity)
                return

            def build(station: Station) -> tuple[FormSpec, Intent]:
                from tui.forms import changes

                present = record_of(station, entity)
                form = changes.change(station, present, ("status",))
                return form, form.build(station, {"status": value})

            form, intent = await self.lage.bridge.look(build)
            await self.lage.sending.submit(intent, form, {"status": value}, lambda: None)

        await self.lage.push(Choose("Status", options), chosen)

    async def act_zeigen(self) -> None:
        """Put the map's cursor on it."""
        entity = self._wanted()

        def where(station: Station) -> Point | None:
            record = record_of(station, entity)
            return record.point() or next(iter(record.corners()), None)

        point = await self.lage.bridge.look(where)
        if point is None:
            raise UsageError("Zu diesem Eintrag ist keine Koordinate bekannt.")
        if not Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000).covered:
            raise UsageError("Die Koordinate dieses Eintrags liegt nicht auf der Karte.")
        await self.lage.show_on_map(point)
