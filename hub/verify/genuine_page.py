"""The public pages that answer whether a kiosk is genuine: the digits to be typed there, and its signed word judged."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from contract.messages import Standing
from hub.console.access import ServedHub
from hub.rooms import Hub
from hub.verify import challenge, genuine
from hub.verify.genuine import Doubt, Finding, Program
from hub.verify.sheet import Section, Words, section, sheet

router = APIRouter()

_HEADLINES: Final[dict[Standing, Words]] = {
    Standing.VALID: ("ĐÚNG LÀ TRẠM CỦA CƠ QUAN", "This is a kiosk of the agency."),
    Standing.INVALID: ("KHÔNG PHẢI TRẠM CỦA CƠ QUAN", "This is NOT a kiosk in the agency's service."),
    Standing.UNKNOWN: ("CHƯA KẾT LUẬN ĐƯỢC", "It cannot be told yet."),
}
_DOUBTS: Final[dict[Doubt, Words]] = {
    Doubt.UNREADABLE: (
        "Mã này không phải câu trả lời của một trạm. Hãy quét mã mà trạm hiện ra sau khi bạn gõ sáu số.",
        "This is no answer of a kiosk. Scan the code that it shows after you have typed the six digits.",
    ),
    Doubt.FOREIGN: (
        "Khóa đã ký mã này không có trong sổ của cơ quan. Đừng đưa giấy tờ hay tiền vào máy; xin báo cơ quan.",
        "The key that signed this is not in the agency's books. Give this machine no paper and no money; please tell "
        "the agency.",
    ),
    Doubt.FORGED: (
        "Chữ ký không khớp với khóa của trạm mà mã nêu tên. Mã đã bị sửa, hoặc do máy khác làm ra. Xin báo cơ quan.",
        "The signature is not that of the kiosk that is named. The code was changed, or another machine made it. "
        "Please tell the agency.",
    ),
    Doubt.REVOKED: (
        "Cơ quan đã thu hồi khóa này. Máy không còn được phục vụ người dân; xin báo cơ quan.",
        "The agency has revoked this key. The machine may serve nobody any more; please tell the agency.",
    ),
    Doubt.QUARANTINED: (
        "Có thể hai máy đang dùng chung tên này. Cơ quan đang xem xét, trạm tạm thời không phục vụ.",
        "Two machines may be using this name. The agency is looking into it; the kiosk is out of service until then.",
    ),
    Doubt.OVER: (
        "Chứng thư của khóa này đã hết hạn. Trạm cần được cấp lại; xin báo cơ quan.",
        "The certificate of this key has run out. The kiosk needs a new one; please tell the agency.",
    ),
    Doubt.OLD: (
        "Khóa đúng là của trạm này, nhưng sáu số trong mã không phải số mà trang này đưa ra trong {minutes} phút qua. "
        "Mã có thể đã cũ, hoặc là ảnh chụp lại. Hãy lấy số mới và thử lại.",
        "The key is this kiosk's, but the digits are not ones that this page showed in the last {minutes} minutes. The "
        "code may be old, or a photograph of one. Get new digits and try again.",
    ),
    Doubt.OTHER_PROGRAM: (
        "Khóa đúng là của trạm này, nhưng chương trình trên trạm không phải bản mà cơ quan đang phát hành. Có thể bản "
        "ấy vừa được rút lại. Xin báo cơ quan.",
        "The key is this kiosk's, but its program is not one that the agency publishes now. It may have been withdrawn "
        "just now. Please tell the agency.",
    ),
}
_PROGRAMS: Final[dict[Program, str]] = {
    Program.PUBLISHED: "đúng bản cơ quan phát hành · as published",
    Program.OTHER: "khác bản cơ quan phát hành · not as published",
    Program.NOT_COMPARED: "trang này không so được · can't be compared here",
}
_NEVER: Final = "chưa bao giờ · never"

Token = Annotated[str, Path(max_length=1024)]


@router.get("/GENUINE", response_class=HTMLResponse, include_in_schema=False)
@router.get("/genuine", response_class=HTMLResponse)
def ask_page(hub: ServedHub) -> HTMLResponse:
    """Return the page with the six digits that are to be typed at the kiosk."""
    digits = challenge.shown(hub)
    return sheet(
        "genuine_ask.html",
        agency=hub.config.agency.name,
        digits=f"{digits[:3]} {digits[3:]}",
        minutes=challenge.GOOD_FOR_MIN,
    )


@router.get("/GENUINE/{token}", response_class=HTMLResponse, include_in_schema=False)
@router.get("/genuine/{token}", response_class=HTMLResponse)
def answer_page(hub: ServedHub, token: Token) -> HTMLResponse:
    """Return what the statement that a kiosk showed is worth, and what that does not prove."""
    found = genuine.judge(hub, token)
    return sheet(
        "genuine.html",
        status=404 if found.doubt is Doubt.UNREADABLE else 200,
        agency=hub.config.agency.name,
        standing=found.standing,
        headline=_HEADLINES[found.standing],
        why=[_filled(_DOUBTS[found.doubt])] if found.doubt else [],
        told=_told(hub, found),
    )


def _filled(words: Words) -> Words:
    vi, en = (each.format(minutes=challenge.GOOD_FOR_MIN) for each in words)
    return vi, en


def _told(hub: Hub, found: Finding) -> list[Section]:
    return [section(("Trạm đã trả lời", "The kiosk that answered"), _lines(hub, found))]


def _lines(hub: Hub, found: Finding) -> Iterator[tuple[str, str, str]]:
    if found.kiosk is None or found.statement is None or found.program is None:
        return
    yield "Đặt tại", "Stands at", found.kiosk.kiosk.site
    yield "Tên trạm", "Kiosk", found.kiosk.kiosk.id
    yield "Cơ quan", "Agency", hub.config.agency.name
    yield "Chương trình", "Program", f"{found.statement.version}, {_PROGRAMS[found.program]}"
    yield "Trạm ký lúc", "Signed at, by its own clock", _moment(found.statement.said_at)
    yield "Cơ quan nghe trạm lần cuối", "Last heard by the agency", _moment(found.kiosk.heard_at)


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if moment else _NEVER
