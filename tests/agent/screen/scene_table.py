"""Every scene with data that a kiosk could show, one of each kind of moment; all persons are invented."""

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import activity_tables
import msgspec
from kiosk_doubles import ONE_COPY, PLACE

from agent.journeys import consent, queue_words, sentences
from agent.journeys.by_transfer import Code
from agent.journeys.endings import (
    CAME_BACK,
    CHECKED,
    DELIVERED,
    DIGITISED,
    DIGITISED_RECEIPT,
    NOT_COLLECTED,
    PARTINGS,
    SENT_TO,
    Ending,
)
from agent.journeys.recovery import CERTIFY, CHECK, DIGITISE, DRAW_NUMBER
from agent.journeys.slips import together
from agent.journeys.touches import Touch
from agent.journeys.values import Paper, Way
from agent.ledger.money import Balance
from agent.screen.calling import Call
from agent.screen.dossier import DossierView, PaperView
from agent.screen.entrance import BUSY
from agent.screen.identity import CardView, IdentityView, LightView, PromptView
from agent.screen.page import practice
from agent.screen.page.scenes import Doing, Facts, Scene, Waiting, scene
from agent.screen.page.state import Comfort, Form, Over, State, Where
from agent.screen.paying import PayView, WayView
from agent.screen.ticket import TicketView
from agent.screen.view import VisitView
from contract.destinations import Channel
from contract.grounds import Ground
from contract.messages import (
    BlobRef,
    CardSource,
    Certified,
    Judged,
    JudgedLine,
    LegalMode,
    PrintOutcome,
    QuoteLine,
    Service,
    Standing,
)
from contract.postage import SUPPORTS, Postage

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
VISIT = "01JDCZ9VXK3M5Q7R9T4T7K9QXM"
SEAL = "HTTPS://TRAM.EXAMPLE.VN/V/" + "GEZDGNBVGY3TQOJQ" * 12
PRICE = QuoteLine(state_fee_vnd=2_000, exemption_vnd=0, exemption_basis="", print_cost_vnd=1_000, total_vnd=3_000)
FACTS = Facts(place=PLACE, service=Service.IN_SERVICE, price=PRICE, now=NOW)
PAPER = Paper(kind="BANG_TOT_NGHIEP", title="Bằng tốt nghiệp", pages=1, forbidden=False)
NOTHING = Balance(
    received_vnd=0, returned_vnd=0, escrow_vnd=0, owed_vnd=0, kept_vnd=0, voucher_vnd=0, unknown_vnd=0, by_hand_vnd=0
)  # fmt: skip
CODE = Code(
    payload="00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA53037045404300058"
    "02VN62200816TRAM3M5Q7R9T4T7K6304A1B2",
    reference="TRAM3M5Q7R9T4T7K", amount_vnd=3_000, bank_bin="970436", account="0011001234567",
    account_name="UBND PHUONG MAU", valid_until=NOW,
)  # fmt: skip
CERTIFIED = Certified(
    copy_id="01JDCZ9VXK3M5Q7R9T4T7K9QXM", register_label="01, quyển số 01/2026-SCTĐT/BS", certifier="Lê Thị B",
    agency="UBND phường Mẫu", signed_at=NOW, level="PAdES B-LTA", verify_url=SEAL,
    tail=BlobRef(sha256="0" * 64, size_bytes=1), copy_sha256="0" * 64, copy_pages=1,
)  # fmt: skip


def moment(step: str, *, said: tuple[str, str] | None = None, **more: object) -> VisitView:
    """A visit's view while a step runs."""
    vi, en = said or sentences.of_step(step)
    values: dict[str, object] = {
        "visit": VISIT, "journey": CERTIFY, "step": step, "vi": vi, "en": en, "since": NOW, "opened_at": NOW,
        "closed_at": None,
        "paper": None, "quote": None, "balance": NOTHING, "request": None, "certified": None, "ending": None,
        "notice": None, "pay": None, "identity": None, "order": ONE_COPY, "download_url": "", "is_away": False,
        "may_leave": True, "promised_at": None, "judged": None, "dossier": None, "ticket": None,
    }  # fmt: skip
    return VisitView(**(values | more))  # type: ignore[arg-type]


