"""What stays of the words of certified copies."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class FingerprintRow(Base):
    """The keyed table of a copy's words (`hub.fingerprint`); never changed, and not to be read without its seal."""

    __tablename__ = "fingerprint"

    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
