"""The bound book made of the register: printed months, closed years, entries checked afterwards, words to search by."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class RegisterSearch(Base):
    """The words of a register entry as they are searched: lower case, without diacritics, each after a space."""

    __tablename__ = "register_search"

    row: Mapped[Ulid] = mapped_column(ForeignKey("register_row.id"), primary_key=True)
    words: Mapped[str]


class MonthPrint(Base):
    """A month of the book as it was printed to be bound, byte for byte (NĐ 23/2015 Art. 13); never changed."""

    __tablename__ = "month_print"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_page: Mapped[int]
    pages: Mapped[int]
    entries: Mapped[int]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    printed_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    printed_at: Mapped[datetime]


class YearClosing(Base):
    """A year of the book was closed with its totals; never taken back."""

    __tablename__ = "year_closing"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int]
    copies: Mapped[int]
    fee_vnd: Mapped[int] = mapped_column(BigInteger)
    annulled: Mapped[int]
    pages: Mapped[int]
    closed_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    closed_at: Mapped[datetime]


class PostCheckSample(Base):
    """A month's random sample: drawn once, from `population` copies by `seed`."""

    __tablename__ = "post_check_sample"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seed: Mapped[str]
    population: Mapped[int]
    drawn_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    drawn_at: Mapped[datetime]


class PostCheck(Base):
    """A copy of a sample and what its check found: `result` is empty until then, CONFIRMED, or an error's class."""

    __tablename__ = "post_check"

    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), primary_key=True)
    year: Mapped[int]
    month: Mapped[int]
    position: Mapped[int]
    result: Mapped[str]
    note: Mapped[str]
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    checked_at: Mapped[datetime | None]
