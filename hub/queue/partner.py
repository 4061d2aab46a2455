"""What the city's application iHanoi calls: free slots, book, cancel, list (DOMAIN F22, F28).

Its interface for this is not published, so this one is ours: JSON, each call signed as hub.signed_word asks with the
key of [adapters.ihanoi] inbound_key. `booking` is iHanoi's own id and makes a call that is repeated one booking.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from msgspec import Meta

from contract.messages import Message, Moment, ServiceCode
from hub import signed_word
from hub.console.access import ServedHub
from hub.faults import PartnerMalformed, PartnerUnknown, PartnerUnsigned
from hub.queue import bookings, partner_bookings
from hub.queue.partner_bookings import Booked
from hub.rooms import Hub

router = APIRouter(prefix="/ihanoi")

M = TypeVar("M", bound=Message)
BookingId = Annotated[str, Meta(pattern="^[0-9A-Za-z._:-]{8,64}$")]
Account = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]{1,100}$")]


class SlotsWanted(Message, frozen=True, kw_only=True):
    """Ask what can be booked."""


class BookingWanted(Message, frozen=True, kw_only=True):
    """Book a place for whom iHanoi knows as `account`."""

    booking: BookingId
    account: Account
    service: ServiceCode
    slot_at: Moment


class Cancelling(Message, frozen=True, kw_only=True):
    """Give a place back."""

    booking: BookingId
    account: Account


class ListWanted(Message, frozen=True, kw_only=True):
    """Ask for the bookings of an account."""

    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A slot that has places left."""

    at: datetime
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookableService:
    """A service with its free slots by day."""

    code: str
    vi: str
    en: str
    days: dict[date, list[FreeSlot]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookable:
    """What can be booked, today and six days ahead."""

    services: list[BookableService]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookings:
    """What an account has booked."""

    bookings: list[Booked]


def _described(kind: type[Message]) -> dict[str, Any]:
    schema = msgspec.json.schema(kind)["$defs"][kind.__name__]
    return {
        "parameters": [{"in": "header", "name": signed_word.HEADER, "required": True, "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


@router.post("/slots", openapi_extra=_described(SlotsWanted))
async def slots(hub: ServedHub, request: Request) -> Bookable:
    """Return the services that can be booked and their free slots."""
    await _heard(hub, request, SlotsWanted)
    return await run_in_threadpool(_bookable, hub)


@router.post("/bookings", status_code=201, openapi_extra=_described(BookingWanted))
async def book(hub: ServedHub, request: Request) -> Booked:
    """Book a place; 409 where the slot is full or the id stands for another booking."""
    told = await _heard(hub, request, BookingWanted)
    return await run_in_threadpool(partner_bookings.book, hub, told.booking, told.account, told.service, told.slot_at)


@router.post("/bookings/cancel", openapi_extra=_described(Cancelling))
async def cancel(hub: ServedHub, request: Request) -> Booked:
    """Give a place back; 409 where its holder has a number already."""
    told = await _heard(hub, request, Cancelling)
    return await run_in_threadpool(partner_bookings.cancel, hub, told.booking, told.account)


@router.post("/bookings/list", openapi_extra=_described(ListWanted))
async def of_account(hub: ServedHub, request: Request) -> Bookings:
    """Return the bookings of an account."""
    told = await _heard(hub, request, ListWanted)
    return Bookings(bookings=await run_in_threadpool(partner_bookings.of_account, hub, told.account))


async def _heard(hub: Hub, request: Request, kind: type[M]) -> M:
    """Return iHanoi's word; raise PartnerUnknown, PartnerUnsigned or PartnerMalformed."""
    config = hub.config.adapters.ihanoi
    if config is None:
        raise PartnerUnknown("The hub has no [adapters.ihanoi] in hub.toml.")
    try:
        body = await signed_word.received(request)
        signed_word.check(config.key(), request.headers.get(signed_word.HEADER, ""), body, hub.clock.now())
        return msgspec.json.decode(body, type=kind)
    except (signed_word.Unsigned, signed_word.Stale) as fault:
        raise PartnerUnsigned(f"The call is not taken: {fault}.") from fault
    except (signed_word.TooLong, msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise PartnerMalformed(f"The call can't be read: {fault}.") from fault


def _bookable(hub: Hub) -> Bookable:
    return Bookable(
        services=[
            BookableService(code=each.code, vi=each.vi, en=each.en, days=_free(bookings.days(hub, each)))
            for each in bookings.services(hub)
        ]
    )


def _free(days: dict[date, list[bookings.Slot]]) -> dict[date, list[FreeSlot]]:
    return {day: [FreeSlot(at=each.at, free=each.free) for each in slots if each.free] for day, slots in days.items()}
