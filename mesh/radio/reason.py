# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why a radio could not be reached, in words that help the user to mend it.

The operating system, pyserial and the Bluetooth library report the same trouble in many ways;
here each becomes one German sentence with what to do. Pure.
"""

from __future__ import annotations

import errno
import socket

from mesh.radio.address import RadioAddress


def explain(error: BaseException, address: RadioAddress) -> str:
    """One German sentence for the user: why the connection failed and what to do."""
    number = getattr(error, "errno", None)
    text = str(error)
    if isinstance(error, socket.gaierror):
        return f"Den Rechner „{address.target}“ gibt es hier nicht; bitte den Namen prüfen."
    if address.kind == "tcp":
        return (
            f"Unter {address} antwortet kein Funkgerät; bitte prüfen, ob es eingeschaltet und "
            "im Netz ist."
        )
    if address.kind == "ble":
        return (
            f"Das Funkgerät „{address.target}“ ist über Bluetooth nicht zu erreichen; bitte "
            "prüfen, ob es eingeschaltet, in der Nähe und gekoppelt ist."
        )
    if isinstance(error, FileNotFoundError) or number in (errno.ENOENT, errno.ENXIO):
        return f"Das Gerät {address.target} gibt es nicht; bitte prüfen, ob es angesteckt ist."
    if isinstance(error, PermissionError) or number == errno.EACCES:
        return (
            f"Keine Berechtigung für {address.target}; bitte das Konto in die Gruppe „dialout“ "
            "aufnehmen."
        )
    if "lock" in text or number in (errno.EBUSY, errno.EAGAIN):
        return f"Das Gerät {address.target} benutzt schon ein anderes Programm; bitte beenden."
    return f"Das Gerät {address.target} lässt sich nicht öffnen ({type(error).__name__})."
