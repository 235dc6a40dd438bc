# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for how a radio is judged: what is wrong with it, in one sentence with what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.radio_profile import Difference, role_change
from hardware.wanted import RELAY_ROLES, ROLES
from lage.language.errors import UsageError
from lage.language.settings import HARMS, difference_words
from lage.store.radio_order import OrderState
from mesh.firmware import is_old, may_drop_hopless

if TYPE_CHECKING:
    from lage.store.verdict import Verdict

NAMED_MAX = 3
UNANSWERED_S, QUIET_S = 15 * 60, 150 * 60
"""After something urgent somebody speaks within five minutes; in a net where all agree, one node in
an hour, and by turns."""

MENDS = "Beheben: „lage funk einrichten“ (am Bildschirm: Netz, e)."

NO_RADIO = "Noch kein Funkgerät gewählt: „lage funk einrichten“ (am Bildschirm: Netz, e)."

ORDERS: dict[OrderState, str] = {
    OrderState.NONE: "",
    OrderState.CONNECTING: "Das Funkgerät wird verbunden …",
    OrderState.CONNECTED: "Das Funkgerät ist verbunden.",
    OrderState.UNREACHED: (
        "Unter der neuen Adresse antwortet kein Funkgerät; es bleibt beim bisherigen. Bitte Kabel"
        " und Adresse prüfen: „lage funk suchen“."
    ),
    OrderState.RUNNING: "Das Funkgerät wird eingerichtet; es startet dabei neu …",
    OrderState.RIGHT: "Das Funkgerät ist eingerichtet.",
    OrderState.RESTORED: "Das Funkgerät hat wieder die Einstellungen von vorher.",
    OrderState.REFUSED: (
        "Das Funkgerät hat nicht alle Einstellungen übernommen (welche, zeigt „lage funk pruefen“):"
        " bitte ab- und wieder anstecken und wiederholen. Ist es „verwaltet“, muss es erst der"
        " Besitzer mit seiner App freigeben."
    ),
    OrderState.LOST: (
        "Das Funkgerät war weg, bevor es alles bestätigt hatte; was es übernommen hat, ist nicht"
        " bekannt. Bitte Kabel und Akku prüfen und wiederholen, sobald es wieder da ist."
    ),
    OrderState.NO_COPY: "Hier liegt keine Kopie früherer Einstellungen dieses Funkgeräts.",
}
"""What came of an order about the radio."""


def verdict_sentence(verdict: Verdict) -> str | None:
    """What must be mended: what it does, which settings, and how; None where nothing must."""
    if not verdict.readable:
        return "Was das Funkgerät von seinen Einstellungen meldet, ist nicht lesbar."
    must = verdict.must
    if not must:
        return None
    harm = HARMS[must[0].why]
    words = "; ".join(difference_words(each) for each in must[:NAMED_MAX])
    more = f"; und {len(must) - NAMED_MAX} weitere" if len(must) > NAMED_MAX else ""
    held = " Nichts wird gesendet, alles bleibt hier aufgehoben." if verdict.holds else ""
    return f"Funkgerät falsch eingestellt, {harm}: {words}{more}.{held} {MENDS}"


def changes_of(
    verdict: Verdict, relays: bool | None, *, relay_too: bool = False
) -> tuple[Difference, ...]:
    """What setting up changes, with the choice whether the radio relays (None: as it is). Raises
    UsageError for one that stands there as a relay, unless ``relay_too``, and where nothing is
    known of its role.
    """
    if relays is None:
        return verdict.differences
    if verdict.role is None:
        raise UsageError(
            "Das Funkgerät hat nicht gemeldet, ob es weiterleitet: bitte ab- und wieder anstecken."
        )
    if not relays and not relay_too and ROLES.get(verdict.role) in RELAY_ROLES:
        raise UsageError(
            f"Das Funkgerät hat die Rolle {verdict.role}, dient also anderen als Relais: soll es"
            " wirklich nicht mehr weiterleiten, dann „lage funk einrichten --weiterleiten nein"
            " --auch-relais“."
        )
    change = role_change(verdict.role, relays)
    if change is None:
        return verdict.differences
    return (*(each for each in verdict.differences if each.item is not change.item), change)


def silence_sentence(quiet_s: int | None, unanswered_s: int | None) -> str | None:
    """That nothing was heard, though it should have been; None where it need not have been."""
    if unanswered_s is not None and unanswered_s >= UNANSWERED_S:
        minutes = max(unanswered_s, quiet_s or 0) // 60
        return (
            f"Seit {minutes} min nichts gehört, obwohl seither Dringendes gesendet wurde: bitte"
            " Antenne und Standort prüfen, und ob andere auf demselben Kanal sind („lage funk"
            " pruefen“)."
        )
    if quiet_s is not None and quiet_s >= QUIET_S:
        return (
            f"Seit {quiet_s // 60} min nichts gehört, obwohl das Funkgerät verbunden ist und der"
            " Kreis weitere Stellen hat: bitte Antenne und Standort prüfen („lage funk pruefen“)."
        )
    return None


def firmware_sentence(version: str | None) -> str | None:
    """Why a firmware may not do; None where it does, or is not known."""
    if is_old(version):
        return (
            f"Firmware {version} ist älter als 2.7.20, womit Lage erprobt ist: bitte aktualisieren."
        )
    if may_drop_hopless(version):
        return (
            f"Firmware {version} kann ein Entwicklungsstand vom Frühjahr 2026 sein, der überhört,"
            " was nicht weitergegeben werden soll: bitte eine freigegebene Version aufspielen."
        )
    return None
