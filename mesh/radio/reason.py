# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why a radio could not be reached.

The operating system, pyserial and the Bluetooth library report the same trouble in many ways; here
each becomes one of a few reasons that a user can act on. Pure.
"""

from __future__ import annotations

import errno
import socket

from mesh.link import Reason, Trouble
from mesh.radio.address import RadioAddress


def explain(error: BaseException, address: RadioAddress) -> Reason:
    """Why the connection failed."""
    trouble = _trouble(error, address)
    about = str(address) if trouble is Trouble.NO_ANSWER else address.target
    return Reason(trouble, about, type(error).__name__)


def _trouble(error: BaseException, address: RadioAddress) -> Trouble:
    number = getattr(error, "errno", None)
    if isinstance(error, socket.gaierror):
        return Trouble.NO_HOST
    if address.kind == "tcp":
        return Trouble.NO_ANSWER
    if address.kind == "ble":
        return Trouble.NO_BLUETOOTH
    if isinstance(error, FileNotFoundError) or number in (errno.ENOENT, errno.ENXIO):
        return Trouble.NO_DEVICE
    if isinstance(error, PermissionError) or number == errno.EACCES:
        return Trouble.NO_PERMISSION
    if "lock" in str(error) or number in (errno.EBUSY, errno.EAGAIN):
        return Trouble.IN_USE
    return Trouble.CANNOT_OPEN
