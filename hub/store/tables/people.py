"""Officers and their sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.roster import Role
from hub.store.tables.base import Base, Sha256


class Officer(Base):
    """A person of the roster (R2): who may certify from when to when, and by which document."""

    __tablename__ = "officer"

    login: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    role: Mapped[str]
    authority_document: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    totp_secret: Mapped[str] = mapped_column(default="")
    totp_last_step: Mapped[int] = mapped_column(default=0)

    def may_certify(self, day: date) -> bool:
        """Return whether the person's authority is in force on a Vietnamese day (R2)."""
        begun = self.valid_from is not None and self.valid_from <= day
        return self.role == Role.CERTIFIER and begun and (self.valid_to is None or day <= self.valid_to)


class Session(Base):
    """A logged-in officer; only the token's hash is kept. It ends at `expires_at`,
    or when nobody used it for long; `via` is how the person proved who he is.
    """

    __tablename__ = "session"

    token_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    officer: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    via: Mapped[str]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class OidcLogin(Base):
    """A login on its way through the OpenID Connect provider; `state_sha256` is also in the browser's cookie."""

    __tablename__ = "oidc_login"

    state_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    verifier: Mapped[str]
    expires_at: Mapped[datetime]
