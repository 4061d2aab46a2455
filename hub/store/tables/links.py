"""One-time links to electronic copies."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class CopyLink(Base):
    """An address under which a copy is given out; the token in it is known here by its hash only.

    `open_until` is brought forward by the first fetch: then it says until when a broken download may be taken up again.
    """

    __tablename__ = "copy_link"
    __table_args__ = (Index("ix_copy_link_request", "request"),)

    token_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"))
    made_at: Mapped[datetime]
    open_until: Mapped[datetime]
    first_fetch_at: Mapped[datetime | None]
    fetches: Mapped[int] = mapped_column(default=0)
