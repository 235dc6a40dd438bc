# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why something from the air is not taken: one name each, for counting and telling."""

from __future__ import annotations

import enum


class Why(enum.StrEnum):
    """The value stands in the node's report and never changes."""

    FRAME = "frame"  # unreadable
    SIZE = "size"
    TYPE = "type"  # unknown here
    VERSION = "version"  # newer or older than can be read
    MAC = "mac"  # not of our network
    AUTHOR = "author"  # nobody that we know
    SIGNATURE = "signature"
    LIMIT = "limit"  # beyond a revocation or an open fork
    BRANCH = "branch"  # of the branch that does not count
    PROOF = "proof"  # proves nothing
    MEMBER = "member"  # from no active member
    IMPOSTOR = "impostor"  # says what only another can say
