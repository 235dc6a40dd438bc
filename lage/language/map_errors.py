# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what goes wrong with positions, map files and packs."""

from __future__ import annotations

from lage.language.install import install_command
from maps.geo.errors import (
    EmptyPositionError,
    Fault,
    Flaw,
    ImportRefusedError,
    NoCoordinateError,
    OddDigitsError,
    OutsideAreaError,
    PackError,
    PackTrouble,
    PositionError,
    Refusal,
    SwappedAxesError,
    UnknownNotationError,
    WrongSquareError,
)

POSITIONS: dict[type[PositionError], str] = {
    EmptyPositionError: "Es fehlt die Koordinate, zum Beispiel 32U LC 9366 9315.",
    UnknownNotationError: (
        "Diese Schreibweise ist unbekannt; möglich sind 52,279 7,440 oder 32U 393663 5793158 oder"
        " 32U LC 9366 9315, auch Gauß-Krüger (R 3405000 H 5795000) und Links von Karten."
    ),
    OddDigitsError: (
        "Die Meldekoordinate hat {digits} Ziffern; Ostwert und Nordwert brauchen gleich viele,"
        " zusammen 2, 4, 6, 8 oder 10."
    ),
    WrongSquareError: (
        "Das Quadrat {square} gibt es in diesem Gitterfeld nicht; bitte die Buchstaben prüfen."
    ),
    SwappedAxesError: (
        "Breite und Länge scheinen vertauscht; bitte zuerst die Breite (etwa 52) schreiben."
    ),
    NoCoordinateError: (
        "Dieser Link oder Code enthält keine Koordinate, nur sein Dienst im Internet kennt sie;"
        " bitte dort die Koordinate selbst kopieren."
    ),
    OutsideAreaError: (
        "Die Koordinate liegt außerhalb Mitteleuropas (Breite 40 bis 56, Länge 0 bis 18);"
        " bitte die Zahlen prüfen."
    ),
}

FAULTS: dict[Fault, str] = {
    Fault.NOT_A_FEATURE: "das Objekt ist kein Feature",
    Fault.NO_GEOMETRY: "das Objekt hat keine Geometrie",
    Fault.NO_OBJECT: "die Geometrie ist kein JSON-Objekt",
    Fault.UNREADABLE: "die Geometrie ist nicht lesbar (Art oder Koordinaten falsch)",
    Fault.NO_GEOPACKAGE: "die Geometrie ist keine GeoPackage-Geometrie",
    Fault.BAD_HEADER: "der Kopf der Geometrie ist beschädigt",
    Fault.DAMAGED: "die Geometrie ist beschädigt",
    Fault.EMPTY: "die Geometrie ist leer",
    Fault.UNSUPPORTED: "Geometrie der Art {detail} wird nicht unterstützt",
    Fault.NOT_FINITE: "eine Koordinate ist keine endliche Zahl",
    Fault.NOT_DEGREES: "Koordinaten sind keine Grad (Länge, Breite)",
    Fault.OUT_OF_GRID: "Koordinaten liegen außerhalb des Koordinatensystems",
    Fault.NO_EXTENT: "die Form hat keine Ausdehnung",
    Fault.MUNICIPALITY_NO_AREA: "eine Gemeinde muss eine Fläche sein",
    Fault.MUNICIPALITY_KEY: "der Gemeindeschlüssel (AGS) hat nicht acht Ziffern",
    Fault.MUNICIPALITY_KEYLESS: "der Gemeindeschlüssel (AGS) fehlt",
    Fault.MUNICIPALITY_NAMELESS: "der Name der Gemeinde fehlt",
    Fault.WATER_IS_POINT: "ein Gewässer muss Linie oder Fläche sein",
    Fault.WRONG_SHAPE: "{detail} passt nicht zur gewählten Art",
    Fault.PLACE_NAMELESS: "der Name des Ortes fehlt",
    Fault.COLUMNS: "{detail} statt 4 Spalten",
    Fault.CELL_MIDDLE: "die Mitte der Zelle ist keine ganze Zahl",
    Fault.CELL_GRID: "die Mitte liegt nicht im {detail}-m-Gitter",
    Fault.CELL_ID: "die Gitter-ID ist nicht lesbar",
    Fault.CELL_MISMATCH: "Gitter-ID und Mitte der Zelle passen nicht zusammen",
    Fault.CELL_PEOPLE: "die Einwohnerzahl ist keine ganze Zahl bis 100000",
    Fault.CELL_TWICE: "die Gitterzelle kommt schon weiter oben vor",
}