PROMPT = PromptView(
    challenge="c1", lights=[LightView(start_s=0.0, colour=(1.0, 0.1, 0.1))], turn="left", turn_at_s=1.5, length_s=3.6
)
HOLDER = CardView(source=CardSource.CHIP, verified=True, name="Nguyễn Thị Hường")


def who(asks: str, *touches: Touch, prompt: PromptView | None = None, card: CardView | None = None) -> IdentityView:
    """What the screen is told while it is found out who is there."""
    text = consent.CONSENT if asks == "consent" else None
    notice = ("Chưa rõ khuôn mặt.", "The face was not clear.") if asks == "way" else None
    return IdentityView(
        asks=asks, touches=list(touches), tries_left=1, text=text, card=card, prompt=prompt, notice=notice
    )


def pay(way: Way | None, *, code: Code | None = None, says: tuple[str, str] | None = None, **more: object) -> VisitView:
    """A visit that pays this way."""
    out = {Way.TRANSFER: sentences.TRANSFER_OFFLINE} if way is Way.CARD else {}
    shown = PayView(
        due_vnd=3_000,
        ways=tuple(
            WayView(way=each, vi=vi, en=en, is_chosen=each is way, out=out.get(each))
            for each, (vi, en) in ((each, sentences.WAYS[each]) for each in Way)
        ),
        welcome_vnd=(1_000, 2_000, 5_000, 10_000) if way is Way.CASH else (),
        change_vnd=20_000, gives_change=way is Way.CASH, presents_card=way is Way.CARD,
        code=code, says=says, notice=None,
    )  # fmt: skip
    return moment("pay", paper=PAPER, quote=PRICE, pay=shown, **more)


def ended(code: str, said: tuple[str, str], *, signed: bool, kept_vnd: int = 0, unknown_vnd: int = 0) -> VisitView:
    """A visit that is over; 5,000 đ were put in if anything is kept."""
    returned_vnd = 5_000 - kept_vnd if kept_vnd else 0
    money = sentences.money(returned_vnd=returned_vnd, voucher_vnd=0, kept_vnd=kept_vnd, unknown_vnd=unknown_vnd)
    balance = replace(
        NOTHING, received_vnd=kept_vnd + returned_vnd + unknown_vnd, kept_vnd=kept_vnd, returned_vnd=returned_vnd,
        unknown_vnd=unknown_vnd,
    )  # fmt: skip
    ending = Ending(
        code=code, vi=said[0], en=said[1],
        paper_vi="Vui lòng lấy lại giấy tờ của bạn.", paper_en="Please take your paper back.",
        money_vi=money[0], money_en=money[1],
        register_label=CERTIFIED.register_label if signed else "", verify_url=SEAL if signed else "",
    )  # fmt: skip
    return moment(
        "end", said=said, closed_at=NOW, quote=PRICE, balance=balance, ending=ending,
        certified=CERTIFIED if signed else None,
    )  # fmt: skip


def ticket(code: str, *, confirmed: bool = True, number: str = "C1-017", slot: str = "") -> VisitView:
    """A queue number at its end; none where `number` is blank."""
    shown = ended(code, queue_words.ENDINGS[code], signed=False)
    seen = TicketView(
        number=number, vi="Hộ tịch: khai sinh, kết hôn, khai tử", en="Civil status: birth, marriage, death",
        confirmed=confirmed, before=4 if confirmed else None, wait_min=25 if confirmed else None,
        wait_vi="khoảng 20–30 phút" if confirmed else "", wait_en="about 20–30 minutes" if confirmed else "", slot=slot,
        follow=f"https://tram.example.vn/q/{VISIT}" if number else "", code=VISIT[-8:] if number else "", printed=None,
    )  # fmt: skip
    return msgspec.structs.replace(shown, journey=DRAW_NUMBER, quote=None, ticket=seen)


