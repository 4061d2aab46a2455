"""What was asked from afar, kept from the moment it is heard: jobs, the wanted shadow, the service mode.

A job's id is kept for good, so that one which comes again, even after a restart, is known and does nothing.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from agent.ledger.database import Database
from contract.clock import Clock
from contract.jobs import JobEnvelope, ShadowDesired, ShadowReported, Verb
from contract.messages import JOB_ENDS, VERSION, JobState, Service, decode, encode

_WANTED, _REPORTED, _SERVICE = "shadow wanted", "shadow reported", "service"
SERVICE_VERBS = (Verb.RESTART, Verb.DRAIN, Verb.OUT_OF_SERVICE, Verb.IN_SERVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it stands here: `state` is None until its first step, `step` counts the facts told of it.

    `before` is the service mode to go back to; `restarting` is set just before the process ends for it.
    """

    job: JobEnvelope
    state: JobState | None
    step: int
    detail: str
    before: Service | None
    restarting: bool


class Remote:
    """What one kiosk was asked from afar."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def keep_job(self, payload: bytes) -> None:
        """Keep a job; one that comes again changes nothing. Raise MalformedMessage."""
        job = decode(JobEnvelope, payload)
        values = (job.id, job.verb, payload, self._clock.now().isoformat())
        sql = "INSERT INTO job (id, verb, payload, heard_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        await self._database.transact(lambda connection: connection.execute(sql, values).rowcount)

    async def open_jobs(self) -> list[JobRecord]:
        """Return the jobs that have not ended, in the order in which they were asked for."""
        sql = "SELECT payload, state, step, detail, before, restarting FROM job WHERE ended_at IS NULL ORDER BY id"
        rows = await self._database.transact(lambda connection: connection.execute(sql).fetchall())
        return [_record(row) for row in rows]

    async def last_jobs(self, count: int) -> list[JobRecord]:
        """Return the last jobs, newest first."""
        sql = "SELECT payload, state, step, detail, before, restarting FROM job ORDER BY id DESC LIMIT ?"
        rows = await self._database.transact(lambda connection: connection.execute(sql, (count,)).fetchall())
        return [_record(row) for row in rows]

    async def is_overtaken(self, job: JobEnvelope) -> bool:
        """Return whether a job that was asked for later has set the service mode, or is about to."""
        marks = ", ".join("?" * len(SERVICE_VERBS))
        sql = f"SELECT 1 FROM job WHERE id > ? AND verb IN ({marks})"  # noqa: S608 - marks alone
        values = (job.id, *SERVICE_VERBS)
        row = await self._database.transact(lambda connection: connection.execute(sql, values).fetchone())
        return job.verb in SERVICE_VERBS and row is not None

    async def note(self, job: str, step: int, state: JobState, detail: str) -> None:
        """Record how a job stands once the fact of this step is in the outbox."""
        ended_at = self._clock.now().isoformat() if state in JOB_ENDS else None
        sql = "UPDATE job SET step = ?, state = ?, detail = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL"
        values = (step, state, detail, ended_at, job)
        await self._database.transact(lambda connection: connection.execute(sql, values).rowcount)

    async def remember(self, job: str, before: Service) -> None:
        """Record the service mode that a job changes, once."""
        sql = "UPDATE job SET before = ? WHERE id = ? AND before IS NULL"
        await self._database.transact(lambda connection: connection.execute(sql, (before, job)).rowcount)

    async def mark_restarting(self, job: str) -> None:
        """Record that the process ends now because of this job."""
        sql = "UPDATE job SET restarting = 1 WHERE id = ?"
        await self._database.transact(lambda connection: connection.execute(sql, (job,)).rowcount)

    async def keep_shadow(self, payload: bytes) -> None:
        """Keep a wanted shadow if it is newer than the one kept; raise MalformedMessage."""
        wanted = decode(ShadowDesired, payload)

        def put(connection: sqlite3.Connection) -> None:
            known = _read(connection, _WANTED)
            if known is None or decode(ShadowDesired, known).version < wanted.version:
                _write(connection, _WANTED, payload)

        await self._database.transact(put)

    async def wanted(self) -> ShadowDesired | None:
        """Return the newest shadow that the hub wanted."""
        payload = await self._database.transact(lambda connection: _read(connection, _WANTED))
        return decode(ShadowDesired, payload) if payload else None

    async def reported(self) -> ShadowReported:
        """Return what is in effect, and what was refused last."""
        payload = await self._database.transact(lambda connection: _read(connection, _REPORTED))
        nothing = ShadowReported(v=VERSION, at=self._clock.now(), version=0, settings={})
        return decode(ShadowReported, payload) if payload else nothing

    async def report(self, reported: ShadowReported) -> None:
        """Record what is in effect from now on."""
        await self._database.transact(_writing(_REPORTED, encode(reported)))

    async def service(self) -> Service:
        """Return the service mode; a kiosk that was told nothing is in service."""
        payload = await self._database.transact(lambda connection: _read(connection, _SERVICE))
        return Service(payload.decode()) if payload else Service.IN_SERVICE

    async def set_service(self, service: Service) -> None:
        """Record the service mode."""
        await self._database.transact(_writing(_SERVICE, service.encode()))


def _writing(name: str, payload: bytes) -> Callable[[sqlite3.Connection], None]:
    return lambda connection: _write(connection, name, payload)


def _read(connection: sqlite3.Connection, name: str) -> bytes | None:
    row = connection.execute("SELECT payload FROM remote WHERE name = ?", (name,)).fetchone()
    return bytes(row[0]) if row else None


def _write(connection: sqlite3.Connection, name: str, payload: bytes) -> None:
    connection.execute("INSERT OR REPLACE INTO remote VALUES (?, ?)", (name, payload))


def _record(row: tuple[bytes, str | None, int, str, str | None, int]) -> JobRecord:
    payload, state, step, detail, before, restarting = row
    return JobRecord(
        job=decode(JobEnvelope, payload),
        state=JobState(state) if state else None,
        step=step,
        detail=detail,
        before=Service(before) if before else None,
        restarting=bool(restarting),
    )
