"""Paper out of the printer, never twice: a job whose fate is not known is asked about, not repeated."""

from datetime import datetime

from agent.devices.errors import PagePrinterError
from agent.devices.page_printer import PrintJob
from agent.journeys.assembly import COPY
from agent.journeys.delays import ASK_PRINTER_AGAIN_S, ASK_PRINTER_S, PRINT_AGAIN_S, PRINT_S
from agent.journeys.parts import Kiosk
from agent.journeys.values import Printed
from agent.ledger.journal import Unknown, Visit
from agent.ledger.spool import Spool
from contract.clock import Deadline
from contract.messages import PrintOutcome

ATTEMPTS = 3
"""How often a job that certainly put out no sheet is sent again, under a new key."""

JOB_REMEMBERED_S = 60.0
"""A printer that stayed on lists an ended job at least this long (`ippeveprinter` drops it then)."""

_NOTHING = Printed(outcome=PrintOutcome.NOT_PRINTED, sheets=0)
_NOBODY_KNOWS = Printed(outcome=PrintOutcome.UNKNOWN, sheets=0)


async def print_copies(visit: Visit, kiosk: Kiosk, spool: Spool, copies: int) -> Printed:
    """Print the copy in `spool` `copies` times; return what is known of the paper. Never raises PagePrinterError."""
    printed = _NOTHING
    for attempt in range(1, ATTEMPTS + 1):
        printed = await _print_once(visit, kiosk, spool, f"print {attempt}", copies)
        if printed != _NOTHING:
            break
        await visit.step(f"await paper {attempt}", type(None), lambda _key, _deadline: kiosk.clock.sleep(PRINT_AGAIN_S))
    return printed


async def _print_once(visit: Visit, kiosk: Kiosk, spool: Spool, name: str, copies: int) -> Printed:
    async def send(key: str, deadline: Deadline) -> Printed:
        return await _send(kiosk, spool, key, copies, deadline)

    async def ask(_key: str, deadline: Deadline) -> Printed:
        return await _after_power_cut(visit, kiosk, spool, name, copies, deadline)

    try:
        return await visit.step(name, Printed, send, within_s=PRINT_S * copies, repeatable=False)
    except Unknown:
        return await visit.step(f"{name}: ask", Printed, ask, within_s=PRINT_S * copies)


async def _send(kiosk: Kiosk, spool: Spool, key: str, copies: int, deadline: Deadline) -> Printed:
    """Print, or follow the job of this key that the printer has already."""
    pdf = await spool.read(COPY)
    try:
        return _known(await kiosk.printer.print_pdf(key, pdf, copies, deadline))
    except PagePrinterError:
        return _NOTHING


async def _after_power_cut(
    visit: Visit, kiosk: Kiosk, spool: Spool, name: str, copies: int, deadline: Deadline
) -> Printed:
    """Return the job's fate; send it only if the printer can be believed that it never saw it."""
    key = f"{visit.id}/{name}"
    began_at = next(step.began_at for step in await visit.journal.steps(visit.id) if step.name == name)
    try:
        job = await _ask_patiently(kiosk, key)
        if job is None and not await _remembers(kiosk, began_at):
            return _NOBODY_KNOWS
    except PagePrinterError:
        return _NOBODY_KNOWS
    if job is None or job.outcome is PrintOutcome.UNKNOWN:
        return await _send(kiosk, spool, key, copies, deadline)
    return _known(job)


async def _ask_patiently(kiosk: Kiosk, key: str) -> PrintJob | None:
    patience = Deadline.after(kiosk.clock, ASK_PRINTER_S)
    while True:
        try:
            return await kiosk.printer.outcome_of(key)
        except PagePrinterError:
            if patience.passed:
                raise
            await kiosk.clock.sleep(ASK_PRINTER_AGAIN_S)


async def _remembers(kiosk: Kiosk, began_at: datetime) -> bool:
    """Return whether the printer would still know a job that was sent at `began_at` or later."""
    ago_s = (kiosk.clock.now() - began_at).total_seconds()
    up_time_s = (await kiosk.printer.status()).up_time_s
    return up_time_s is not None and ago_s < min(up_time_s, JOB_REMEMBERED_S)


def _known(job: PrintJob) -> Printed:
    return Printed(outcome=job.outcome, sheets=job.sheets)
