"""What must reach the hub, kept until the hub has answered or acknowledged; and its answers, kept until they are used.

A message is put once under its step's key, so that a step that runs again after a crash finds the id it had allotted.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.ledger.database import Database
from contract.clock import Clock
from contract.ids import RequestId, new_ulid
from contract.messages import VERSION, Fact, FactEnvelope, Request, RequestEnvelope, encode

_COLUMNS = "id, visit, kind, room, payload, blob_path, done_at IS NOT NULL"
_INSERT = (
    "INSERT INTO outgoing (key, put_at, id, visit, kind, room, payload, blob_path) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way; `kind` is "request" or "fact", `room` what stands behind `up/` in its topic."""

    id: str
    visit: str
    kind: str
    room: str
    payload: bytes
    blob: Path | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was put, with the latest reply to it."""

    id: str
    reply: bytes | None
    final: bool


class Outbox:
    """The durable outbox of one kiosk, and the inbox of the answers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def ask(self, key: str, visit: str, body: Request, blob: Path | None = None) -> RequestId:
        """Put a request, or find the one put before under `key`; return its id. The hub may ask for the file `blob`."""
        return RequestId(await self._put(key, visit, "request", body, blob))

    async def tell(self, key: str, visit: str, body: Fact) -> str:
        """Put a fact, or find the one put before under `key`; return its id."""
        return await self._put(key, visit, "fact", body, None)

    async def pending(self) -> list[Outgoing]:
        """Return what is neither answered nor acknowledged, oldest first."""
        return await self._rows("WHERE done_at IS NULL ORDER BY put_at, id")

    async def oldest_put_at(self) -> datetime | None:
        """Return when the oldest of them was put."""
        sql = "SELECT min(put_at) FROM outgoing WHERE done_at IS NULL"
        (moment,) = await self._database.transact(lambda connection: connection.execute(sql).fetchone())
        return datetime.fromisoformat(moment) if moment else None

    async def put_at(self, message: str) -> datetime:
        """Return when the message of this id was put."""
        sql = "SELECT put_at FROM outgoing WHERE id = ?"
        row = await self._database.transact(lambda connection: connection.execute(sql, (message,)).fetchone())
        return datetime.fromisoformat(row[0])

    async def has(self, key: str) -> bool:
        """Return whether a message was ever put under `key`."""
        sql = "SELECT 1 FROM outgoing WHERE key = ?"
        return await self._database.transact(lambda connection: bool(connection.execute(sql, (key,)).fetchone()))

    async def find(self, message: str) -> Outgoing | None:
        """Return the message of this id."""
        return next(iter(await self._rows("WHERE id = ?", message)), None)

    async def hear(self, request: str, reply: bytes, *, final: bool) -> None:
        """Keep a reply; a final one ends the request, and is never overwritten."""
        now = self._clock.now().isoformat() if final else None
        sql = "UPDATE outgoing SET reply = ?, done_at = ? WHERE id = ? AND done_at IS NULL"
        await self._database.transact(lambda connection: connection.execute(sql, (reply, now, request)).rowcount)

    async def reply(self, request: str) -> tuple[bytes | None, bool]:
        """Return the latest reply to a request, and whether it is final."""
        sql = "SELECT reply, done_at IS NOT NULL FROM outgoing WHERE id = ?"
        row = await self._database.transact(lambda connection: connection.execute(sql, (request,)).fetchone())
        return (row[0], bool(row[1])) if row else (None, False)

    async def asked(self, visit: str, kind: str) -> list[Asked]:
        """Return the requests of one kind that a visit has put, oldest first."""
        sql = "SELECT id, reply, done_at IS NOT NULL FROM outgoing WHERE visit = ? AND room = ? ORDER BY put_at, id"
        room = f"request/{kind}"
        rows = await self._database.transact(lambda connection: connection.execute(sql, (visit, room)).fetchall())
        return [Asked(id=message, reply=reply, final=bool(done)) for message, reply, done in rows]

    async def acknowledged(self, ids: Sequence[str]) -> None:
        """Record that the hub has committed these facts; a citizen's own words are blanked then."""
        now = self._clock.now().isoformat()
        sql = """UPDATE outgoing SET done_at = ?, payload = CASE room WHEN 'fact/feedback' THEN x'' ELSE payload END
                 WHERE id = ? AND kind = 'fact' AND done_at IS NULL"""
        rows = [(now, each) for each in ids]
        await self._database.transact(lambda connection: connection.executemany(sql, rows).rowcount)

    async def withdraw(self, visit: str) -> None:
        """Stop sending the unanswered requests of a visit that is given up."""
        now = self._clock.now().isoformat()
        sql = "UPDATE outgoing SET done_at = ? WHERE visit = ? AND kind = 'request' AND done_at IS NULL"
        await self._database.transact(lambda connection: connection.execute(sql, (now, visit)).rowcount)

    async def forget(self, visit: str) -> None:
        """Blank the answered requests of a visit: they name the requester and say what stood on the paper."""
        sql = "UPDATE outgoing SET payload = x'' WHERE visit = ? AND kind = 'request' AND done_at IS NOT NULL"
        await self._database.transact(lambda connection: connection.execute(sql, (visit,)).rowcount)

    async def _put(self, key: str, visit: str, kind: str, body: Request | Fact, blob: Path | None) -> str:
        return await self._database.transact(
            lambda connection: self._put_once(connection, key, visit, kind, body, blob)
        )

    def _put_once(
        self, connection: sqlite3.Connection, key: str, visit: str, kind: str, body: Request | Fact, blob: Path | None
    ) -> str:
        row = connection.execute("SELECT id FROM outgoing WHERE key = ?", (key,)).fetchone()
        if row:
            return str(row[0])
        now = self._clock.now()
        message = new_ulid(now)
        room = f"{kind}/{body.__struct_config__.tag}"
        payload = _envelope(message, now, body)
        path = str(blob) if blob else None
        connection.execute(_INSERT, (key, now.isoformat(), message, visit, kind, room, payload, path))
        return message

    async def _rows(self, where: str, *values: str) -> list[Outgoing]:
        sql = f"SELECT {_COLUMNS} FROM outgoing {where}"  # noqa: S608 - constants above
        rows = await self._database.transact(lambda connection: connection.execute(sql, values).fetchall())
        return [_outgoing(row) for row in rows]


def _envelope(message: str, now: datetime, body: Request | Fact) -> bytes:
    if isinstance(body, Request):
        return encode(RequestEnvelope(v=VERSION, id=message, at=now, body=body))
    return encode(FactEnvelope(v=VERSION, id=message, at=now, body=body))


def _outgoing(row: tuple[str, str, str, str, bytes, str | None, int]) -> Outgoing:
    message, visit, kind, room, payload, path, done = row
    blob = Path(path) if path else None
    return Outgoing(id=message, visit=visit, kind=kind, room=room, payload=payload, blob=blob, done=bool(done))
