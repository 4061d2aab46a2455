"""The IPP conversation with the page printer: what is asked, what is sent, and which error an answer is."""

from typing import Any

from pyipp import IPP, IPPConnectionError, IPPError, IPPParseError
from pyipp.enums import IppOperation, IppTag
from pyipp.tags import ATTRIBUTE_TAG_MAP

from agent.devices.errors import PagePrinterBusy, PagePrinterRefused, PagePrinterUnreachable
from agent.devices.printer_status import Attributes
from contract.clock import Deadline

# pyipp leaves out attributes whose type it does not know; without this one a printer may shrink the page and its seal.
ATTRIBUTE_TAG_MAP["print-scaling"] = IppTag.KEYWORD

POLL_S = 0.5
_ASK_S = 5
_BUSY = {"status-code": 0x0507}  # server-error-busy, RFC 8011 B.1.5.8
_JOB_ATTRIBUTES = ("job-id", "job-name", "job-state", "job-media-sheets-completed", "job-impressions-completed")
_AS_DRAWN = {"media": "iso_a4_210x297mm", "sides": "one-sided", "print-scaling": "none"}


class IppTalk:
    """One printer's address; every method raises a PagePrinterError."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    async def attributes(self) -> Attributes:
        """Return what the printer says of itself."""
        attributes: Attributes = (await self._ask(IppOperation.GET_PRINTER_ATTRIBUTES, {}))["printers"][0]
        return attributes

    async def find(self, key: str) -> Attributes | None:
        """Return this key's latest job; one that ends between the two questions is found by the second."""
        jobs: list[Attributes] = []
        for which in ("not-completed", "completed"):
            attributes = {"which-jobs": which, "requested-attributes": list(_JOB_ATTRIBUTES)}
            jobs += (await self._ask(IppOperation.GET_JOBS, attributes))["jobs"]
        return max(
            (job for job in jobs if job.get("job-name") == key), key=lambda job: int(job["job-id"]), default=None
        )

    async def submit(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> Attributes:
        """Hand the job over as soon as the printer takes one; raise PagePrinterBusy at the deadline."""
        message = {**_job(key, copies), "data": pdf}
        while True:
            try:
                answer = await self._execute(IppOperation.PRINT_JOB, message, max(_ASK_S, int(deadline.remaining_s)))
                return {"job-name": key, **answer["jobs"][0]}
            except PagePrinterBusy:
                if deadline.passed:
                    raise
            await deadline.clock.sleep(POLL_S)

    async def validate(self, key: str) -> None:
        """Let the printer check the form of a job without printing one."""
        await self._execute(IppOperation.VALIDATE_JOB, _job(key, 1), _ASK_S)

    async def cancel(self, job: Attributes) -> None:
        """Withdraw a job."""
        await self._ask(IppOperation.CANCEL_JOB, {"job-id": job["job-id"]})

    async def look(self, job: Attributes) -> Attributes | None:
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


def _job(key: str, copies: int) -> dict[str, Any]:
    return {
        "operation-attributes-tag": {
            "requesting-user-name": "tram", "job-name": key, "document-format": "application/pdf",
        },
        "job-attributes-tag": {"copies": copies, **_AS_DRAWN},
    }  # fmt: skip
