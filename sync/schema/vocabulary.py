# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Closed word lists that an operation names by index instead of spelling them.

Each list is append-only: a term's index is part of what operations mean, so terms are never
reordered, changed or removed; a wrong term is left where it is and the right one appended.
Terms are as staffs write them (German). What is not listed travels as text.
"""

_PLACES_COUNTY = (
    "Altenberge", "Emsdetten", "Greven", "Hopsten", "Hörstel", "Horstmar", "Ibbenbüren",
    "Ladbergen", "Laer", "Lengerich", "Lienen", "Lotte", "Metelen", "Mettingen", "Neuenkirchen",
    "Nordwalde", "Ochtrup", "Recke", "Rheine", "Saerbeck", "Steinfurt", "Tecklenburg",
    "Westerkappeln", "Wettringen",
)  # fmt: skip

# Districts and hamlets of the county, then towns next to it.
_PLACES_MORE = (
    "Burgsteinfurt", "Borghorst", "Mesum", "Elte", "Hauenhorst", "Rodde", "Altenrheine",
    "Gellendorf", "Eschendorf", "Dutum", "Bentlage", "Catenhorn", "Dorenkamp", "Schotthock",
    "Wadelheim", "Reckenfeld", "Gimbte", "Schmedehausen", "Hembergen", "Sinningen", "Hollingen",
    "Ahlintel", "Westum", "Isendorf", "Veltrup", "Riesenbeck", "Bevergern", "Dreierwalde",
    "Birgte", "Gravenhorst", "Uffeln", "Dörenthe", "Laggenbeck", "Püsselbüren", "Dickenberg",
    "Bockraden", "Lehen", "Alstedde", "Schierloh", "Brochterbeck", "Leeden", "Ledde",
    "Ringel", "Hohne", "Antrup", "Aldrup", "Wechte", "Intrup", "Stadtfeldmark", "Kattenvenne",
    "Holperdorp", "Höste", "Meckelwege", "Büren", "Wersen", "Halen", "Osterberg", "Velpe",
    "Alt-Lotte", "Seeste", "Metten", "Sennlich", "Obermetten", "Steinbeck",
    "Espel", "Obersteinbeck", "Schale", "Halverde", "Leer", "Haltern", "Ostendorf", "Schagern",
    "Welbergen", "Langenhorst", "Oster", "Weiner", "Wester", "Naendorf", "Samberg", "Haddorf",
    "Bilk", "Rothenberge", "Maxhafen", "St. Arnold", "Offlum", "Landersum", "Sutrum-Harum",
    "Westerode", "Suttorf", "Scheddebrock", "Westerhausen", "Hansell", "Kümper", "Waltrup",
    "Entrup", "Hohenhorst", "Aabauerschaft", "Hollich", "Sellen", "Dumte", "Wilmsberg",
    "Middendorf", "Westladbergen", "Overbeck", "Hölter", "Nierenburg", "Schlickelde", "Muckhorst",
    "Wiehe", "Höveringhausen",
    "Münster", "Osnabrück", "Gronau", "Epe", "Ahaus", "Heek", "Nienborg", "Legden", "Schöppingen",
    "Bad Bentheim", "Gildehaus", "Schüttorf", "Salzbergen", "Emsbüren", "Spelle",
    "Schapen", "Lünne", "Freren", "Fürstenau", "Bramsche", "Wallenhorst", "Hasbergen", "Hagen",
    "Georgsmarienhütte", "Bad Iburg", "Bad Laer", "Glandorf", "Ostbevern", "Telgte", "Warendorf",
    "Sassenberg", "Havixbeck", "Billerbeck", "Rosendahl", "Coesfeld", "Nienberge", "Nordhorn",
    "Lingen", "Enschede", "Losser", "Glanerbrug",
)  # fmt: skip

TERMS: dict[str, tuple[str, ...]] = {
    "place": _PLACES_COUNTY + _PLACES_MORE,
    "gauge": (
        "Greven", "Rheine Unterschleuse", "Einen", "Haskenau", "Wettringen",
        "Tecklenburg-Leeden", "Steinfurt-Aa", "Dörenthe", "Rheine Oberschleuse", "Lingen",
        "Dalum", "Telgte", "Emsdetten", "Saerbeck", "Ladbergen", "Hollage", "Bevergern",
        "Ibbenbüren", "Hörstel", "Neuenkirchen", "Ochtrup", "Metelen", "Burgsteinfurt",
        "Borghorst", "Nordwalde", "Recke", "Westerkappeln", "Salzbergen", "Emsbüren", "Gimbte",
    ),
    "item": (
        "Sandsäcke", "Tauchpumpen", "Feldbetten", "Decken", "Diesel (l)", "Trinkwasser (l)",
        "Aggregate 5 kVA", "Einmalhandschuhe", "Sandsäcke gefüllt", "Sandsäcke leer", "Sand (t)",
        "Aggregate", "Aggregate 13 kVA", "Aggregate 20 kVA", "Aggregate 50 kVA",
        "Aggregate 100 kVA", "Aggregate 250 kVA", "Benzin (l)", "Heizöl (l)", "Heizlüfter",
        "Lichtmasten", "Kabeltrommeln", "Schmutzwasserpumpen", "Hochleistungspumpen", "Schläuche",
        "Schlauchboote", "Rettungswesten", "Wathosen", "Gummistiefel", "Schaufeln", "Motorsägen",
        "Absperrgitter", "Leitkegel", "Warnwesten", "Folie (m)", "Paletten", "Ölbindemittel (kg)",
        "Streusalz (t)", "Wasserkanister", "Wasserbeutel", "Trinkwasserblasen", "Mineralwasser (l)",
        "Essensportionen", "Lunchpakete", "Brot", "Babynahrung", "Windeln", "Hygienesets",
        "Schlafsäcke", "Isomatten", "Zelte", "Tische", "Bänke", "Kissen", "Handtücher",
        "Masken FFP2", "Desinfektionsmittel (l)", "Verbandkästen", "Sauerstoffflaschen",
        "Infusionen", "Insulin", "Tragen", "Rollstühle", "Beatmungsgeräte", "Handfunkgeräte",
        "Funkgeräte", "Akkus", "Batterien", "Powerbanks", "Satellitentelefone", "Taschenlampen",
        "Megafone", "Ladegeräte", "Tankwagen", "Kanister", "Toilettenkabinen", "Anhänger",
        "Radlader", "Busse", "Lastwagen",
    ),
    "skill": (
        "Sandsäcke füllen", "Fahrer Kl. C", "Pflege", "Küche", "Dolmetscher Arabisch",
        "Motorsäge", "Betreuung", "Traktor", "Fahrer Kl. B", "Fahrer Kl. CE", "Fahrer Bus",
        "Gabelstapler", "Radlader", "Bagger", "Erste Hilfe", "Sanitäter", "Arzt", "Pflegefachkraft",
        "Apotheker", "Kinderbetreuung", "Seelsorge", "Dolmetscher Englisch", "Dolmetscher Farsi",
        "Dolmetscher Kurdisch", "Dolmetscher Niederländisch", "Dolmetscher Polnisch",
        "Dolmetscher Rumänisch", "Dolmetscher Russisch", "Dolmetscher Türkisch",
        "Dolmetscher Ukrainisch", "Gebärdensprache", "Elektriker", "Installateur", "Mechaniker",
        "Schweißer", "Tischler", "Dachdecker", "Landwirt", "Tierbetreuung", "Reinigung",
        "Aufräumen", "Keller auspumpen", "Möbel tragen", "Verpflegung ausgeben", "Transport",
        "Botendienst", "Fahrrad", "Boot", "Taucher", "Drohne", "Funk", "IT", "Büro", "Telefon",
        "Registrierung", "Logistik", "Lager", "Ordnungsdienst", "Unterkunft", "Sonstiges",
    ),
    "organisation": (
        "Feuerwehr", "THW", "DRK", "MHD", "JUH", "DLRG", "ASB", "Polizei", "Bundespolizei",
        "Bundeswehr", "Rettungsdienst", "Leitstelle", "Krisenstab", "SAE", "Einsatzleitung",
        "Führungsstab", "Ordnungsamt", "Gesundheitsamt", "Veterinäramt", "Jugendamt", "Sozialamt",
        "Umweltamt", "Bauhof", "Kreisbauhof", "Stadtwerke", "Westnetz", "Wasserwerk",
        "Abwasserwerk", "Netzbetreiber", "Straßen.NRW", "Autobahn GmbH", "Deutsche Bahn", "WSA",
        "Bezirksregierung", "Land NRW", "Wasserverband", "Landwirtschaftskammer", "Krankenhaus",
        "Kirchengemeinde", "Notfallseelsorge", "Bergwacht", "Rettungshundestaffel", "Telekom",
        "Vodafone", "Deutscher Wetterdienst", "Presse",
    ),
    "unit_of_measure": (
        "Stück", "l", "kg", "t", "m", "m³", "km", "cm", "Paletten", "Kartons", "Portionen",
        "Personen", "Stunden", "kVA", "kW", "Rollen", "Paar", "Kisten", "Säcke", "Flaschen",
        "Sätze", "Fahrzeuge", "Tage", "m²", "mm", "ml", "g", "%", "°C", "bar", "l/min", "m³/s",
    ),
    "incident": (
        "Überflutung", "Stromausfall", "Person in Not", "Deichschaden", "Straßensperre",
        "Gefahrgut", "Infrastruktur", "Betreuung", "Brand", "Sturmschaden", "Baum auf Straße",
        "Keller unter Wasser", "Vermisste Person", "Verkehrsunfall", "Gasaustritt", "Ölaustritt",
        "Trinkwasser", "Abwasser", "Evakuierung", "Kampfmittel", "Erdrutsch", "Gebäudeschaden",
        "Tiere in Not", "Telefonausfall", "Mobilfunkausfall", "Heizungsausfall",
        "Kraftstoffmangel", "Medizinischer Notfall", "Schneebruch", "Einsturz",
    ),
}  # fmt: skip
