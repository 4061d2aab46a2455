"""One-time links: whoever brings the token of one gets the electronic copy, once, within R13's 24 hours.

No phone reaches a kiosk, so the hub gives the copy out: draft and tail are the whole of it. A download that breaks may
be taken up again for a short while after it began; then the link is used up, and scan and tail go with the next sweep.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contract import messages
from contract.ids import sha256_hex
from contract.messages import CertifyRequest, FactEnvelope, LinkFact, RequestEnvelope
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import CopyLink, FactRow, Issue, RegisterRow, RequestRow, RequestState

LONGEST = timedelta(hours=24)
"""From the signature on; the scan is not kept longer (retention)."""
GRACE = timedelta(minutes=15)
"""From the first fetch on, for a download that broke."""
MOST_FETCHES = 30
"""Within the grace; a phone that takes a download up again asks for one range after the other."""
MOST_LINKS = 3
"""Of one copy that kiosks have shown; what carriers drew of it (`draw`) is not counted."""
TOKEN_BYTES = 24
_TOLD = LinkFact.__struct_config__.tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a link leads to; `is_open` says whether it still does, `fetched_at` when it was used first."""

    copy_id: str
    register_label: str
    title: str
    size_bytes: int
    open_until: datetime
    fetched_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An electronic copy, byte for byte as it was issued."""

    copy_id: str
    sha256: str
    content: bytes


def note(session: Session, fact: LinkFact, now: datetime) -> bool:
    """Record the link that a kiosk showed, in the caller's transaction; return whether there is a copy for it."""
    known = session.get(CopyLink, fact.token_sha256)
    if known is not None:
        return known.request == fact.request
    request = session.get(RequestRow, fact.request)
    if request is None or not _was_ordered(request) or _shown(session, fact.request) > MOST_LINKS:
        return False
    assert request.ended_at is not None
    until = min(fact.valid_until, request.ended_at + LONGEST)
    session.add(CopyLink(token_sha256=fact.token_sha256, request=request.id, made_at=now, open_until=until))
    return True


def draw(hub: Hub, request: str) -> str:
    """Make an address for the signed copy of a request, for a letter that can't carry it; return its token."""
    now, token = hub.clock.now(), secrets.token_urlsafe(TOKEN_BYTES)
    with hub.database.writing() as session:
        ended_at = session.get_one(RequestRow, request).ended_at
        assert ended_at is not None
        row = CopyLink(
            token_sha256=sha256_hex(token.encode()), request=request, made_at=now, open_until=ended_at + LONGEST
        )
        session.add(row)
    return token


def forget(hub: Hub, token: str) -> None:
    """Take an address back that nobody was told of."""
    with hub.database.writing() as session:
        session.execute(delete(CopyLink).where(CopyLink.token_sha256 == sha256_hex(token.encode())))


def offer(hub: Hub, token: str) -> Offer | None:
    """Return what a link leads to, or None where nobody here knows it (yet)."""
    with hub.database.reading() as session:
        link = session.get(CopyLink, sha256_hex(token.encode()))
        if link is None:
            return None
        request = session.get_one(RequestRow, link.request)
        issue = session.scalars(select(Issue).where(Issue.request == link.request)).one()
        row = session.get_one(RegisterRow, issue.register_row)
        return Offer(
            copy_id=issue.copy_id,
            register_label=register_label(row),
            title=row.title,
            size_bytes=request.draft_bytes + (issue.tail_bytes or 0),
            open_until=link.open_until,
            fetched_at=link.first_fetch_at,
            is_open=_gives_out(link, request, hub.clock.now()),
        )


def fetch(hub: Hub, token: str) -> Copy | None:
    """Return the copy and count the fetch, the first of which closes the link after GRACE; None where it is closed."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        link = session.get(CopyLink, sha256_hex(token.encode()), with_for_update=True)
        if link is None:
            return None
        request = session.get_one(RequestRow, link.request)
        issue = session.scalars(select(Issue).where(Issue.request == link.request)).one()
        draft, tail = hub.drafts.get(request.draft_sha256), hub.tails.get(issue.tail_sha256 or "-")
        if draft is None or tail is None or not _gives_out(link, request, now):
            return None
        if link.first_fetch_at is None:
            link.first_fetch_at, link.open_until = now, min(link.open_until, now + GRACE)
            audit.append(session, at=now, who="hub", what=audit.Act.COPY_FETCHED, subject=issue.copy_id)
        link.fetches += 1
        assert issue.copy_sha256
        return Copy(copy_id=issue.copy_id, sha256=issue.copy_sha256, content=draft + tail)


def is_open(request: ColumnElement[str] | InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether somebody may still fetch the copy of a request."""
    return exists().where(CopyLink.request == request, CopyLink.open_until > now)


def was_open(session: Session, request: str, at: datetime) -> bool:
    """Return whether a link to the copy of a request was open at a moment, or later."""
    return bool(session.scalar(select(exists().where(CopyLink.request == request, CopyLink.open_until > at))))


def _was_ordered(request: RequestRow) -> bool:
    """Whether a signed electronic copy is still whole here."""
    if request.state != RequestState.CERTIFIED or request.body is None:
        return False
    body = messages.decode(RequestEnvelope, request.body).body
    return isinstance(body, CertifyRequest) and body.electronic


def _shown(session: Session, request: str) -> int:
    """Return how many links kiosks have told of, with the one that is being entered."""
    told = session.scalars(select(FactRow.body).where(FactRow.request == request, FactRow.kind == _TOLD))
    facts = (messages.decode(FactEnvelope, body).body for body in told)
    return len({fact.token_sha256 for fact in facts if isinstance(fact, LinkFact)})


def _gives_out(link: CopyLink, request: RequestRow, now: datetime) -> bool:
    return request.draft_purged_at is None and now < link.open_until and link.fetches < MOST_FETCHES
