"""The public pages of the line: book a place, cancel or move it, follow a number. They work without any script."""

import io
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Form, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from contract import waits
from contract.clock import VIETNAM
from hub.console.access import ServedHub
from hub.faults import BookingOver, Gone, QueueFault, SlotFull, UnknownThing
from hub.queue import bookings, line
from hub.queue.settings import QueueServiceConfig
from hub.rooms import Hub
from hub.store.tables import QueueTicket, TicketState
from hub.verify.sheet import Words, sheet

router = APIRouter()

REFRESH_S = 30
_REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"description": "SLOT_FULL, BOOKING_OVER", "content": {"text/html": {}}},
}
_BOOKED: dict[int | str, dict[str, Any]] = _REFUSED | {303: {"description": "The booking's own page"}}
_SENTENCES: dict[type[Exception], tuple[Words, Words]] = {
    SlotFull: (
        ("Khung giờ này không còn chỗ", "This time has no place left"),
        ("Hãy chọn giờ khác, hoặc đến lấy số tại trạm.", "Choose another time, or draw a number at the kiosk."),
    ),
    BookingOver: (
        ("Không dùng được đặt chỗ này nữa", "This booking is over"),
        (
            "Đặt chỗ đã được hủy, hoặc bạn đã lấy số. Bạn có thể đặt chỗ mới.",
            "It was cancelled, or you have your number already. You can book anew.",
        ),
    ),
    UnknownThing: (
        ("Không tìm thấy", "Not found"),
        ("Xin xem lại mã hoặc đường dẫn.", "Please check the code or the address."),
    ),
}
_STATES: dict[str, Words] = {
    TicketState.WAITING: ("Đang chờ", "Waiting"),
    TicketState.CALLED: ("Mời bạn đến quầy {counter}", "Please come to counter {counter}"),
    TicketState.SKIPPED: (
        "Số đã được gọi mà không có người. Hãy báo lại tại trạm bằng mã bên dưới.",
        "The number was called and nobody came. Report at the kiosk with the code below.",
    ),
    TicketState.DONE: ("Đã phục vụ xong", "Done"),
    TicketState.NO_SHOW: ("Số không còn hiệu lực. Hãy lấy số mới.", "The number is void. Please draw a new one."),
}

