"""What is known of a page printer's job: its own word against the printer's page counter before and after."""

from dataclasses import dataclass

from pyipp.enums import IppJobState

from agent.devices.printer_status import Attributes
from contract.messages import PrintOutcome

_ENDED_EARLY = {IppJobState.CANCELED, IppJobState.ABORTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """What is known of the paper, and how many sheets the printer counted."""

    outcome: PrintOutcome
    sheets: int


def judge(job: Attributes | None, *, expected: int, moved: int | None) -> PrintJob:
    """Return what became of a job of `expected` sheets while the counter `moved` so far (None: it does not tell).

    `job` None is one that the printer does not list (any more). PRINTED needs a count, NOT_PRINTED that neither count
    shows a sheet; "completed" alone proves nothing (PWG 5100.1 leaves it open whether sheets were delivered).
    """
    if job is None:
        return _by_counter(expected, moved)
    state = IppJobState(job["job-state"])
    counted = int(job.get("job-media-sheets-completed") or job.get("job-impressions-completed") or 0)
    sheets = counted or moved or 0
    if state is IppJobState.COMPLETED and _all_counted(counted, expected, moved):
        return PrintJob(outcome=PrintOutcome.PRINTED, sheets=sheets)
    if state in _ENDED_EARLY and not sheets:
        return PrintJob(outcome=PrintOutcome.NOT_PRINTED, sheets=0)
    return PrintJob(outcome=PrintOutcome.UNKNOWN, sheets=sheets)


def _all_counted(counted: int, expected: int, moved: int | None) -> bool:
    """Whether either count reaches what was sent; some printers count a document once for all its copies."""
    whole = max(expected, 1)
    return counted >= whole or (moved or 0) >= whole or (counted > 0 and moved is None)


def _by_counter(expected: int, moved: int | None) -> PrintJob:
    if moved == 0:
        return PrintJob(outcome=PrintOutcome.NOT_PRINTED, sheets=0)
    printed = moved == expected and moved is not None
    return PrintJob(outcome=PrintOutcome.PRINTED if printed else PrintOutcome.UNKNOWN, sheets=moved or 0)
