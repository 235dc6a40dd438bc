# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The schema of the log, from the cards: what this version of Lage can read and write."""

from __future__ import annotations

from lage.kinds.cards import CARDS
from sync.schema.definition import Schema

SCHEMA = Schema(tuple(card.kind for card in CARDS.values()))