Code = Annotated[str, Path(pattern="^[0-9A-HJKMNP-TV-Z]{8}$")]
ServiceCode = Annotated[str, Path(pattern="^[A-Z0-9]{1,12}$")]
Ulid = Annotated[str, Path(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
ChosenSlot = Annotated[datetime, Form()]
DrawnCode = Annotated[str, Form(pattern="^[0-9A-HJKMNP-TV-Z]{8}$")]


@router.get("/book", response_class=HTMLResponse)
def services_page(hub: ServedHub) -> HTMLResponse:
    """Return the services that can be booked."""
    found = bookings.services(hub)
    return sheet("book.html", status=200 if found else 404, agency=hub.config.agency.name, services=found)


@router.get("/book/{service}", response_class=HTMLResponse)
def slots_page(hub: ServedHub, service: ServiceCode) -> Response:
    """Return the days and slots of a service."""
    try:
        return _slots(hub, bookings.service(hub, service), code=bookings.new_code(hub), action=f"/book/{service}")
    except Gone as fault:
        return _instead(hub, fault)


@router.post("/book/{service}", response_class=RedirectResponse, status_code=303, responses=_BOOKED)
def book(hub: ServedHub, service: ServiceCode, slot: ChosenSlot, code: DrawnCode) -> Response:
    """Book a place and lead to its page."""
    try:
        bookings.book(hub, code, bookings.service(hub, service), _aware(slot))
    except (QueueFault, Gone) as fault:
        return _instead(hub, fault)
    return RedirectResponse(f"/b/{code}", 303)


@router.get("/b/{code}", response_class=HTMLResponse, responses=_REFUSED)
def booking_page(hub: ServedHub, code: Code) -> Response:
    """Return a booking: when, the code and its QR; where the holder has a number, lead to that."""
    try:
        booking = bookings.find(hub, code)
        if booking.ticket:
            return RedirectResponse(f"/q/{booking.ticket}", 303)
        if booking.cancelled_at:
            raise BookingOver("It was cancelled.")
    except (QueueFault, Gone) as fault:
        return _instead(hub, fault)
    known = hub.config.queue.service(booking.service)
    return sheet(
        "booking.html",
        agency=hub.config.agency.name,
        code=code,
        service=(known.vi, known.en) if known else (booking.service, booking.service),
        when=_when(booking.slot_at),
        until=f"{(booking.slot_at.astimezone(VIETNAM) + timedelta(minutes=hub.config.queue.slot_min)):%H:%M}",
        qr=_qr(code),
    )


@router.get("/b/{code}/move", response_class=HTMLResponse)
def move_page(hub: ServedHub, code: Code) -> Response:
    """Return the slots that the booking can be moved to."""
    try:
        booking = bookings.find(hub, code)
        return _slots(hub, bookings.service(hub, booking.service), code=code, action=f"/b/{code}/move")
    except Gone as fault:
        return _instead(hub, fault)


@router.post("/b/{code}/move", response_class=RedirectResponse, status_code=303, responses=_BOOKED)
def move(hub: ServedHub, code: Code, slot: ChosenSlot) -> Response:
    """Move the booking and lead to its page."""
    try:
        bookings.move(hub, code, _aware(slot))
    except (QueueFault, Gone) as fault:
        return _instead(hub, fault)
    return RedirectResponse(f"/b/{code}", 303)


@router.post("/b/{code}/cancel", response_class=HTMLResponse, responses=_REFUSED)
def cancel(hub: ServedHub, code: Code) -> Response:
    """Give the place back."""
    try:
        bookings.cancel(hub, code)
    except (QueueFault, Gone) as fault:
        return _instead(hub, fault)
    words = ("Đã hủy đặt chỗ", "The booking is cancelled")
    return _notice(hub, words, ("Người khác có thể dùng chỗ này.", "Somebody else can have the place."), 200)


@router.get("/q/{ticket}", response_class=HTMLResponse)
def follow_page(hub: ServedHub, ticket: Ulid) -> Response:
    """Return where a number stands; the page asks again by itself."""
    with hub.database.reading() as session:
        row = session.get(QueueTicket, ticket)
        stands = line.standing(hub, session, row) if row else line.Standing()
    if row is None:
        words = ("Số này chưa đến hệ thống", "The hub does not know this number yet")
        more = (
            "Trạm có thể đang mất mạng. Số trên phiếu vẫn có hiệu lực và giữ thứ tự theo giờ lấy số. Hãy xem bảng gọi.",
            "The kiosk may be offline. The number on your ticket holds, by the time it was drawn. Watch the display.",
        )
        return _notice(hub, words, more, 404)
    known = hub.config.queue.service(row.service)
    return sheet(
        "follow_number.html",
        agency=hub.config.agency.name,
        refresh_s=REFRESH_S,
        row=row,
        service=(known.vi, known.en) if known else (row.service, row.service),
        state=tuple(each.format(counter=row.counter) for each in _STATES[row.state]),
        waits=row.state == TicketState.WAITING,
        calls=row.state == TicketState.CALLED,
        before=stands.before,
        wait=_wait(stands, hub.clock.now()),
        slot=_when(row.slot_at) if row.slot_at else "",
        at=f"{hub.clock.now().astimezone(VIETNAM):%H:%M}",
        code=row.id[-bookings.CODE_LETTERS :],
    )


def _wait(stands: line.Standing, now: datetime) -> Words:
    if stands.from_s is None or stands.to_s is None:
        return "chưa rõ", "not known yet"
    return waits.said(stands.from_s, stands.to_s, now)


def _slots(hub: Hub, wanted: QueueServiceConfig, *, code: str, action: str) -> HTMLResponse:
    days = [
        (_day(day), [(slot.at.astimezone(VIETNAM), slot.free) for slot in slots])
        for day, slots in bookings.days(hub, wanted).items()
    ]
    return sheet(
        "slots.html",
        agency=hub.config.agency.name,
        service=(wanted.vi, wanted.en),
        days=days,
        code=code,
        action=action,
    )


def _instead(hub: Hub, fault: QueueFault | Gone) -> HTMLResponse:
    words, more = _SENTENCES[type(fault)]
    return _notice(hub, words, more, 404 if isinstance(fault, Gone) else 409)


def _notice(hub: Hub, words: Words, more: Words, status: int) -> HTMLResponse:
    return sheet("queue_notice.html", status=status, agency=hub.config.agency.name, words=words, more=more)


_WEEKDAYS: tuple[Words, ...] = (
    ("Thứ Hai", "Monday"), ("Thứ Ba", "Tuesday"), ("Thứ Tư", "Wednesday"), ("Thứ Năm", "Thursday"),
    ("Thứ Sáu", "Friday"), ("Thứ Bảy", "Saturday"), ("Chủ nhật", "Sunday"),
)  # fmt: skip


def _day(day: date) -> Words:
    vi, en = _WEEKDAYS[day.weekday()]
    return f"{vi}, {day:%d/%m/%Y}", f"{en}"


def _when(moment: datetime) -> str:
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M}, {_day(local.date())[0]}"


def _aware(slot: datetime) -> datetime:
    return slot if slot.tzinfo else slot.replace(tzinfo=VIETNAM)


def _qr(text: str) -> Markup:
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, border=4, omitsize=True, light="#fff")
    return Markup(out.getvalue().decode())  # noqa: S704  the picture is drawn here from squares, no text stands in it
