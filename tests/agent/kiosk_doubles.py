"""A kiosk that can lose its power at every moment, and a town around it whose memory survives that.

`Town` is what a power cut does not change: the disk, the sheets that came out of the printer, the cash box, the hub.
 `Town.kiosk()` boots a kiosk in it. A *moment* is any point before or after a journal write or an effect.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image

from agent.copies.image import EncodedImage
from agent.desk import DeskSettings, ReadingDesk, ReadSheet
from agent.devices.cash import Credit, NoCash, SimulatedCash
from agent.devices.cashless import SaleState, SimulatedCashless, Wanted
from agent.devices.errors import CashUnavailable, PagePrinterUnreachable, ScannerError, TicketPrinterError
from agent.devices.page_printer import PrintJob, SimulatedPagePrinter
from agent.devices.printer_status import PagePrinterStatus
from agent.devices.scanner import SimulatedScanner
from agent.devices.ticket_printer import SimulatedTicketPrinter
from agent.devices.time_source import SimulatedTimeSource
from agent.identity.attendant import Attendant, Show
from agent.identity.values import CardRead, Seen
from agent.journeys.endings import Ending
from agent.journeys.identity_desk import IdentityDesk
from agent.journeys.line import LineService, QueueLine
from agent.journeys.parts import Kiosk, Place
from agent.journeys.recovery import go_on, recover, start
from agent.journeys.touches import Touch
from agent.journeys.values import Order, Wish
from agent.ledger.database import Database
from agent.ledger.ledger import Ledger
from agent.ledger.outbox import Outgoing
from agent.link.faults import BlobLate
from agent.link.link import Link, LinkStatus
from agent.link.loopback import Loopback
from agent.reading.values import Line, Quality, ReadPage, Understanding
from contract import vds, voucher
from contract.clock import Deadline, SimulatedClock
from contract.destinations import Channel
from contract.grounds import Ground
from contract.identity_evidence import SealingKey
from contract.ids import RequestId, new_ulid, sha256_hex
from contract.messages import (
    VERSION,
    BlobRef,
    BundleRequest,
    Certified,
    CertifyRequest,
    CheckInRequest,
    DigitiseRequest,
    EvidenceRequest,
    Fact,
    FactEnvelope,
    Filed,
    Held,
    Judged,
    JudgeRequest,
    LegalMode,
    NeedAnswered,
    NeedRequest,
    NotCertified,
    Presented,
    PrintOutcome,
    Queued,
    ReadFinding,
    Redeemed,
    RedeemRequest,
    Rejected,
    Reply,
    ReplyEnvelope,
    Request,
    RequestEnvelope,
    Rescan,
    Severity,
    Standing,
    Stored,
    TicketRequest,
    TransferAwaited,
    TransferNotice,
    TransferNoticeEnvelope,
    TransferRequest,
    decode,
    encode,
)
from contract.postage import PostalRate
from contract.seal_profile import SealSigner

T = TypeVar("T")

TAIL = b"%the tail that the hub appends"
PRICE_VND = 3_000  # one page, one copy: state fee 2,000, printing 1,000


class PowerCut(BaseException):
    """The plug was pulled."""


@dataclass
class Power:
    """Counts moments and fails at one of them; from then on nothing works any more."""

    dies_at: int = 0
    moments: int = 0
    off: bool = False

    def moment(self) -> None:
        self.moments += 1
        if self.off or self.moments == self.dies_at:
            self.off = True
            raise PowerCut


class MortalDatabase(Database):
    """A ledger file whose kiosk may die as soon as a write is on the disk."""

    power: Power

    async def transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self.power.off:
            raise PowerCut
        before = self._connection.total_changes
        result = await super().transact(work)
        if self._connection.total_changes != before:
            self.power.moment()
        return result


@dataclass
class Hub:
    """The hub and its officer: decides at once, remembers every request id and every fact."""

    clock: SimulatedClock
    verdicts: list[str] = field(default_factory=lambda: ["certified"])
    requests: dict[str, bytes] = field(default_factory=dict)
    replies: dict[str, bytes] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    copies: list[bytes] = field(default_factory=list)
    vouchers_vnd: dict[str, int] = field(default_factory=dict)
    orders: dict[str, TransferRequest] = field(default_factory=dict)
    bundles: list[bytes] = field(default_factory=list)
    judgement: Standing = Standing.VALID
    on_vneid: Held = Held.THERE
    called_as: str = ""
    is_deaf: bool = False
    evidence: dict[str, list[bytes]] = field(default_factory=dict)
    papers: list[tuple[DigitiseRequest, bytes]] = field(default_factory=list)
    has_no_archive: bool = False
    tail: bytes = TAIL

    def treat(self, message: Outgoing) -> bytes:
        """Return the same answer to the same id, and fail where one id carries two bodies."""
        assert self.requests.setdefault(message.id, message.payload) == message.payload
        if message.id not in self.replies:
            self.replies[message.id] = self._decide(message)
        return self.replies[message.id]

    def _decide(self, message: Outgoing) -> bytes:
        request = decode(RequestEnvelope, message.payload)
        if isinstance(request.body, RedeemRequest):
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=self._redeem(request.body)))
        if isinstance(request.body, TransferRequest):
            self.orders[message.id] = request.body
            body: Reply = TransferAwaited(bank_bin="970436", account="0011001234567", account_name="UBND PHUONG MAU")
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=body))
        if isinstance(request.body, TicketRequest | CheckInRequest):
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=self._queue(request)))
        if isinstance(request.body, JudgeRequest):
            body = Judged(standing=self.judgement, vi=("Lý do.",), en=("Why.",))
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=body))
        if isinstance(request.body, NeedRequest):
            body = NeedAnswered(held=self.on_vneid, until=date(2031, 5, 4) if self.on_vneid is Held.THERE else None)
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=body))
        assert message.blob is not None
        if isinstance(request.body, BundleRequest):
            self.bundles.append(message.blob.read_bytes())
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=Stored()))
        if isinstance(request.body, EvidenceRequest):
            self.evidence.setdefault(request.body.request, []).append(message.blob.read_bytes())
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=Stored()))
        if isinstance(request.body, DigitiseRequest):
            body = self._file(request.body, message.blob.read_bytes())
            return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=body))
        assert isinstance(request.body, CertifyRequest)
        draft = message.blob.read_bytes()
        assert sha256_hex(draft) == request.body.draft.sha256
        body = self._verdict(self.verdicts.pop(0), draft)
        return encode(ReplyEnvelope(v=VERSION, id=message.id, at=self.clock.now(), body=body))

    def _file(self, body: DigitiseRequest, draft: bytes) -> Reply:
        assert sha256_hex(draft) == body.draft.sha256
        if self.has_no_archive:
            return Rejected(code="NO_ARCHIVE", cause="No archive", remedy="Set [documents]", final=True)
        self.papers.append((body, draft))
        return Filed(doc_code=f"H26.1.23_GTK_{len(self.papers):06d}_V1")

    def _queue(self, request: RequestEnvelope) -> Reply:
        """Put somebody into the line, behind two others; only the booking `BOOKED` is known."""
        if isinstance(request.body, TicketRequest):
            number = self.called_as or request.body.number
            return Queued(
                ticket=request.id,
                service=request.body.service,
                number=number,
                before=2,
                wait_s=700,
                wait_from_s=600,
                wait_to_s=900,
            )
        if isinstance(request.body, CheckInRequest) and request.body.code == BOOKED:
            slot_at = self.clock.now() + timedelta(minutes=10)
            return Queued(ticket=request.id, service="CT", number="C0-001", before=0, wait_s=600, slot_at=slot_at)
        return Rejected(code="UNKNOWN", cause="Nothing is known under this code", remedy="Check it", final=True)

    def transferred(self, order: str, amount_vnd: int, transaction: str = "FT1") -> bytes:
        """The word of a transfer that came under an order's reference."""
        notice = TransferNotice(
            request=order, transaction=transaction, amount_vnd=amount_vnd, booked_at=self.clock.now()
        )
        return encode(TransferNoticeEnvelope(v=VERSION, body=notice))

    def _redeem(self, body: RedeemRequest) -> Reply:
        if not self.vouchers_vnd.get(body.code):
            return Rejected(code="VOUCHER_USED", cause="It was paid before", remedy="Don't pay it", final=True)
        return Redeemed(voucher=new_ulid(self.clock.now()), amount_vnd=self.vouchers_vnd.pop(body.code))

    def _verdict(self, verdict: str, draft: bytes) -> Reply:
        now = self.clock.now()
        match verdict:
            case "refused":
                ground = Ground.A22_1_ALTERED.value
                return NotCertified(
                    ground=ground, text="Có dấu tẩy xóa ở dòng 3.", decided_by="Lê Thị B", decided_at=now
                )
            case "rescan":
                return Rescan(page=1, text="Trang 1 bị lóa.")
            case "rejected":
                return Rejected(code="DRAFT_HASH", cause="The draft's hash differs", remedy="Scan again", final=True)
        self.copies.append(draft + self.tail)
        return Certified(
            copy_id=new_ulid(now),
            register_label="01, quyển số 01/2026-SCTĐT/BS",
            certifier="Lê Thị B",
            agency="UBND phường Mẫu",
            signed_at=now,
            level="PAdES B-LTA",
            verify_url="HTTPS://VERIFY.EXAMPLE/V/ABC",
            tail=BlobRef(sha256=sha256_hex(self.tail), size_bytes=len(self.tail)),
            copy_sha256=sha256_hex(draft + self.tail) if verdict != "damaged" else "0" * 64,
            copy_pages=1,
        )

    def told(self, kind: type[T]) -> list[T]:
        return [fact for fact in self.facts.values() if isinstance(fact, kind)]


