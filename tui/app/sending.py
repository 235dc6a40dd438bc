# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing with a moment to undo, and remembering which messages were read: the app's writing half.

One intent at a time waits a few seconds before it is written. While waiting it is kept as a draft,
so that neither a crash nor a power cut loses it; the next intent and quitting write it first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lage.kinds.forms import BY_KIND
from lage.kinds.model import Query
from lage.language.errors import LageError
from lage.station import Station
from lage.views.status import ReadMarks
from sync.schema.definition import EntityId
from tui.bridge import Bridge, seconds
from tui.forms.intents import FormSpec, Intent

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

PENDING, READ = "wartend", "gelesen"
Done = Callable[[], object]


@dataclass(slots=True)
class Pending:
    """What waits to be written."""

    undo_s: float
    intent: Intent | None = None
    spec: FormSpec | None = None
    typed: Mapping[str, str] | None = None
    until: float = 0.0  # bridge.seconds()
    text: str = ""  # for the key bar

    def clear(self) -> None:
        """Nothing waits any more."""
        self.intent = self.spec = self.typed = None
        self.text = ""


class Sending:
    """Mixed into the app."""

    if TYPE_CHECKING:
        bridge: Bridge
        pending: Pending
        apart: dict[str, dict[str, str]]
        marks: ReadMarks
        main: MainScreen

        def say(self, text: str, role: str = "alarm") -> None:
            """A sentence for the person."""

        def show_frames(self) -> None:
            """Bars anew."""

        async def confirm(self, question: str, yes: Callable[[], Awaitable[None]]) -> None:
            """Ask; do it on yes."""

        async def open_form(self, spec: FormSpec) -> None:
            """Open a form."""

        async def refresh_if_changed(self) -> None:
            """News."""

        async def read_status(self) -> None:
            """Status bar."""

    async def submit(
        self, intent: Intent, spec: FormSpec, typed: Mapping[str, str], done: Done
    ) -> None:
        """Write after a moment, or at once after a question where the intent asks one."""
        await self.flush()
        if intent.ask:

            async def yes() -> None:
                if await self._write(intent):
                    await self.drop_draft(spec)
                    done()

            await self.confirm(intent.ask, yes)
            return
        self.bridge.may_write()
        kept = {name: text for name, text in typed.items() if name not in spec.apart}
        await self.bridge.save_draft(PENDING, {"form": spec.key, "kind": spec.kind, "typed": kept})
        await self.drop_draft(spec)
        wait = self.pending
        wait.intent, wait.spec, wait.typed = intent, spec, typed
        wait.until = seconds() + wait.undo_s
        done()
        await self.tick_pending()

    async def tick_pending(self) -> None:
        """Say how long it can still be taken back; write it when that time is over."""
        wait = self.pending
        if wait.intent is None or wait.spec is None:
            return
        left = wait.until - seconds()
        if left <= 0:
            await self.flush()
            return
        verb = "gesendet" if wait.spec.verb == "Senden" else "gespeichert"
        wait.text = f"{wait.intent.title} wird in {left:.0f} s {verb}   Strg+Z Rückgängig"
        self.show_frames()

    async def flush(self) -> None:
        """Write now what waits."""
        intent, spec, typed = self.pending.intent, self.pending.spec, self.pending.typed
        if intent is None or spec is None or typed is None:
            return
        self.pending.clear()
        if not await self._write(intent):
            await self.save_draft(spec, typed)
        await self.bridge.drop_draft(PENDING)

    async def save_draft(self, spec: FormSpec, typed: Mapping[str, str]) -> None:
        """Keep what stands in a form; what must not lie in the log file, in memory only."""
        self.apart[spec.key] = {n: text for n, text in typed.items() if n in spec.apart}
        rest = {name: text for name, text in typed.items() if name not in spec.apart}
        await self.bridge.save_draft(spec.key, rest)

    async def drop_draft(self, spec: FormSpec) -> None:
        """Forget what stood in a form."""
        self.apart.pop(spec.key, None)
        await self.bridge.drop_draft(spec.key)

    async def _write(self, intent: Intent) -> bool:
        try:
            if intent.deed is not None:
                self.bridge.may_write()
                await self.bridge.work(intent.deed)
            else:
                await self.bridge.write(intent.drafts)
            for key, value in intent.remember.items():
                await self.bridge.keep(key, value)
        except LageError as error:
            self.say(f"Nicht gespeichert: {error}")
            return False
        self.say(f"{intent.title}: gespeichert.", "ok")
        await self.refresh_if_changed()
        return True

    async def act_rueckgaengig(self) -> None:
        """Take back what waits, into its form."""
        spec, typed = self.pending.spec, self.pending.typed
        if spec is None or typed is None:
            self.say(
                "Es gibt nichts zurückzunehmen: Geschriebenes wird berichtigt, nicht gelöscht."
            )
            return
        self.pending.clear()
        await self.save_draft(spec, typed)
        await self.bridge.drop_draft(PENDING)
        await self.open_form(spec)

    async def restore_pending(self) -> None:
        """What waited when the last run ended without writing comes back as a draft."""
        if self.bridge.read_only:
            return
        left = await self.bridge.look(lambda station: station.draft(PENDING))
        if not left:
            return
        typed = left.get("typed")
        if isinstance(typed, dict):
            await self.bridge.save_draft(str(left.get("form", "")), typed)
        await self.bridge.drop_draft(PENDING)
        form = BY_KIND.get(str(left.get("kind")))
        name = form.title if form else "Eintrag"
        self.say(f"{name} wurde beim letzten Mal nicht mehr gesendet: Entwurf liegt bereit.")
        await self.main.refresh_data()

    async def mark_read(self, entity: EntityId) -> None:
        """Somebody here has opened that message."""
        if self.bridge.read_only or entity in self.marks.single:
            return
        marks = self.marks

        def unread(station: Station) -> bool:
            record = station.reader.get(entity)
            return record is not None and marks.unread(record, station.context())

        if await self.bridge.look(unread):
            self.marks = self.marks.with_read(entity)
            await self.bridge.keep(READ, self.marks.kept())
            await self.read_status()

    async def act_gelesen(self) -> None:
        """All messages so far are read."""
        upto = await self.bridge.look(_newest_message)
        self.marks = ReadMarks(upto)
        await self.bridge.keep(READ, self.marks.kept())
        await self.refresh_if_changed()


def _newest_message(station: Station) -> int:

    rows = station.reader.select(Query("message", order="arrival", limit=1))
    return rows[0].seq if rows else 0
