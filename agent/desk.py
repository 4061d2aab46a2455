"""The reading desk: a process of its own reads the pages, so that its memory and its faults stay its own."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType

from agent.desk_child import (
    Answer,
    Call,
    DeskSettings,
    Done,
    ReadCall,
    ReadSheet,
    UnderstandCall,
    check_weights,
    evidence_of,
    seals_of,
    serve,
)
from agent.reading.errors import DeskCrashed, DeskTooSlow, ReadingError
from agent.reading.values import Understanding

__all__ = ["DeskSettings", "ReadSheet", "ReadingDesk", "check_weights"]

_SPAWN = multiprocessing.get_context("spawn")
_STOP_S = 2.0


class ReadingDesk:
    """Starts its process with the first call, replaces it after `pages_per_process` pages or a fault.

    Calls wait for each other. A call that fails leaves nothing behind; the next one starts a fresh process.
    """

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    async def __aenter__(self) -> "ReadingDesk":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def process_id(self) -> int | None:
        """The process that reads now, if one runs."""
        return self._process.pid if self._process else None

    async def read(self, sheet: bytes, *, first: int = 1) -> list[ReadSheet]:
        """Return the pages of a scan file, numbered from `first`; raise UnreadableFile, DeskCrashed or DeskTooSlow."""
        answers = await self._ask(ReadCall(content=sheet, first=first))
        return [answer for answer in answers if isinstance(answer, ReadSheet)]

    async def understand(
        self, sheets: Sequence[ReadSheet], *, declared_pages: int | None = None, today: date | None = None
    ) -> Understanding:
        """Return what the pages of one paper are and say on a Vietnamese day; raise DeskCrashed or DeskTooSlow."""
        pages = tuple(sheet.read for sheet in sheets)
        call = UnderstandCall(
            pages=pages,
            seals=seals_of(sheets),
            evidence=evidence_of(sheets),
            declared_pages=declared_pages,
            today=today,
        )
        answers = await self._ask(call)
        return next(answer for answer in answers if isinstance(answer, Understanding))

    async def close(self) -> None:
        """End the process and give its memory back; the desk may be used again."""
        async with self._turn:
            await self._stop()

    async def _ask(self, call: Call) -> list[Answer]:
        async with self._turn:
            try:
                connection = self._connection or await self._start()
                return await self._answers(connection, call)
            except (EOFError, ConnectionError) as fault:
                await self._stop()
                raise DeskCrashed from fault
            except (DeskTooSlow, asyncio.CancelledError):
                await self._stop()
                raise

    async def _answers(self, connection: Connection, call: Call) -> list[Answer]:
        await asyncio.to_thread(connection.send, call)
        answers: list[Answer] = []
        while not isinstance(answer := await self._receive(connection, self._settings.page_timeout_s), Done):
            answers.append(answer)
        if answer.pages_read >= self._settings.pages_per_process:
            await self._stop()
        for fault in answers:
            if isinstance(fault, ReadingError):
                raise fault
        return answers

    async def _receive(self, connection: Connection, timeout_s: float) -> Answer:
        if not await asyncio.to_thread(connection.poll, timeout_s):
            raise DeskTooSlow(f"no answer within {timeout_s:g} s")
        answer: Answer = await asyncio.to_thread(connection.recv)
        return answer

    async def _start(self) -> Connection:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, self._settings), name="tram-reading", daemon=True)
        self._connection = ours
        await asyncio.to_thread(self._process.start)
        theirs.close()
        await self._receive(ours, self._settings.start_timeout_s)
        return ours

    async def _stop(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection:
            connection.close()
        if process:
            process.terminate()
            await asyncio.to_thread(process.join, _STOP_S)
            process.kill()