REFUSALS: dict[Refusal, str] = {
    Refusal.TOO_BIG: "{file} ist größer als {detail} MB; bitte auf den Kreis zuschneiden.",
    Refusal.UNKNOWN_FORMAT: (
        "{file}: Eingelesen werden GeoJSON (.geojson), GeoPackage (.gpkg), Vektorkacheln"
        " (.mbtiles, .pmtiles), das Zensus-Gitter (.csv) und Karten von Lage (.lagekarte); bitte in"
        " eines davon umwandeln lassen."
    ),
    Refusal.NOT_UTF8: "{file} ist nicht in UTF-8 gespeichert; bitte neu ausgeben lassen.",
    Refusal.BAD_JSON: "{file} ist kein gültiges JSON ({detail}); bitte neu ausgeben lassen.",
    Refusal.NO_FEATURES: (
        "{file} ist kein GeoJSON mit Objekten (FeatureCollection); bitte die Datei prüfen."
    ),
    Refusal.UNKNOWN_GRID: (
        "Das Koordinatensystem der Datei ist unbekannt; bitte als EPSG:25832 oder WGS84 (EPSG:4326)"
        " ausgeben."
    ),
    Refusal.BAD_FEATURES: "{file} wurde nicht eingelesen: {objects} fehlerhaft.",
    Refusal.BAD_LINES: "{file} wurde nicht eingelesen: {lines} fehlerhaft.",
    Refusal.NOTHING_HERE: (
        "{file} enthält nichts im Gebiet des Kreises; bitte Ausschnitt und Koordinatensystem"
        " prüfen."
    ),
    Refusal.NO_CELL_HERE: (
        "{file} enthält keine Zelle im Gebiet des Kreises; bitte die Datei prüfen."
    ),
    Refusal.NO_TILES_HERE: (
        "{file} enthält keine Kacheln im Gebiet des Kreises; bitte den Ausschnitt prüfen."
    ),
    Refusal.NO_COUNTY: (
        "{file} enthält keine Gemeinde mit dem Kreisschlüssel {detail}; bitte den Schlüssel prüfen:"
        " es sind die ersten fünf Ziffern der Gemeindeschlüssel."
    ),
    Refusal.NO_KEYS: (
        "{file} nennt keine Gemeindeschlüssel (Eigenschaft „AGS“, acht Ziffern), an denen die"
        " Gemeinden des Kreises {detail} zu erkennen wären; anderes lässt sich erst einlesen, wenn"
        " diese da sind."
    ),
    Refusal.TOO_FAR: (
        "{file} reicht über Deutschland und seine Umgebung hinaus; bitte zuschneiden."
    ),
    Refusal.TOO_DETAILED: "{file} hat mehr als {detail} Stützpunkte; bitte vereinfachen lassen.",
    Refusal.TOO_MANY_FEATURES: (
        "{file} hat mehr als {detail} Objekte; bitte auf den Kreis zuschneiden."
    ),
    Refusal.TOO_MANY_LINES: "{file} hat mehr als {detail} Zeilen; bitte auf den Kreis zuschneiden.",
    Refusal.TOO_MANY_TILES: "{file} hat zu viele Kacheln; bitte zuschneiden.",
    Refusal.CHOOSE_TABLE: "Bitte eine Tabelle von {file} wählen; vorhanden sind: {detail}.",
    Refusal.NO_CENSUS: (
        "Die erste Zeile ist nicht die eines Zensus-Gitters"
        " (GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner); bitte die Bevölkerungsdatei wählen."
    ),
    Refusal.NO_GEOPACKAGE: "{file} ist kein lesbares GeoPackage; bitte die Datei prüfen.",
    Refusal.NO_MBTILES: "{file} ist keine lesbare MBTiles-Datei; bitte die Datei neu beschaffen.",
    Refusal.PICTURES: (
        "{file} enthält Bilder, keine Vektorkacheln (Format pbf); bitte als Vektorkacheln ausgeben"
        " lassen."
    ),
    Refusal.OTHER_VERSION: (
        "{file} ist PMTiles der Version {detail}, gelesen wird Version 3; bitte damit ausgeben"
        " lassen (pmtiles convert)."
    ),
    Refusal.OTHER_PACKING: (
        "{file} hat Kacheln, die mit {detail} gepackt sind; bitte mit gzip oder ungepackt ausgeben"
        " lassen."
    ),
    Refusal.DAMAGED: "{file} ist beschädigt; bitte die Datei neu beschaffen.",
    Refusal.EXTRA_MISSING: (
        "{file}: Für Vektorkacheln fehlt der Zusatz [{detail}]; einrichten mit {command}."
    ),
}

PACKS: dict[PackTrouble, str] = {
    PackTrouble.OTHER_VERSION: (
        "Die Karte {file} stammt aus einer anderen Version; bitte die Ausgangsdatei neu einlesen."
    ),
    PackTrouble.DAMAGED: ("Die Karte {file} ist beschädigt; bitte die Ausgangsdatei neu einlesen."),
}

_JSON = {"nested": "zu tief verschachtelt", "constant": "unmögliche Zahl"}


def position_sentence(error: PositionError) -> str:
    """What is wrong with a position."""
    return POSITIONS[type(error)].format(**vars(error))


def flaw_words(flaw: Flaw) -> str:
    """What is wrong with a line or feature, without a full stop."""
    return FAULTS[flaw.fault].format(detail=flaw.detail)


def refusal_sentence(error: ImportRefusedError) -> str:
    """Why nothing of a file was imported."""
    count, detail = len(error.problems), error.detail
    if error.refusal is Refusal.BAD_JSON:
        line, _, column = detail.partition(" ")
        detail = _JSON.get(detail, f"Zeile {line}, Spalte {column}")
    return REFUSALS[error.refusal].format(
        file=error.file or "Die Datei",
        detail=detail or "keine",
        objects="1 Objekt ist" if count == 1 else f"{count} Objekte sind",
        lines="1 Zeile ist" if count == 1 else f"{count} Zeilen sind",
        command=install_command(detail),
    )


def pack_sentence(error: PackError) -> str:
    """Why a map pack cannot be read."""
    return PACKS[error.trouble].format(file=error.file)
