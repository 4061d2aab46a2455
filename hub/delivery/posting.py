"""The counter that posts paper copies, and sees to whatever did not arrive.

A letter's copies are printed from the signed file and put into their envelope: from then on the scan is not needed for
it. It is done with once it is posted, under a tracking number. What can't be delivered any more a person settles with a
word on what became of it, and of the postage.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.destinations import Channel, Destination, PostTo
from hub.delivery.deliveries import FAILED
from hub.delivery.worker import parcel_of
from hub.faults import DeliveryElsewhere, ImagesPurged, UnknownThing
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Delivery, DeliveryState, Issue, RegisterRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A delivery as the counter sees it; `to` is None where the destination is forgotten or not needed there."""

    row: Delivery
    label: str
    title: str
    to: PostTo | None


def letters(session: Session) -> list[Item]:
    """Return what is to be printed or posted, oldest first."""
    waits = Delivery.state.in_((DeliveryState.WAITING, DeliveryState.PRINTED))
    rows = session.scalars(select(Delivery).where(Delivery.channel == Channel.POST, waits).order_by(Delivery.id))
    return [_item(session, row) for row in rows]


def troubled(session: Session) -> list[Item]:
    """Return what did not arrive by whatever way and nobody has seen to, oldest first."""
    open_ = select(Delivery).where(Delivery.state.in_(FAILED), Delivery.settled_by.is_(None))
    return [_item(session, row) for row in session.scalars(open_.order_by(Delivery.id))]


def letter(session: Session, delivery: str) -> Item:
    """Return one that is to be printed or posted; raise UnknownThing or DeliveryElsewhere."""
    row = _found(session, delivery)
    if row.channel != Channel.POST or row.state not in (DeliveryState.WAITING, DeliveryState.PRINTED):
        raise DeliveryElsewhere(f"The delivery {row.id} is no letter that waits.")
    return _item(session, row)


def copy_of(hub: Hub, login: str, delivery: str) -> bytes:
    """Return the signed copy that a letter brings; that somebody had it is in the audit trail.

    Raise UnknownThing, DeliveryElsewhere or ImagesPurged.
    """
    with hub.database.writing() as session:
        row = letter(session, delivery).row
        parcel = parcel_of(session, hub, row)
        if parcel is None:
            raise ImagesPurged("The copy is no longer here; it may be kept only until the envelope is filled.")
        audit.append(session, at=hub.clock.now(), who=login, what=audit.Act.LETTER_READ, subject=row.copy_id)
    return parcel.content


def fill(hub: Hub, login: str, delivery: str) -> None:
    """Note that the copies lie in their envelope; raise UnknownThing or DeliveryElsewhere."""
    with hub.database.writing() as session:
        row = _at(session, delivery, DeliveryState.WAITING)
        row.state = DeliveryState.PRINTED
        _note(session, hub.clock.now(), login, audit.Act.LETTER_FILLED, row)


def post(hub: Hub, login: str, delivery: str, tracking: str) -> None:
    """Note that the post has the envelope; the address is forgotten. Raise UnknownThing or DeliveryElsewhere."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = _at(session, delivery, DeliveryState.PRINTED)
        row.state, row.ended_at, row.receipt, row.address = DeliveryState.DELIVERED, now, tracking, b""
        _note(session, now, login, audit.Act.COPY_DELIVERED, row)


def send_again(hub: Hub, login: str, delivery: str) -> None:
    """Send once more what a person knows not to have arrived; raise UnknownThing or DeliveryElsewhere."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = _found(session, delivery)
        if not may_be_sent_again(row, now):
            raise DeliveryElsewhere(f"The delivery {row.id} can't be sent again.")
        row.state, row.next_at, row.ended_at = DeliveryState.WAITING, now, None
        _note(session, now, login, audit.Act.DELIVERY_SENT_AGAIN, row)


def may_be_sent_again(row: Delivery, now: datetime) -> bool:
    """Return whether a delivery failed, is not settled, and copy and destination are still here."""
    is_open = row.state in FAILED and row.settled_by is None
    return is_open and row.channel != Channel.POST and bool(row.address) and now < row.keep_until


def settle(hub: Hub, login: str, delivery: str, word: str) -> None:
    """Note what a person has done about what did not arrive, or a letter that can't be sent; its address goes.

    Raise UnknownThing or DeliveryElsewhere.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = _found(session, delivery)
        is_letter = row.channel == Channel.POST and row.state in (DeliveryState.WAITING, DeliveryState.PRINTED)
        if row.settled_by is not None or not (is_letter or row.state in FAILED):
            raise DeliveryElsewhere(f"The delivery {row.id} needs no word.")
        if is_letter:
            row.state, row.ended_at = DeliveryState.REFUSED, now
        row.settled_by, row.settled_at, row.word, row.address = login, now, word, b""
        subject = f"{row.copy_id} {row.channel} {row.paid_vnd}"
        audit.append(session, at=now, who=login, what=audit.Act.DELIVERY_SETTLED, subject=subject)


def _item(session: Session, row: Delivery) -> Item:
    issue = session.get_one(Issue, row.copy_id)
    register = session.get_one(RegisterRow, issue.register_row)
    to = msgspec.json.decode(row.address, type=Destination) if row.address else None
    return Item(
        row=row,
        label=register_label(register),
        title=register.title,
        to=to if isinstance(to, PostTo) else None,
    )


def _found(session: Session, delivery: str) -> Delivery:
    row = session.get(Delivery, delivery, with_for_update=True)
    if row is None:
        raise UnknownThing(f"There is no delivery {delivery[:40]}.")
    return row


def _at(session: Session, delivery: str, state: DeliveryState) -> Delivery:
    row = _found(session, delivery)
    if row.channel != Channel.POST or row.state != state:
        raise DeliveryElsewhere(f"The delivery {row.id} is not at this point.")
    return row


def _note(session: Session, now: datetime, login: str, act: audit.Act, row: Delivery) -> None:
    audit.append(session, at=now, who=login, what=act, subject=f"{row.copy_id} {row.channel}")
