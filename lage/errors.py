# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong in a way that a user can mend.

    LageError            exit 1   something failed
    +- UsageError        exit 2   the request itself is wrong
    |  +- NotFound       exit 2   names something that is not there
    |  +- ImportRefused  exit 2   a file with bad lines; carries every line's reason
    +- KeysError         exit 1   keys, passphrase, invitation
    +- StoreError        exit 1   the log on disk
    +- RadioError        exit 1   the radio or the way to it

The message is one German sentence for the user: what is wrong, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.log import LogUnavailable


class LageError(Exception):
    """Something failed; the message is for the user."""

    exit_code = 1


class UsageError(LageError):
    """The request itself is wrong."""

    exit_code = 2


class NotFound(UsageError):
    """The request names something that is not there."""


class ImportRefused(UsageError):
    """A file with bad lines: nothing was imported."""

    def __init__(self, message: str, problems: Sequence[tuple[int, str]]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)  # (line number from 1, reason)


class KeysError(LageError):
    """Keys, passphrase, request or invitation."""


class StoreError(LageError, LogUnavailable):
    """The log on disk cannot be read or written; the engine takes it for LogUnavailable."""


class RadioError(LageError):
    """The radio, or the way to it."""
