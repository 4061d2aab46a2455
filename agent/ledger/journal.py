"""Visits and their steps: an effect's intention is on the disk before it, its result after it.

Run again after a crash, a finished step returns its recorded result. An unfinished one is repeated under the same key
where the counterpart honours keys, and is `Unknown` where it does not: then nothing is tried twice.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from agent.ledger.database import Database
from contract.clock import Clock, Deadline
from contract.ids import VisitId, new_ulid

T = TypeVar("T")

Effect = Callable[[str, Deadline], Awaitable[T]]
"""What a step does: takes its idempotency key and its deadline."""


class Unknown(Exception):
    """The effect may or may not have happened; only its counterpart or a person can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """One line of the journal; `wish` is blank once the visit's personal data are forgotten."""

    id: VisitId
    journey: str
    wish: bytes
    opened_at: datetime
    cancelled_at: datetime | None
    closed_at: datetime | None
    ending: bytes | None
    stumbles: int
    bytes_up: int
    bytes_down: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of a visit; `seconds` counts the run that finished it."""

    name: str
    began_at: datetime
    ended_at: datetime | None
    seconds: float | None
    result: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One citizen's journey, durable across power cuts."""

    id: VisitId
    wish: bytes
    journal: "Journal"

    async def step(
        self, name: str, kind: type[T], effect: Effect[T], *, within_s: float = 60.0, repeatable: bool = True
    ) -> T:
        """Run `effect(key, deadline)` once for this visit, or return what it gave before.

        `kind` is what the result is read back as. Raises Unknown where an unrepeatable effect was begun and not
        finished, LedgerFault where the intention could not be recorded (then the effect was not begun).
        """
        recorded = await self.journal.begin(self.id, name, once=not repeatable)
        if recorded is not None:
            return msgspec.json.decode(recorded, type=kind)
        clock = self.journal.clock
        began_s = clock.monotonic()
        result = await effect(f"{self.id}/{name}", Deadline.after(clock, within_s))
        await self.journal.finish(self.id, name, msgspec.json.encode(result), clock.monotonic() - began_s)
        return result

    async def note(self, name: str, value: T) -> T:
        """Record a value as a step's result, once; return the one that was recorded first."""

        async def itself(_key: str, _deadline: Deadline) -> T:
            return value

        return await self.step(name, type(value), itself)

    async def recorded(self, name: str, kind: type[T]) -> T | None:
        """Return the result of a step if it is finished."""
        for step in await self.journal.steps(self.id):
            if step.name == name and step.result is not None:
                return msgspec.json.decode(step.result, type=kind)
        return None

    async def cancelled(self) -> bool:
        """Return whether the citizen has pressed cancel."""
        return (await self.journal.visit(self.id)).cancelled_at is not None


class NoSuchVisit(LookupError):
    """The journal has no visit of this id."""


