# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything a person can do on the screen: one registry for keys, bars, palette, help and manual.

Keys are those that every German keyboard and every terminal has: letters, digits, F-keys, Enter,
arrows, Ctrl with a letter; none that needs AltGr, none that a plain terminal takes for Tab, Enter
or Backspace (Ctrl+I, M, J, H). An action is carried out by the method ``act_<id>`` of the view,
the screen or the app, whichever has it first; where none has, by its goal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from lage.kinds.card import Card
from lage.kinds.cards import CARDS
from lage.kinds.inputs import changeable, has_place


@dataclass(frozen=True, slots=True)
class Fill:
    """Open the form of a new entry."""

    kind: str


@dataclass(frozen=True, slots=True)
class Show:
    """Bring a view of the main screen to the front."""

    view: str


@dataclass(frozen=True, slots=True)
class Wear:
    """Change the colours."""

    look: str


Goal: TypeAlias = Fill | Show | Wear


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    id: str
    key: str  # Textual's name; "" where only palette and menu reach it
    title: str  # German, short: for bars and palette
    help: str  # one German sentence
    group: str  # heading in help and manual
    bar: int = 0  # place in the key bar from 1; 0 is not shown there
    aliases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # entities it applies to, from their cards; empty: no matter which
    short: str = ""  # of a screen, for the line of screens on narrow terminals
    command: str = ""  # in plain words, for the palette; empty: the title says it
    writes: bool = False  # not on a screen that only shows
    goal: Goal | None = None  # what the app does where no view or screen has a way of its own

    @property
    def words(self) -> str:
        """What it does, in a few words that stand by themselves."""
        if self.command:
            return self.command
        return f"{self.title} zeigen" if self.group == GO else self.title

    @property
    def shown_key(self) -> str:
        """The key as it is written for people."""
        return key_name(self.key)


EVERYWHERE, GO, BOARD, LIST, ENTRY, OUTSIDE, MAP, RADIO, FORM, PAST, DIRECTION, LEAD = (
    "Überall", "Bildschirme", "Im Überblick", "In Listen", "Mit einem Eintrag", "Von außen",
    "Auf der Karte", "Im Netz", "In Formularen", "In der Wiedergabe", "In der Übungsleitung",
    "Am Tisch der Leitung",
)  # fmt: skip

MARKS = ("<!-- tasten -->\n", "<!-- /tasten -->")
"""Between these lines of the manual stand the key tables."""

_NAMES = {
    "enter": "Enter", "escape": "Esc", "space": "Leer", "backspace": "Rück", "slash": "/",
    "plus": "+", "minus": "-", "exclamation_mark": "!", "number_sign": "#",
    "up": "Hoch", "down": "Runter",
    "left": "Links", "right": "Rechts", "pageup": "Bild hoch", "pagedown": "Bild runter",
    "comma": ",", "full_stop": ".", "semicolon": ";", "colon": ":", "less_than_sign": "<",
    "greater_than_sign": ">", "home": "Pos1", "end": "Ende", "tab": "Tab", "delete": "Entf",
}  # fmt: skip


def key_name(key: str) -> str:
    """``ctrl+p`` as ``Strg+P``, ``f2`` as ``F2``."""
    if key.startswith("shift+"):
        return f"Umschalt+{key_name(key[6:])}"
    if key.startswith("ctrl+"):
        return f"Strg+{key[5:].upper()}"
    if key in _NAMES:
        return _NAMES[key]
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def _applies(action: str, card: Card) -> bool:
    """Whether an action applies to a kind: by its schema, or as a deed of its card."""
    match action:
        case "freigeben":
            return bool(card.public) or card.name == "notice"
        case "status":
            return changeable(card.name, "status")
        case "aendern":
            return any(changeable(card.name, item.name) for item in card.form)
        case "zeigen":
            return has_place(card.name)
    return action in card.deeds


def _with_kinds(action: Action) -> Action:
    kinds = tuple(kind for kind, card in CARDS.items() if _applies(action.id, card))
    return replace(action, kinds=kinds)


