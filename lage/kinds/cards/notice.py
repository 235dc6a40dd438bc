# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Aushang: what a staff has released for everybody, on the pages of Infopunkt and portal.

A release is an entry of its own, so that every node's Infopunkt shows it and the log proves who
made public what, in which words. The words are those of the release; figures, states and times come
from the entry that it names (``lage.views.released``).
"""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, MapSign, once, register
from sync.schema.definition import Choice, Kind, Moment, Position, Ref, Term, Text

TOPICS = (
    "Warnung", "Verhalten", "Ausfall", "Unterkunft", "Ausgabestelle", "Straße", "Pegel",
)  # fmt: skip
STATUS = ("öffentlich", "zurückgezogen")

CARD = Card(
    kind=Kind(
        27,
        "notice",
        (
            once(0, "topic", Choice(TOPICS), required=True),
            register(1, "text", Text(200)),
            once(2, "entry", Ref()),
            register(3, "municipality", Term("place")),
            register(4, "point", Position()),
            register(5, "until", Moment()),
            register(6, "status", Choice(STATUS, room=4)),
            once(7, "at", Moment()),
        ),
    ),
    title="Aushang",
    plural="Aushänge",
    letter="P",
    word="aushang",
    export="aushaenge",
    command=Command("aushang", "schreiben", "text", "Was öffentlich ist: freigeben, zurückziehen."),
    form=(
        FormField("text", "Wortlaut", "so steht es öffentlich; keine Namen", required=True),
        FormField("topic", "Thema", required=True, default="Verhalten"),
        FormField("municipality", "Gemeinde", "leer: ganzer Kreis"),
        FormField("point", "Koordinate"),
        FormField("until", "Gilt bis", "leer: bis zurückgezogen", option="bis"),
        FormField("at", "Seit", "leer: jetzt", option="seit"),
    ),
    fixed={"status": "öffentlich"},
    labels={"status": "Status", "entry": "Eintrag"},
    planned=("until",),
    closed=("zurückgezogen",),
    pressing={"topic": ("Warnung",), "status": ("zurückgezogen",)},
    gist=("text",),
    stands_at=(("entry", ""),),
    noted=True,
    indexed=("status", "entry"),
    sign=MapSign("leuchtturm", text="text", weight=1),
)
