# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A digest as words that two people compare on the telephone.

256 short German nouns of everyday life, one a byte, chosen so that no two sound nearly alike.
"""

from __future__ import annotations

_TEXT = """
Abend Acker Adler Affe Ampel Apfel Arzt Asche Ast Auge Bach Bagger Bahn Ball Bank Bart Becher Beet
Berg Besen Biene Blatt Blitz Boden Bohne Boot Braten Brief Brille Brunnen Busch Butter Clown Dame
Daumen Deckel Diesel Distel Dorf Dose Drache Draht Dünger Durst Ebbe Ecke Efeu Eiche Eimer Eis Elch
Ente Erbse Erde Esel Eule Fabrik Faden Fahne Falke Farbe Fass Feder Feige Fels Fenster Fichte Finger
Fisch Flasche Fleck Flöte Flügel Frosch Frucht Fuchs Funke Gabel Gans Garten Gebirge Gift Gips Glas
Glocke Gold Grube Gurke Hafen Hammer Harke Hase Haube Hecht Hefe Heizung Helm Hemd Herbst Herz Heu
Himmel Hirsch Hobel Holz Honig Horn Huf Hund Igel Imker Insel Jacke Jaguar Juli Käfer Kaffee Kalb
Kamel Kanne Karte Käse Katze Kerze Kessel Kette Kino Kirsche Kissen Klavier Klee Knie Knopf Koffer
Kohle König Korb Kran Kreide Kuchen Kugel Kupfer Lampe Laub Lehm Leiter Lerche Licht Limo Linde
Löffel Löwe Lupe Magnet Mais Mantel Markt Maske Maurer Meise Messer Milch Möhre Mond Moos Motor
Mücke Mühle Münze Muschel Nadel Nebel Nelke Nest Nuss Obst Ofen Ohr Onkel Orgel Otter Palme Panther
Papier Pelz Perle Pfanne Pfeife Pferd Pflaume Pirat Platz Pudel Puppe Quark Quelle Rabe Rad Rasen
Raupe Regen Ring Robbe Ruder Säge Salz Samt Sattel Schach Schaf Schere Schiff Schnee Schuh Segel
Seife Senf Sieb Silber Socke Sofa Sonne Spaten Specht Stein Stock Storch Tafel Teich Teller Tiger
Tinte Topf Torte Traube Treppe Trommel Tulpe Turm Ufer Vogel Vulkan Waage Wachs Wald Weide Weizen
Wespe Wiese Wolke Würfel Wurzel Zange Zaun Zebra Ziege
"""

WORDS = tuple(_TEXT.split())
"""Exactly 256, all different."""


def check_words(digest: bytes) -> str:
    """One word a byte."""
    return " ".join(WORDS[byte] for byte in digest)
