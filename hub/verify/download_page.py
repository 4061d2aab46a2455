"""The public page behind a one-time link: what the citizen's phone shows after scanning the kiosk's screen.

The page itself uses nothing up, so that a messenger's preview or a curious scanner may open it; only the file counts.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from hub.console.access import ServedHub
from hub.register import links
from hub.register.links import Copy, Offer
from hub.rooms import Hub
from hub.verify.byte_span import NoSuchSpan, span_of
from hub.verify.sheet import HEADERS, Words, section, sheet

router = APIRouter()

Token = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{32}$")]
_PDF: Final = "application/pdf"
_CLOSED: Final[dict[int | str, dict[str, Any]]] = {
    410: {"description": "The link was used, or its time is over", "content": {"text/html": {}}}
}
_FILE: Final[dict[int | str, dict[str, Any]]] = _CLOSED | {
    200: {"description": "The copy", "content": {_PDF: {}}},
    206: {"description": "The range of it that was asked for", "content": {_PDF: {}}},
    416: {"description": "There is no such range"},
}
_UNKNOWN: Final = (
    ("Chưa thấy bản sao này", "This copy is not here"),
    (
        "Nếu bạn vừa quét mã ở trạm, hãy thử lại sau một phút. Nếu vẫn không thấy, xin gặp công chức.",
        "If you have just scanned the kiosk's screen, try again in a minute. If it stays so, please see an officer.",
    ),
)
_USED: Final = (
    ("Bản sao đã được tải về", "The copy was downloaded"),
    (
        "Liên kết này được dùng lúc {moment} và chỉ dùng được một lần. Không phải bạn? Xin báo cơ quan đã chứng thực.",
        "This link was used at {moment}, and works once only. It was not you? Please tell the agency that certified.",
    ),
)
_OVER: Final = (
    ("Liên kết đã hết hạn", "The link is over"),
    (
        "Bản sao và ảnh quét đã bị xóa, vì trạm không được giữ giấy tờ của bạn quá 24 giờ. Bản in, nếu có, vẫn có giá "
        "trị.",
        "Copy and scans were destroyed, since your papers may not be kept for more than 24 hours. A printed copy keeps "
        "its value.",
    ),
)


@router.get("/d/{token}", response_class=HTMLResponse, responses=_CLOSED)
def download_page(hub: ServedHub, token: Token) -> HTMLResponse:
    """Return the page that tells what the link leads to and has the button that uses it."""
    offer = links.offer(hub, token)
    if offer is None or not offer.is_open:
        return _closed(hub, offer)
    until = f"{offer.open_until.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    lines = [
        ("Giấy tờ", "Paper", offer.title),
        ("Số chứng thực", "Number", offer.register_label),
        ("Cỡ tệp", "Size", f"PDF, {max(1, offer.size_bytes >> 10)} KB"),
        ("Tải được đến", "Until", until),
    ]
    return sheet(
        "download.html",
        agency=hub.config.agency.name,
        told=[section(("Bản sao điện tử có chứng thực", "Certified electronic copy"), lines)],
        address=f"/d/{token}/{_name(offer.copy_id)}",
        is_used=offer.fetched_at is not None,
        grace_min=int(links.GRACE.total_seconds()) // 60,
    )


@router.get("/d/{token}/{name}", response_class=Response, responses=_FILE)
def download(hub: ServedHub, request: Request, token: Token, name: Annotated[str, Path(max_length=60)]) -> Response:
    """Return the copy or the range of it that is asked for; the first time begins the link's end."""
    copy = links.fetch(hub, token)
    if copy is None:
        return _closed(hub, links.offer(hub, token))
    return _part(copy, request)


def _part(copy: Copy, request: Request) -> Response:
    size, tag = len(copy.content), f'"{copy.sha256}"'
    headers = HEADERS | {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{_name(copy.copy_id)}"',
        "ETag": tag,
    }
    is_same = request.headers.get("if-range", tag) == tag
    try:
        span = span_of(request.headers.get("range", ""), size) if is_same else None
    except NoSuchSpan:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if span is None:
        return Response(copy.content, media_type=_PDF, headers=headers)
    begin, end = span
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return Response(copy.content[begin:end], status_code=206, media_type=_PDF, headers=headers)


def _name(copy_id: str) -> str:
    return f"ban-sao-{copy_id[-8:]}.pdf"


def _closed(hub: Hub, offer: Offer | None) -> HTMLResponse:
    heading, more = _reason(offer)
    return sheet("notice.html", status=410 if offer else 404, agency=hub.config.agency.name, words=heading, more=more)


def _reason(offer: Offer | None) -> tuple[Words, Words]:
    if offer is None:
        return _UNKNOWN
    if offer.fetched_at is None:
        return _OVER
    moment = f"{offer.fetched_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    heading, (vi, en) = _USED
    return heading, (vi.format(moment=moment), en.format(moment=moment))
