"""[mail] and [post] of hub.toml: the server that takes electronic copies, the counter that posts paper ones."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.destinations import MailAddress
from contract.settings import Deadline, Port, Section
from hub.faults import ConfigInvalid


class MailSecurity(StrEnum):
    """TLS from the first byte (RFC 8314), or after STARTTLS, which a server must then offer (RFC 3207)."""

    TLS = "tls"
    STARTTLS = "starttls"


class MailConfig(Section, frozen=True, kw_only=True):
    """The mail server that takes electronic copies; without it none are sent by e-mail.

    `ca` names the roots of its TLS certificate (PEM) where they are not the system's. `sender` is the address that
    copies come from. A copy of more than `attached_mb` goes as a one-time link instead.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Port = 465
    security: MailSecurity = MailSecurity.TLS
    ca: Path | None = None
    login: Annotated[str, Meta(max_length=200)] = ""
    password_file: Path | None = None
    sender: MailAddress
    attached_mb: Annotated[int, Meta(ge=0, le=50)] = 15
    deadline_s: Deadline = 30.0

    def password(self) -> str:
        """Return the password, empty where nobody logs in; raise ConfigInvalid."""
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ConfigInvalid(
                f"[mail] password_file {self.password_file} can't be read: {fault.strerror}."
            ) from fault


class PostConfig(Section, frozen=True, kw_only=True):
    """The counter that prints and posts paper copies; without it none are posted. `sender` stands on the label."""

    sender: Annotated[str, Meta(min_length=8, max_length=300)]


def contradictions(mail: MailConfig | None) -> Iterator[str]:
    """Yield what is wrong with [mail], in sentences."""
    if mail is not None and bool(mail.login) is not bool(mail.password_file):
        yield "[mail] needs both login and password_file, or neither."