def before(where: Where, **more: object) -> Scene:
    return scene(State(where=where, **more), FACTS, None)  # type: ignore[arg-type]


def during(view: VisitView, **more: object) -> Scene:
    return scene(State(visit=VISIT, **more), FACTS, view)  # type: ignore[arg-type]


ACTIVITY_TABLES = [
    import_module(f"activity_tables.{each.name}") for each in pkgutil.iter_modules(activity_tables.__path__)
]


TILES = [
    name
    for each in ACTIVITY_TABLES
    if import_module(f"agent.screen.page.activities.{(name := each.__name__.rpartition('.')[2])}").ACTIVITY.is_tile
]


def activities() -> Iterator[tuple[str, Scene]]:
    """The scenes of the activities, each with what it holds in tests/agent/screen/activity_tables."""
    for table in ACTIVITY_TABLES:
        name = table.__name__.rpartition(".")[2]
        activity = import_module(f"agent.screen.page.activities.{name}").ACTIVITY(None)
        for row, held in table.TABLE.items():
            step = activity.step_of(held) if activity.steps else ""
            doing = Doing(name=name, held=held, steps=activity.steps, step=step)
            shown = State(where=Where.CHOOSE, doing=name, held=held)
            yield f"{name}-{row}", scene(shown, replace(FACTS, doing=doing), None)


CALLS = {
    "goes": Call(called_at=NOW, online=True),
    "unheard": Call(called_at=NOW, online=False),
    "heard": Call(called_at=NOW, online=True, heard=True),
    "refused": Call(called_at=NOW, online=True, heard=True, refused=True),
    "taken": Call(called_at=NOW, online=True, heard=True, role="OPERATOR", taken_at=NOW),
}
LINK = "https://tram.example.vn/d/Zm9vYmFyLV8wMTIzNDU2Nzg5QUJDREVG"
FILE = msgspec.structs.replace(ONE_COPY, copies=0, electronic=True)


def checked(standing: Standing | None) -> VisitView:
    """A copy that was checked."""
    code = f"CHECKED_{standing}" if standing else "NOT_JUDGED"
    lines = (
        JudgedLine(vi="Người thực hiện chứng thực", en="Certified by", value="Lê Thị B, Chủ tịch"),
        JudgedLine(vi="Số chứng thực in trên giấy", en="Number printed on it", value=CERTIFIED.register_label),
        JudgedLine(vi="Số trang của bản sao", en="Pages of the copy", value="2"),
    )
    why = {Standing.INVALID: ("Bản sao đã bị hủy bỏ.", "The copy was annulled.")}.get(standing)
    said = Judged(
        standing=standing, vi=why[:1] if why else (), en=why[1:] if why else (), lines=lines
    ) if standing else None  # fmt: skip
    shown = ended(code, CHECKED[code], signed=False)
    return msgspec.structs.replace(shown, journey=CHECK, quote=None, judged=said)


def digitising(step: str, papers: tuple[PaperView, ...], *, strange: int = 0, has_receipt: bool = True) -> VisitView:
    """A dossier that is being digitised."""
    wanted = next((at for at, each in enumerate(papers) if not each.is_complete), None)
    procedure = ("Đăng ký khai sinh", "Registering a birth")
    dossier = DossierView(procedure=procedure, papers=papers, wanted=wanted, strange=strange, has_receipt=has_receipt)
    return moment(step, journey=DIGITISE, dossier=dossier)


