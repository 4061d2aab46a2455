"""Queue numbers that this kiosk has given: one for each visit, never the same again, from 1 on each day.

The day is Vietnam's. A number is on the disk before anybody sees it; a clock that goes back to an earlier day goes on
counting where that day had stopped.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from agent.ledger.database import Database
from contract.clock import VIETNAM, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A number of the day under a prefix, and when it was drawn."""

    serial: int
    drawn_at: datetime


class Tickets:
    """The tickets of one kiosk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def draw(self, visit: str, prefix: str) -> Ticket:
        """Return the visit's ticket, drawn now unless it was before; raise LedgerFault."""
        now = self._clock.now()
        return await self._database.transact(lambda connection: _draw(connection, visit, prefix, now))


def _draw(connection: sqlite3.Connection, visit: str, prefix: str, now: datetime) -> Ticket:
    row = connection.execute("SELECT serial, drawn_at FROM ticket WHERE visit = ?", (visit,)).fetchone()
    if row is not None:
        return Ticket(serial=row[0], drawn_at=datetime.fromisoformat(row[1]))
    day = now.astimezone(VIETNAM).date().isoformat()
    sql = "SELECT coalesce(max(serial), 0) + 1 FROM ticket WHERE day = ? AND prefix = ?"
    (serial,) = connection.execute(sql, (day, prefix)).fetchone()
    connection.execute("INSERT INTO ticket VALUES (?, ?, ?, ?, ?)", (visit, day, prefix, serial, now.isoformat()))
    return Ticket(serial=serial, drawn_at=now)
