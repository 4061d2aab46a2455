"""The list of what is to be delivered: written with the signature, each copy once by each way.

Scan and tail stay for an open delivery until `keep_until`: the 24 hours of R13, by post the working days that a counter
needs, two at most. A person fills the envelope, and over Tết nobody does: were the scan destroyed after 24 hours, each
letter of a holiday's eve would fail though its citizen has paid. The kiosk says so where the post is chosen. The
destination is forgotten once the copy has arrived or can't any more; that of a letter, once somebody has seen to it.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contract import messages
from contract.destinations import ACCOUNTS, Channel, Destination, channel_of
from contract.ids import new_ulid, sha256_hex
from contract.messages import CertifyRequest, IdentityCheck, IdentityResult, RequestEnvelope
from hub.config import HubConfig
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Delivery, DeliveryState, Issue, RequestRow

LONGEST = timedelta(hours=24)
OPEN = (DeliveryState.WAITING, DeliveryState.TRYING)
"""The copy itself is still needed."""
FAILED = (DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)
"""A person must look, unless somebody has (`settled_by`)."""
_NOT_PROVEN = "The chip of the citizen's card has not proven whose account it is"
_LOOKS_LIKE = str.maketrans("OIL", "011")
_NOT_HERE = "This hub is not configured for this way; see hub.toml"


def want(session: Session, hub: Hub, issue: Issue, request: RequestRow, now: datetime) -> None:
    """Enter what the request of a copy that is being signed asks for, in the caller's transaction."""
    if request.body is None:
        return
    body = messages.decode(RequestEnvelope, request.body).body
    assert isinstance(body, CertifyRequest)
    for destination in body.deliver_to:
        session.add(_wanted(hub, issue, body, destination, now))


def _wanted(hub: Hub, issue: Issue, body: CertifyRequest, destination: Destination, now: datetime) -> Delivery:
    channel = channel_of(destination)
    why_not, is_posted = _why_not(hub, body, channel), channel is Channel.POST
    return Delivery(
        id=new_ulid(now),
        copy_id=issue.copy_id,
        channel=channel,
        address=b"" if why_not else msgspec.json.encode(destination),
        state=DeliveryState.REFUSED if why_not else DeliveryState.WAITING,
        last_fault=why_not,
        made_at=now,
        keep_until=_keep_until(hub, channel, now),
        next_at=now,
        ended_at=now if why_not else None,
        code_sha256=body.follow_sha256,
        copies=body.copies if is_posted else 0,
        paid_vnd=body.quote.postage_vnd - body.quote.postage_support_vnd if is_posted else 0,
    )


def _why_not(hub: Hub, body: CertifyRequest, channel: Channel) -> str:
    if channel not in channels(hub.config):
        return _NOT_HERE
    return _NOT_PROVEN if channel in ACCOUNTS and not _is_proven(body.identity) else ""


def _is_proven(check: IdentityCheck | None) -> bool:
    """Whether the person at the kiosk is whom the chip of their card names."""
    return check is not None and check.result is IdentityResult.MATCH and check.card_verified


def channels(config: HubConfig) -> frozenset[Channel]:
    """Return the ways by which this hub can deliver."""
    there = {
        Channel.MAIL: config.mail is not None,
        Channel.POST: config.post is not None,
        Channel.PORTAL: config.adapters.portal is not None,
        Channel.IHANOI: config.adapters.ihanoi is not None,
    }
    return frozenset(channel for channel, is_there in there.items() if is_there)


