"""Delivers what is due, by each carrier in its own loop, so that one that is slow holds up no other.

A delivery is marked before it goes out. One whose hub died in between is tried again only where the carrier's other
side knows it by its id; else nobody knows whether it went, and a person is told so.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contract.destinations import Channel, Destination
from hub.adapters.pauses import pause_after
from hub.delivery import deliveries
from hub.delivery.carrier import Carrier, Delivered, Later, Outcome, Parcel, Refused, Unknown
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store.tables import Delivery, DeliveryState, Issue, RegisterRow, RequestRow

LOOK_EVERY_S = 5.0
LONGEST_TRY_S = 120.0
LEASE = timedelta(minutes=5)
"""So long another hub leaves a delivery to the one that is at it; longer than the longest try."""


class DeliveryWorker:
    """Takes each copy to its carrier, those due first."""

    def __init__(self, hub: Hub, carriers: Sequence[Carrier]) -> None:
        self._hub, self._carriers = hub, carriers
        for each in carriers:
            hub.sources.enter(each.channel, each.name)

    async def run(self) -> NoReturn:
        """Deliver for ever."""
        async with asyncio.TaskGroup() as group:
            for each in self._carriers:
                group.create_task(self._run(each))
        raise AssertionError("the loops have no end")

    async def deliver_all(self, carrier: Carrier) -> None:
        """Deliver what is due, until nothing is or the service rests after a fault."""
        while not self._hub.sources.rests(carrier.channel, carrier.name) and await self._deliver_next(carrier):
            pass

    async def _run(self, carrier: Carrier) -> NoReturn:
        while True:
            await self.deliver_all(carrier)
            await self._hub.clock.sleep(LOOK_EVERY_S)

    async def _deliver_next(self, carrier: Carrier) -> bool:
        await asyncio.to_thread(self._settle_forgotten, carrier)
        parcel = await asyncio.to_thread(self._claimed, carrier)
        if parcel is None:
            return False
        await asyncio.to_thread(self._settle, carrier, parcel.delivery, await _tried(carrier, parcel))
        return True

    def _settle_forgotten(self, carrier: Carrier) -> None:
        """Say of what was at this carrier when a hub died what is known of it."""
        now = self._hub.clock.now()
        forgotten = _in(carrier.channel, DeliveryState.TRYING, now)
        with self._hub.database.reading() as session:
            if session.scalars(forgotten).first() is None:
                return
        with self._hub.database.writing() as session:
            for row in session.scalars(forgotten.with_for_update(skip_locked=True)):
                if carrier.repeats_safely:
                    row.state = DeliveryState.WAITING
                else:
                    deliveries.end(session, row, DeliveryState.UNKNOWN, now, fault="the hub stopped while it was sent")

    def _claimed(self, carrier: Carrier) -> Parcel | None:
        now = self._hub.clock.now()
        waiting = _in(carrier.channel, DeliveryState.WAITING, now).where(Delivery.keep_until > now)
        with self._hub.database.reading() as session:
            if session.scalars(waiting.limit(1)).first() is None:
                return None
        with self._hub.database.writing() as session:
            for row in session.scalars(waiting.with_for_update(skip_locked=True)):
                parcel = parcel_of(session, self._hub, row)
                if parcel is not None:
                    row.state, row.next_at, row.tries = DeliveryState.TRYING, now + LEASE, row.tries + 1
                    return parcel
                deliveries.end(session, row, DeliveryState.EXPIRED, now, fault="the copy is no longer here")
        return None

    def _settle(self, carrier: Carrier, delivery: str, outcome: Outcome) -> None:
        now, sources = self._hub.clock.now(), self._hub.sources
        if isinstance(outcome, Later) and outcome.is_down:
            sources.failed(carrier.channel, carrier.name, outcome.why)
        elif not isinstance(outcome, Unknown):
            sources.answered(carrier.channel, carrier.name)
        with self._hub.database.writing() as session:
            row = session.get_one(Delivery, delivery, with_for_update=True)
            match outcome:
                case Delivered(receipt=receipt):
                    deliveries.end(session, row, DeliveryState.DELIVERED, now, receipt=receipt)
                case Refused(why=why):
                    deliveries.end(session, row, DeliveryState.REFUSED, now, fault=why)
                case Unknown(why=why):
                    deliveries.end(session, row, DeliveryState.UNKNOWN, now, fault=why)
                case Later(why=why):
                    row.state, row.next_at = DeliveryState.WAITING, now + pause_after(row.tries)
                    row.last_fault = why


def parcel_of(session: Session, hub: Hub, row: Delivery) -> Parcel | None:
    """Return what is delivered; None where the copy is gone."""
    issue = session.get_one(Issue, row.copy_id)
    request = session.get_one(RequestRow, issue.request)
    register = session.get_one(RegisterRow, issue.register_row)
    draft, tail = hub.drafts.get(request.draft_sha256), hub.tails.get(issue.tail_sha256 or "-")
    if draft is None or tail is None or not row.address:
        return None
    assert issue.signed_at and issue.verify_url
    return Parcel(
        delivery=row.id,
        request=request.id,
        copy_id=issue.copy_id,
        destination=msgspec.json.decode(row.address, type=Destination),
        content=draft + tail,
        register_label=register_label(register),
        title=register.title,
        signer=register.signer_name,
        signer_title=register.signer_title,
        signed_at=issue.signed_at,
        verify_url=issue.verify_url,
        keep_until=row.keep_until,
    )


async def _tried(carrier: Carrier, parcel: Parcel) -> Outcome:
    try:
        async with asyncio.timeout(LONGEST_TRY_S):
            return await carrier.deliver(parcel)
    except TimeoutError:
        why = f"no end within {LONGEST_TRY_S:g} s"
        return Later(why=why) if carrier.repeats_safely else Unknown(why=why)


def _in(channel: Channel, state: DeliveryState, due: datetime) -> Select[Delivery]:
    """Select what stands at a state and is due, the oldest first."""
    there = select(Delivery).where(Delivery.channel == channel, Delivery.state == state, Delivery.next_at <= due)
    return there.order_by(Delivery.next_at, Delivery.id)
