"""Every scene with data that a kiosk could show, one of each kind of moment; all persons are invented."""

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import activity_tables
from kiosk_doubles import PLACE

from agent.journeys import consent, sentences
from agent.journeys.by_transfer import Code
from agent.journeys.endings import DELIVERED, NOT_COLLECTED, PARTINGS, Ending
from agent.journeys.recovery import CERTIFY
from agent.journeys.touches import Touch
from agent.journeys.values import Paper, Way
from agent.ledger.money import Balance
from agent.screen.entrance import BUSY
from agent.screen.identity import CardView, IdentityView, LightView, PromptView
from agent.screen.page.scenes import Doing, Facts, Scene, Waiting, scene
from agent.screen.page.state import Comfort, Over, State, Where
from agent.screen.paying import PayView, WayView
from agent.screen.view import VisitView
from contract.clock import vietnam_text
from contract.messages import BlobRef, CardSource, Certified, QuoteLine, Service

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
        "notice": None, "pay": None, "identity": None,
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


def ended(code: str, said: tuple[str, str], *, signed: bool) -> VisitView:
    """A visit that is over."""
    ending = Ending(
        code=code, vi=said[0], en=said[1],
        paper_vi="Vui lòng lấy lại bản chính.", paper_en="Please take your original back.",
        money_vi="Đã thu 3.000 đ.", money_en="3.000 đ were charged.",
        register_label=CERTIFIED.register_label if signed else "", verify_url=SEAL if signed else "",
    )  # fmt: skip
    return moment("end", said=said, closed_at=NOW, quote=PRICE, ending=ending, certified=CERTIFIED if signed else None)


def before(where: Where, **more: object) -> Scene:
    return scene(State(where=where, **more), FACTS, None)  # type: ignore[arg-type]


def during(view: VisitView, **more: object) -> Scene:
    return scene(State(visit=VISIT, **more), FACTS, view)  # type: ignore[arg-type]


ACTIVITY_TABLES = [
    import_module(f"activity_tables.{each.name}") for each in pkgutil.iter_modules(activity_tables.__path__)
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


_NAMED = {"name": "Nguyễn Thị Hường", "pages": 1}
TABLE: dict[str, Scene] = {
    "attract": before(Where.ATTRACT),
    "attract-waiting": scene(
        State(aside=(VISIT,)),
        replace(FACTS, waiting=(Waiting(visit=VISIT, code="4T7K-9QXM", said=("", ""), is_over=False),)), None,
    ),
    "attract-closed": scene(State(), replace(FACTS, service=Service.OUT_OF_SERVICE), None),
    "choose": scene(
        State(where=Where.CHOOSE),
        replace(FACTS, tiles=tuple(each.__name__.rpartition(".")[2] for each in ACTIVITY_TABLES)), None,
    ),
    "need": before(Where.NEED),
    "consent": before(Where.CONSENT),
    "name-empty": before(Where.NAME),
    "name": before(Where.NAME, name="Nguyễn Thị Hường"),
    "pages": before(Where.PAGES, name="Nguyễn Thị Hường"),
    "copies": before(Where.COPIES, copies=2, **_NAMED),
    "lay": before(Where.LAY, **_NAMED),
    "lay-busy": before(Where.LAY, problem=(BUSY.vi, BUSY.en), **_NAMED),
    "receipt": before(Where.RECEIPT, collects=True),
    "code": before(Where.CODE, collects=True, code="4T7K9"),
    "moment": during(moment("next")),
    "reading": during(moment("scan 1")),
    "reading-found": during(moment("quote", paper=PAPER)),
    "reading-receipt": during(moment("receipt code"), collects=True),
    "next-page": during(moment("next sheet 2", paper=PAPER)),
    "who-consent": during(moment("identity consent", identity=who("consent", Touch.AGREE, Touch.NOT_MY_FACE))),
    "who-card": during(moment("identity try 1", identity=who("card", Touch.NOT_MY_FACE))),
    "who-look": during(moment("identity try 2", identity=who("look", Touch.NOT_MY_FACE, prompt=PROMPT, card=HOLDER))),
    "who-photo": during(moment("identity photo 1", identity=who("photo", Touch.NOT_MY_FACE))),
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
    "officer": during(moment("officer 1", quote=PRICE, said=sentences.waiting(3, vietnam_text(NOW)))),
    "officer-offline": during(moment("ask 1", quote=PRICE, said=sentences.OFFLINE)),
    "rescan": during(moment("rescan 2", quote=PRICE)),
    "printing": during(moment("print 1: ask", quote=PRICE)),
    "take": during(moment("hand over", quote=PRICE)),
    "take-collected": during(moment("hand over"), collects=True),
    "settling": during(moment("return: by hand", quote=PRICE)),
    **{f"end-{code}": during(ended(code, said, signed=True)) for code, said in DELIVERED.items()},
    **{f"end-{code}": during(ended(code, said, signed=False), collects=True) for code, said in NOT_COLLECTED.items()},
    **{f"end-{code}": during(ended(code, (kind.vi, kind.en), signed=False)) for code, kind in PARTINGS.items()},
    **dict(activities()),
    "over-veil": before(Where.CONSENT, over=Over.VEIL),
    "over-call": before(Where.CONSENT, over=Over.CALL),
    "over-cancel": during(pay(Way.CASH), over=Over.CANCEL),
    "over-idle": before(Where.NAME, over=Over.IDLE, **_NAMED),
}  # fmt: skip


def liked(shown: Scene, **comfort: object) -> Scene:
    """The same scene as another citizen likes it."""
    return replace(shown, state=replace(shown.state, comfort=Comfort(**comfort)))  # type: ignore[arg-type]
