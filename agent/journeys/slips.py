"""Receipts and refusals on paper, once each; no visit waits for them, the screen says where a slip is missing."""

from agent.devices.errors import TicketPrinterError
from agent.journeys.delays import SLIP_S
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.messages import PrintOutcome

RECEIPT_SLIP, REFUSAL_SLIP, VOUCHER_SLIP = "receipt slip", "refusal slip", "voucher slip"

_MISSING = {
    PrintOutcome.NOT_PRINTED: (
        "Không in được biên nhận. Hãy ghi lại hoặc chụp mã {}.",
        "The slip could not be printed. Please note or photograph the code {}.",
    ),
    PrintOutcome.UNKNOWN: (
        "Nếu biên nhận không ra khỏi máy, hãy ghi lại hoặc chụp mã {}.",
        "If no slip came out, please note or photograph the code {}.",
    ),
}


async def print_slip(visit: Visit, kiosk: Kiosk, name: str, file: str) -> None:
    """Print a picture of the visit's spool as step `name`, where the kiosk has a ticket printer."""
    tickets = kiosk.tickets
    if tickets is None:
        return

    async def put_out(key: str, deadline: Deadline) -> PrintOutcome:
        png = await kiosk.ledger.spool(visit.id).read(file)
        try:
            return await tickets.print_ticket(key, png, deadline)
        except TicketPrinterError:
            return PrintOutcome.NOT_PRINTED

    await visit.step(name, PrintOutcome, put_out, within_s=SLIP_S)


async def without_slips(visit: Visit, *names: str) -> tuple[str, str]:
    """Return what the screen says where a slip of these steps did not surely come out; else nothing."""
    outcomes = {await visit.recorded(name, PrintOutcome) for name in names}
    vi, en = next((said for outcome, said in _MISSING.items() if outcome in outcomes), ("", ""))
    return vi.format(collect_code(visit.id)), en.format(collect_code(visit.id))


def collect_code(visit: str) -> str:
    """Return the short code on every slip: the last eight letters of the visit's id, in two groups."""
    return f"{visit[-8:-4]}-{visit[-4:]}"


def together(*said: tuple[str, str]) -> tuple[str, str]:
    """Return sentences in both languages one after the other; empty ones are left out."""
    vi, en = zip(*said, strict=True)
    return " ".join(filter(None, vi)), " ".join(filter(None, en))
