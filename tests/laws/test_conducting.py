# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of the conductor: nothing is given twice or early, and a crash changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.due import due
from lage.exercise.direction.state import Standing
from lage.exercise.script import model as m

TOWN, COUNTY = "SAE Rheine", "Krisenstab Steinfurt"
NUMBERS = [str(n) for n in range(1, 9)]
BEGUN = e.Begun("Probe", "", 0, 1, (COUNTY, TOWN), ("besetzt", "gespielt"))
minutes = st.integers(0, 60).map(float)
conditions = st.builds(
    m.Condition,
    st.sampled_from(NUMBERS),
    st.sampled_from([m.State.FIRED, m.State.ACKNOWLEDGED, m.State.DONE]),
    st.sampled_from(["", COUNTY]),
)
whens = st.one_of(
    st.builds(m.At, minutes),
    st.just(m.OnCall()),
    st.builds(m.After, conditions, minutes),
    st.builds(m.Unless, conditions, until=minutes),
    st.builds(m.Unless, conditions, within=minutes),
)
contents = st.one_of(
    st.builds(lambda n: m.Entry("create", "journal", {"text": n}), st.sampled_from(NUMBERS)),
    st.builds(m.Speech, st.sampled_from(NUMBERS)),
)
scripts = st.lists(
    st.tuples(whens, contents, st.sampled_from([COUNTY, TOWN]), st.booleans()), max_size=8
).map(
    lambda items: m.Script(
        "Probe",
        0,
        (m.Cast(COUNTY, "krisenstab", manned=True), m.Cast(TOWN, "sae")),
        tuple(
            m.Inject(
                n, NUMBERS[n - 1], when, staff, content, to=(staff,),
                only_if=(m.Guard(m.Chosen("Weg", "links")),) if guarded else (),
            )
            for n, (when, content, staff, guarded) in enumerate(items, 1)
        ),
        branches=(m.Branch("Weg", "Wohin?", ("links", "rechts"), "links"),),
        outages=(m.Outage(m.Broken.RADIO, (TOWN,), 10, 20),),
    )
)  # fmt: skip
said = st.one_of(
    st.just(e.Ran()),
    st.just(e.Paused()),
    st.just(e.Stood()),
    st.builds(e.Hurried, st.sampled_from([0.5, 1.0, 20.0])),
    st.builds(e.Jumped, st.integers(0, 4000), st.booleans()),
    st.builds(
        e.Seen,
        st.sampled_from(NUMBERS),
        st.sampled_from(["quittiert", "erledigt"]),
        st.sampled_from([COUNTY, TOWN]),
        st.integers(0, 3600),
    ),
    st.builds(e.Fired, st.sampled_from(NUMBERS), st.just("hand"), st.integers(0, 3600)),
    st.builds(e.Skipped, st.sampled_from(NUMBERS), st.just("so")),
    st.builds(e.Took, st.just("Weg"), st.sampled_from(["links", "rechts"])),
    st.builds(
        e.Inserted,
        st.sampled_from(["E1", "E2"]),
        st.just({"minute": "5", "an": COUNTY, "text": "x", "weg": "Funk"}),
    ),
)
walks = st.lists(
    st.tuples(st.integers(0, 600_000), st.lists(said, max_size=2), st.booleans(), st.booleans()),
    max_size=20,
)
"""So many ms pass, then this is said; whether deeds are done then; whether a crash follows."""

Move = tuple[int, list[e.Event], bool, bool]


