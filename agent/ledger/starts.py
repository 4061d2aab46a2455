"""The starts of the kiosk's program, counted for ever: by them a hub tells two machines of one identity apart."""

import secrets
import sqlite3
from dataclasses import dataclass

from agent.ledger.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The number of this start, and the nonce drawn at it (hex); a kiosk that does not count says 0."""

    number: int = 0
    nonce: str = ""


class Starts:
    """One row, the last start."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self) -> Start:
        """Count this start, on the disk before it is told to anybody; raise LedgerFault."""
        nonce = secrets.token_hex(16)

        def count(connection: sqlite3.Connection) -> int:
            row = connection.execute("SELECT max(number) FROM start").fetchone()
            number = int(row[0] or 0) + 1
            connection.execute("DELETE FROM start")
            connection.execute("INSERT INTO start VALUES (?)", (number,))
            return number

        return Start(number=await self._database.transact(count), nonce=nonce)
