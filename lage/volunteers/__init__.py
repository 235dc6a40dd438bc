# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende: public to all by number and skill, private to the staff that knows them."""