def _papers(scanned: int, *, is_fragile: bool = False) -> tuple[PaperView, ...]:
    """A form that is in, and a paper of two pages of which so many are."""
    form = PaperView(
        name=("Tờ khai đăng ký khai sinh", "Application form"), counted=1, scanned=1, is_complete=True,
        is_fragile=False, code="H26.1.23_GTK_000012_V1",
    )  # fmt: skip
    birth = PaperView(
        name=("Giấy chứng sinh", "Birth notification of the hospital"), counted=2, scanned=scanned,
        is_complete=scanned == 2, is_fragile=is_fragile,
    )  # fmt: skip
    return form, birth


_NAMED = {"name": "Nguyễn Thị Hường", "pages": 1}
_SENT = _NAMED | {
    "mail": "nguyen.thi.huong88@gmail.com",
    "sends_mail": True,
    "phone": "0912345678",
    "posts": True,
    "address": "12 Ngõ 5 Phố Trần Quý Kiên, Phường Cầu Giấy",
}
POSTAGE = Postage(item_vnd=30_000, item_basis="Giá mô phỏng", support_vnd=0, support_basis="")
SUPPORTED = replace(POSTAGE, support_vnd=26_000, support_basis=SUPPORTS[0].basis)
POSTED = msgspec.structs.replace(
    PRICE, total_vnd=7_000, postage_vnd=30_000, postage_support_vnd=26_000, postage_support_basis=SUPPORTS[0].basis
)
SENDING = replace(FACTS, channels=(Channel.MAIL, Channel.POST), postage=POSTAGE)


def sent(where: Where, **more: object) -> Scene:
    """A scene of a kiosk that sends copies by every way."""
    return scene(State(where=where, **more), SENDING, None)  # type: ignore[arg-type]


