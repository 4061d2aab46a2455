"""The paper on its way to a draft: scanned, read, understood, priced, drafted. Files lie in the visit's spool."""

import asyncio
from collections.abc import Sequence

import msgspec

from agent.copies.draft import DraftPage, build
from agent.desk import ReadSheet
from agent.journeys import account, identity
from agent.journeys.parts import Kiosk
from agent.journeys.slips import collect_code
from agent.journeys.values import Order, Paper, Scanned
from agent.ledger.journal import Visit
from agent.reading.values import Understanding
from contract import tariff
from contract.clock import VIETNAM, Deadline
from contract.destinations import Channel
from contract.grounds import DecidedBy, Ground
from contract.ids import sha256_hex
from contract.messages import BlobRef, CertifyRequest, QuoteLine, ReadFinding, Severity
from contract.postage import postage

PAGES, UNDERSTANDING, DRAFT = "pages.msgpack", "understanding.json", "draft.pdf"


async def scan(visit: Visit, kiosk: Kiosk, deadline: Deadline, *, first: int = 1) -> Scanned:
    """Scan what lies in the scanner into the spool, as sheet `first` and on; raise DeviceError."""
    return await _keep(visit, kiosk, await kiosk.scanner.scan(deadline), first)


async def scan_one(visit: Visit, kiosk: Kiosk, deadline: Deadline) -> Scanned:
    """Scan one sheet into the spool, in the place of the first; raise DeviceError."""
    return await _keep(visit, kiosk, [await kiosk.scanner.scan_one(deadline)], 1)


async def _keep(visit: Visit, kiosk: Kiosk, sheets: Sequence[bytes], first: int) -> Scanned:
    spool = kiosk.ledger.spool(visit.id)
    for number, sheet in enumerate(sheets, start=first):
        await spool.write(f"sheet-{number}.png", sheet)
    return Scanned(sheets=len(sheets), first=first, at=kiosk.clock.now())


async def read(visit: Visit, kiosk: Kiosk, order: Order, scanned: Scanned) -> Paper:
    """Read all scanned sheets and say what paper they are; raise ReadingError."""
    pages = await _read_sheets(visit, kiosk, scanned)
    return await _understand(visit, kiosk, order, pages)


async def read_on(visit: Visit, kiosk: Kiosk, order: Order, scanned: Scanned, before: int) -> Paper:
    """Put newly scanned sheets behind the first `before` pages; raise ReadingError."""
    pages = _decode(await kiosk.ledger.spool(visit.id).read(PAGES))[:before]
    return await _understand(visit, kiosk, order, [*pages, *await _read_sheets(visit, kiosk, scanned, page=before + 1)])


async def read_again(visit: Visit, kiosk: Kiosk, order: Order, scanned: Scanned, page: int) -> Paper:
    """Put a newly scanned sheet in the place of page `page`; raise ReadingError."""
    pages = _decode(await kiosk.ledger.spool(visit.id).read(PAGES))
    new = await _read_sheets(visit, kiosk, scanned, page=page)
    return await _understand(visit, kiosk, order, [*pages[: page - 1], *new[:1], *pages[page:]])


async def quote(kiosk: Kiosk, order: Order, paper: Paper) -> QuoteLine:
    """Return the fee on the Vietnamese day of now; an electronic copy that comes along with printed ones is free.

    Raise TariffError, where no postal rate covers the day of an order that is to be posted too.
    """
    today = kiosk.clock.now().astimezone(VIETNAM).date()
    cost = tariff.quote(
        pages_of_original=paper.pages,
        copies=max(1, order.copies),
        electronic=not order.copies,
        on=today,
        province=kiosk.place.province,
        print_cost_per_page_vnd=kiosk.print_cost_per_page_vnd,
    )
    sent = None
    if order.goes_by(Channel.POST):
        sent = postage(kiosk.postal_rates, on=today, province=kiosk.place.province)
    return QuoteLine(
        state_fee_vnd=cost.state_fee_vnd,
        exemption_vnd=cost.exemption_vnd,
        exemption_basis=cost.exemption_basis,
        print_cost_vnd=cost.print_cost_vnd,
        total_vnd=cost.total_vnd + (sent.due_vnd if sent else 0),
        postage_vnd=sent.item_vnd if sent else 0,
        postage_support_vnd=sent.support_vnd if sent else 0,
        postage_support_basis=sent.support_basis if sent else "",
    )