class StraightLink(Link):
    """The link without a network between: what is put is treated at once, but lies in the real outbox."""

    def __init__(self, kiosk: "Town", ledger: Ledger, power: Power) -> None:
        super().__init__(
            kiosk="kiosk-01", outbox=ledger.outbox, inbox=ledger.inbox, remote=ledger.remote,
        transport=Loopback(lambda _topic, _payload: ()),
            clock=kiosk.clock, version="test", legal_mode=LegalMode.STAFFED_AT_OFFICE,
        )  # fmt: skip
        self._town, self._hub, self._ledger, self._power = kiosk, kiosk.hub, ledger, power

    @property
    def status(self) -> LinkStatus:
        return replace(super().status, online=self._town.online, is_starting=False)

    async def request(self, key: str, visit: str, body: Request, blob: Path | None = None) -> RequestId:
        request = await super().request(key, visit, body, blob)
        message = await self._ledger.outbox.find(request)
        self._power.moment()
        assert message is not None
        if not self._hub.is_deaf and not (self._town.officer_takes_s and isinstance(body, CertifyRequest)):
            await self._ledger.outbox.hear(request, self._hub.treat(message), final=True)
        return request

    async def answer(self, request: str) -> ReplyEnvelope:
        message = await self._ledger.outbox.find(request)
        assert message is not None
        if self._town.officer_takes_s:
            await self._town.clock.sleep(self._town.officer_takes_s)
        if not message.done:
            await self._ledger.outbox.hear(request, self._hub.treat(message), final=True)
        return await super().answer(request)

    async def tell(self, key: str, visit: str, body: Fact) -> str:
        fact = await super().tell(key, visit, body)
        self._power.moment()
        message = await self._ledger.outbox.find(fact)
        assert message is not None
        self._hub.facts[fact] = decode(FactEnvelope, message.payload).body
        await self._ledger.outbox.acknowledged([fact])
        return fact

    async def collect(self, visit: str, blob: BlobRef, deadline: Deadline) -> bytes:
        self._power.moment()
        if not self._town.tail_comes:
            await self._town.clock.sleep(deadline.remaining_s)
            raise BlobLate("1 of 1 chunks has not arrived")
        return TAIL


