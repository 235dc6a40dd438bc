# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script played by the conductor on a simulated county, with nobody at any staff.

Cards and sheets count as handed over when they are given. What is to be written waits until what
it is about has arrived at that staff's log, and until its laptop is on, as it would with people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor, Deed
from lage.exercise.direction.observing import Observer
from lage.exercise.direction.setting_up import values
from lage.exercise.direction.writing import NotYet, drafts_of
from lage.exercise.script.dice import thrown
from lage.exercise.script.model import Broken, Script
from lage.exercise.script.power import exhausted
from lage.exercise.simulation.county import SimulatedCounty
from lage.language.errors import LageError

LOOK_MS = 20_000
"""So often logs are looked at while something arrives."""
HOUR_MS = 3_600_000
PLAYED, HERE = e.Manning.PLAYED, e.Manning.HERE
TELL_MS = HOUR_MS // 4


class Playing:
    """One script on one county, from X+00 on."""

    def __init__(
        self,
        script: Script,
        county: SimulatedCounty,
        begin_ms: int,
        manned: Collection[str] = (),
    ) -> None:
        """``begin_ms``: when X+00 is, so that the net stands by then; ``manned``: staffs that
        somebody else writes for."""
        script = thrown(script)
        script = replace(script, outages=(*script.outages, *exhausted(script)))
        self.conductor = Conductor(script, values(script))
        self.refused: dict[str, str] = {}
        self._county, self._begin = county, begin_ms
        stations = {name: laptop.station for name, laptop in county.laptops.items()}
        self._observer = Observer(self.conductor, stations)
        self.expected = self._observer.expected
        self._news = False
        self._look_at = 0
        county.on_arrival = self._arrived
        names = tuple(member.name for member in script.cast)
        manning = tuple((HERE if name in manned else PLAYED).value for name in names)
        self._say([e.Begun(script.name, "", script.begin, script.seed, names, manning), e.Stood()])
        self._say([e.Ran()])

    def run(self, end_ms: int, tell: Callable[[int], None] = lambda _: None) -> None:
        """Play until then; ``tell`` gets the ms of the exercise that have passed, now and then."""
        county, told = self._county, 0
        while county.now < self._begin + end_ms:
            self._turn()
            # until it is time to look; else until there is something to look at
            stop = _never if self._news else self._has_news
            county.run_until(self._next(self._begin + end_ms), stop)
            if county.now >= told:
                told = county.now + TELL_MS
                tell(max(0, county.now - self._begin))
        self._turn()

    def unwritten(self) -> dict[str, str]:
        """What was due and could not be written by now, why."""
        return {
            deed.key: f"{deed.staff} ist aus"
            if self._county.laptops[deed.staff].off
            else f"worum es geht, ist bei {deed.staff} nicht angekommen"
            for deed in self.conductor.deeds()
            if deed.staff
        }

    # --- time -----------------------------------------------------------------------------------

    def _turn(self) -> None:
        now = self._county.now
        if self._news and now >= self._look_at:
            self._news, self._look_at = False, now + LOOK_MS
            s = self.conductor.state.passed_s(now)
            while seen := self._observer.look(s):  # what is known by now may show more
                self._say(seen)
        while decided := self.conductor.advance(now):
            self._say(decided)
            for event in decided:
                self._break(event)
        for deed in list(self.conductor.deeds()):
            self._do(deed)

    def _next(self, end: int) -> int:
        times = [end, *([self._look_at] if self._news else [])]
        deadline = self.conductor.next_deadline()
        return max(self._county.now + 1, min([*times, *([] if deadline is None else [deadline])]))

    def _has_news(self) -> bool:
        return self._news

    def _arrived(self, *_: int) -> None:
        self._news = True

    def _say(self, events: Sequence[e.Event]) -> None:
        state = self.conductor.state
        for event in events:
            self.conductor.receive(state.seq + 1, max(self._begin, self._county.now), event)

    # --- deeds ----------------------------------------------------------------------------------

    def _do(self, deed: Deed) -> None:
        s = self.conductor.state.passed_s(self._county.now)
        if not deed.staff:
            self._say([e.Delivered(deed.key, s)])
            return
        laptop = self._county.laptops[deed.staff]
        if laptop.off:
            return
        try:
            drafts = drafts_of(deed, laptop.station, self._entries)
            entities = self._county.write(deed.staff, drafts)[:1]
        except NotYet:
            return
        except LageError as error:
            self.refused[deed.key] = str(error)
            self._say([e.Refused(deed.key, str(error))])
            return
        self._say([e.Written(deed.key, tuple((i.author, i.number) for i in entities))])
        self._news = True

    def _entries(self, key: str) -> Sequence[tuple[int, int]] | None:
        did = self.conductor.state.doing(key)
        return did.entries if did.settled else None

    def _break(self, event: e.Event) -> None:
        """An outage begins or ends. Brokers are not of this world: there is no way but the radio.
        What follows from the mains are outages of their own (``power.exhausted``)."""
        match event:
            case e.Cut(name, what):
                self._switch(name, what, off=True)
            case e.Mended(name, what):
                self._switch(name, what, off=False)

    def _switch(self, name: str, what: str, *, off: bool) -> None:
        if what == Broken.LAPTOP:
            for staff in [name] if name else self._county.laptops:
                self._county.switch(staff, off=off)
        elif what == Broken.RADIO:
            for staff in [name] if name else self._county.laptops:
                self._county.cut_off(staff, off=off)
        elif what == Broken.RELAY:
            for relay in [name] if name else self._county.relays:
                self._county.cut_off(relay, off=off)


def _never() -> bool:
    return False
