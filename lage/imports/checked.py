# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form would have asked or noted, said of an import: on the command line and the screen."""

from __future__ import annotations

from dataclasses import replace

from lage.imports.plan import Plan
from lage.views.judged import dated_ahead
from lage.write.parse import Context
from lage.write.plausible import unlikely
from lage.write.questions import questions

ASKED_MAX = 8


def checked(plan: Plan, context: Context) -> Plan:
    """The plan with notes on what is likely not meant so."""
    ahead = dated_ahead(plan.drafts, context.now)
    asked = questions(plan.drafts, context)[:ASKED_MAX]
    asked += unlikely(plan.drafts, context, ASKED_MAX)
    told = (f"Bitte prüfen: {question.text}" for question in asked)
    return replace(plan, notes=(*((ahead,) if ahead else ()), *plan.notes, *told))
