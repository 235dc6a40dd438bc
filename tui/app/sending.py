# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing with a moment to undo.

One intent at a time waits a few seconds before it is written. While waiting it is kept as a draft,
so that neither a crash nor a power cut loses it; the next intent and quitting write it first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lage.kinds.cards import CARDS
from lage.language.errors import LageError
from lage.views.judged import dated_ahead
from lage.views.overruled import without_effect
from tui.bridge import seconds
from tui.forms.key import FormKey
from tui.screens.host import Done, Host

if TYPE_CHECKING:
    from tui.forms.spec import FormSpec, Intent

PENDING = "wartend"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be written."""

    intent: Intent
    spec: FormSpec
    typed: Mapping[str, str]
    until: float  # bridge.seconds()


class Sending:
    """The app's writing."""

    def __init__(
        self, host: Host, undo_s: float, *,
        news: Callable[[], Awaitable[None]], show: Callable[[], None],
    ) -> None:  # fmt: skip
        self._host = host
        self._bridge = host.bridge
        self._undo_s = undo_s
        self._news = news  # reads again what is shown
        self._show = show  # brings the bars up to date
        self._apart: dict[FormKey, dict[str, str]] = {}  # what must not lie in the log file
        self.waiting: Waiting | None = None
        self.notice = ""

    def apart(self, spec: FormSpec) -> Mapping[str, str]:
        """What of a form's draft is kept in memory only."""
        return self._apart.get(spec.key, {})

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

            await self._host.confirm(intent.ask, yes)
            return
        self._bridge.may_write()
        kept = {name: text for name, text in typed.items() if name not in spec.apart}
        content = {"form": spec.key.text, "kind": spec.kind, "typed": kept}
        await self._bridge.save_draft(PENDING, content)
        await self.drop_draft(spec)
        self.waiting = Waiting(intent, spec, typed, seconds() + self._undo_s)
        done()
        await self.tick()

    async def tick(self) -> None:
        """Say how long it can still be taken back; write it when that time is over."""
        wait = self.waiting
        if wait is None:
            return
        left = wait.until - seconds()
        if left <= 0:
            await self.flush()
            return
        verb = "gesendet" if wait.spec.verb == "Senden" else "gespeichert"
        self.notice = f"{wait.intent.title} wird in {left:.0f} s {verb}   Strg+Z Rückgängig"
        self._show()

    async def flush(self) -> None:
        """Write now what waits."""
        wait = self._taken()
        if wait is None:
            return
        if not await self._write(wait.intent):
            await self.save_draft(wait.spec, wait.typed)
        await self._bridge.drop_draft(PENDING)

    def _taken(self) -> Waiting | None:
        wait, self.waiting, self.notice = self.waiting, None, ""
        return wait

    async def save_draft(self, spec: FormSpec, typed: Mapping[str, str]) -> None:
        """Keep what stands in a form; what must not lie in the log file, in memory only."""
        self._apart[spec.key] = {n: text for n, text in typed.items() if n in spec.apart}
        rest = {name: text for name, text in typed.items() if name not in spec.apart}
        await self._bridge.save_draft(spec.key.text, rest)

    async def drop_draft(self, spec: FormSpec) -> None:
        """Forget what stood in a form."""
        self._apart.pop(spec.key, None)
        await self._bridge.drop_draft(spec.key.text)

    async def _write(self, intent: Intent) -> bool:
        try:
            if intent.deed is not None:
                self._bridge.may_write()
                await self._bridge.work(intent.deed)
            else:
                await self._bridge.write(intent.drafts)
            for setting, text in intent.remember.items():
                await self._bridge.keep(setting, text)
        except LageError as error:
            self._host.say(f"Nicht gespeichert: {error}")
            return False
        lost = await self._bridge.look(lambda s: without_effect(intent.drafts, s.context()))
        doubt = await self._bridge.look(lambda s: dated_ahead(intent.drafts, s.now()))
        if lost:
            self._host.say(lost[0])
        elif doubt:
            self._host.say(f"{intent.title}: gespeichert. {doubt}")
        else:
            self._host.say(f"{intent.title}: gespeichert.", "ok")
        await self._news()
        return True

    async def act_rueckgaengig(self) -> None:
        """Take back what waits, into its form."""
        wait = self._taken()
        if wait is None:
            self._host.say(
                "Es gibt nichts zurückzunehmen: Geschriebenes wird berichtigt, nicht gelöscht."
            )
            return
        await self.save_draft(wait.spec, wait.typed)
        await self._bridge.drop_draft(PENDING)
        await self._host.open_form(wait.spec)

    async def restore(self) -> bool:
        """What waited when the last run ended without writing comes back as a draft."""
        if self._bridge.read_only:
            return False
        left = await self._bridge.look(lambda station: station.draft(PENDING))
        if not left:
            return False
        typed = left.get("typed")
        if isinstance(typed, dict):
            await self._bridge.save_draft(str(left.get("form", "")), typed)
        await self._bridge.drop_draft(PENDING)
        card = CARDS.get(str(left.get("kind")))
        name = card.title if card else "Eintrag"
        self._host.say(f"{name} wurde beim letzten Mal nicht mehr gesendet: Entwurf liegt bereit.")
        return True
