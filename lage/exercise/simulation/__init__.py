# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole county in virtual time: the product's own stations, engines and senders, on a simulated
air, conducted by a script. No process, no port, no clock on the wall."""