async def draft(visit: Visit, kiosk: Kiosk, paper: Paper) -> BlobRef:
    """Write the draft that the hub certifies byte for byte; return its name."""
    spool = kiosk.ledger.spool(visit.id)
    pages = _decode(await spool.read(PAGES))
    content = await asyncio.to_thread(
        build,
        [DraftPage(image=page.image, lines=page.read.lines) for page in pages],
        title=paper.title,
        legal_mode=kiosk.place.legal_mode,
        made_at=kiosk.clock.now(),
        kiosk=kiosk.place.kiosk,
    )
    await spool.write(DRAFT, content)
    return BlobRef(sha256=sha256_hex(content), size_bytes=len(content))


async def request_for(
    visit: Visit, kiosk: Kiosk, order: Order, paper: Paper, cost: QuoteLine, draft: BlobRef, scanned: Scanned
) -> CertifyRequest:
    """Return the request that the officer will see."""
    raw = await kiosk.ledger.spool(visit.id).read(UNDERSTANDING)
    understanding = msgspec.json.decode(raw, type=Understanding)
    deliver_to = (*order.deliver_to, *await account.destinations(visit, kiosk))
    return CertifyRequest(
        draft=draft,
        pages=paper.pages,
        copies=order.copies,
        electronic=order.electronic,
        kind=paper.kind,
        title=paper.title,
        requester_name=order.requester_name,
        facts=understanding.facts,
        findings=understanding.findings,
        quote=cost,
        paid_vnd=(await kiosk.ledger.money.balance(visit.id)).escrow_vnd,
        legal_mode=kiosk.place.legal_mode,
        legal_decision=kiosk.place.legal_decision,
        presented=kiosk.place.presented,
        scanned_at=scanned.at,
        identity=await identity.outcome(visit),
        deliver_to=deliver_to,
        follow_sha256=sha256_hex(collect_code(visit.id).encode()) if deliver_to else None,
    )


async def _read_sheets(visit: Visit, kiosk: Kiosk, scanned: Scanned, *, page: int = 1) -> list[ReadSheet]:
    """Return the pages of these sheets, numbered from `page`."""
    spool = kiosk.ledger.spool(visit.id)
    pages: list[ReadSheet] = []
    for number in range(scanned.first, scanned.first + scanned.sheets):
        pages += await kiosk.desk.read(await spool.read(f"sheet-{number}.png"), first=page + len(pages))
    return pages


async def _understand(visit: Visit, kiosk: Kiosk, order: Order, pages: Sequence[ReadSheet]) -> Paper:
    today = kiosk.clock.now().astimezone(VIETNAM).date()
    understanding = await kiosk.desk.understand(pages, declared_pages=order.declared_pages, today=today)
    spool = kiosk.ledger.spool(visit.id)
    await spool.write(PAGES, msgspec.msgpack.encode(pages))
    await spool.write(UNDERSTANDING, msgspec.json.encode(understanding))
    return Paper(
        kind=understanding.kind,
        title=understanding.title or understanding.kind,
        pages=len(pages),
        forbidden=forbids(understanding),
    )


def forbids(understanding: Understanding) -> bool:
    """Return whether a paper must not be copied, so that its images are destroyed at once (R17)."""
    return any(_stops(finding) for finding in understanding.findings)


def _stops(finding: ReadFinding) -> bool:
    grounds = {ground.value: ground for ground in Ground}
    ground = grounds.get(finding.ground)
    return finding.severity is Severity.STOP and ground is not None and ground.decided_by is DecidedBy.STOP_AND_PURGE


def _decode(raw: bytes) -> list[ReadSheet]:
    return msgspec.msgpack.decode(raw, type=list[ReadSheet])
