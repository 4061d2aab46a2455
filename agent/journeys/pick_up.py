"""Nhận bản sao sau: the citizen comes back for a copy that could not be printed, or had not come, when they left.

Lay the receipt on the scanner, or type its code. The kiosk prints the copy that waits under it, once. Nothing is
charged: the fee was settled when the copy was signed, as the receipt says, and its print costs nothing.
Take the copy. What the kiosk had kept of it is destroyed.
"""

from itertools import count

import msgspec

from agent.devices.errors import ScannerError
from agent.journeys.assembly import COPY
from agent.journeys.away import come_back
from agent.journeys.certify import CERTIFY
from agent.journeys.delays import FETCH_S, SCAN_S
from agent.journeys.delivery import KEPT, hand_over, put_out
from agent.journeys.endings import CAME_BACK, DELIVERED, NOT_COLLECTED, WAITING, CopyNotReceived, Ending
from agent.journeys.late_copies import certified_of, fetch, waiting
from agent.journeys.leaving import destroy, leave
from agent.journeys.links import LINK
from agent.journeys.owing import SLIP as VOUCHER
from agent.journeys.parts import Kiosk
from agent.journeys.scanned_code import code_of
from agent.journeys.slips import collect_code
from agent.journeys.values import Kept, PickUp
from agent.ledger.journal import Visit
from contract.clock import Deadline

FIND = "find"
"""The step that says whose copy is collected: the id of the visit that ordered it, blank where there is none."""

_LOOKS_LIKE = str.maketrans("OIL", "011")
"""Letters that a ULID has not, and the digits that they are taken for (Crockford's base 32)."""


async def pick_up(visit: Visit, kiosk: Kiosk, wish: PickUp) -> Ending:
    """Give a waiting copy to whom its receipt has; may be run again after a crash at any moment."""
    async with kiosk.floor:
        code = await visit.step("receipt code", str, lambda _, deadline: _code(kiosk, wish, deadline), within_s=SCAN_S)
        found = await visit.step(FIND, str, lambda _key, _deadline: _find(kiosk, code))
        if not found:
            return await _end(visit, kiosk, "NO_SUCH_RECEIPT" if code else "NO_CODE")
        ordered = kiosk.ledger.journal.resume(await kiosk.ledger.journal.visit(found))
        if await visit.step("greet", bool, lambda _key, _deadline: _greet(ordered, kiosk)):
            return await _end(visit, kiosk, CAME_BACK)
        if hindrance := await visit.step(
            "fetch", str, lambda _, deadline: _fetch(visit, ordered, kiosk, deadline), within_s=FETCH_S
        ):
            return await _end(visit, kiosk, hindrance, ordered)
        if not await visit.step("claim", bool, lambda _key, _deadline: _claim(visit, ordered)):
            return await _end(visit, kiosk, "COLLECTED", ordered)
        return await _give(visit, kiosk, ordered)


async def _give(visit: Visit, kiosk: Kiosk, ordered: Visit) -> Ending:
    kept = await ordered.recorded(KEPT, Kept)
    assert kept is not None
    spool = kiosk.ledger.spool(ordered.id)
    printed = await put_out(visit, kiosk, spool, kept.copies, kept.request)
    code = await hand_over(visit, kiosk, kept, printed)
    if code not in WAITING:
        keep = (COPY, LINK, VOUCHER) if kept.electronic else (VOUCHER,)
        await destroy(visit, kiosk, kept.request, keep=keep, spool=spool)
    return await _end(visit, kiosk, code, ordered)


async def _code(kiosk: Kiosk, wish: PickUp, deadline: Deadline) -> str:
    """Return what was typed, else the QR of the receipt in the scanner; blank where none can be read."""
    if wish.code.strip():
        return wish.code.strip()
    try:
        return await code_of(kiosk, deadline)
    except ScannerError:
        return ""


async def _find(kiosk: Kiosk, code: str) -> str:
    typed = "".join(filter(str.isalnum, code.upper())).translate(_LOOKS_LIKE)
    for record in await kiosk.ledger.journal.open_visits():
        if record.journey == CERTIFY and typed == collect_code(record.id).replace("-", ""):
            return record.id
    async for ordered, _ in waiting(kiosk):
        if typed == collect_code(ordered.id).replace("-", ""):
            return ordered.id
        if code.upper() == (await certified_of(ordered)).verify_url.upper():
            return ordered.id
    return ""


async def _greet(ordered: Visit, kiosk: Kiosk) -> bool:
    """Welcome back who left with a slip; return whether their own visit goes on, or went on to its end, by itself."""
    is_open = (await ordered.journal.visit(ordered.id)).closed_at is None
    if is_open:
        await come_back(ordered, kiosk)
    return is_open or await ordered.recorded(KEPT, Kept) is None


async def _fetch(visit: Visit, ordered: Visit, kiosk: Kiosk, deadline: Deadline) -> str:
    """Return "" when the copy is here, else how the visit ends."""
    if not await _may_claim(visit, ordered):
        return "COLLECTED"
    try:
        return "" if await fetch(ordered, kiosk, deadline) else "AWAITED"
    except CopyNotReceived:
        return "COPY_NOT_RECEIVED"


async def _claim(visit: Visit, ordered: Visit) -> bool:
    """Make this visit the one that prints the copy; return whether it is: only after one that surely printed nothing.

    The claims stand in the journal of the visit that ordered the copy, so that two receipts of it print one copy.
    """
    for turn in count(1):
        holder = await ordered.note(f"pick-up {turn}", visit.id)
        if holder == visit.id:
            return True
        if not await _printed_nothing(visit, holder):
            return False
    raise AssertionError


async def _may_claim(visit: Visit, ordered: Visit) -> bool:
    steps = await ordered.journal.steps(ordered.id)
    holders = [step.result for step in steps if step.name.startswith("pick-up ") and step.result]
    last = msgspec.json.decode(holders[-1], type=str) if holders else visit.id
    return last == visit.id or await _printed_nothing(visit, last)


async def _printed_nothing(visit: Visit, holder: str) -> bool:
    ending = (await visit.journal.visit(holder)).ending
    return ending is not None and msgspec.json.decode(ending, type=Ending).code in WAITING


async def _end(visit: Visit, kiosk: Kiosk, code: str, ordered: Visit | None = None) -> Ending:
    vi, en = DELIVERED.get(code) or NOT_COLLECTED[code]
    certified = await certified_of(ordered) if ordered else None
    ending = Ending(
        code=code,
        vi=vi,
        en=en,
        paper_vi="Vui lòng lấy lại biên nhận.",
        paper_en="Please take your receipt back.",
        money_vi="Lần này không thu tiền.",
        money_en="Nothing is charged this time.",
        register_label=certified.register_label if certified else "",
        verify_url=certified.verify_url if certified else "",
    )
    return await leave(visit, kiosk, ending, None)
