# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""E-mail by SMTP (RFC 5321), encrypted unless the server is this computer."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime

from lage.language.mailbox import mailbox
from lage.outside.channels.channel import Later, Letter, Refused, sendable

TIMEOUT_S = 20
_LOG_IN = (530, 534, 535, 538)
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Mail:
    """One server."""

    name = "mail"

    def __init__(
        self, server: str, sender: str, port: int = 587, user: str = "", password: str = ""
    ) -> None:
        """ValueError for an address that is none, or what cannot be sent to log in."""
        sendable(user=user, password=password)
        self._server, self._port = server, port
        self._user, self._password = user, password
        self._sender = Address(addr_spec=mailbox(sender))

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server. Raises Refused, Later."""
        try:
            message = self._written(letter)
        except ValueError as error:
            raise Refused("keine Adresse") from error
        try:
            with smtplib.SMTP(self._server, self._port, timeout=TIMEOUT_S) as server:
                if self._server not in _LOCAL:
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code) from error
        except smtplib.SMTPResponseException as error:  # log-in, sender: ours, not the letter's
            raise Later(f"Antwort {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Later(type(error).__name__) from error

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=mailbox(letter.to))
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.id}@{self._sender.domain}>"
        message["Date"] = localtime()
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
        for name, said in leaving(letter.leave).items():
            message[name] = said
        message.set_content(letter.text)
        if letter.language:
            message["Content-Language"] = letter.language
        return message


def leaving(address: str) -> dict[str, str]:
    """The headers by which a mail program offers to end it (RFC 2369), and does so without a page
    in between (RFC 8058), which takes https."""
    if not address:
        return {}
    said = {"List-Unsubscribe": f"<{address}>"}
    if address.startswith("https://"):
        said["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return said


def _judged(code: int) -> Refused | Later:
    """4yz: try again; 5yz: never (RFC 5321, 4.2.1), but for a log-in that is missing (RFC 4954)."""
    final = code >= 500 and code not in _LOG_IN
    return Refused(f"Antwort {code}") if final else Later(f"Antwort {code}")
