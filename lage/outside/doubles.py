# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same person twice: at another Infopunkt, already taken over, or at another staff.

Points that nothing connects cannot know of each other; the staff that fetches from both can, and
across staffs a mark hints at it (``lage.volunteers.mark``).
"""

from __future__ import annotations

from lage.language.plain import plain
from lage.outside import offers
from lage.outside.desk import Opened
from lage.station import Station
from lage.store.arrived import ArrivedBoxes
from lage.volunteers import mark
from lage.volunteers.private import read_own


def double_sentences(station: Station, boxes: ArrivedBoxes, found: Opened) -> list[str]:
    """A sentence for each place where the person of an offer seems to be known already."""
    offer, said = offers.offer_of(found), []
    person = offers.person_of(offer)
    waiting = [
        f"{each.box.nr} ({plain(each.box.source)})"
        for each in offers.waiting(station, boxes)
        if each.box.id != found.box.id
        and mark.same(person, offers.person_of(offers.offer_of(each)))
    ]
    if waiting:
        said.append(f"Vermutlich dieselbe Person wie Angebot {', '.join(waiting)}.")
    helpers = [row for row in mark.doubles(person, offers.own_people(station, read_own))
               if row.id != found.box.entity]  # fmt: skip
    if helpers:
        labels = ", ".join(map(station.directory.label, helpers))
        said.append(f"Vermutlich schon aufgenommen als {labels}.")
    value = mark.of(station.network_keys.network_key, offer.phone, offer.mail)
    if others := mark.elsewhere(station.context(), value):
        labels = ", ".join(map(station.directory.label, others))
        said.append(f"Vielleicht auch bei anderen gemeldet: {labels}; bitte dort nachfragen.")
    return said
