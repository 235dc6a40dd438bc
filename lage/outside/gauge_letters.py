# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the holder of a subscription reads, in the language in which he ordered it.

The words are those of the public pages (``lage/public/words``), so page and letter say the same.
Each letter says when the value was measured and how old it is, that it replaces no warning, and
how to be rid of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.outside import BY_MAIL, Subscription
from lage.language.plain import plain
from lage.outside.crossing import News
from lage.public.times import age, day, day_and_clock
from lage.public.water import mark_words, number, rows
from lage.public.words import GERMAN, LANGUAGES, Words
from lage.views.board import Board, Gauge

OLD_S = 3600
"""From which age on a value is said to be old."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and from where the links lead."""

    staff: str
    contact: str  # for questions on data protection
    base: str  # of the portal


@dataclass(frozen=True, slots=True)
class Text:
    """A letter without its address."""

    subject: str
    text: str
    leave: str
    language: str  # BCP 47


def words_of(order: Subscription) -> Words:
    """The language of a subscription; German where there is no such any more."""
    return LANGUAGES.get(order.language, LANGUAGES[GERMAN])


def page(order: Subscription, ticket: str, sender: Sender) -> str:
    """The page on which its holder sees, confirms, extends and ends it."""
    return f"{sender.base}/{words_of(order).code}/abo/{ticket}/"


def confirming(order: Subscription, ticket: str, name: str, sender: Sender) -> Text:
    """The first letter: whose address it is, has to say so; by ntfy it only says that it works."""
    words = words_of(order)
    w = words.gauge
    wanted = f"{name}: {mark_words(order.mark, order.value, order.unit, words)}, {w[order.way]}"
    if order.channel != BY_MAIL:
        lines = [str(w["welcome_text"]), wanted]
        return _text(order, ticket, w["welcome_subject"].format(gauge=name), lines, sender)
    link = page(order, ticket, sender)
    lines = [w["confirm_text"], wanted, "", w["confirm_how"], link, "", w["confirm_not"]]
    return _text(order, ticket, w["confirm_subject"].format(gauge=name), lines, sender)


def reminding(
    order: Subscription, ticket: str, name: str, until: int, sender: Sender
) -> Text:  # fmt: skip
    """Soon everything is deleted."""
    w = words_of(order).gauge
    lines = [w["remind_text"].format(date=day(until)), page(order, ticket, sender)]
    return _text(order, ticket, w["remind_subject"].format(gauge=name), lines, sender)


def ending(order: Subscription, name: str, sender: Sender) -> Text:
    """Nothing more comes and everything is deleted; there is no page any more to lead to."""
    words = words_of(order)
    w = words.gauge
    lines = [
        str(w["ended_text"]).format(staff=sender.staff), "", "--",
        str(words.water["warning"]),
        str(w["private_who"]).format(staff=sender.staff, contact=sender.contact),
    ]  # fmt: skip
    return Text(w["ended_subject"].format(gauge=name), "\n".join(lines), "", words.tag)


def telling(
    order: Subscription,
    ticket: str,
    gauge: Gauge | None,
    news: News,
    now: float,
    sender: Sender,
    *,
    last: bool,
) -> Text:
    """What has happened at a gauge. ``last``: no more of it today."""
    words = words_of(order)
    w = words.gauge
    name = plain(gauge.name if gauge else order.gauge)
    newest = gauge.readings[0] if gauge is not None and gauge.readings else None
    lines: list[str] = []
    if news is News.SILENT or gauge is None or newest is None:
        subject = w["silent_subject"].format(gauge=name)
        lines.append(w["silent_text"])
    else:
        subject = w[f"{news.value}_subject"].format(
            gauge=name, mark=mark_words(order.mark, order.value, order.unit, words),
            value=number(newest.value, gauge), unit=gauge.unit,
        )  # fmt: skip
    if gauge is not None and newest is not None:
        shown = rows(Board("", 0, gauges=(gauge,)), words, day_and_clock)[0]
        said = w["measured"].format(
            gauge=name, value=number(newest.value, gauge), unit=gauge.unit,
            time=day_and_clock(newest.time), trend=shown.trend,
        )  # fmt: skip
        lines.append(said)
        if now - newest.time >= OLD_S:
            lines.append(w["old"].format(age=age(now - newest.time)))
        if news is not News.SILENT:
            lines.append(f"{shown.meaning}.")
    if last:
        lines.append(w["last"])
    return _text(order, ticket, subject, lines, sender)


def _text(
    order: Subscription, ticket: str, subject: str, lines: list[str], sender: Sender
) -> Text:  # fmt: skip
    words = words_of(order)
    w = words.gauge
    foot = [
        "", "--",
        str(words.water["warning"]),
        f"{w['water']} {sender.base}/{words.code}/wasser/",
        f"{w['to_leave']} {page(order, ticket, sender)}",
        str(w["private_who"]).format(staff=sender.staff, contact=sender.contact),
    ]  # fmt: skip
    leave = f"{sender.base}/abo/{ticket}"
    return Text(subject, "\n".join(map(str, [*lines, *foot])), leave, words.tag)
