# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One mailbox has one spelling, and a letter can be written to whatever counts as one."""

from __future__ import annotations

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.language.mailbox import mailbox
from lage.outside.channels.channel import Letter, Refused
from lage.outside.channels.mail import Mail

HOSTILE = (
    "anne(1)@example.org", "anne@(1)example.org", '"anne"@example.org', "anne@example.org.",
    "anne@b..org", ".anne@example.org", "anne@[10.0.0.1]", "anne@10.0.0.1", "anne@b@example.org",
    "änne@example.org", "anne@stra\N{LATIN SMALL LETTER SHARP S}e.example",
    "anne@\N{FULLWIDTH LATIN SMALL LETTER E}xample.org", "\N{KELVIN SIGN}@example.org",
    "anne@example.org\n", "anne", "@example.org", "anne@", "",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_no_letter_goes_to(text: str) -> None:
    """No second spelling of a mailbox, nothing that a mail library stumbles over: refused, and the
    letters behind it go."""
    assert not _is_one(text)
    with pytest.raises(Refused):
        Mail("127.0.0.1", "stab@rheine.example", 1).send(Letter("1", text, "x", "y"))


def test_hosts_in_other_alphabets() -> None:
    """As servers without SMTPUTF8 take them, typed either way."""
    for text in ("Anne@München.example", "Anne@xn--mnchen-3ya.example"):
        assert mailbox(text) == "Anne@xn--mnchen-3ya.example"
    assert mailbox("a@xn--strae-oqa.example") == "a@xn--strae-oqa.example"


@given(st.one_of(st.emails(), st.from_regex(r"[!-~ä]{0,9}@[!-~äß]{0,12}", fullmatch=True)))
def test_a_mailbox_can_be_written_to(text: str) -> None:
    """Whatever counts as one; its spelling is its own."""
    if _is_one(text):
        found = mailbox(text)
        assert Address(addr_spec=found).addr_spec == found == mailbox(found)


def _is_one(text: str) -> bool:
    try:
        mailbox(text)
    except ValueError:
        return False
    return True
