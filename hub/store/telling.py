"""Rows that a kiosk is told of again and again, with growing pauses, until it has answered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.store.database import Database
from hub.store.tables import JobRow, TransferRow

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5, 300

Row = TypeVar("Row", JobRow, TransferRow)
Letter = TypeVar("Letter")


def due(database: Database, table: type[Row], now: datetime, written: Callable[[Session, Row], Letter]) -> list[Letter]:
    """Return a letter for each row that is to be told now, oldest first, and note when it is told again."""
    wanted = select(table).where(table.tell_at <= now).order_by(table.id)
    with database.reading() as session:
        if session.scalars(wanted.limit(1)).first() is None:
            return []
    with database.writing() as session:
        rows = session.scalars(wanted.with_for_update()).all()
        for row in rows:
            row.tell_at = now + timedelta(seconds=min(FIRST_PAUSE_S * 2 ** min(row.told, 10), LONGEST_PAUSE_S))
            row.told += 1
        return [written(session, row) for row in rows]