class Citizen(SimulatedCash):
    """A cash box with a citizen before it, who puts `notes` in, once, when the box lets them."""

    def __init__(self, town: "Town", power: Power) -> None:
        super().__init__(town.folder / "cash.json")
        self._town, self._power = town, power

    async def accept(self, due_vnd: int) -> None:
        self._power.moment()
        await super().accept(due_vnd)
        while self._town.notes and self.box.insert(self._town.notes[0]):
            self._town.notes.pop(0)
            self._power.moment()

    async def credits(self, after: int) -> list[Credit]:
        self._power.moment()
        return await super().credits(after)

    async def confirm(self, serial: int) -> None:
        self._power.moment()
        await super().confirm(serial)
        self._power.moment()

    async def stop_accepting(self) -> None:
        if not self._power.off:
            await super().stop_accepting()

    async def dispense(self, key: str, amount_vnd: int) -> int:
        if self._town.dispenser_down:
            raise CashUnavailable("the dispenser is silent")
        self._power.moment()
        given = await super().dispense(key, amount_vnd)
        self._power.moment()
        return given


class MortalReader(SimulatedCashless):
    """A card reader that stays on while the kiosk dies; `dies_held` lets it lose its memory when it is to settle."""

    def __init__(self, *verdicts: SaleState) -> None:
        super().__init__()
        self.power, self.verdicts, self.dies_held = Power(), list(verdicts), False

    async def ask(self, key: str, amount_vnd: int, deadline: Deadline, wanted: Wanted) -> SaleState:
        self.power.moment()
        state = await super().ask(key, amount_vnd, deadline, wanted)
        self.power.moment()
        return state

    async def settle(self, key: str, deadline: Deadline, *, commit: bool) -> SaleState:
        self.power.moment()
        if self.dies_held:
            self.lose_power()
        state = await super().settle(key, deadline, commit=commit)
        self.power.moment()
        return state


