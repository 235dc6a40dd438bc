# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation on paper and for other programs: PDF, CSV, GeoJSON, JSON, CAP, radio short form.

Everything is made from the views that screen and command line show, so all agree.
"""
