"""What the hub tells of its own accord, kept from the moment it is heard until the kiosk has answered it.

The hub tells a thing again until it is answered, so each has an id and is kept once.
"""

import sqlite3

from agent.ledger.database import Database
from contract.clock import Clock
from contract.messages import TransferNotice, TransferNoticeEnvelope, decode


class Inbox:
    """The transfers that a hub has told one kiosk of."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def keep(self, payload: bytes) -> None:
        """Keep a told transfer; one that comes again changes nothing. Raise MalformedMessage."""
        notice = decode(TransferNoticeEnvelope, payload).body
        now = self._clock.now().isoformat()

        def put(connection: sqlite3.Connection) -> None:
            sql = "INSERT INTO incoming (id, request, payload, heard_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            connection.execute(sql, (notice.transaction, notice.request, payload, now))

        await self._database.transact(put)

    async def open(self) -> list[TransferNotice]:
        """Return the transfers that are not answered, oldest first."""
        sql = "SELECT payload FROM incoming WHERE done_at IS NULL ORDER BY heard_at, id"
        rows = await self._database.transact(lambda connection: connection.execute(sql).fetchall())
        return [decode(TransferNoticeEnvelope, payload).body for (payload,) in rows]

    async def open_for(self, visit: str) -> list[TransferNotice]:
        """Return those of them that came for a visit's orders."""
        sql = """SELECT incoming.payload FROM incoming JOIN outgoing ON outgoing.id = incoming.request
                 WHERE outgoing.visit = ? AND incoming.done_at IS NULL ORDER BY heard_at, incoming.id"""
        rows = await self._database.transact(lambda connection: connection.execute(sql, (visit,)).fetchall())
        return [decode(TransferNoticeEnvelope, payload).body for (payload,) in rows]

    async def close(self, transaction: str) -> None:
        """Record that the answer to this transfer is on its way."""
        now = self._clock.now().isoformat()
        sql = "UPDATE incoming SET done_at = ? WHERE id = ? AND done_at IS NULL"
        await self._database.transact(lambda connection: connection.execute(sql, (now, transaction)).rowcount)
