# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one spelling of an e-mail address: as every mail server takes it, and by which it is known.

Mail programs read much more as an address (RFC 5322: comments, quotes, numbers in brackets), so
that one mailbox has spellings without end, and some that no letter can be written to. Here counts
what people have: a name of dot-separated words in ASCII, at a name of the DNS.
"""

from __future__ import annotations

import re

_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rf"(?=[^@]{{1,64}}@){_WORD}(?:\.{_WORD})*"
_HOST = rf"(?:{_LABEL}\.)*(?=[a-z]){_LABEL}"
_MAILBOX = re.compile(f"{_NAME}@{_HOST}", re.IGNORECASE | re.ASCII)


def mailbox(text: str) -> str:
    """``anna@münchen.example`` as ``anna@xn--mnchen-3ya.example`` (RFC 3490), the host in small
    letters. Raises ValueError."""
    name, _, host = text.rpartition("@")
    written = host.encode("idna").decode().lower()
    found = f"{name}@{written}"
    # a letter that the older standard reads as others (ß as ss) may lead to somebody else's host
    if host.lower() != written and host.lower() != written.encode().decode("idna"):
        raise ValueError("another host than it seems")
    if not _MAILBOX.fullmatch(found):
        raise ValueError("no mailbox")
    return found
