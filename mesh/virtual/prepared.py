# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Virtual radios that come set up: settings changed before any client is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meshtastic.protobuf import admin_pb2

from mesh.radio.reader import RadioReport
from mesh.virtual.admin import handle_admin
from mesh.virtual.phone import VirtualPhone

Plan = Callable[[Mapping[str, bytes]], Iterable[bytes]]
"""Serialised admin messages for a radio that reports these sections."""


def prepare(phone: VirtualPhone, plan: Plan) -> None:
    """Apply what the plan says to what the radio would tell a client of itself."""
    report = RadioReport()
    for message in phone.settings.handshake(1):
        report.read(message.SerializeToString())
    for request in plan(report.sections):
        handle_admin(phone.settings, admin_pb2.AdminMessage.FromString(request))
    phone.air_changed = True
