# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making an entry public, and taking it back: one key, and a question that shows what people will
read. Runs in the bridge's threads."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.model import Record
from lage.language.plain import plain
from lage.station import Station
from lage.views.clocks import probable_now
from lage.views.detail import title_of
from lage.views.released import releases_of
from lage.write.release import release, withdraw, wording
from tui.forms.key import Does, with_entry
from tui.forms.spec import FormSpec, Intent


def publish(station: Station, record: Record) -> FormSpec:
    """Public where it is not; taken back where it is; in its new name where that has changed."""

    def build(station: Station, typed: Mapping[str, str]) -> Intent:
        standing = releases_of(station.reader, record, probable_now(station.context()))
        title = title_of(record, station.context())
        notices = [each.notice for each in standing]
        if not standing:
            words = plain(wording(record)) or "nur Zustand und Zeiten, keine Bemerkung"
            return Intent(
                f"Freigabe {title}",
                tuple(release(record)),
                f"{title} für alle sichtbar machen? Wortlaut: {words}.",
            )
        if standing[0].reworded:
            return Intent(
                f"Freigabe {title}",
                (*release(record), *withdraw(notices)),
                f"{title} ist öffentlich als „{plain(notices[0].text('text'))}“. Jetzt als"
                f" „{plain(wording(record))}“ zeigen?",
            )
        return Intent(
            f"Rücknahme {title}",
            tuple(withdraw(notices)),
            f"{title} ist öffentlich. Zurückziehen, sodass niemand draußen es mehr sieht?",
        )

    title = title_of(record, station.context())
    return FormSpec(with_entry(Does.RELEASE, record.id), title, record.kind, (), build)
