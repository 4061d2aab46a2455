"""The A4 printer: IPP Everywhere (RFC 8011, PWG 5100.14), spoken to without a spooler in between.

A job carries its key as its name, so the printer itself remembers what it was given; "completed" without a count of
sheets is not taken for "printed", and what nobody can know is UNKNOWN.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyipp import IPP, IPPConnectionError, IPPError, IPPParseError
from pyipp.enums import IppJobState, IppOperation, IppTag
from pyipp.tags import ATTRIBUTE_TAG_MAP

from agent.devices.errors import PagePrinterBusy, PagePrinterError, PagePrinterRefused, PagePrinterUnreachable
from agent.devices.printer_status import PagePrinterStatus, status_of
from agent.devices.status import DeviceState
from contract.clock import Deadline
from contract.messages import PrintOutcome

# pyipp leaves out attributes whose type it does not know; without this one a printer may shrink the page and its seal.
ATTRIBUTE_TAG_MAP["print-scaling"] = IppTag.KEYWORD

_POLL_S = 0.5
_ASK_S = 5
_BUSY = {"status-code": 0x0507}  # server-error-busy, RFC 8011 B.1.5.8
_ENDED = {IppJobState.COMPLETED, IppJobState.CANCELED, IppJobState.ABORTED}
_JOB_ATTRIBUTES = ("job-id", "job-name", "job-state", "job-media-sheets-completed", "job-impressions-completed")
_AS_DRAWN = {"media": "iso_a4_210x297mm", "sides": "one-sided", "print-scaling": "none"}

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """What is known of the paper, and how many sheets the printer counted."""

    outcome: PrintOutcome
    sheets: int


_NOBODY_KNOWS = PrintJob(outcome=PrintOutcome.UNKNOWN, sheets=0)


class PagePrinter(ABC):
    """Puts a signed copy on paper, once per key."""

    @abstractmethod
    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        """Print, or take up the job of this key that the printer already has; return what is known at the deadline.

        A job that certainly printed nothing is sent again; one that did not end in time is withdrawn. Raise a
        PagePrinterError only where this call sent nothing. A printer that was switched off forgets its jobs: after a
        crash ask `outcome_of` first, and treat None after a journaled attempt as unknown.
        """

    @abstractmethod
    async def outcome_of(self, key: str) -> PrintJob | None:
        """Return what the printer knows of this key's job; None where it has none; raise PagePrinterUnreachable."""

    @abstractmethod
    async def status(self) -> PagePrinterStatus:
        """Return what telemetry, doctor and dashboard all show."""


