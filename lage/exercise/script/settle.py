# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is judged when every inject has been gone through: answers, patterns, series, the end."""

from __future__ import annotations

from types import SimpleNamespace

from lage.exercise.script.faults import Faults, Marked
from lage.exercise.script.model import Answer, Pattern, Script, Series
from lage.exercise.script.plain import Word
from lage.exercise.script.rehearsal import Rehearsal
from lage.exercise.script.series import reading
from lage.exercise.script.times import said
from lage.kinds.inputs import refers_to
from lage.language.errors import UsageError
from lage.views.words import label_of
from lage.write.parse import Context, parse_input


def judge_rest(script: Script, rehearsal: Rehearsal, faults: Faults) -> None:
    """Name every value that no form would take, and every time after the end."""
    end = last_minute(script)
    context = rehearsal.context(script.cast[0].name, end)
    for inject in script.injects:
        at = SimpleNamespace(line=inject.line, column=1)
        about = faults.of(f"Einlage {inject.nr}")
        for check in inject.checks:
            if isinstance(check.what, Pattern):
                _judge_typed(check.what.kind, check.what.fields, context, about, at)
    for member in script.cast:
        for answer in member.answers:
            _judge_answer(member.name, answer, rehearsal, end, faults.of(member.name))
    for series in script.series:
        _judge_series(series, rehearsal, faults)
    if script.end is not None:
        _judge_end(script, script.end, faults)


def last_minute(script: Script) -> float:
    """When the last thing happens that is known to; the end, where the script says one."""
    if script.end is not None:
        return script.end
    times = [inject.minute or 0.0 for inject in script.injects]
    times += [series.points[-1][0] for series in script.series]
    times += [outage.end or outage.start for outage in script.outages]
    return max(times, default=0.0)


def _judge_typed(kind: str, fields: object, context: Context, faults: Faults, at: Marked) -> None:
    assert isinstance(fields, dict)
    for name, text in fields.items():
        if refers_to(kind, name):
            continue
        try:
            parse_input(kind, name, text, context)
        except UsageError as error:
            place = text if isinstance(text, Word) and text.line else at
            faults.add(place, f"{label_of(kind, name)}: {error}")


def _judge_answer(
    staff: str, answer: Answer, rehearsal: Rehearsal, end: float, faults: Faults
) -> None:
    at = SimpleNamespace(line=1, column=1)
    context = rehearsal.context(staff, end)
    _judge_typed(answer.to.kind, answer.to.fields, context, faults, at)
    entry = answer.entry
    if entry.action == "receipt":
        return
    if entry.action == "change":
        _judge_typed(entry.kind, entry.fields, context, faults, at)
        return
    try:
        rehearsal.judge(entry, staff, end)
    except UsageError as error:
        text = entry.fields.get(error.field)
        faults.add(text if isinstance(text, Word) and text.line else at, str(error))


def _judge_series(series: Series, rehearsal: Rehearsal, faults: Faults) -> None:
    at = SimpleNamespace(line=series.line, column=1)
    values = sorted(value for _, value in series.points)
    try:
        for value in (values[0] - series.noise, values[-1] + series.noise):
            entry = reading(series, series.gauges[0], value)
            rehearsal.judge(entry, series.staff, series.points[-1][0])
    except UsageError as error:
        faults.add(at, f"Messreihe {series.gauges[0]}: {error}")


def _judge_end(script: Script, end: float, faults: Faults) -> None:
    late = f"liegt nach dem Ende der Übung ({said(end)})."
    for series in script.series:
        if series.points[-1][0] > end:
            faults.add(SimpleNamespace(line=series.line, column=1), f"die Messreihe {late}")
    for outage in script.outages:
        if max(outage.start, outage.end or 0.0) > end:
            faults.add(SimpleNamespace(line=outage.line, column=1), f"der Ausfall {late}")
    for phase in script.phases:
        if phase.start > end:
            at = phase.name if isinstance(phase.name, Word) else SimpleNamespace(line=1, column=1)
            faults.add(at, f"die Phase „{phase.name}“ {late}")
