# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what the radio side knows by name only: troubles, classes, refused packets."""

from __future__ import annotations

from mesh.link import FrameClass, Reason, Trouble
from sync.feed.why import Why

TROUBLES: dict[Trouble, str] = {
    Trouble.CONNECTING: "Die Verbindung zum Funkgerät wird aufgebaut.",
    Trouble.REBOOTING: "Das Funkgerät startet neu; die Verbindung kommt von selbst wieder.",
    Trouble.STOPPED: "Die Verbindung zum Funkgerät wurde beendet.",
    Trouble.REREAD: "Die Einstellungen des Funkgeräts werden neu gelesen.",
    Trouble.NO_HANDSHAKE: (
        "An {about} antwortet kein Meshtastic-Funkgerät; bitte prüfen, ob es der richtige Anschluss"
        " ist („lage funk suchen“), ob das Gerät eingeschaltet ist und seine serielle Schnittstelle"
        " auch, und ob ein anderes Programm es benutzt."
    ),
    Trouble.SHARED: (
        "Ein anderes Programm benutzt {about} auch, oder das Kabel hat einen Wackelkontakt: Pakete"
        " gehen verloren. Bitte App, zweiten Knoten oder Browser vom Funkgerät trennen."
    ),
    Trouble.SILENT: "Das Funkgerät antwortet nicht mehr; bitte Kabel und Stromversorgung prüfen.",
    Trouble.BROKEN: (
        "Die Verbindung zum Funkgerät ist abgebrochen; sie wird von selbst wieder aufgebaut."
    ),
    Trouble.STUCK: (
        "Das Funkgerät blockiert die Verbindung; bitte das Kabel ab- und wieder anstecken."
    ),
    Trouble.NO_HOST: "Den Rechner „{about}“ gibt es hier nicht; bitte den Namen prüfen.",
    Trouble.NO_ANSWER: (
        "Unter {about} antwortet kein Funkgerät; bitte prüfen, ob es eingeschaltet und im Netz ist."
    ),
    Trouble.NO_BLUETOOTH: (
        "Das Funkgerät „{about}“ ist über Bluetooth nicht zu erreichen; bitte prüfen, ob es"
        " eingeschaltet, in der Nähe und gekoppelt ist."
    ),
    Trouble.NO_DEVICE: "Das Gerät {about} gibt es nicht; bitte prüfen, ob es angesteckt ist.",
    Trouble.NO_PERMISSION: (
        "Keine Berechtigung für {about}; bitte das Konto in die Gruppe „dialout“ aufnehmen."
    ),
    Trouble.IN_USE: "Das Gerät {about} benutzt schon ein anderes Programm; bitte beenden.",
    Trouble.ANOTHER: (
        "An {about} steckt ein anderes Funkgerät als bisher; bitte das eigene anstecken oder den"
        " Knoten mit „--radio“ auf das neue umstellen."
    ),
    Trouble.REGION_UNSET: (
        "Das Funkgerät sendet nicht: Region nicht gesetzt; bitte „lage funk einrichten“."
    ),
    Trouble.TRANSMITTER_OFF: (
        "Das Funkgerät sendet nicht: der Sender ist ausgeschaltet; bitte „lage funk einrichten“."
    ),
    Trouble.REFUSES: (
        "Das Funkgerät nimmt nichts zum Senden an (Meldung {detail}); bitte „lage funk einrichten“."
    ),
    Trouble.CANNOT_OPEN: "Das Gerät {about} lässt sich nicht öffnen ({detail}).",
}
"""Why there is no connection, and how to mend it."""

CLASSES: dict[FrameClass, str] = {
    FrameClass.FLASH: "blitz",
    FrameClass.IMMEDIATE: "sofort",
    FrameClass.RECEIPT: "Quittungen",
    FrameClass.ROUTINE: "einfach",
    FrameClass.WANT: "Fragen",
    FrameClass.REPAIR: "für andere",
    FrameClass.HAVE: "Abgleich",
}
"""What waits in the queue before the radio."""

REJECTED: dict[Why, str] = {
    Why.FRAME: "unlesbar",
    Why.SIZE: "falsche Länge",
    Why.TYPE: "unbekannte Art",
    Why.VERSION: "andere Version",
    Why.MAC: "fremdes Netz",
    Why.AUTHOR: "unbekannte Stelle",
    Why.SIGNATURE: "Unterschrift falsch",
    Why.LIMIT: "nach Widerruf oder Verzweigung",
    Why.BRANCH: "anderer Zweig",
    Why.PROOF: "Beweis falsch",
    Why.MEMBER: "von keiner aktiven Stelle",
    Why.IMPOSTOR: "unter falschem Namen",
}
"""Packets that the engine did not take."""


def trouble_sentence(reason: Reason) -> str:
    """Why there is no connection to the radio: one sentence."""
    return TROUBLES[reason.trouble].format(about=reason.about, detail=reason.detail)
