# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An evaluation on paper."""

from __future__ import annotations

from lage.exercise.evaluation.behind import OLD_S
from lage.exercise.evaluation.evaluate import AFTER_S, Evaluation
from lage.exercise.evaluation.tables import Last, all_tables, minutes, since
from lage.kinds.model import Progress
from lage.language.tactical import tactical
from lage.reports import Head
from lage.reports.paper import Paper


def evaluation_pdf(
    evaluation: Evaluation,
    printed: int,
    last: Last | None = None,
    progress: Progress | None = None,
) -> bytes:
    """All tables, and how what stands in them was measured."""
    world = evaluation.world
    alike = world.title.startswith(world.network)  # an exercise's network is called by its script
    beside = "Auswertung" if alike else world.network
    head = Head("Auswertung", world.title, beside, printed, world.exercise)
    paper = Paper(head, wide=True)
    paper.headline(f"Auswertung: {world.title}")
    paper.paragraph(when(evaluation))
    for table in all_tables(evaluation, last):
        paper.section(table.title)
        if table.rows:
            rows = [[_short(cell, table.short) for cell in row] for row in table.rows]
            paper.grid(table.columns, rows, table.widths, progress)
        else:
            paper.paragraph(table.empty)
        if table.name == "ueberblick" and last is not None:
            paper.paragraph(f"zuletzt: die Übung von {last.when}, aus dem Ordner {last.path}")
        if table.name == "sendezeit" and world.packets is not None and world.airtime_ms is not None:
            paper.paragraph(
                f"In der simulierten Luft: {world.packets} Pakete,"
                f" {minutes(world.airtime_ms / 1000)} min Sendezeit aller Geräte."
            )
    paper.section("Wie gemessen wurde")
    for line in measured(evaluation):
        paper.paragraph(line)
    return paper.content()


def _short(cell: str, most: int) -> str:
    """As much as paper has room for; the tables beside it have all."""
    return cell if not most or len(cell) <= most else f"{cell[:most]} […]"


def when(evaluation: Evaluation) -> str:
    """From when to when, how it ended, by what it is evaluated."""
    world = evaluation.world
    span = f"{tactical(world.begin)} bis {tactical(world.end)}"
    length = since(world.begin, world.end)
    ended = {
        None: "",
        True: "Die Übung wurde beendet. ",
        False: f"Die Übung wurde nicht beendet; der Stand ist {length}. ",
    }[world.ended]
    by = (
        f"Drehbuch: {world.script}."
        if world.script
        else "Ohne Drehbuch: ausgewertet ist, was an Stellen gerichtet war."
    )
    return f"{span} ({length}). {ended}{by}"


_LOGS = (
    "Lagebücher lagen von {at_hand} der {all} Stellen vor. Wo das Lagebuch einer Stelle vorliegt,"
    " steht „empfangen“ auf die Sekunde fest; sonst ist es mit „<=“ die erste Spur davon, dass sie"
    " es kannte."
)
_STEPS = (
    "„geöffnet“ weiß nur die Leitung, während die Übung läuft. „entschieden“ ist die erste Antwort,"
    " Annahme, Ablehnung oder Weitergabe, die sich auf die Einlage bezieht; was am Telefon oder im"
    " Raum entschieden und nicht aufgeschrieben wurde, steht nirgends."
)
_AGE = (
    "Ein Lagebild ist so alt wie der älteste Eintrag, der anderswo geschrieben und hier noch nicht"
    " angekommen war; „über {old} min“ ist der Anteil der Zeit. Die Wahrheit ist die Vereinigung"
    " der vorliegenden Lagebücher."
)
_NEARBY = (
    "„(danach geschrieben)“ ist, was die Stelle in den {after} Minuten nach einem Anruf oder Fax"
    " schrieb; ob es damit zu tun hat, entscheiden Menschen. Langes ist auf Papier mit […] gekürzt;"
    " die Tabellen daneben haben alles."
)


def measured(evaluation: Evaluation) -> list[str]:
    """How far what stands on the paper is proved."""
    world = evaluation.world
    at_hand = sum(place.log for place in world.places)
    lines = [
        _LOGS.format(at_hand=at_hand, all=len(world.places)),
        _STEPS,
        _AGE.format(old=OLD_S // 60),
        _NEARBY.format(after=AFTER_S // 60),
    ]
    lines += [f"Nicht gelesen: {why}" for why in world.unread]
    if world.doubtful:
        lines.append(
            f"{world.doubtful} Einträge wurden unter einer falschen Uhr geschrieben oder empfangen;"
            " ihre Zeit ist die ihrer Ankunft oder ihrer Reihenfolge."
        )
    return lines
