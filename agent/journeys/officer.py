"""The part of the officer: the kiosk sends, a person compares and decides, and may ask for a page again (R1)."""

import asyncio
import math

from agent.journeys import away, by_card, evidence, identity, papers
from agent.journeys.delays import CARD_HOLD_S, RESCAN_S, SCAN_S
from agent.journeys.endings import NotRescanned, Refused, RejectedByHub, SecretPaper
from agent.journeys.parts import Kiosk
from agent.journeys.touches import Touch
from agent.journeys.values import Order, Paper, Scanned
from agent.ledger.journal import Visit
from agent.link.bell import first
from contract.clock import Deadline
from contract.grounds import Ground
from contract.messages import BlobRef, Certified, NotCertified, QuoteLine, Rejected, ReplyEnvelope, Rescan


async def be_certified(
    visit: Visit, kiosk: Kiosk, order: Order, scanned: Scanned, paper: Paper, quote: QuoteLine
) -> tuple[str, Certified]:
    """Return the request's id and the hub's word that it is signed; raise Refused, RejectedByHub or NotRescanned."""
    round_ = 1
    while True:
        request, reply = await _ask(visit, kiosk, order, scanned, paper, quote, round_)
        match reply.body:
            case Certified() as certified:
                return request, certified
            case NotCertified() as refusal:
                raise Refused(vi=refusal.text, en=_english(refusal.ground), remedy=f"Decided by {refusal.decided_by}.")
            case Rejected() as rejection:
                raise RejectedByHub(en=f"{rejection.cause}. {rejection.remedy}", remedy=rejection.remedy)
            case Rescan() as wanted:
                round_ += 1
                if not await away.be_back(visit, kiosk, f"{away.COME_BACK} {round_}"):
                    raise NotRescanned
                scanned, paper = await _scan_again(visit, kiosk, order, wanted.page, round_)


async def _ask(
    visit: Visit, kiosk: Kiosk, order: Order, scanned: Scanned, paper: Paper, quote: QuoteLine, round_: int
) -> tuple[str, ReplyEnvelope]:
    draft = await visit.step(f"draft {round_}", BlobRef, lambda _key, _deadline: papers.draft(visit, kiosk, paper))

    async def ask(key: str, _deadline: Deadline) -> str:
        body = await papers.request_for(visit, kiosk, order, paper, quote, draft, scanned)
        return await kiosk.link.request(key, visit.id, body, kiosk.ledger.spool(visit.id).path(papers.DRAFT))

    request = await visit.step(f"ask {round_}", str, ask)
    await evidence.send(visit, kiosk, round_, request, await identity.outcome(visit))
    reply = await visit.step(
        f"officer {round_}",
        ReplyEnvelope,
        lambda _key, _deadline: _answer(visit, kiosk, order, request, quote),
        within_s=math.inf,
    )
    return request, reply


async def _answer(visit: Visit, kiosk: Kiosk, order: Order, request: str, quote: QuoteLine) -> ReplyEnvelope:
    """Wait for the officer, while the citizen may leave with a slip.

    Money that is held on a card can't wait for ever: it is taken after a while, or when its owner leaves.
    """
    await away.hand_slip(visit, kiosk, order, request, quote)
    _, is_decided = await kiosk.ledger.outbox.reply(request)
    is_held = not is_decided and await by_card.is_held(visit)
    answer = asyncio.ensure_future(kiosk.link.answer(request))
    try:
        while not answer.done():
            leaving = kiosk.touches.pressed(visit.id, Touch.LEAVE)
            too_long = [kiosk.clock.sleep(CARD_HOLD_S)] if is_held else []
            if await first(asyncio.shield(answer), leaving, *too_long) == 0:
                break
            if is_held:
                await by_card.commit(visit, kiosk)
                is_held = False
            if kiosk.touches.use_up(visit.id, Touch.LEAVE):
                await away.leave(visit, kiosk, order, request, quote)
        return await answer
    finally:
        answer.cancel()


async def _scan_again(visit: Visit, kiosk: Kiosk, order: Order, page: int, round_: int) -> tuple[Scanned, Paper]:
    async with kiosk.floor:
        page_is_in = await visit.step(
            f"rescan {round_}",
            bool,
            lambda _, deadline: kiosk.touches.wait(visit.id, Touch.PAGE_IS_IN, deadline),
            within_s=RESCAN_S,
        )
        if not page_is_in:
            raise NotRescanned
        scanned = await visit.step(
            f"scan {round_}", Scanned, lambda _, deadline: papers.scan_one(visit, kiosk, deadline), within_s=SCAN_S
        )
        paper = await visit.step(
            f"read {round_}", Paper, lambda _key, _deadline: papers.read_again(visit, kiosk, order, scanned, page)
        )
    if paper.forbidden:
        raise SecretPaper(vi=Ground.A22_3_SECRET.citizen_vi, en=Ground.A22_3_SECRET.citizen_en)
    return scanned, paper


def _english(ground: str) -> str:
    return next((f"{each.en}." for each in Ground if each.value == ground), ground)