TABLE: dict[str, Scene] = {
    "attract": before(Where.ATTRACT),
    "attract-waiting": scene(
        State(aside=(VISIT,)),
        replace(FACTS, waiting=(Waiting(visit=VISIT, code="4T7K-9QXM", said=("", ""), is_over=False),)), None,
    ),
    "attract-closed": scene(State(), replace(FACTS, service=Service.OUT_OF_SERVICE), None),
    "attract-shut-out": scene(
        State(), replace(FACTS, service=Service.OUT_OF_SERVICE, is_shut_out=True), None
    ),
    "choose": scene(
        State(where=Where.CHOOSE),
        replace(FACTS, tiles=tuple(TILES), has_staff=True), None,
    ),
    "need": before(Where.NEED),
    "need-vneid": scene(State(where=Where.NEED), replace(FACTS, asks_vneid=True), None),
    "consent": before(Where.CONSENT),
    "name-empty": before(Where.NAME),
    "name": before(Where.NAME, name="Nguyễn Thị Hường"),
    "pages": before(Where.PAGES, name="Nguyễn Thị Hường"),
    "copies": before(Where.COPIES, copies=2, **_NAMED),
    "copies-file": before(Where.COPIES, form=Form.FILE, **_NAMED),
    "copies-sent": sent(Where.COPIES, form=Form.BOTH, **_SENT),
    "send": sent(Where.SEND, **_NAMED),
    "send-chosen": sent(Where.SEND, **_SENT),
    "send-mail-alone": scene(State(where=Where.SEND, **_NAMED), replace(FACTS, channels=(Channel.MAIL,)), None),
    "mail-empty": sent(Where.MAIL, **_NAMED),
    "mail": sent(Where.MAIL, **_SENT),
    "mail-check": sent(Where.MAIL_CHECK, **_SENT),
    "phone": sent(Where.PHONE, **_SENT),
    "address": sent(Where.ADDRESS, **_SENT),
    "post-check": sent(Where.POST_CHECK, **_SENT),
    "post-check-supported": scene(State(where=Where.POST_CHECK, **_SENT), replace(SENDING, postage=SUPPORTED), None),
    "pay-postage": during(msgspec.structs.replace(pay(Way.CASH), quote=POSTED)),
    "lay": before(Where.LAY, **_NAMED),
    "lay-another": before(Where.LAY, follows=VISIT, **_NAMED),
    "lay-busy": before(Where.LAY, problem=(BUSY.vi, BUSY.en), **_NAMED),
    "receipt": before(Where.RECEIPT, collects=True),
    "code": before(Where.CODE, collects=True, code="4T7K9"),
    "moment": during(moment("next")),
    "reading": during(moment("scan 1")),
    "reading-found": during(moment("quote", paper=PAPER)),
    "reading-receipt": during(moment("receipt code"), collects=True),
    "next-page": during(moment("next sheet 2", paper=PAPER)),
    "who-consent": during(moment("identity consent", identity=who("consent", Touch.AGREE, Touch.NOT_MY_FACE))),
    "who-consent-population": during(
        moment(
            "identity consent",
            identity=msgspec.structs.replace(
                who("consent", Touch.AGREE, Touch.NOT_MY_FACE), text=consent.to_face(population=True)
            ),
        )
    ),
    "who-card": during(moment("identity try 1", identity=who("card", Touch.NOT_MY_FACE))),
    "who-look": during(moment("identity try 2", identity=who("look", Touch.NOT_MY_FACE, prompt=PROMPT, card=HOLDER))),
    "who-photo": during(moment("identity photo 1", identity=who("photo", Touch.NOT_MY_FACE))),
    "account": scene(
        State(visit=VISIT), replace(FACTS, accounts=(Channel.PORTAL, Channel.IHANOI)), moment("account")
    ),
    "who-way": during(moment("identity way 1", identity=who("way", Touch.PHOTO, Touch.STAFF, Touch.WITHOUT))),
    "pay-cash": during(pay(Way.CASH)),
    "pay-cash-part": during(
        pay(Way.CASH, balance=replace(NOTHING, received_vnd=1_000), notice=sentences.voucher_refused("VOUCHER_USED"))
    ),
    "pay-card": during(pay(Way.CARD, says=sentences.PRESENT_CARD)),
    "pay-transfer": during(pay(Way.TRANSFER, code=CODE, says=sentences.SCAN_CODE)),
    "pay-transfer-asked": during(pay(Way.TRANSFER, says=sentences.CODE_ASKED)),
    "pay-none": during(pay(None)),
    "change": during(moment("change", quote=PRICE)),
    "officer": during(moment("officer 1", quote=PRICE, said=sentences.waiting(3, "09:00 23/11/2026"))),
    "officer-offline": during(moment("ask 1", quote=PRICE, said=sentences.OFFLINE)),
    "away": during(moment("officer 1", quote=PRICE, is_away=True, promised_at=NOW, said=sentences.LEFT)),
    "rescan": during(moment("rescan 2", quote=PRICE)),
    "printing": during(moment("print 1: ask", quote=PRICE)),
    "take": during(moment("hand over", quote=PRICE)),
    "take-file": during(moment("hand over", quote=PRICE, order=FILE, download_url=LINK)),
    "take-collected": during(moment("hand over"), collects=True),
    "settling": during(moment("return: by hand", quote=PRICE)),
    "judging": during(moment("ask judge", journey=CHECK)),
    "paper-in": during(digitising("lay paper 1", _papers(0))),
    "paper-in-glass": during(digitising("lay paper 1", _papers(0, is_fragile=True))),
    "paper-in-next": during(digitising("lay paper 2", _papers(1), strange=2)),
    "paper-in-differs": during(digitising("lay paper 3", _papers(3))),
    "reading-dossier": during(digitising("scan paper 1", _papers(0))),
    "papers-back": during(digitising("hand back", _papers(2))),
    "papers-back-without": during(digitising("hand back", _papers(2), has_receipt=False)),
    "sending": during(digitising("filed 1", _papers(2))),
    "sending-without": during(digitising("filed 1", _papers(2), has_receipt=False)),
    "digitised": during(
        msgspec.structs.replace(
            ended("DIGITISED", together(DIGITISED["DIGITISED"], DIGITISED_RECEIPT[PrintOutcome.PRINTED]), signed=False),
            journey=DIGITISE, quote=None, dossier=digitising("end", _papers(2)).dossier,
        )
    ),
    "judged-valid": during(checked(Standing.VALID)),
    "judged-invalid": during(checked(Standing.INVALID)),
    "judged-unknown": during(checked(Standing.UNKNOWN)),
    "judged-offline": during(checked(None)),
    "ticket-drawn": during(moment("queue slip", journey=DRAW_NUMBER, ticket=ticket("TICKET_GIVEN").ticket)),
    "ticket-booked": during(ticket("CHECKED_IN", number="H0-003", slot="09:30")),
    **{f"ticket-{code}": during(ticket(code)) for code in ("TICKET_PRINTED", "TICKET_SHOWN", "TICKET_GIVEN")},
    "ticket-TICKET_UNKNOWN": during(ticket("TICKET_UNKNOWN", confirmed=False)),
    **{
        f"ticket-{code}": during(ticket(code, confirmed=False, number=""))
        for code in ("NO_SUCH_CODE", "CODE_OVER", "NOT_CHECKED_IN")
    },
    **{f"end-{code}": during(ended(code, said, signed=True, kept_vnd=3_000)) for code, said in DELIVERED.items()},
    "end-download": during(
        msgspec.structs.replace(
            ended("ELECTRONIC", DELIVERED["ELECTRONIC"], signed=True, kept_vnd=3_000), download_url=LINK
        )
    ),
    "end-pilot": scene(
        State(visit=VISIT),
        replace(FACTS, place=replace(PLACE, legal_mode=LegalMode.PILOT_REMOTE, legal_decision="4567/QĐ-UBND")),
        msgspec.structs.replace(
            ended(
                "HANDED_OVER", together(DELIVERED["HANDED_OVER"], SENT_TO[Channel.MAIL]), signed=True, kept_vnd=3_000
            ),
            download_url=LINK,
        ),
    ),
    **{
        f"end-{code}": during(ended(code, said, signed=False), collects=True)
        for code, said in NOT_COLLECTED.items()
        if code != CAME_BACK
    },
    **{
        f"end-{code}": during(
            ended(code, (kind.vi, kind.en), signed=False, unknown_vnd=0 if kind.money_back else PRICE.total_vnd)
        )
        for code, kind in PARTINGS.items()
    },
    "end-SECRET_PAPER": during(
        ended("SECRET_PAPER", (Ground.A22_3_SECRET.citizen_vi, Ground.A22_3_SECRET.citizen_en), signed=False)
    ),
    **dict(activities()),
    **{
        f"practice-{at}": scene(
            State(where=Where.LAY, practice=at, **_NAMED), FACTS, practice.moment(at, 1, PRICE, NOW)
        )
        for at in range(1, practice.MOMENTS + 1)
    },
    "practice-name": before(Where.NAME, practice=0, name=practice.NAME),
    "spoken": scene(State(where=Where.CONSENT, comfort=Comfort(voice=True)), replace(FACTS, speaks=True), None),
    "over-veil": before(Where.CONSENT, over=Over.VEIL),
    "over-call": before(Where.CONSENT, over=Over.CALL),
    **{
        f"over-call-{name}": scene(State(where=Where.CONSENT, over=Over.CALL), replace(FACTS, call=call), None)
        for name, call in CALLS.items()
    },
    "over-cancel": during(pay(Way.CASH), over=Over.CANCEL),
    "over-leave": during(moment("officer 1", quote=PRICE), over=Over.LEAVE),
    "over-idle": before(Where.NAME, over=Over.IDLE, **_NAMED),
}  # fmt: skip


def liked(shown: Scene, **comfort: object) -> Scene:
    """The same scene as another citizen likes it."""
    return replace(shown, state=replace(shown.state, comfort=replace(shown.state.comfort, **comfort)))  # type: ignore[arg-type]
