# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messstelle: a place where something is measured, with its information values."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, MapSign, once, register
from sync.schema.definition import Choice, Kind, Moment, Number, Position, Ref, Term, Text

QUANTITIES = (
    "Wasserstand",
    "Grundwasser",
    "Bodenfeuchte",
    "Niederschlag",
    "Abfluss",
    "Temperatur",
    "Sonstige",
)

LEVEL_QUANTITY = QUANTITIES[0]
"""What a gauge measures where nobody said."""

CARD = Card(
    kind=Kind(
        7,
        "gauge",
        (
            once(0, "name", Term("gauge"), required=True),
            register(1, "water", Text(40)),
            register(2, "point", Position()),
            register(3, "quantity", Choice(QUANTITIES)),
            register(4, "unit", Term("unit_of_measure")),
            register(5, "info1", Number(signed=True, typical=512)),
            register(6, "info2", Number(signed=True, typical=512)),
            register(7, "info3", Number(signed=True, typical=512)),
            register(8, "mhw", Number(signed=True, typical=512)),
            register(9, "mnw", Number(signed=True, typical=512)),
            register(10, "minimum", Number(signed=True, typical=512)),  # plausible range
            register(11, "maximum", Number(signed=True, typical=512)),
            register(12, "interval", Number(typical=64)),  # expected minutes between readings
            register(13, "decimals", Number(typical=4, maximum=4)),  # of value and thresholds
            register(14, "station", Text(40)),  # PEGELONLINE number, DevEUI
            register(15, "rise_limit", Number(typical=64), since=2),  # an hour, in its decimals
            register(16, "title", Text(60), since=2),  # the name it has now; readings keep ``name``
            register(17, "merged_into", Ref("gauge"), since=2),
            register(18, "ended", Moment(), since=2),
            register(19, "floods", Text(120), since=2),  # "August 2010: 612; Januar 2024: 548"
        ),
    ),
    title="Messstelle",
    plural="Messstellen",
    called="name",
    renamed="title",
    word="messstelle",
    public="Pegel",
    export="messstellen",
    followed="pegel",
    form=(
        FormField("name", "Name", required=True),
        FormField("water", "Gewässer", option="gewaesser"),
        FormField("quantity", "Größe", default="Wasserstand", option="groesse"),
        FormField("unit", "Einheit", default="cm"),
        FormField("point", "Koordinate"),
        FormField("info1", "Informationswert 1", option="info1"),
        FormField("info2", "Informationswert 2", option="info2"),
        FormField("info3", "Informationswert 3", option="info3"),
        FormField(
            "rise_limit",
            "Alarm ab Anstieg je Stunde",
            "in einer Stunde, ab dem es ein Alarm ist; leer: aus dem Verlauf",
            option="anstieg",
        ),
        FormField("mhw", "MHW"),
        FormField("mnw", "MNW"),
        FormField("minimum", "Kleinster glaubhafter Wert", option="von"),
        FormField("maximum", "Größter glaubhafter Wert", option="bis"),
        FormField(
            "interval", "Abstand in Minuten", "erwartete Zeit zwischen Werten", option="abstand"
        ),
        FormField("decimals", "Nachkommastellen", option="nachkomma"),
        FormField("station", "Kennung", "PEGELONLINE-Nummer oder DevEUI"),
        FormField("title", "Neuer Name", "unter dem sie gezeigt wird", option="umbenennen"),
        FormField(
            "floods",
            "Frühere Hochwasser",
            "höchste Werte, z. B. August 2010: 612; Januar 2024: 548",
            option="hochwasser",
        ),
        FormField("ended", "Beendet seit", "leer: misst noch", option="beendet"),
    ),
    labels={"merged_into": "Dasselbe wie"},
    ended_by="ended",
    merges="merged_into",
    deeds=("doppelt",),
    scaled=("info1", "info2", "info3", "mhw", "mnw", "minimum", "maximum", "rise_limit"),
    indexed=("name", "merged_into"),
    sign=MapSign("pegel", text="name", weight=1),
)