class Journal:
    """The journal of one kiosk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self.clock = database, clock

    async def open(self, journey: str, wish: bytes) -> Visit:
        """Record and return a new visit that runs `journey` with `wish`."""
        now = self.clock.now()
        visit = VisitId(new_ulid(now))
        sql = "INSERT INTO visit (id, journey, wish, opened_at) VALUES (?, ?, ?, ?)"
        await self._write(sql, visit, journey, wish, now.isoformat())
        return Visit(id=visit, wish=wish, journal=self)

    async def open_visits(self) -> list[VisitRecord]:
        """Return the visits that have not ended, oldest first: what `recover()` goes on with."""
        return await self._visits("WHERE closed_at IS NULL ORDER BY id")

    async def visit(self, visit: str) -> VisitRecord:
        """Return one visit's line; raise NoSuchVisit."""
        for record in await self._visits("WHERE id = ?", visit):
            return record
        raise NoSuchVisit(visit)

    async def visits_closed_since(self, moment: datetime) -> list[VisitRecord]:
        """Return the visits that ended at or after `moment`."""
        return await self._visits("WHERE closed_at >= ? ORDER BY id", moment.isoformat())

    def resume(self, record: VisitRecord) -> Visit:
        """Return a visit to go on with."""
        return Visit(id=record.id, wish=record.wish, journal=self)

    async def stumbled(self, visit: str) -> None:
        """Count that the program failed over this visit, so that it is not tried for ever."""
        await self._write("UPDATE visit SET stumbles = stumbles + 1 WHERE id = ?", visit)

    async def cancel(self, visit: str) -> None:
        """Record that the citizen has pressed cancel; the journey heeds it where it still can."""
        sql = "UPDATE visit SET cancelled_at = ? WHERE id = ? AND cancelled_at IS NULL"
        await self._write(sql, self.clock.now().isoformat(), visit)

    async def close(self, visit: str, ending: bytes) -> None:
        """Record how the visit ended and forget its wish, which holds the requester's name."""
        sql = "UPDATE visit SET closed_at = ?, ending = ?, wish = x'' WHERE id = ? AND closed_at IS NULL"
        await self._write(sql, self.clock.now().isoformat(), ending, visit)

    async def count_traffic(self, visit: str, bytes_up: int, bytes_down: int) -> None:
        """Add to the visit's bytes on the wire."""
        sql = "UPDATE visit SET bytes_up = bytes_up + ?, bytes_down = bytes_down + ? WHERE id = ?"
        await self._write(sql, bytes_up, bytes_down, visit)

    async def steps(self, visit: str) -> list[StepRecord]:
        """Return the visit's steps in the order they began."""
        sql = "SELECT name, began_at, ended_at, seconds, result FROM step WHERE visit = ? ORDER BY position"
        rows = await self._database.transact(lambda connection: connection.execute(sql, (visit,)).fetchall())
        return [_step(row) for row in rows]

    async def last_to_finish(self, name: str) -> str | None:
        """Return the visit that finished a step of this name last."""
        sql = "SELECT visit FROM step WHERE name = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1"
        rows = await self._database.transact(lambda connection: connection.execute(sql, (name,)).fetchall())
        return next((visit for (visit,) in rows), None)

    async def begin(self, visit: str, name: str, *, once: bool) -> bytes | None:
        """Record a step's intention, or return its recorded result; raise Unknown where `once` and begun before."""
        now = self.clock.now().isoformat()
        return await self._database.transact(lambda connection: _begin(connection, visit, name, now, once=once))

    async def finish(self, visit: str, name: str, result: bytes, seconds: float) -> None:
        """Record a step's result."""
        now = self.clock.now().isoformat()
        sql = "UPDATE step SET result = ?, ended_at = ?, seconds = ? WHERE visit = ? AND name = ?"
        await self._write(sql, result, now, seconds, visit, name)

    async def _visits(self, where: str, *values: str) -> list[VisitRecord]:
        sql = f"SELECT * FROM visit {where}"  # noqa: S608 - constants above
        rows = await self._database.transact(lambda connection: connection.execute(sql, values).fetchall())
        return [_visit(row) for row in rows]

    async def _write(self, sql: str, *values: str | bytes | float) -> None:
        await self._database.transact(lambda connection: connection.execute(sql, values).rowcount)


def _begin(connection: sqlite3.Connection, visit: str, name: str, now: str, *, once: bool) -> bytes | None:
    row = connection.execute("SELECT result FROM step WHERE visit = ? AND name = ?", (visit, name)).fetchone()
    if row is None:
        sql = """INSERT INTO step (visit, name, position, began_at)
                 VALUES (?1, ?2, (SELECT count(*) FROM step WHERE visit = ?1), ?3)"""
        connection.execute(sql, (visit, name, now))
        return None
    if row[0] is None and once:
        raise Unknown(name)
    result: bytes | None = row[0]
    return result


def _visit(row: tuple[str, str, bytes, str, str | None, str | None, bytes | None, int, int, int]) -> VisitRecord:
    visit, journey, wish, opened_at, cancelled_at, closed_at, ending, stumbles, up, down = row
    return VisitRecord(
        id=VisitId(visit),
        journey=journey,
        wish=wish,
        opened_at=datetime.fromisoformat(opened_at),
        cancelled_at=_moment(cancelled_at),
        closed_at=_moment(closed_at),
        ending=ending,
        stumbles=stumbles,
        bytes_up=up,
        bytes_down=down,
    )


def _step(row: tuple[str, str, str | None, float | None, bytes | None]) -> StepRecord:
    name, began_at, ended_at, seconds, result = row
    began = datetime.fromisoformat(began_at)
    return StepRecord(name=name, began_at=began, ended_at=_moment(ended_at), seconds=seconds, result=result)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