class IppPrinter(PagePrinter):
    """A printer at an `ipp://` or `ipps://` address."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        """Print once per key; return what is known at the deadline."""
        job = await self._find(key)
        if job is None or _outcome(job).outcome is PrintOutcome.NOT_PRINTED:
            job = await self._send(key, pdf, copies, deadline)
        return await self._follow(job, deadline) if job else _NOBODY_KNOWS

    async def outcome_of(self, key: str) -> PrintJob | None:
        """Return what the printer knows of this key's job, UNKNOWN while it runs."""
        job = await self._find(key)
        return None if job is None else _outcome(job)

    async def status(self) -> PagePrinterStatus:
        """Return state, toner, paper and the printer's own counter."""
        try:
            answer = await self._ask(IppOperation.GET_PRINTER_ATTRIBUTES, {})
        except PagePrinterError as fault:
            return PagePrinterStatus(state=DeviceState.DOWN, detail=str(fault), remedy=fault.remedy)
        return status_of(answer["printers"][0])

    async def _find(self, key: str) -> Attributes | None:
        """Return this key's latest job; one that ends between the two questions is found by the second."""
        jobs: list[Attributes] = []
        for which in ("not-completed", "completed"):
            attributes = {"which-jobs": which, "requested-attributes": list(_JOB_ATTRIBUTES)}
            jobs += (await self._ask(IppOperation.GET_JOBS, attributes))["jobs"]
        return max(
            (job for job in jobs if job.get("job-name") == key), key=lambda job: int(job["job-id"]), default=None
        )

    async def _send(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> Attributes | None:
        """Return the new job; None where the line broke while sending and the printer shows no such job."""
        message = {
            "operation-attributes-tag": {
                "requesting-user-name": "tram", "job-name": key, "document-format": "application/pdf",
            },
            "job-attributes-tag": {"copies": copies, **_AS_DRAWN},
            "data": pdf,
        }  # fmt: skip
        try:
            answer = await self._submit(message, deadline)
        except PagePrinterUnreachable:
            return await self._find_patiently(key, deadline)
        return {"job-name": key, **answer["jobs"][0]}

    async def _submit(self, message: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        """Hand the job over as soon as the printer takes one; raise PagePrinterBusy at the deadline."""
        while True:
            try:
                return await self._execute(IppOperation.PRINT_JOB, message, max(_ASK_S, int(deadline.remaining_s)))
            except PagePrinterBusy:
                if deadline.passed:
                    raise
            await deadline.clock.sleep(_POLL_S)

    async def _find_patiently(self, key: str, deadline: Deadline) -> Attributes | None:
        while not deadline.passed:
            try:
                return await self._find(key)
            except PagePrinterError:
                await deadline.clock.sleep(_POLL_S)
        return None

    async def _follow(self, job: Attributes, deadline: Deadline) -> PrintJob:
        seen: Attributes | None = job
        while seen and seen["job-state"] not in _ENDED:
            if deadline.passed:
                return await self._withdraw(seen)
            await deadline.clock.sleep(_POLL_S)
            seen = await self._look(seen)
        return _outcome(seen) if seen else _NOBODY_KNOWS

    async def _look(self, job: Attributes) -> Attributes | None:
        """Return the job as it is now, as last seen where the printer is silent, None where it was forgotten."""
        attributes = {"job-id": job["job-id"], "requested-attributes": list(_JOB_ATTRIBUTES)}
        try:
            now = (await self._ask(IppOperation.GET_JOB_ATTRIBUTES, attributes))["jobs"][0]
        except (PagePrinterUnreachable, PagePrinterBusy):
            return job
        except PagePrinterRefused:
            return None
        # A printer that was switched off begins to number anew.
        return {**job, **now} if now.get("job-name") == job["job-name"] else None

    async def _withdraw(self, job: Attributes) -> PrintJob:
        """Cancel a job that did not end in time, lest it print when nobody waits for it."""
        try:
            await self._ask(IppOperation.CANCEL_JOB, {"job-id": job["job-id"]})
        except PagePrinterError:
            return _NOBODY_KNOWS
        last = await self._look(job)
        return _outcome(last) if last else _NOBODY_KNOWS

    async def _ask(self, operation: IppOperation, attributes: dict[str, Any]) -> dict[str, Any]:
        return await self._execute(operation, {"operation-attributes-tag": attributes}, _ASK_S)

    async def _execute(self, operation: IppOperation, message: dict[str, Any], timeout_s: int) -> dict[str, Any]:
        try:
            async with IPP(self._uri, request_timeout=timeout_s) as ipp:
                return await ipp.execute(operation, message)
        except (IPPConnectionError, IPPParseError) as fault:
            raise PagePrinterUnreachable(f"{self._uri}: {fault}") from fault
        except IPPError as fault:
            kind = PagePrinterBusy if _BUSY in fault.args[-1:] else PagePrinterRefused
            raise kind(f"{self._uri}: {fault}") from fault


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
            return PagePrinterStatus(state=DeviceState.DOWN, detail=str(self.fault), remedy=self.fault.remedy)
        return PagePrinterStatus(state=DeviceState.READY, detail="simulated")


def _outcome(job: Attributes) -> PrintJob:
    sheets = int(job.get("job-media-sheets-completed") or job.get("job-impressions-completed") or 0)
    return PrintJob(outcome=_judge(IppJobState(job["job-state"]), sheets), sheets=sheets)


def _judge(state: IppJobState, sheets: int) -> PrintOutcome:
    """Return PRINTED for a completed job that counted sheets, NOT_PRINTED for one that ended before the first."""
    if state is IppJobState.COMPLETED and sheets:
        return PrintOutcome.PRINTED
    if state in {IppJobState.CANCELED, IppJobState.ABORTED} and not sheets:
        return PrintOutcome.NOT_PRINTED
    return PrintOutcome.UNKNOWN
