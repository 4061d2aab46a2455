"""A mail server that stands for the agency's: it keeps letters in a folder, and behaves badly when it is told to.

TLS from the first byte, or STARTTLS that it insists on; a log-in where it has one. Nothing leaves this machine.
"""

import asyncio
import email
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from hub.delivery.settings import MailSecurity
from hub.signing.broker_pki import TlsFiles

_SLOW_S = 60.0


class MailTrouble(StrEnum):
    """What the server does instead of its duty; LOSES_ANSWER keeps the letter first."""

    GREYLISTS = "GREYLISTS"
    NO_SUCH_BOX = "NO_SUCH_BOX"
    BUSY = "BUSY"
    FULL = "FULL"
    REFUSES = "REFUSES"
    CUT_OFF = "CUT_OFF"
    LOSES_ANSWER = "LOSES_ANSWER"
    SLOW = "SLOW"


class MailServer:
    """One server on the local `port`; `asked` counts the letters that were announced to it."""

    def __init__(
        self,
        folder: Path,
        tls: TlsFiles,
        port: int,
        *,
        security: MailSecurity = MailSecurity.TLS,
        login: tuple[str, str] | None = None,
    ) -> None:
        self._folder, self._login, self.port = folder, login, port
        self.trouble: MailTrouble | None = None
        self.asked = 0
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tls.certificate, tls.key)
        is_wrapped = security is MailSecurity.TLS
        more: dict[str, Any] = {} if is_wrapped else {"tls_context": context, "require_starttls": True}
        if login:
            more |= {"authenticator": self._authenticated, "auth_required": True, "auth_require_tls": not is_wrapped}
        self._controller = Controller(
            self, hostname="127.0.0.1", port=port, ssl_context=context if is_wrapped else None, **more
        )

    def start(self) -> None:
        """Listen."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    kill = stop

    def letters(self) -> Sequence[EmailMessage]:
        """Return what was taken, the oldest first."""
        files = sorted(self._folder.glob("*.eml"))
        return [email.message_from_bytes(each.read_bytes(), EmailMessage, policy=default) for each in files]

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to who sends."""
        self.asked += 1
        if self.trouble is MailTrouble.BUSY:
            return "421 4.3.2 Too busy"
        if self.trouble is MailTrouble.SLOW:
            await asyncio.sleep(_SLOW_S)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to whom it goes."""
        if self.trouble is MailTrouble.NO_SUCH_BOX:
            return f"550 5.1.1 <{address}>: no such mailbox"
        if self.trouble is MailTrouble.GREYLISTS:
            return f"451 4.7.1 <{address}>: greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, or say why not."""
        match self.trouble:
            case MailTrouble.FULL:
                return "452 4.2.2 Mailbox full"
            case MailTrouble.REFUSES:
                return "554 5.7.1 Refused by policy"
            case MailTrouble.CUT_OFF:
                _cut(server)
                return "250 OK"
        assert isinstance(envelope.content, bytes)
        number = len(list(self._folder.glob("*.eml"))) + 1
        await asyncio.to_thread((self._folder / f"{number:04d}.eml").write_bytes, envelope.content)
        if self.trouble is MailTrouble.LOSES_ANSWER:
            _cut(server)
        return "250 OK"

    def _authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(data.login.decode(), data.password.decode()) == self._login)


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()
