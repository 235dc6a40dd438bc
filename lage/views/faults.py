# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be shown, and what went wrong in the program, in words for a staff. Pure.

Nobody has to act at once: the entry is kept and relayed, the program goes on. But a staff must know
that something is missing from its picture, and who mends the program what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lage.kinds.model import Unshown, UnshownOperation
from lage.kinds.reader import ViewContext
from lage.language.fence import KeptFault
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.network import UNTIL_DECIDED
from lage.views.void import VoidLine
from sync.feed.roster import ROOT

SHOW = "„lage kreis ungueltig“ zeigt, was es ist"
DAY_S = 86_400

_WHY: Mapping[Unshown, str] = {
    Unshown.GARBLED: "unlesbar, oder ein Wert, den es nicht geben kann",
    Unshown.OUTDATED: "in einer Fassung geschrieben, die es damals nicht mehr gab",
    Unshown.FAILED: "Fehler im Programm",
}


def unshown_lines(operations: Iterable[UnshownOperation], context: ViewContext) -> list[VoidLine]:
    """One line for each entry that cannot be shown."""
    return [
        VoidLine(
            context.directory.name(each.author),
            each.number,
            "",
            "nicht darstellbar",
            f"{_WHY[each.why]} ({plain(each.reason)})",
        )
        for each in operations
    ]


def unshown_words(count: int) -> str:
    """``3 Einträge sind nicht darstellbar``."""
    return "1 Eintrag ist nicht darstellbar" if count == 1 else (
        f"{count} Einträge sind nicht darstellbar"
    )  # fmt: skip


def fault_words(fault: KeptFault, now: int) -> str:
    """What was caught, how often and when last."""
    times = "ein Fehler" if fault.times == 1 else f"{fault.times} Fehler"
    return (
        f"Lage hat {fault.place.value} {times} abgefangen, zuletzt {clock(fault.last, now)}, und"
        f" läuft weiter; bitte melden: Vermerk {fault.number}, {plain(fault.reason)}"
    )


def fault_alarms(context: ViewContext) -> list[Alarm]:
    """Two lists of members, staffs with entries that the picture lacks, errors of the last day."""
    reader, found = context.reader, list[Alarm]()
    for author, first in reader.forked_lists().items():
        whose = "" if author == ROOT else f" ({context.directory.name(author)})"
        text = f"Zwei Mitgliederlisten{whose}, verschieden ab Eintrag {first}: {UNTIL_DECIDED}"
        found.append(Alarm(Sort.LISTS, Weight.SOON, text, about=(author, first)))
    for author, count in sorted(reader.unshown_counts().items()):
        text = f"{context.directory.name(author)}: {unshown_words(count)}; {SHOW}"
        found.append(Alarm(Sort.UNSHOWN, Weight.NOTICE, text, about=(author, count)))
    for fault in reader.faults():
        if fault.last > context.now - DAY_S:
            text = fault_words(fault, context.now)
            about = (fault.place.name, fault.times)
            found.append(Alarm(Sort.FAULT, Weight.NOTICE, text, about=about, since=fault.last))
    return found