_ALL = (
    Action("hilfe", "f1", "Hilfe", "Zeigt alle Tasten dieses Bildschirms.", EVERYWHERE, 1),
    Action("palette", "ctrl+p", "Alles", "Zeigt alle Befehle zum Suchen und Auswählen.",
           EVERYWHERE, 2),
    Action("neu_message", "f2", "Nachricht", "Schreibt eine neue Nachricht.", EVERYWHERE, 3,
           command="Nachricht schreiben", writes=True, goal=Fill("message")),
    Action("neu_journal", "f3", "Tagebuch", "Schreibt einen Tagebucheintrag.", EVERYWHERE, 4,
           command="Tagebuch eintragen", writes=True, goal=Fill("journal")),
    Action("neu_incident", "f4", "Vorfall", "Meldet einen neuen Vorfall.", EVERYWHERE, 5,
           command="Vorfall melden", writes=True, goal=Fill("incident")),
    Action("neu_reading", "f5", "Messwert", "Trägt einen Messwert ein.", EVERYWHERE, 6,
           command="Messwert eintragen", writes=True, goal=Fill("reading")),
    Action("suche", "f6", "Suche", "Sucht in allen Einträgen.", EVERYWHERE, 7,
           command="In allem suchen"),
    Action("neu_task", "f7", "Auftrag", "Erteilt einen Auftrag.", EVERYWHERE, 8,
           command="Auftrag erteilen", writes=True, goal=Fill("task")),
    Action("neu_stock_movement", "f8", "Material", "Bucht Zugang, Abgang oder Verlegung von"
           " Material.", EVERYWHERE, 9, command="Material buchen", writes=True,
           goal=Fill("stock_movement")),
    Action("neu_supply_state", "f9", "Versorgung", "Meldet die Versorgungslage einer Gemeinde.",
           EVERYWHERE, 10, command="Versorgung melden", writes=True, goal=Fill("supply_state")),
    Action("rueckgaengig", "ctrl+z", "Rückgängig", "Holt den letzten Eintrag zurück, solange er"
           " noch nicht gesendet ist.", EVERYWHERE, writes=True),
    Action("alarm_nehmen", "ctrl+t", "Alarm annehmen", "Nimmt den Alarm an, der oben steht, und"
           " öffnet ihn; auf allen Bildschirmen der Stelle ist dann Ruhe.", EVERYWHERE,
           writes=True),
    Action("zurueck", "escape", "Zurück", "Geht einen Schritt zurück; Text bleibt als Entwurf"
           " erhalten.", EVERYWHERE),
    Action("ende", "ctrl+q", "Beenden", "Beendet den Bildschirm; das Funken geht im Knoten"
           " weiter.", EVERYWHERE),
    Action("gehe_lage", "1", "Lage", "Überblick: was zu tun ist, Vorfälle, Nachrichten, Pegel,"
           " Netz.", GO, 1, short="Lage", goal=Show("lage")),
    Action("gehe_journal", "2", "Tagebuch", "Das Einsatztagebuch.", GO, 1, short="ETB",
           goal=Show("journal")),
    Action("gehe_message", "3", "Nachrichten", "Eingang, Ausgang und überfällige Quittungen.",
           GO, 1, short="Post", goal=Show("message")),
    Action("gehe_task", "4", "Aufträge", "Alle Aufträge.", GO, 1, short="Auftrag",
           goal=Show("task")),
    Action("gehe_incident", "5", "Vorfälle", "Alle Vorfälle.", GO, 1, short="Fälle",
           goal=Show("incident")),
    Action("gehe_pegel", "6", "Pegel", "Messstellen mit Verlauf und Informationswerten.",
           GO, 1, short="Pegel", goal=Show("pegel")),
    Action("gehe_unit", "7", "Kräfte", "Einheiten mit Stärke und Status.", GO, 1, short="Kräfte",
           goal=Show("unit")),
    Action("gehe_material", "8", "Material", "Bestände; was unter dem Minimum liegt, zuerst.",
           GO, 1, short="Lager", goal=Show("material")),
    Action("gehe_helper", "9", "Helfer", "Spontanhelfende: wer da ist und was sie können.",
           GO, 1, short="Helfer", goal=Show("helper")),
    Action("gehe_karte", "0", "Karte", "Die Lagekarte.", GO, 1, short="Karte", goal=Show("karte")),
    Action("gehe_netz", "z", "Netz", "Wer was empfangen hat, Funkgerät, Sendezeit.",
           GO, 1, short="Netz", goal=Show("netz")),
    Action("gehe_report", "b", "Berichte", "Lagemeldungen.", GO, short="Berichte",
           goal=Show("report")),
    Action("gehe_versorgung", "l", "Versorgung", "Versorgungslage der Gemeinden.", GO,
           short="Versorgung", goal=Show("versorgung")),
    Action("gehe_alarme", "exclamation_mark", "Zu tun", "Alles, was auf uns wartet: Nachrichten,"
           " Aufträge, Anforderungen, Rückmeldungen, Alarme.", GO, short="Tun",
           goal=Show("alarme")),
    Action("gehe_neues", "y", "Neues", "Was andere geschrieben und geändert haben, seit hier"
           " zuletzt jemand nachgesehen hat: vorher und jetzt, von wem.", GO, short="Neu",
           goal=Show("neues")),
    Action("gehe_aussen", "number_sign", "Von außen", "Notrufe vom Infopunkt, Hilfsangebote"
           " und Worte von Helfenden: prüfen und übernehmen.", GO, short="Außen",
           goal=Show("aussen")),
    Action("gehe_mehr", "m", "Mehr", "Weitere Listen: Anforderungen, Unterkünfte, Gebiete …",
           GO, 1, short="…", command="Weitere Listen zeigen"),
    Action("tafel", "tab", "Nächstes Feld", "Springt zum nächsten Feld des Überblicks.", BOARD, 1),
    Action("tafel_davor", "shift+tab", "Voriges Feld", "Springt zum vorigen Feld des Überblicks.",
           BOARD),
    Action("oeffnen", "enter", "Öffnen", "Zeigt den Eintrag ganz, mit Empfang und Verlauf.",
           LIST, 1),
    Action("neu", "n", "Neu", "Legt einen Eintrag dieser Liste an.", LIST,
           command="Neu in dieser Liste", writes=True),
    Action("filtern", "slash", "Suchen", "Sucht in dieser Liste; leer zeigt wieder alles.",
           LIST, command="In dieser Liste suchen"),
    Action("filter", "f", "Filter", "Schaltet zum nächsten Filter, z. B. Eingang, Ausgang.",
           LIST, command="Nächster Filter"),
    Action("zeitraum", "h", "Stunden", "Schaltet, wie viele Stunden die Kurve zeigt.", LIST, 2,
           command="Andere Dauer der Kurve"),
    Action("datei", "d", "Drucken", "Bringt Liste, Tagebuch oder Lagemeldung auf Papier: auf einen"
           " Drucker, auf einen Stick oder als PDF in den Ordner „berichte“.", LIST, 3,
           writes=True),
    Action("gelesen", "g", "Gelesen", "Setzt alle Nachrichten auf gelesen.", LIST,
           command="Alle Nachrichten gelesen", writes=True),
    Action("bestaetigen", "j", "Bestätigen", "Ja zu dem, was wartet: quittiert die Nachricht,"
           " nimmt Auftrag oder Anforderung an, nimmt anderes zur Kenntnis.", ENTRY, 1,
           command="Bestätigen, was zu tun ist", writes=True),
    Action("quittieren", "q", "Quittieren", "Bestätigt den Empfang der Nachricht mit Namen.",
           ENTRY, 1, writes=True),
    Action("antworten", "a", "Antworten", "Schreibt dem Absender der Nachricht.", ENTRY, 2,
           writes=True),
    Action("weiterleiten", "w", "Weiterleiten", "Sendet die Nachricht an andere Stellen.", ENTRY,
           3, writes=True),
    Action("verteilen", "v", "Verteilen", "Verteilt die Nachricht im Stab (Sichter).", ENTRY, 4,
           writes=True),
    Action("status", "s", "Status", "Setzt den Status, z. B. in Arbeit oder erledigt.", ENTRY, 1,
           writes=True),
    Action("aendern", "e", "Ändern", "Ändert Angaben; die alten bleiben im Verlauf.", ENTRY, 2,
           writes=True),
    Action("berichtigen", "k", "Berichtigen", "Streicht den Tagebucheintrag mit einer"
           " Berichtigung; beides bleibt lesbar.", ENTRY, 1, writes=True),
    Action("vordruck", "c", "Vordruck", "Bringt die Nachricht als Vordruck auf Papier oder als"
           " Datei auf einen Stick.", ENTRY, 7, command="Vordruck drucken", writes=True),
    Action("auftrag", "t", "Auftrag", "Erteilt einen Auftrag zu diesem Eintrag.", ENTRY, 5,
           command="Auftrag dazu", writes=True),
    Action("zuweisen", "u", "Zuweisen", "Weist Helfer einer Stelle zu; nur sie erhält die"
           " persönlichen Angaben.", ENTRY, 3, writes=True),
    Action("rueckmeldung", "r", "Rückmeldung", "Hält fest, was den zugewiesenen Helfern gesagt"
           " wird.", ENTRY, 4, writes=True),
    Action("entlassen", "x", "Entlassen", "Entlässt Helfer, hält ihre Stunden fest und beendet den"
           " Zugriff anderer Stellen auf den Namen.", ENTRY, 5, writes=True),
    Action("person_loeschen", "p", "Person löschen", "Vernichtet den Schlüssel von Name bis"
           " Jahrgang, auch bei der Stelle, die sie erhielt.", ENTRY,
           writes=True),
    Action("doppelt", "i", "Doppelt", "Führt den Eintrag mit einem anderen zusammen oder trennt ihn"
           " wieder.", ENTRY, 7, writes=True),
    Action("freigeben", "ctrl+f", "Öffentlich", "Zeigt den Eintrag allen auf Infopunkt und Portal,"
           " oder zieht ihn zurück.", ENTRY, 8, command="Öffentlich zeigen oder zurückziehen",
           writes=True),
    Action("zeigen", "o", "Auf Karte", "Zeigt den Ort auf der Karte.", ENTRY, 6),
    Action("aussen_nehmen", "j", "Übernehmen", "Macht aus dem Notruf einen Vorfall, aus dem Angebot"
           " Spontanhelfende; gelesene Worte verschwinden.", OUTSIDE, 1, writes=True),
    Action("aussen_blitz", "w", "Blitz", "Sendet den Notruf als Blitz-Nachricht an die Leitstelle,"
           " ohne eine an den Krisenstab.", OUTSIDE, 2, command="Notruf an die Leitstelle",
           writes=True),
    Action("aussen_ablegen", "x", "Ablegen", "Legt den Notruf mit einem Grund ab, den der Beleg"
           " nennt, oder das Angebot; verwirft, was sich nicht öffnen lässt.", OUTSIDE, 3,
           writes=True),
    Action("aussen_zuweisen", "u", "Zuweisen", "Übernimmt das Angebot und schickt die Helfenden zu"
           " einem Aufruf, zu dem sie passen.", OUTSIDE, 5, command="Angebot einem Aufruf zuweisen",
           writes=True),
    Action("aussen_da", "a", "Ankunft", "Hält am Treffpunkt die Ankunft fest, beim nächsten Mal das"
           " Ende: mit dem Code vom Telefon, gescannt oder getippt.", OUTSIDE, 6,
           command="Ankunft von Helfenden", writes=True),
    Action("aussen_beleg", "c", "Beleg", "Bringt den Beleg zum Notruf auf Papier oder als Datei.",
           OUTSIDE, 4, command="Beleg drucken", writes=True),
    Action("naeher", "plus", "Näher", "Vergrößert die Karte um den Zeiger.", MAP, 1),
    Action("weiter", "minus", "Weiter", "Verkleinert die Karte.", MAP, 2),
    Action("kreis", "home", "Ganzer Kreis", "Zeigt wieder den ganzen Kreis.", MAP),
    Action("ebenen", "e", "Ebenen", "Blendet Ebenen ein und aus.", MAP, 3),
    Action("naehe", "enter", "Was ist hier", "Listet auf, was nahe dem Zeiger liegt; beim Zeichnen:"
           " setzt eine Ecke.", MAP, 4),
    Action("gebiet", "g", "Gebiet", "Beginnt ein Gebiet zu zeichnen; noch einmal: schließt es ab.",
           MAP, 5, writes=True),
    Action("ecke_weg", "backspace", "Ecke weg", "Nimmt die letzte Ecke des Gebiets zurück.", MAP,
           9, writes=True),
    Action("hin", "slash", "Gehe zu", "Springt zu einer Koordinate oder einem Ort.", MAP, 7),
    Action("zeichen", "k", "Zeichen", "Erklärt die Zeichen auf der Karte und nennt ihre Quellen.",
           MAP, 8),
    Action("hier_vorfall", "v", "Vorfall hier", "Meldet einen Vorfall am Ort des Zeigers.", MAP, 6,
           writes=True),
    Action("funk_einrichten", "e", "Funk einrichten", "Zeigt, was am eigenen Funkgerät falsch"
           " eingestellt ist, und richtet es ein.", RADIO, 1, writes=True),
    Action("kraftstoff", "k", "Kraftstoff", "Hält fest, wie lange der Kraftstoff des Aggregats"
           " reicht; die anderen Stellen sehen es.", RADIO, 2, writes=True),
    Action("senden", "ctrl+s", "Speichern", "Speichert oder sendet, was im Formular steht.", FORM,
           1, aliases=("f10",), writes=True),
    Action("vorlage", "ctrl+o", "Vorlage", "Setzt eine Vorlage ein: häufige Texte, eigene stehen in"
           " „vorlagen.txt“.", FORM, 2, writes=True),
    Action("verwerfen", "ctrl+r", "Leeren", "Verwirft den Entwurf und leert das Formular.", FORM,
           3, writes=True),
    Action("abspielen", "space", "Spielen", "Spielt ab, was dann geschah, oder hält an.", PAST, 1,
           command="Abspielen oder anhalten"),
    Action("zehn_zurueck", "comma", "10 min zurück", "Zeigt, was zehn Minuten früher war.", PAST,
           2),
    Action("vor", "full_stop", "vor", "Zeigt, was zehn Minuten später war.", PAST, 3,
           command="10 min vor"),
    Action("voriger_eintrag", "semicolon", "Eintrag zurück", "Springt dahin, wo der vorige Eintrag"
           " dazukam.", PAST, command="Zum vorigen Eintrag"),
    Action("naechster_eintrag", "colon", "Eintrag vor", "Springt dahin, wo der nächste Eintrag"
           " dazukommt.", PAST, command="Zum nächsten Eintrag"),
    Action("langsamer", "less_than_sign", "Langsamer", "Spielt langsamer ab: 1-, 10-, 60-, 300-,"
           " 1800-fach.", PAST),
    Action("schneller", "greater_than_sign", "Schneller", "Spielt schneller ab: 1-, 10-, 60-,"
           " 300-, 1800-fach.", PAST),
    Action("zeitpunkt", "ctrl+g", "Gehe zu", "Springt zu einer Zeit, z. B. 241530nov26.", PAST, 4,
           command="Zu einem Zeitpunkt gehen"),
    Action("merken", "ctrl+n", "Merken", "Merkt diesen Augenblick, um spätere mit ihm zu"
           " vergleichen.", PAST, command="Augenblick merken"),
    Action("unterschied", "ctrl+u", "Unterschied", "Listet auf, was zwischen dem gemerkten und"
           " diesem Augenblick kam, geändert und erledigt wurde.", PAST, 5,
           command="Unterschied zum gemerkten Augenblick"),
    Action("andere_augen", "ctrl+e", "Damals/heute", "Wechselt zwischen dem, was damals bekannt"
           " war, und dem heutigen Wissen; bei einer anderen Stelle zwischen dem, was sie belegt"
           " wusste, und dem, was sie höchstens wissen konnte.", PAST, command="Damals oder heute"),
    Action("beobachten", "ctrl+b", "Beobachtung", "Hält eine Beobachtung fest, mit Stelle und Zeit"
           " der Übung.", DIRECTION, 1, command="Beobachtung festhalten"),
    Action("gehe_leitung", "ctrl+l", "Leitung", "Der Tisch der Übungsleitung.", DIRECTION, 2,
           command="Tisch der Leitung zeigen", goal=Show("leitung")),
    Action("uhr", "space", "Uhr", "Lässt die Übungsuhr laufen oder stehen.", LEAD, 1,
           command="Übungsuhr läuft oder steht"),
    Action("einspielen", "p", "Einspielen", "Gibt die Einlage jetzt.", LEAD, 2,
           command="Einlage jetzt einspielen"),
    Action("auslassen", "a", "Auslassen", "Lässt die Einlage aus; von Hand lässt sie sich noch"
           " geben.", LEAD, 3, command="Einlage auslassen"),
    Action("umschreiben", "e", "Ändern", "Gibt die Einlage zu anderer Zeit, mit anderem Inhalt oder"
           " an andere.", LEAD, 4, command="Einlage ändern"),
    Action("zugestellt", "v", "Zugestellt", "Die Karte ist vorgelesen, das Fax überbracht.", LEAD,
           5, command="Karte oder Fax ist zugestellt"),
    Action("sprung", "s", "Sprung", "Stellt die Übungsuhr vor.", LEAD, 6, command="Übungsuhr"
           " vorstellen"),
    Action("tempo", "t", "Tempo", "Lässt die Übungsuhr schneller oder langsamer laufen.", LEAD, 7,
           command="Tempo der Übungsuhr"),
    Action("ausfall", "k", "Ausfall", "Lässt bei einer Stelle Funk, Rechner oder Strom ausfallen"
           " oder wieder gehen.", LEAD, 8, command="Ausfall beginnen oder beheben"),
    Action("abzweig", "w", "Abzweig", "Entscheidet an einem Abzweig des Drehbuchs.", LEAD,
           command="An einem Abzweig entscheiden"),
    Action("nachbesprechen", "r", "Nachbesprechung", "Hält einen Punkt für das Gespräch danach"
           " fest; auf einem Punkt: er ist besprochen.", LEAD, command="Punkt der Nachbesprechung"),
    Action("zusehen", "i", "Zusehen", "Zeigt den Bildschirm einer Stelle, nur zum Lesen.", LEAD,
           command="Bildschirm einer Stelle zeigen"),
    Action("uebung_ende", "q", "Übung beenden", "Beendet die Übung.", LEAD, 9,
           command="Übung beenden"),
)  # fmt: skip

ACTIONS: Mapping[str, Action] = {action.id: _with_kinds(action) for action in _ALL}


def in_groups(*groups: str) -> list[Action]:
    """Actions of these groups, in the registry's order."""
    return [action for action in ACTIONS.values() if action.group in groups]


def fitting_kind(actions: Iterable[Action], kind: str) -> list[Action]:
    """Those that apply to an entity of a kind."""
    return [action for action in actions if not action.kinds or kind in action.kinds]


def key_table() -> str:
    """All actions as Markdown tables, for the manual."""
    parts = []
    groups = (EVERYWHERE, GO, BOARD, LIST, ENTRY, OUTSIDE, MAP, RADIO, FORM, PAST, DIRECTION, LEAD)
    for group in groups:
        rows = [f"### {group}", "", "| Taste | Befehl | Wirkung |", "| --- | --- | --- |"]
        for action in in_groups(group):
            keys = " oder ".join(key_name(key) for key in (action.key, *action.aliases) if key)
            rows.append(f"| {keys or '(Strg+P)'} | {action.title} | {action.help} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def write_into(text: str) -> str:
    """The manual with its key tables brought up to date."""
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}{key_table()}{MARKS[1]}{after}"
