# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of others (Leitstelle, PEGELONLINE, LoRaWAN, spreadsheets) to drafts of our own.

Every reader is total: any file gives a ``Plan`` or an ``ImportRefused`` that names each bad line.
An import takes all of a file or nothing, and taking the same file again adds nothing.
"""
