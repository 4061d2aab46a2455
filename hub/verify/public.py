"""The public face of a hub: its pages under a limit of rate, and what a person reads instead of an error."""

import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from hub.console.errors import documented
from hub.log import web as log_web
from hub.queue import display
from hub.queue import pages as queue_pages
from hub.rooms import Hub
from hub.verify import (
    confined,
    download_page,
    feedback_page,
    follow_page,
    genuine_page,
    guide_page,
    page,
    paper_page,
    trust_page,
    upload_page,
)
from hub.verify.confined import Busy
from hub.verify.rates import FILE, PAGE, TILE, Rates, address_of
from hub.verify.sheet import Words, sheet
from hub.verify.uploads import UploadFault

_NOTICES: dict[str, tuple[Words, Words]] = {
    "TOO_MANY": (
        ("Xin chờ một chút", "Please wait a moment"),
        (
            "Từ mạng của bạn có quá nhiều lượt kiểm tra cùng lúc. Hãy thử lại sau {wait} giây.",
            "Too many checks came from your network at once. Try again in {wait} seconds.",
        ),
    ),
    "BUSY": (
        ("Máy đang bận", "The service is busy"),
        ("Nhiều người đang kiểm tra cùng lúc. Hãy thử lại sau một phút.", "Many people are checking. Try in a minute."),
    ),
    "TOO_LARGE": (
        ("Tệp quá lớn", "The file is too large"),
        (
            "Chỉ nhận tệp đến {most} MB ở đây. Tệp của bạn không được lưu lại.",
            "Files of up to {most} MB are taken here. Your file was not kept.",
        ),
    ),
    "TOO_SLOW": (
        ("Tải lên quá lâu", "The upload took too long"),
        ("Hãy thử lại khi mạng tốt hơn, hoặc gửi tệp nhỏ hơn.", "Try again on a better line, or with a smaller file."),
    ),
    "NO_FILE": (
        ("Chưa có tệp nào", "No file was chosen"),
        ("Hãy chọn tệp PDF hoặc ảnh chụp, rồi bấm Kiểm tra.", "Choose the PDF or the photo, then press the button."),
    ),
}


_NOTICE: dict[str, Any] = {"content": {"text/html": {}}}
_ANSWERS: dict[int | str, dict[str, Any]] = documented(422, 503) | {
    404: {"description": "There is no such copy, tile or bundle", "content": {"text/html": {}, "application/json": {}}},
    429: _NOTICE | {"description": "TOO_MANY: too many checks from one network, or from all together"},
}


class TooMany(Exception):
    """The allowance is used up for `wait_s` more seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


_CHECKS = (page, trust_page, upload_page, paper_page, genuine_page)
_PAGES = (*_CHECKS, download_page, feedback_page, follow_page, guide_page, queue_pages)
_ROOMS = (*((each, PAGE) for each in _PAGES), (log_web, TILE), (display, TILE))


def install(app: FastAPI, hub: Hub) -> None:
    """Put the public pages and the public log into the application."""
    app.state.rates = Rates(hub.clock)
    confined.warm_up()
    for room, cost in _ROOMS:
        app.include_router(room.router, dependencies=[Depends(_costing(cost))], responses=_ANSWERS)
    app.mount("/display/static", StaticFiles(directory=Path(queue_pages.__file__).parent / "static"))
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(UploadFault, _upload_fault)
    app.add_exception_handler(Busy, _busy)


def _costing(cost: float) -> Callable[[Request], Awaitable[None]]:
    async def counted(request: Request) -> None:
        hub: Hub = request.app.state.hub
        address = address_of(request, hub.config.http.client_address_header)
        price = FILE if request.method == "POST" else cost
        wait_s = request.app.state.rates.wait_s(address, price)
        if wait_s > 0:
            raise TooMany(wait_s)

    return counted


async def _too_many(request: Request, fault: Exception) -> HTMLResponse:
    assert isinstance(fault, TooMany)
    return _notice(request, "TOO_MANY", 429, wait_s=math.ceil(fault.wait_s))


async def _busy(request: Request, _fault: Exception) -> HTMLResponse:
    return _notice(request, "BUSY", 503, wait_s=60)


async def _upload_fault(request: Request, fault: Exception) -> HTMLResponse:
    assert isinstance(fault, UploadFault)
    return _notice(request, fault.code, fault.status, close=True, most_mib=fault.most_bytes >> 20)


def _notice(
    request: Request, code: str, status: int, *, wait_s: int = 0, close: bool = False, most_mib: int = 0
) -> HTMLResponse:
    words, more = _NOTICES[code]
    headers = ({"Retry-After": str(wait_s)} if wait_s else {}) | ({"Connection": "close"} if close else {})
    filled = [each.format(wait=wait_s, most=most_mib) for each in more]
    agency = request.app.state.hub.config.agency.name
    return sheet("notice.html", status=status, headers=headers, agency=agency, words=words, more=filled)
