"""The A4 printer: IPP Everywhere (RFC 8011, PWG 5100.14), spoken to without a spooler in between.

A job carries its key as its name, so the printer itself remembers what it was given. Its page counter is read before
and after, so that a job which it has forgotten can be judged too; what nobody can know is UNKNOWN.
"""

import asyncio
from abc import ABC, abstractmethod
from io import BytesIO
from pathlib import Path

import pikepdf
from pyipp.enums import IppJobState

from agent.devices.errors import PagePrinterError, PagePrinterUnreachable
from agent.devices.ipp_talk import POLL_S, IppTalk
from agent.devices.job_book import JobBook, JobNote
from agent.devices.print_judgement import PrintJob, judge
from agent.devices.printer_status import Attributes, PagePrinterStatus, counter_of, fault_of, status_of
from agent.devices.proof_sheets import a4_pdf
from agent.devices.status import DeviceState
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import PrintOutcome

_SETTLE_S = 3.0
_ENDED = {IppJobState.COMPLETED, IppJobState.CANCELED, IppJobState.ABORTED}

_NOBODY_KNOWS = PrintJob(outcome=PrintOutcome.UNKNOWN, sheets=0)

__all__ = ["IppPrinter", "PagePrinter", "PrintJob", "SimulatedPagePrinter"]


class PagePrinter(ABC):
    """Puts a signed copy on paper, once per key."""

    @abstractmethod
    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        """Print, or take up the job of this key that the printer already has; return what is known at the deadline.

        A job that certainly printed nothing is sent again; one that did not end in time is withdrawn. Raise a
        PagePrinterError only where this call sent nothing.
        """

    @abstractmethod
    async def outcome_of(self, key: str) -> PrintJob | None:
        """Return what is known of this key's job; None where none was begun; raise PagePrinterError."""

    @abstractmethod
    async def status(self) -> PagePrinterStatus:
        """Return what telemetry, doctor and dashboard all show."""

    @abstractmethod
    async def self_test(self, deadline: Deadline) -> PagePrinterStatus:
        """Let the printer check a job as it is sent for a copy, without printing one (Validate-Job)."""

    async def print_test(self, deadline: Deadline) -> PagePrinterStatus:
        """Print one test page as a copy is printed; DOWN unless it certainly came out."""
        now = deadline.clock.now()
        try:
            job = await self.print_pdf(f"self-test {new_ulid(now)}", a4_pdf(now), 1, deadline)
        except PagePrinterError as fault:
            return PagePrinterStatus.down(fault)
        if job.outcome is not PrintOutcome.PRINTED:
            detail = "the test page did not come out" if job.outcome is PrintOutcome.NOT_PRINTED else "nobody can know"
            remedy = "Look into the tray, compare the printer's page counter, and print again"
            return PagePrinterStatus(state=DeviceState.DOWN, detail=detail, remedy=remedy)
        return await self.status()