def keeps(request: ColumnElement[str] | InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether the copy of a request is still needed to be delivered, or sent again where a person finds it lost."""
    return exists().where(
        Issue.request == request,
        Delivery.copy_id == Issue.copy_id,
        or_(Delivery.state.in_(OPEN), _may_go_again(now)),
        Delivery.keep_until > now,
    )


def _may_go_again(at: datetime) -> ColumnElement[bool]:
    """Whether somebody could still send it once more: it went out, failed, and nobody had seen to it at a moment."""
    unsettled = or_(Delivery.settled_at.is_(None), Delivery.settled_at > at)
    return and_(Delivery.state.in_(FAILED), Delivery.tries > 0, Delivery.channel != Channel.POST, unsettled)


def is_filled(request: object) -> ColumnElement[bool]:
    """Whether the envelope with a request's copies is filled: then nobody comes to the kiosk for them."""
    return exists().where(
        Issue.request == request,
        Delivery.copy_id == Issue.copy_id,
        Delivery.channel == Channel.POST,
        Delivery.state.in_((DeliveryState.PRINTED, DeliveryState.DELIVERED)),
    )


def was_kept(session: Session, request: str, at: datetime) -> bool:
    """Return whether the copy of a request was needed at a moment to be delivered."""
    open_then = or_(Delivery.ended_at.is_(None), Delivery.ended_at >= at, _may_go_again(at))
    needed = exists().where(
        Issue.request == request, Delivery.copy_id == Issue.copy_id, open_then, Delivery.keep_until > at
    )
    return bool(session.scalar(select(needed)))


def give_up(hub: Hub, now: datetime) -> None:
    """End what can't be delivered any more, because its copy may not be kept longer."""
    over = and_(Delivery.state.in_(OPEN), Delivery.keep_until <= now)
    stale = and_(
        Delivery.state.in_((*FAILED, DeliveryState.DELIVERED)),
        Delivery.keep_until <= now,
        Delivery.address != b"",
        or_(Delivery.channel != Channel.POST, Delivery.settled_by.is_not(None)),
    )
    with hub.database.reading() as session:
        if session.scalar(select(Delivery.id).where(or_(over, stale)).limit(1)) is None:
            return
    with hub.database.writing() as session:
        for row in session.scalars(select(Delivery).where(over).with_for_update()):
            end(session, row, DeliveryState.EXPIRED, now, fault=row.last_fault)
        for row in session.scalars(select(Delivery).where(stale).with_for_update()):
            row.address = b""


def end(
    session: Session, row: Delivery, state: DeliveryState, now: datetime, *, receipt: str = "", fault: str = ""
) -> None:
    """Bring a delivery to its end, in the caller's transaction."""
    row.state, row.ended_at, row.receipt, row.last_fault = state, now, receipt, fault
    if state == DeliveryState.DELIVERED:
        row.address = b""
    audit.append(session, at=now, who="hub", what=_ACTS[state], subject=f"{row.copy_id} {row.channel}")


_ACTS = {
    DeliveryState.DELIVERED: audit.Act.COPY_DELIVERED,
    DeliveryState.REFUSED: audit.Act.DELIVERY_FAILED,
    DeliveryState.UNKNOWN: audit.Act.DELIVERY_FAILED,
    DeliveryState.EXPIRED: audit.Act.DELIVERY_FAILED,
}


def counted(session: Session) -> dict[tuple[str, str], int]:
    """Return how many deliveries stand where, by channel and state; what a person has settled is not counted."""
    kinds = (Delivery.channel, Delivery.state)
    unsettled = or_(Delivery.state.not_in(FAILED), Delivery.settled_by.is_(None))
    rows = session.execute(select(*kinds, func.count()).where(unsettled).group_by(*kinds))
    return {(channel, state): count for channel, state, count in rows}


def follow(hub: Hub, typed: str) -> list[Delivery]:
    """Return how the copies stand whose receipt's code somebody typed, oldest first; none where there is none (yet)."""
    bare = "".join(filter(str.isalnum, typed.upper())).translate(_LOOKS_LIKE)
    code = sha256_hex(f"{bare[:4]}-{bare[4:]}".encode())
    with hub.database.reading() as session:
        rows = select(Delivery).where(Delivery.code_sha256 == code).order_by(Delivery.id)
        return list(session.scalars(rows))


def _keep_until(hub: Hub, channel: Channel, now: datetime) -> datetime:
    return hub.calendar.promised_at(now + LONGEST) if channel is Channel.POST else now + LONGEST
