"""The carrier of e-mail (RFC 5321, over TLS always).

A letter is *sent* only when the server has answered 250 to its end. Before DATA nothing has left, and it is tried
again; what breaks after DATA may have arrived or not, and is said to be so. A server's words may quote the citizen's
address, so that only its codes are kept.
"""

import asyncio
import re
import ssl
from pathlib import Path

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from contract.destinations import Channel, MailTo
from hub.delivery.carrier import Delivered, Later, Outcome, Parcel, Refused, Unknown
from hub.delivery.letter import letter, message_id
from hub.delivery.settings import MailSecurity
from hub.faults import ConfigInvalid
from hub.register import links
from hub.rooms import Hub

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_FOR_GOOD = 500


class MailCarrier:
    """The server of [mail]; password and the certificate's roots are read when the hub starts, or ConfigInvalid."""

    channel = Channel.MAIL
    repeats_safely = False

    def __init__(self, hub: Hub) -> None:
        assert hub.config.mail is not None
        self._hub, self._config = hub, hub.config.mail
        self._password = self._config.password()
        self._trust = _trust(self._config.ca)
        self.name = self._config.host

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Send the copy, or a link to it where it is too large to be attached."""
        assert isinstance(parcel.destination, MailTo)
        token = await asyncio.to_thread(self._drawn_link, parcel)
        outcome = await self._sent(parcel, parcel.destination.address, token)
        if token and isinstance(outcome, Later | Refused):
            await asyncio.to_thread(links.forget, self._hub, token)
        return outcome

    def _drawn_link(self, parcel: Parcel) -> str:
        if len(parcel.content) <= self._config.attached_mb << 20:
            return ""
        return links.draw(self._hub, parcel.request)

    async def _sent(self, parcel: Parcel, to: str, token: str) -> Outcome:
        smtp = self._server()
        try:
            try:
                await self._open(smtp, to)
            except (SMTPException, OSError, ssl.SSLError) as fault:
                return _not_begun(fault)
            return await self._handed_in(smtp, parcel, to, token)
        finally:
            smtp.close()

    def _server(self) -> SMTP:
        config = self._config
        return SMTP(
            hostname=config.host,
            port=config.port,
            use_tls=config.security is MailSecurity.TLS,
            start_tls=config.security is MailSecurity.STARTTLS,
            tls_context=self._trust,
            timeout=config.deadline_s,
            local_hostname=config.sender.rpartition("@")[2],
        )

    async def _open(self, smtp: SMTP, to: str) -> None:
        """Come as far as DATA."""
        await smtp.connect()
        if self._config.login:
            await smtp.login(self._config.login, self._password)
        await smtp.mail(self._config.sender)
        await smtp.rcpt(to)

    async def _handed_in(self, smtp: SMTP, parcel: Parcel, to: str, token: str) -> Outcome:
        config = self._hub.config
        said = letter(
            parcel, to,
            sender=self._config.sender, agency=config.agency, public_url=config.public_url,
            link=f"{config.public_url}/d/{token}" if token else "",
        )  # fmt: skip
        try:
            await smtp.data(bytes(said))
        except SMTPResponseException as fault:
            return _answered(fault)
        except (SMTPException, OSError) as fault:
            return Unknown(why=f"the connection ended while the letter was handed over ({type(fault).__name__})")
        return Delivered(receipt=message_id(parcel.copy_id, self._config.sender))


def _trust(roots: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=roots)
    except OSError as fault:
        raise ConfigInvalid(f"[mail] ca {roots} can't be read as PEM: {fault.strerror or fault}.") from fault


def _not_begun(fault: Exception) -> Outcome:
    if isinstance(fault, aiosmtplib.SMTPRecipientRefused):
        return _answered(fault)
    if isinstance(fault, SMTPResponseException):
        return Later(why=f"the mail server does not take letters of ours: {_codes(fault)}")
    if isinstance(fault, SMTPException):
        return Later(why=f"the mail server can't be reached, or offers no TLS that we trust ({type(fault).__name__})")
    return Later(why=f"the mail server can't be reached ({type(fault).__name__})")


def _answered(fault: SMTPResponseException) -> Outcome:
    why = f"the mail server does not take this letter: {_codes(fault)}"
    return Refused(why=why) if fault.code >= _FOR_GOOD else Later(why=why, is_down=False)


def _codes(fault: SMTPResponseException) -> str:
    enhanced = _ENHANCED.search(fault.message)
    return f"{fault.code} {enhanced.group()}" if enhanced else str(fault.code)
