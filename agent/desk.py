"""The reading desk: a process of its own reads the pages, so that its memory and its faults stay its own."""

import asyncio
import multiprocessing
import signal
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
    Stage,
    UnderstandCall,
    check_weights,
    evidence_of,
    seals_of,
    serve,
)
from agent.reading.errors import DeskCrashed, DeskFailed, DeskTooSlow, PdfTooComplex, ReadingError
from agent.reading.load import is_pdf
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
        self._stage: Stage | None = None

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
            self._stage = None
            try:
                connection = self._connection or await self._start()
                return await self._answers(connection, call)
            except (EOFError, ConnectionError) as fault:
                how = await self._death()
                await self._stop()
                raise _cause(call, self._stage, DeskCrashed(how)) from fault
            except DeskTooSlow as fault:
                await self._stop()
                raise _cause(call, self._stage, fault) from fault
            except asyncio.CancelledError:
                await self._stop()
                raise

    async def _answers(self, connection: Connection, call: Call) -> list[Answer]:
        await asyncio.to_thread(connection.send, call)
        answers: list[Answer] = []
        while not isinstance(answer := await self._next(connection), Done):
            answers.append(answer)
        if answer.pages_read >= self._settings.pages_per_process:
            await self._stop()
        for fault in answers:
            if isinstance(fault, ReadingError):
                raise fault
        return answers

    async def _next(self, connection: Connection) -> Answer:
        """Return the next answer that is no stage; a page has its time for all of them together."""
        loop, self._stage = asyncio.get_running_loop(), None
        until_s = loop.time() + self._settings.page_timeout_s
        while True:
            left_s = max(0.0, until_s - loop.time())
            answer = await self._receive(connection, left_s, self._settings.page_timeout_s)
            if not isinstance(answer, Stage):
                return answer
            self._stage = answer

    async def _death(self) -> str:
        """Return how the process ended: a library that finds no memory kills it by a signal."""
        if self._process is None:
            return ""
        await asyncio.to_thread(self._process.join, _STOP_S)
        code = self._process.exitcode
        if code is None:
            return ""
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    async def _receive(self, connection: Connection, left_s: float, of_s: float) -> Answer:
        if not await asyncio.to_thread(connection.poll, left_s):
            raise DeskTooSlow(f"no answer within {of_s:g} s")
        answer: Answer = await asyncio.to_thread(connection.recv)
        return answer

    async def _start(self) -> Connection:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, self._settings), name="tram-reading", daemon=True)
        self._connection = ours
        await asyncio.to_thread(self._process.start)
        theirs.close()
        await self._receive(ours, self._settings.start_timeout_s, self._settings.start_timeout_s)
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


def _cause(call: Call, stage: Stage | None, fault: DeskFailed) -> ReadingError:
    """Return why a page was not read: over a PDF's page that can't be drawn it is the PDF's fault, not the desk's."""
    if not (isinstance(call, ReadCall) and stage is Stage.DRAWING and is_pdf(call.content)):
        return fault
    memory = "or too much memory, for its process ended: " if isinstance(fault, DeskCrashed) else ""
    return PdfTooComplex(memory + fault.detail)