@dataclass
class Log:
    """A journal in memory, and the deeds that were done."""

    script: m.Script
    rows: list[tuple[int, int, e.Event]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    now: int = 1_000_000

    def conductor(self) -> Conductor:
        """One that has read everything."""
        fresh = Conductor(self.script)
        for row in self.rows:
            fresh.receive(*row)
        return fresh

    def say(self, conductor: Conductor, event: e.Event) -> None:
        """A row for the journal, received back."""
        self.rows.append((len(self.rows) + 1, self.now, event))
        conductor.receive(*self.rows[-1])


def walk(
    script: m.Script,
    steps: list[Move],
    *,
    crashes: bool,
) -> Log:
    """Conduct it; where there are crashes everything in memory is lost."""
    log = Log(script)
    conductor = log.conductor()
    log.say(conductor, BEGUN)
    for passed, events, works, crash in steps:
        log.now += passed
        for event in events:
            log.say(conductor, event)
        for decided in conductor.advance(log.now):
            log.say(conductor, decided)
        if crashes and crash:
            conductor = log.conductor()
        for deed in list(conductor.deeds()) if works else ():
            log.done.append(deed.key)
            if deed.inject.entry is None:
                log.say(conductor, e.Delivered(deed.key, conductor.state.passed_s(log.now), "ich"))
            else:
                log.say(conductor, e.Written(deed.key, ((1, len(log.done)),)))
    return log


@given(script=scripts, steps=walks)
def test_nothing_is_given_twice_and_nothing_early(script: m.Script, steps: list[Move]) -> None:
    """Whatever the direction says, in whatever order."""
    log = walk(script, steps, crashes=True)
    assert len(log.done) == len(set(log.done))

    conductor = Conductor(script)
    for row in log.rows:
        event = row[2]
        if isinstance(event, e.Fired) and event.cause != "hand" and event.key[0] != "!":
            state, inject = conductor.state, conductor.inject(event.key)
            assert inject is not None
            at = due(inject, state)
            assert state.clock.running
            assert at is not None
            assert 0 <= at <= event.s <= state.passed_s(row[1])
            assert state.doing(event.key).standing is Standing.WAITING
        conductor.receive(*row)


@given(script=scripts, steps=walks)
def test_a_crash_at_any_moment_changes_nothing(script: m.Script, steps: list[Move]) -> None:
    """With all memory lost again and again the journal is the same as without."""
    assert walk(script, steps, crashes=True).rows == walk(script, steps, crashes=False).rows


@given(script=scripts, steps=walks)
def test_while_the_clock_stands_nothing_is_decided(script: m.Script, steps: list[Move]) -> None:
    """Before the network stands, in a pause, after the end."""
    log = walk(script, steps, crashes=False)
    conductor = log.conductor()
    for event in (e.Paused(), e.Lost(log.now), e.Ended()):
        log.say(conductor, event)
        stood = conductor.state.passed_s(log.now)
        assert conductor.advance(log.now + 10_000_000) == []
        assert conductor.state.passed_s(log.now + 10_000_000) == stood


@given(script=scripts, passed=st.integers(0, 3_600_000))
def test_nothing_is_overslept(script: m.Script, passed: int) -> None:
    """Until the next deadline nothing is given; at it something is decided."""
    log = Log(script)
    conductor = log.conductor()
    for event in (BEGUN, e.Stood(), e.Ran()):
        log.say(conductor, event)
    log.now += passed
    for _ in range(40):
        for decided in conductor.advance(log.now):
            log.say(conductor, decided)
        if not conductor.advance(log.now):
            break
    due_at = conductor.next_deadline()
    if due_at is not None:
        assert conductor.advance(due_at - 1) == []
        assert conductor.advance(due_at + 1000) != []


def test_what_is_jumped_over_is_left_out_for_people_and_done_for_the_others() -> None:
    """A message to people is left out with its reason and can be given by hand; what a staff
    without people writes is there, later injects refer to it."""
    entry = m.Entry("create", "journal", {"text": "x"})
    script = m.Script(
        "Probe", 0, (m.Cast(COUNTY, "krisenstab", manned=True), m.Cast(TOWN, "sae")),
        (m.Inject(1, "1", m.At(10), TOWN, entry, to=(COUNTY,)),
         m.Inject(2, "2", m.At(11), TOWN, entry, to=(TOWN,)),
         m.Inject(3, "3", m.At(30), TOWN, entry, to=(COUNTY,))),
    )  # fmt: skip
    steps: list[Move] = [(0, [e.Stood(), e.Ran(), e.Jumped(1800)], True, False)]
    log = walk(script, [*steps], crashes=False)
    state = log.conductor().state
    assert log.done == ["2", "3"]
    assert state.doing("2").cause is e.Cause.CAUGHT_UP
    assert (state.doing("1").standing, state.doing("1").why) == (
        Standing.SKIPPED, "beim Sprung auf X+30 übergangen"
    )  # fmt: skip

    wanted = walk(script, [(0, [e.Stood(), e.Ran(), e.Jumped(1800, catch_up=True)], True, False)],
                  crashes=False)  # fmt: skip
    assert wanted.done == ["1", "2", "3"]


def test_a_branch_and_a_deadline_decide_what_comes() -> None:
    """If nobody confirms 1 by X+40, the follow-up comes; where somebody did it is left out."""
    entry = m.Entry("create", "journal", {"text": "x"})
    confirmed = m.Condition("1", m.State.ACKNOWLEDGED)
    script = m.Script(
        "Probe", 0, (m.Cast(COUNTY, "krisenstab", manned=True),),
        (m.Inject(1, "1", m.At(0), COUNTY, entry),
         m.Inject(2, "2", m.Unless(confirmed, until=40), COUNTY, entry),
         m.Inject(3, "3", m.After(confirmed, 20), COUNTY, entry)),
    )  # fmt: skip
    start: Move = (0, [e.Stood(), e.Ran()], True, False)
    hour: Move = (3_600_000, [], True, False)
    assert walk(script, [start, hour], crashes=False).done == ["1", "2"]
    seen: Move = (600_000, [e.Seen("1", "quittiert", COUNTY, 600)], True, False)
    log = walk(script, [start, seen, hour], crashes=False)
    assert log.done == ["1", "3"]
    assert log.conductor().state.doing("2").why == "nicht nötig: es ist geschehen"