class IppPrinter(PagePrinter):
    """A printer at an `ipp://` or `ipps://` address, used by this kiosk alone.

    `book` keeps keys and page counters over a restart; without it they are forgotten.
    """

    def __init__(self, uri: str, *, book: Path | None = None) -> None:
        self._ipp, self._book = IppTalk(uri), JobBook(book)

    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        """Print once per key; return what is known at the deadline."""
        job = await self._ipp.find(key)
        if job is None or not _runs(job):
            known = await self._known(key, job)
            if known and known.outcome is not PrintOutcome.NOT_PRINTED:
                return known
            job = await self._begin(key, pdf, copies, deadline)
        return await self._judge(key, await self._follow(job, deadline) if job else None, deadline)

    async def outcome_of(self, key: str) -> PrintJob | None:
        """Return what is known of this key's job, UNKNOWN while it runs."""
        return await self._known(key, await self._ipp.find(key))

    async def status(self) -> PagePrinterStatus:
        """Return state, toner, paper and the printer's own counter."""
        try:
            return status_of(await self._ipp.attributes())
        except PagePrinterError as fault:
            return PagePrinterStatus.down(fault)

    async def self_test(self, deadline: Deadline) -> PagePrinterStatus:
        """Return what keeps it from printing, or its status after it has accepted the form of a job."""
        try:
            if fault := fault_of(await self._ipp.attributes()):
                raise fault
            await self._ipp.validate("self-test")
        except PagePrinterError as fault:
            return PagePrinterStatus.down(fault)
        return await self.status()

    async def _begin(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> Attributes | None:
        """Send the job, its note on the disk first; raise a PagePrinterError where nothing was sent."""
        attributes = await self._ipp.attributes()
        if fault := fault_of(attributes):
            raise fault
        sheets = copies * await asyncio.to_thread(_pages, pdf)
        note = JobNote(counter=counter_of(attributes), sheets=sheets)
        await asyncio.to_thread(self._book.begin, key, note)
        try:
            return await self._send(key, pdf, copies, deadline)
        except PagePrinterError:
            await asyncio.to_thread(self._book.settle, key, PrintOutcome.NOT_PRINTED)
            raise

    async def _known(self, key: str, job: Attributes | None) -> PrintJob | None:
        """Return what printer, book and counter tell of a job; None where none was begun."""
        note = self._book.find(key)
        if job is None and note is None:
            return None
        if job is None and note and note.outcome is not PrintOutcome.UNKNOWN:
            printed = note.outcome is PrintOutcome.PRINTED
            return PrintJob(outcome=note.outcome, sheets=note.sheets if printed else 0)
        return judge(job, expected=note.sheets if note else 0, moved=await self._moved(key))

    async def _judge(self, key: str, job: Attributes | None, deadline: Deadline) -> PrintJob:
        """Return what became of a job that was followed to its end or to the deadline; keep it in the book."""
        known = await self._known(key, job) or _NOBODY_KNOWS
        if known.outcome is PrintOutcome.NOT_PRINTED:
            await deadline.clock.sleep(_SETTLE_S)  # a sheet on its way through the printer is counted when it is out
            known = await self._known(key, job) or _NOBODY_KNOWS
        if self._book.find(key):
            await asyncio.to_thread(self._book.settle, key, known.outcome)
        return known

    async def _moved(self, key: str) -> int | None:
        """Return by how much the page counter moved from this job to the next, or to now; None where it can't tell."""
        note = self._book.find(key)
        if note is None or note.counter is None:
            return None
        following = self._book.next_after(key)
        try:
            after = following.counter if following else counter_of(await self._ipp.attributes())
        except PagePrinterError:
            return None
        return None if after is None or after < note.counter else after - note.counter

    async def _send(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> Attributes | None:
        """Return the new job; None where the line broke while sending and the printer shows no such job."""
        try:
            return await self._ipp.submit(key, pdf, copies, deadline)
        except PagePrinterUnreachable:
            return await self._find_patiently(key, deadline)

    async def _find_patiently(self, key: str, deadline: Deadline) -> Attributes | None:
        """Return the job whose answer was lost; one that the printer is only just taking in appears a moment later."""
        settled = Deadline.after(deadline.clock, _SETTLE_S)
        while not deadline.passed:
            try:
                job = await self._ipp.find(key)
                if job or settled.passed:
                    return job
            except PagePrinterError:
                settled = Deadline.after(deadline.clock, _SETTLE_S)
            await deadline.clock.sleep(POLL_S)
        return None

    async def _follow(self, job: Attributes, deadline: Deadline) -> Attributes | None:
        """Return the job as it ended, or as it was withdrawn at the deadline; None where the printer forgot it."""
        seen: Attributes | None = job
        while seen and _runs(seen):
            if deadline.passed:
                return await self._withdraw(seen)
            await deadline.clock.sleep(POLL_S)
            seen = await self._ipp.look(seen)
        return seen

    async def _withdraw(self, job: Attributes) -> Attributes | None:
        """Cancel a job that did not end in time, lest it print when nobody waits for it."""
        try:
            await self._ipp.cancel(job)
        except PagePrinterError:
            return job
        return await self._ipp.look(job)


class SimulatedPagePrinter(PagePrinter):
    """A printer whose next outcome is chosen by the test; `received` holds what it was sent, by key."""

    def __init__(self, *, sheets_each: int = 1) -> None:
        self.received: dict[str, bytes] = {}
        self.fault: PagePrinterError | None = None
        self.next_outcome = PrintOutcome.PRINTED
        self._sheets_each, self._jobs = sheets_each, dict[str, PrintJob]()

    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        """Print once per key with the chosen outcome."""
        if self.fault:
            raise self.fault
        known = self._jobs.get(key)
        if known is None or known.outcome is PrintOutcome.NOT_PRINTED:
            self.received[key] = pdf
            sheets = self._sheets_each * copies if self.next_outcome is PrintOutcome.PRINTED else 0
            self._jobs[key] = PrintJob(outcome=self.next_outcome, sheets=sheets)
        return self._jobs[key]

    async def outcome_of(self, key: str) -> PrintJob | None:
        """Return this key's job."""
        if self.fault:
            raise self.fault
        return self._jobs.get(key)

    async def status(self) -> PagePrinterStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return PagePrinterStatus.down(self.fault)
        return PagePrinterStatus(state=DeviceState.READY, detail="simulated")

    async def self_test(self, deadline: Deadline) -> PagePrinterStatus:
        """Return the status."""
        return await self.status()


def _runs(job: Attributes) -> bool:
    return job["job-state"] not in _ENDED


def _pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)
