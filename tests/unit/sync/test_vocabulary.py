# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed word lists are what operations refer to by index."""

from sync.schema.vocabulary import TERMS


def test_terms_are_unique_and_not_empty() -> None:
    """No list holds a term twice, so a term has one index."""
    for name, terms in TERMS.items():
        assert len(set(terms)) == len(terms), name
        assert all(term == term.strip() and term for term in terms), name
