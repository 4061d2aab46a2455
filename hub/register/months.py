"""Months of the register, Vietnam time, and the agency's own rows of it."""

from datetime import datetime

from sqlalchemy import Select, select

from contract.clock import VIETNAM
from hub.config import HubConfig
from hub.store.tables import RegisterRow


def bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """Return the first moment of a month and that of the next."""
    after = (year + month // 12, month % 12 + 1)
    return datetime(year, month, 1, tzinfo=VIETNAM), datetime(*after, 1, tzinfo=VIETNAM)


def book(config: HubConfig) -> Select[RegisterRow]:
    """Return the query of the agency's book, by year and number."""
    own = select(RegisterRow).where(RegisterRow.agency == config.agency.code, RegisterRow.book_code == config.book_code)
    return own.order_by(RegisterRow.year, RegisterRow.number)


def of_month(config: HubConfig, year: int, month: int) -> Select[RegisterRow]:
    """Return the query of one month's entries."""
    first, after = bounds(year, month)
    return book(config).where(RegisterRow.at >= first, RegisterRow.at < after)
