# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screens. Renders view models and posts intents; knows no SQL, signatures or radios."""
