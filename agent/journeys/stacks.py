"""A dossier goes in, paper by paper: a stack with separators, or one paper after the other, until the counts agree."""

import asyncio

import msgspec
from msgspec import Struct

from agent.desk import ReadSheet
from agent.devices.errors import NoOriginal
from agent.journeys import papers, separators
from agent.journeys.delays import NEXT_PAPER_S, SCAN_S
from agent.journeys.endings import Cancelled, SecretPaper, SheetsMissing
from agent.journeys.parts import Kiosk
from agent.journeys.stack import Batch, Stack
from agent.journeys.touches import Touch, wait_unless_cancelled
from agent.journeys.values import Digitise, Touched
from agent.ledger.journal import Visit
from agent.reading.values import Understanding
from contract.clock import VIETNAM, Deadline
from contract.grounds import Ground

LAY, SCAN, READ = "lay paper", "scan paper", "paper read"


class Read(Struct, frozen=True, kw_only=True):
    """Whether a paper among those just read must not be copied."""

    forbidden: bool


async def take_in(visit: Visit, kiosk: Kiosk, wish: Digitise) -> Stack:
    """Scan and read the whole dossier; return which sheets are which paper.

    Raises SecretPaper as soon as a page forbids copying, Cancelled, SheetsMissing, DeviceError or ReadingError.
    """
    stack, turn, sheets = Stack.of(wish), 0, 0
    while (at := stack.wanted) is not None:
        turn += 1
        touched = await _ask(visit, kiosk, turn)
        if touched is Touch.PAGE_IS_IN:
            batch = await _scan(visit, kiosk, wish, stack, turn, first=sheets + 1)
            before, stack, sheets = stack, stack.placed(at, batch), sheets + batch.sheets
            await _read(visit, kiosk, before, stack, turn)
        else:
            stack = stack.answered(at, touched)
    return stack


async def _ask(visit: Visit, kiosk: Kiosk, turn: int) -> Touch:
    """Return what the citizen touched: the paper is in, these are all its pages, or scan it anew."""

    async def wait(_key: str, deadline: Deadline) -> Touched:
        buttons = (Touch.PAGE_IS_IN, Touch.ALL_IN, Touch.AGAIN)
        return Touched(touch=await wait_unless_cancelled(kiosk.touches, visit, buttons, deadline))

    touched = (await visit.step(f"{LAY} {turn}", Touched, wait, within_s=NEXT_PAPER_S)).touch
    if touched is None:
        raise Cancelled if await visit.cancelled() else SheetsMissing
    return touched


async def _scan(visit: Visit, kiosk: Kiosk, wish: Digitise, stack: Stack, turn: int, *, first: int) -> Batch:
    """Scan a stack from the feeder, or one side from the glass where the paper asks for care."""
    wanted = stack.wanted
    assert wanted is not None
    is_fragile = stack.papers[wanted].is_fragile

    async def scan(_key: str, deadline: Deadline) -> Batch:
        try:
            sheets = [await kiosk.scanner.scan_one(deadline)] if is_fragile else await kiosk.scanner.scan(deadline)
        except NoOriginal:
            return Batch(sheets=0)
        found = await asyncio.to_thread(separators.runs, sheets, wish.procedure, first=first)
        spool, kept = kiosk.ledger.spool(visit.id), {number for run in found for number in run.sheets}
        for number, sheet in enumerate(sheets, start=first):
            if number in kept:
                await spool.write(sheet_file(number), sheet)
        return Batch(sheets=len(sheets), runs=found)

    return await visit.step(f"{SCAN} {turn}", Batch, scan, within_s=SCAN_S)


async def _read(visit: Visit, kiosk: Kiosk, before: Stack, stack: Stack, turn: int) -> None:
    """Read the new sheets of every paper that has some, and of the strange ones; raise SecretPaper."""

    async def read(_key: str, _deadline: Deadline) -> Read:
        groups = [(f"paper-{at}", stack.papers[at].sheets) for at in stack.changed(before)]
        if stack.strange != before.strange:
            groups.append(("strange", stack.strange))
        said = [await _understand(visit, kiosk, name, sheets) for name, sheets in groups]
        return Read(forbidden=any(papers.forbids(each) for each in said))

    if (await visit.step(f"{READ} {turn}", Read, read)).forbidden:
        raise SecretPaper(vi=Ground.A22_3_SECRET.citizen_vi, en=Ground.A22_3_SECRET.citizen_en)


async def _understand(visit: Visit, kiosk: Kiosk, name: str, sheets: tuple[int, ...]) -> Understanding:
    pages = [await page_of(visit, kiosk, number, place) for place, number in enumerate(sheets, start=1)]
    today = kiosk.clock.now().astimezone(VIETNAM).date()
    understanding = await kiosk.desk.understand(pages, declared_pages=None, today=today)
    await kiosk.ledger.spool(visit.id).write(f"{name}.json", msgspec.json.encode(understanding))
    return understanding


async def page_of(visit: Visit, kiosk: Kiosk, sheet: int, place: int) -> ReadSheet:
    """Return a sheet as read, read once only; `place` is its number in its paper. Raises ReadingError."""
    spool, name = kiosk.ledger.spool(visit.id), f"read-{sheet}.msgpack"
    if not spool.has(name):
        (page,) = await kiosk.desk.read(await spool.read(sheet_file(sheet)), first=place)
        await spool.write(name, msgspec.msgpack.encode(page))
        return page
    return msgspec.msgpack.decode(await spool.read(name), type=ReadSheet)


def sheet_file(number: int) -> str:
    """Return the name of a scanned sheet in the spool."""
    return f"sheet-{number}.png"
