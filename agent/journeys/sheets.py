"""The original goes in: a batch of the feeder or a side on the glass, then the next, until all pages are in (R6)."""

from agent.devices.errors import NoOriginal
from agent.journeys import papers
from agent.journeys.delays import NEXT_SHEET_S, SCAN_S
from agent.journeys.endings import SheetsMissing
from agent.journeys.parts import Kiosk
from agent.journeys.touches import Touch, wait_unless_cancelled
from agent.journeys.values import Order, Paper, Scanned, Touched
from agent.ledger.journal import Visit
from contract.clock import Deadline

FIRST_SCAN = "scan 1"


async def take_in(visit: Visit, kiosk: Kiosk, order: Order) -> tuple[Scanned, Paper]:
    """Scan and read the original; return the last scan and the paper as understood from all its pages.

    Without declared pages one batch is all of it. Raises SheetsMissing where nobody puts the next sheet in, and
    DeviceError or ReadingError.
    """
    scanned = await visit.step(
        FIRST_SCAN, Scanned, lambda _, deadline: papers.scan(visit, kiosk, deadline), within_s=SCAN_S
    )
    paper = await visit.step("read 1", Paper, lambda _key, _deadline: papers.read(visit, kiosk, order, scanned))
    sheets, turn = scanned.sheets, 1
    while not paper.forbidden and paper.pages < (order.declared_pages or 0):
        turn += 1
        if not await _next_sheet_is_in(visit, kiosk, turn):
            break
        came = await _scan_next(visit, kiosk, turn, first=sheets + 1)
        if came.sheets:
            scanned, sheets = came, sheets + came.sheets
            paper = await _read_next(visit, kiosk, order, turn, came, paper.pages)
    return scanned, paper


async def _next_sheet_is_in(visit: Visit, kiosk: Kiosk, turn: int) -> bool:
    """Return True for the next sheet, False where that was all or the citizen cancelled; raise SheetsMissing."""

    async def wait(_key: str, deadline: Deadline) -> Touched:
        buttons = (Touch.PAGE_IS_IN, Touch.ALL_IN)
        return Touched(touch=await wait_unless_cancelled(kiosk.touches, visit, buttons, deadline))

    touched = (await visit.step(f"next sheet {turn}", Touched, wait, within_s=NEXT_SHEET_S)).touch
    if touched is None and not await visit.cancelled():
        raise SheetsMissing
    return touched is Touch.PAGE_IS_IN


async def _scan_next(visit: Visit, kiosk: Kiosk, turn: int, *, first: int) -> Scanned:
    """Return the next batch, which is empty where the citizen pressed the button before a sheet lay in."""

    async def scan(_key: str, deadline: Deadline) -> Scanned:
        try:
            return await papers.scan(visit, kiosk, deadline, first=first)
        except NoOriginal:
            return Scanned(sheets=0, first=first, at=kiosk.clock.now())

    return await visit.step(f"scan sheet {turn}", Scanned, scan, within_s=SCAN_S)


async def _read_next(visit: Visit, kiosk: Kiosk, order: Order, turn: int, scanned: Scanned, before: int) -> Paper:
    return await visit.step(
        f"read sheet {turn}", Paper, lambda _key, _deadline: papers.read_on(visit, kiosk, order, scanned, before)
    )