class MortalPrinter(SimulatedPagePrinter):
    """A printer that stays on while the kiosk dies; `sheets` came out of it, first asked for at moment `began_at`."""

    def __init__(self) -> None:
        super().__init__()
        self.power = Power()
        self.sheets = self.began_at = 0
        self.up_time_s: int | None = 100_000
        self.outcomes: list[PrintOutcome] = []

    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        self.began_at = self.began_at or self.power.moments
        self.power.moment()
        if key not in self.received and not self.fault:
            self.next_outcome = self.outcomes.pop(0) if self.outcomes else PrintOutcome.PRINTED
            self.sheets += copies if self.next_outcome is not PrintOutcome.NOT_PRINTED else 0
        job = await super().print_pdf(key, pdf, copies, deadline)
        self.power.moment()
        return job

    def forget_everything(self) -> None:
        """Lose power too."""
        self._jobs.clear()
        self.received.clear()
        self.up_time_s = 0

    async def status(self) -> PagePrinterStatus:
        return replace(await super().status(), up_time_s=self.up_time_s)


class MortalScanner(SimulatedScanner):
    def __init__(self, town: "Town", power: Power) -> None:
        super().__init__(town.sheets, fault=town.scanner_fault)
        self._town, self._power = town, power

    async def scan(self, deadline: Deadline) -> list[bytes]:
        self._power.moment()
        scanned = await super().scan(deadline)
        self.sheets = self._town.sheets_next_time or self.sheets
        return scanned


class MortalAttendant(Attendant):
    """An attendant that stays as it is while the kiosk dies; the town knows at which moment it was first asked."""

    def __init__(self, town: "Town", attendant: Attendant, power: Power) -> None:
        self._town, self._attendant, self._power = town, attendant, power

    async def read_card(self, deadline: Deadline) -> CardRead:
        self._town.attendant_asked_at = self._town.attendant_asked_at or self._power.moments
        self._power.moment()
        return await self._attendant.read_card(deadline)

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        self._power.moment()
        seen = await self._attendant.look(card, show, deadline)
        self._power.moment()
        return seen

    async def photograph(self, deadline: Deadline) -> bytes:
        still = await self._attendant.photograph(deadline)
        self._power.moment()
        return still


class QuickDesk(ReadingDesk):
    """A desk that has read every sheet before; a sheet that begins with MẬT carries a secrecy mark."""

    def __init__(self) -> None:
        super().__init__(DeskSettings())

    async def read(self, sheet: bytes, *, first: int = 1) -> list[ReadSheet]:
        return [ReadSheet(read=_page(sheet.decode(), first), image=_image(), seals=())]

    async def understand(
        self, sheets: Sequence[ReadSheet], *, declared_pages: int | None = None, today: date | None = None
    ) -> Understanding:
        secret = [sheet.read.number for sheet in sheets if sheet.read.lines[0].text.startswith("MẬT")]
        found = [
            ReadFinding(
                ground=Ground.A22_3_SECRET.value, severity=Severity.STOP, text="Dấu MẬT", page=page, box=(0, 0, 9, 9)
            )
            for page in secret
        ]
        return Understanding(kind="QUYET_DINH", title="Quyết định mẫu", facts=(), findings=tuple(found))


