"""What a citizen can do at the screen, as the buttons that they press from the first screen back to it."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import segno
from kiosk_doubles import BOOKED, Town
from PIL import Image

from contract.destinations import MailTo, PostTo
from contract.dossiers import PROCEDURES
from contract.messages import (
    CertifyRequest,
    CheckInRequest,
    ClosingFact,
    FeedbackFact,
    RequestEnvelope,
    TicketRequest,
    decode,
)

STAFF: Final = "Lê Thị Mẫu"
PIN: Final = "472913"
BIRTH: Final = PROCEDURES[0].code
_SECOND: Final = PROCEDURES[0].components[1]
_SEAL: Final = "HTTPS://TRAM.EXAMPLE.VN/V/" + "GEZDGNBVGY3TQOJQ" * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Words that are typed; `is_hidden` where the screen does not show them."""

    words: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Notes that are put in."""

    notes_vnd: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """The code of the slip that the citizen left with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sees:
    """What the screen says by now, in the citizen's language; the citizen waits for it."""

    vi: str
    en: str


Deed = str | Typed | Money | Slip | Sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A way through the scenes, each with what is done there.

    `prepare` arranges what lies in the devices, `is_done` says whether what was promised has come about.
    """

    name: str
    way: tuple[tuple[str, *tuple[Deed, ...]], ...]
    is_done: Callable[[Town], bool]
    prepare: Callable[[Town], None] = lambda _town: None


def _asked(town: Town, kind: type) -> bool:
    return any(isinstance(decode(RequestEnvelope, each).body, kind) for each in town.hub.requests.values())


def _slips(town: Town) -> list[str]:
    return sorted(each.name for each in (town.folder / "slips").glob("*.png"))


def _officer_is_slow(town: Town) -> None:
    town.officer_takes_s = 12.0


def _dossier_lies_in(town: Town) -> None:
    town.sheets, town.sheets_next_time = [b"To khai"], [b"Giay chung sinh, trang 1", b"trang 2"]


def _copy_lies_in(town: Town) -> None:
    page, drawn, out = Image.new("RGB", (827, 1169), "white"), BytesIO(), BytesIO()
    segno.make(_SEAL, error="m", micro=False).save(drawn, kind="png", scale=5)
    page.paste(Image.open(drawn).convert("RGB"), (60, 700))
    page.save(out, "PNG")
    town.sheets = [out.getvalue()]


def _has_two_papers(town: Town) -> bool:
    filed = [(body.component, body.pages_counted, body.pages) for body, _ in town.hub.papers]
    return filed == [("TO_KHAI", 1, 1), ("CHUNG_SINH", 3, 2)]


def _is_sent_twice(town: Town) -> bool:
    (raw,) = town.hub.requests.values()
    body = decode(RequestEnvelope, raw).body
    post = PostTo(name="An", phone="0912345678", address="12 Pho Hue, Ha Noi")
    return isinstance(body, CertifyRequest) and body.deliver_to == (MailTo(address="an@gmail.com"), post)


_TO_THE_COPIES: Final = (
    ("attract", "wake"),
    ("choose", "copy"),
    ("need", "go-on"),
    ("consent", "go-on"),
    ("name", Typed(words="An"), "go-on"),
    ("pages", "pages-1", "go-on"),
)
_TO_THE_MONEY: Final = (
    *_TO_THE_COPIES,
    ("copies", "go-on"),
    ("lay", "begin"),
    ("pay", Money(notes_vnd=(5_000,))),
)
COPY: Final = Journey(
    name="a copy",
    way=(*_TO_THE_MONEY, ("take", "press-taken"), ("end", "done")),
    is_done=lambda town: len(town.hub.copies) == 1 and town.printer.sheets == 1,
)
SENT: Final = Journey(
    name="a copy e-mailed and posted",
    way=(
        *_TO_THE_COPIES,
        ("copies", "act-send"),
        ("send", "act-mail"),
        ("mail", Typed(words="an@gmail.com"), "go-on"),
        ("mail-check", Sees(vi="@gmail.com", en="@gmail.com"), "go-on"),
        ("copies", "act-send"),
        ("send", "act-post"),
        ("phone", Typed(words="0912345678"), "go-on"),
        ("address", Typed(words="12 Pho Hue, Ha Noi"), "go-on"),
        ("post-check", Sees(vi="30.000", en="30.000"), "go-on"),
        ("copies", "go-on"),
        ("lay", "begin"),
        ("pay", Money(notes_vnd=(50_000,))),
        ("take", "press-taken"),
        ("end", "done"),
    ),
    is_done=lambda town: _is_sent_twice(town) and town.printer.sheets == 0,
)
LATER: Final = Journey(
    name="a copy fetched with the slip",
    prepare=_officer_is_slow,
    way=(
        *_TO_THE_MONEY,
        ("officer", "ask-leave", "press-leave"),
        ("away", "aside"),
        ("attract", "wake"),
        ("choose", "collect"),
        ("receipt", "type-code"),
        ("code", Slip(), "begin"),
        ("take", "press-taken"),
        ("end", "done"),
    ),
    is_done=lambda town: len(town.hub.copies) == 1 and town.printer.sheets == 1,
)
DIGITISE: Final = Journey(
    name="a dossier digitised",
    prepare=_dossier_lies_in,
    way=(
        ("attract", "wake"),
        ("choose", "open-digitise"),
        ("digitise/procedure", f"act-procedure:{BIRTH}"),
        ("digitise/checklist", "paper-TO_KHAI"),
        ("digitise/count", "pages-1", "go-on"),
        ("digitise/condition", "act-condition:A"),
        ("digitise/checklist", "paper-CHUNG_SINH"),
        ("digitise/count", "pages-3", "go-on"),
        ("digitise/condition", "act-condition:A"),
        ("digitise/checklist", "go-on"),
        ("digitise/ready", "go-on"),
        ("paper-in", "press-page-is-in", Sees(vi=_SECOND.vi, en=_SECOND.en), "press-page-is-in", "press-all-in"),
        ("papers-back", "press-taken"),
        ("digitised", "done"),
    ),
    is_done=_has_two_papers,
)
NUMBER: Final = Journey(
    name="a queue number",
    way=(
        ("attract", "wake"),
        ("choose", "open-queue"),
        ("queue/services", "act-service:CT"),
        ("queue/right", "act-right:NONE"),
        ("ticket", Sees(vi="C1-001", en="C1-001"), "done"),
    ),
    is_done=lambda town: _asked(town, TicketRequest) and bool(_slips(town)),
)
BOOKING: Final = Journey(
    name="a booking reported",
    way=(
        ("attract", "wake"),
        ("choose", "open-queue"),
        ("queue/services", "act-code"),
        ("queue/code", Typed(words=BOOKED, is_hidden=True), "go-on"),
        ("ticket", Sees(vi="C0-001", en="C0-001"), "done"),
    ),
    is_done=lambda town: _asked(town, CheckInRequest) and bool(_slips(town)),
)
GUIDE: Final = Journey(
    name="what a procedure needs",
    way=(
        ("attract", "wake"),
        ("choose", "open-guide"),
        ("guide/start", "act-type"),
        ("guide/type", Typed(words="khai sinh"), "go-on"),
        ("guide/list", f"act-open:{BIRTH}"),
        (
            "guide/procedure",
            Sees(vi="Giấy chứng sinh", en="Giấy chứng sinh"),
            "act-more",
            "act-more",
            "act-print",
            "back",
        ),
        ("guide/list", "back"),
        ("guide/type", "back"),
        ("guide/start", "back"),
        ("choose", "back"),
    ),
    is_done=lambda town: any(each.startswith("guide-") for each in _slips(town)),
)
FEEDBACK: Final = Journey(
    name="feedback with an answer asked for",
    way=(
        ("attract", "wake"),
        ("choose", "open-feedback"),
        ("feedback/faces", "act-2"),
        ("feedback/words", Typed(words="Cho lau"), "act-answer", "go-on"),
        ("feedback/thanks", "act-print", "go-on"),
        ("choose", "back"),
    ),
    is_done=lambda town: [(each.face, each.words) for each in town.hub.told(FeedbackFact)] == [(2, "Cho lau")],
)
CHECK: Final = Journey(
    name="a copy checked",
    prepare=_copy_lies_in,
    way=(
        ("attract", "wake"),
        ("choose", "open-check"),
        ("check/lay", "go-on"),
        ("judged", Sees(vi="Bản sao hợp lệ", en="The copy is valid"), "done"),
    ),
    is_done=lambda town: not list((town.folder / "visits").glob("*/*")),
)
DESK: Final = Journey(
    name="staff: test, cash, shut and open",
    way=(
        ("attract", "open-staff"),
        ("staff/pin", Typed(words=PIN, is_hidden=True), "go-on"),
        ("staff/desk", "act-test", Sees(vi="Vừa thử xong", en="Just tested"), "act-switch", "act-switch", "act-cash"),
        ("staff/cash", "act-begin"),
        ("staff/taking", "act-finish"),
        ("staff/taken", "go-on"),
        ("staff/desk", Sees(vi="Máy quét", en="Scanner"), "back"),
    ),
    is_done=lambda town: len(town.hub.told(ClosingFact)) == 1,
)
ALL: Final = (COPY, SENT, LATER, DIGITISE, NUMBER, BOOKING, GUIDE, FEEDBACK, CHECK, DESK)
