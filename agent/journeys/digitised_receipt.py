"""The receipt for papers that were digitised and given back: on the ticket printer, else as a page of the printer."""

from agent.copies import digitised_slip
from agent.copies.digitised_slip import DigitisedSlip, SlipLine
from agent.devices.errors import PagePrinterError
from agent.journeys.delays import PRINT_S
from agent.journeys.filing import SECRET
from agent.journeys.parts import Kiosk
from agent.journeys.slips import RECEIPT_SLIP, collect_code, print_slip
from agent.journeys.stack import Stack, is_scanned
from agent.journeys.values import Digitise
from agent.ledger.journal import Unknown, Visit
from contract.clock import Deadline
from contract.digital import reuse_text
from contract.dossiers import component_name, procedure_name
from contract.messages import PrintOutcome

RECEIPT = "receipt.png"
PAGE = "receipt page"


async def give_receipt(visit: Visit, kiosk: Kiosk, wish: Digitise, stack: Stack) -> None:
    """Print the receipt once; where no ticket came out it is printed as a page, and what is not known is said."""
    await visit.step("receipt", bool, lambda _key, _deadline: _make(visit, kiosk, wish, stack))
    await print_slip(visit, kiosk, RECEIPT_SLIP, RECEIPT)
    if await visit.recorded(RECEIPT_SLIP, PrintOutcome) is PrintOutcome.PRINTED:
        return

    async def put_out(key: str, deadline: Deadline) -> PrintOutcome:
        page = digitised_slip.as_page(await kiosk.ledger.spool(visit.id).read(RECEIPT))
        try:
            return (await kiosk.printer.print_pdf(key, page, 1, deadline)).outcome
        except PagePrinterError:
            return PrintOutcome.NOT_PRINTED

    try:
        async with kiosk.tray:  # not among the sheets of a copy that is being printed
            await visit.step(PAGE, PrintOutcome, put_out, within_s=PRINT_S, repeatable=False)
    except Unknown:
        await visit.note(PAGE, PrintOutcome.UNKNOWN)


async def receipt_outcome(visit: Visit) -> PrintOutcome:
    """Return what is known of the receipt, on whichever paper it came."""
    known = {await visit.recorded(step, PrintOutcome) for step in (RECEIPT_SLIP, PAGE)}
    return next(
        (each for each in (PrintOutcome.PRINTED, PrintOutcome.UNKNOWN) if each in known), PrintOutcome.NOT_PRINTED
    )


async def _make(visit: Visit, kiosk: Kiosk, wish: Digitise, stack: Stack) -> bool:
    spool = kiosk.ledger.spool(visit.id)
    scanned = iter(stack.papers)
    lines = [
        SlipLine(
            name=component_name(wish.procedure, declared.component),
            counted=declared.pages,
            pages=len(next(scanned).sheets) if is_scanned(declared) else 0,
            condition=declared.condition,
        )
        for declared in wish.papers
    ]
    slip = DigitisedSlip(
        kiosk=kiosk.place.kiosk,
        site=kiosk.place.site,
        visit=visit.id,
        when=kiosk.clock.now(),
        procedure=procedure_name(wish.procedure),
        lines=tuple(lines),
        code=collect_code(visit.id),
        reuse=reuse_text(visit.id, (await spool.read(SECRET)).decode()),
    )
    await spool.write(RECEIPT, digitised_slip.render(slip))
    if kiosk.keep_for_demo_dir:
        await spool.copy_out(kiosk.keep_for_demo_dir, [RECEIPT])
    return True