@dataclass
class Town:
    """What a power cut does not change, and what the test arranges."""

    folder: Path
    clock: SimulatedClock
    hub: Hub
    printer: MortalPrinter = field(default_factory=MortalPrinter)
    notes: list[int] = field(default_factory=lambda: [5_000])
    sheets: list[bytes] = field(default_factory=lambda: ["Quyết định mẫu".encode()])
    sheets_next_time: list[bytes] = field(default_factory=list)
    scanner_fault: ScannerError | None = None
    time_source: SimulatedTimeSource = field(default_factory=SimulatedTimeSource)
    dispenser_down: bool = False
    has_cash: bool = True
    reader: MortalReader | None = None
    pays_by_transfer: bool = False
    attendant: Attendant | None = None
    attendant_asked_at: int = 0
    staff: str = ""
    officer_takes_s: float = 0
    online: bool = True
    tail_comes: bool = True
    ticket_fault: TicketPrinterError | None = None
    touches: tuple[Touch, ...] = (Touch.TAKEN, Touch.PAGE_IS_IN)
    keep_for_demo_dir: Path | None = None
    line: QueueLine | None = None
    asks_vneid: bool = False
    accounts: tuple[Channel, ...] = ()
    mails: bool = False
    postal_rates: tuple[PostalRate, ...] = ()

    @asynccontextmanager
    async def kiosk(self, power: Power | None = None) -> AsyncIterator[Kiosk]:
        """Boot a kiosk; leave it as a crash does."""
        power = power or Power()
        database = await MortalDatabase.open(self.folder / "ledger.sqlite")
        assert isinstance(database, MortalDatabase)
        database.power = self.printer.power = power
        if self.reader:
            self.reader.power = power
        ledger = Ledger.of(self.folder, database, self.clock)
        try:
            yield Kiosk(
                place=PLACE, clock=self.clock, ledger=ledger, link=StraightLink(self, ledger, power), desk=QuickDesk(),
                scanner=MortalScanner(self, power), printer=self.printer, time_source=self.time_source,
                cash=Citizen(self, power) if self.has_cash else NoCash(), cashless=self.reader,
                pays_by_transfer=self.pays_by_transfer, identity=self._identity(power),
                device_signer=lambda: DEVICE, certificate_until=lambda: CERTIFICATE_UNTIL,
                tickets=SimulatedTicketPrinter(self.folder / "slips", fault=self.ticket_fault),
                keep_for_demo_dir=self.keep_for_demo_dir, line=self.line,
                asks_vneid=self.asks_vneid, accounts=self.accounts,
                mails=self.mails, postal_rates=self.postal_rates,
            )  # fmt: skip
        finally:
            await database.close()

    def _identity(self, power: Power) -> IdentityDesk | None:
        if self.attendant is None:
            return None
        attendant, key = (
            MortalAttendant(self, self.attendant, power),
            SealingKey(public=HUB_KEY.public_key(), is_named=True),
        )
        return IdentityDesk(attendant=attendant, sealing_key=key, has_staff=bool(self.staff))

    async def visit(self, kiosk: Kiosk, wish: Wish) -> Ending:
        """Let one citizen through."""
        visit = await start(kiosk, wish)
        return await self.go_on(kiosk, visit.id)

    async def go_on(self, kiosk: Kiosk, visit: str) -> Ending:
        for touch in self.touches:
            kiosk.touches.press(visit, touch)
        if kiosk.identity and self.staff:
            kiosk.identity.vouchers[visit] = self.staff
        return await go_on(kiosk, await kiosk.ledger.journal.visit(visit))

    async def after_restart(self, kiosk: Kiosk) -> list[Ending]:
        return [await self.go_on(kiosk, record.id) for record in await recover(kiosk)]


HUB_KEY = X25519PrivateKey.generate()
DEVICE_KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE_UNTIL = datetime(2027, 11, 1, tzinfo=UTC)
DEVICE = SealSigner(signer_id=voucher.SIGNER_ID, cert_ref="01", sign=vds.signing_with(DEVICE_KEY))
PLACE = Place(
    kiosk="kiosk-01", site="UBND phường Mẫu, thành phố Mẫu", province="Hà Nội",
    legal_mode=LegalMode.STAFFED_AT_OFFICE, legal_decision="", presented=Presented.KIOSK_BED_OFFICER_PRESENT,
    print_cost_per_page_vnd=1_000, public_url="https://tram.example.vn",
)  # fmt: skip
BOOKED = "4T7K9QXM"
LINE = QueueLine(
    series=1,
    services=(
        LineService(code="CT", vi="Chứng thực", en="Certification", letter="C"),
        LineService(code="HT", vi="Hộ tịch", en="Civil status", letter="H"),
    ),
)
ONE_COPY = Order(copies=1, requester_name="Nguyễn Văn Mẫu")
UNREACHABLE = PagePrinterUnreachable("ipp://printer")


def _page(text: str, number: int) -> ReadPage:
    quality = Quality(sharpness=1, contrast=1, source_dpi=300, ink_share=0.1, cut_edges=())
    line = Line(text=text, box=(20, 20, 100, 25), confidence=1, sure=True)
    return ReadPage(number=number, lines=(line,), quality=quality, width_mm=210, height_mm=297)


def _image() -> EncodedImage:
    return EncodedImage(
        data=_JPEG, filter="/DCTDecode", width_px=8, height_px=8, width_mm=210, height_mm=297, grey=True
    )


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("L", (8, 8), 200).save(out, "JPEG")
    return out.getvalue()


_JPEG = _jpeg()
