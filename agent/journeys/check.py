"""Kiểm tra bản sao: whoever is handed a certified copy lays it on the glass and learns what it is worth.

The kiosk reads the code that is printed on it and asks the hub, which holds seal, register and annulments together.
Nothing of the paper is kept, and no name is asked for. Without a network the kiosk says so: any phone can check too.
"""

from typing import Final

from agent.devices.errors import ScannerError
from agent.journeys.delays import JUDGE_S, SCAN_S
from agent.journeys.endings import CHECKED, Ending
from agent.journeys.leaving import leave
from agent.journeys.parts import Kiosk
from agent.journeys.scanned_code import code_of
from agent.journeys.values import Check, Checked
from agent.ledger.journal import Visit
from agent.link.bell import first
from contract.clock import Deadline
from contract.messages import Judged, JudgeRequest, ReplyEnvelope, decode

JUDGED: Final = "judged"
_LONGEST: Final = 1024


async def check(visit: Visit, kiosk: Kiosk, _wish: Check) -> Ending:
    """Say what a certified copy is worth; may be run again after a crash at any moment."""
    async with kiosk.floor:
        try:
            code = await visit.step("copy code", str, lambda _, deadline: _code(kiosk, deadline), within_s=SCAN_S)
        except ScannerError as fault:
            return await _end(visit, kiosk, "NOT_SCANNED", fault)
        if not code:
            return await _end(visit, kiosk, "NO_COPY_CODE")
        request = await visit.step(
            "ask judge", str, lambda key, _: kiosk.link.request(key, visit.id, JudgeRequest(code=code))
        )
        checked = await visit.step(
            JUDGED, Checked, lambda _, deadline: _answer(kiosk, request, deadline), within_s=JUDGE_S
        )
        return await _end(visit, kiosk, f"CHECKED_{checked.judged.standing}" if checked.judged else "NOT_JUDGED")


async def _code(kiosk: Kiosk, deadline: Deadline) -> str:
    """Return the text of the sheet's QR, blank where it has none that can be read."""
    return (await code_of(kiosk, deadline))[:_LONGEST]


async def _answer(kiosk: Kiosk, request: str, deadline: Deadline) -> Checked:
    while kiosk.link.status.may_answer:
        news = kiosk.link.next_news()
        reply, final = await kiosk.ledger.outbox.reply(request)
        if reply is not None and final:
            body = decode(ReplyEnvelope, reply).body
            return Checked(judged=body if isinstance(body, Judged) else None)
        if deadline.passed:
            break
        await first(news.wait(), kiosk.clock.sleep(deadline.remaining_s))
    return Checked(judged=None)


async def _end(visit: Visit, kiosk: Kiosk, code: str, fault: ScannerError | None = None) -> Ending:
    vi, en = CHECKED[code]
    ending = Ending(
        code=code,
        vi=f"{vi} {fault.vi}" if fault else vi,
        en=f"{en} {fault.en}" if fault else en,
        paper_vi=fault.paper_vi if fault else "Vui lòng lấy lại giấy của bạn.",
        paper_en=fault.paper_en if fault else "Please take your paper back.",
        money_vi="Kiểm tra không mất tiền.",
        money_en="A check costs nothing.",
        remedy=fault.remedy if fault else "",
        fault=fault.code if fault else "",
    )
    return await leave(visit, kiosk, ending, None)
