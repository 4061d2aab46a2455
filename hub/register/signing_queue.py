"""From an allotted number to a signed copy: takes issues that wait, also after a restart, and never loses one.

Nothing is signed that has no recorded approval (R1), and nothing while the officer who approved has not opened his key.
A signature that can't be made leaves the issue allotted, with the fault written beside it, and is tried again with
growing pauses.

Several hubs may sign: each leases an issue before it signs (on PostgreSQL with SKIP LOCKED, so that none waits for
another), and a lease that runs out is taken over. A hub leases only what an officer's key is open for *in its own
memory*; what an officer decided whose key was open in a hub that died waits until he opens it again, anywhere.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from contract.seal_faults import SealError
from hub import draft_pdf
from hub.config import AgencyConfig
from hub.delivery import deliveries
from hub.faults import ClockFault
from hub.fingerprint import Marker, pack
from hub.register import certificates, clock_guard, upgrades
from hub.rooms import Hub
from hub.signing.faults import DraftUnreadable, SigningFault
from hub.signing.signers import Signer
from hub.signing.values import Attestation, SignedCopy
from hub.store import audit
from hub.store.tables import (
    DecisionRow,
    FingerprintRow,
    Issue,
    IssueState,
    PendingReply,
    RegisterRow,
    RequestRow,
    RequestState,
    Verdict,
)

LOOK_AGAIN_S = 2.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0


class CopyCertifier(Protocol):
    """Appends statement, seal and signatures to a draft."""

    def certify(self, draft: bytes, attestation: Attestation, signer: Signer) -> SignedCopy:
        """Return the appended bytes; raise SigningFault or SealError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    draft_sha256: str
    request: str
    attestation: Attestation
    signer: Signer


class SigningQueue:
    """Signs what is allotted, oldest first, one at a time."""

    def __init__(self, hub: Hub, certifier: CopyCertifier) -> None:
        self._hub = hub
        self._certifier = certifier
        self._not_before: dict[str, float] = {}
        self._name = new_ulid(hub.clock.now())
        self._lease = timedelta(seconds=hub.config.signing_lease_s)
        self._passed_s = hub.clock.monotonic()

    @property
    def silent_s(self) -> float:
        """So long ago the queue last came back from its work, or from looking for some."""
        return self._hub.clock.monotonic() - self._passed_s

    async def run(self) -> None:
        """Sign for ever; woken by the hub's bell, and every two seconds to see what others left."""
        while True:
            more = True
            while more:
                more = await asyncio.to_thread(self.sign_next)
                self._passed_s = self._hub.clock.monotonic()
            await self._hub.to_sign.wait(LOOK_AGAIN_S)

    def sign_next(self) -> bool:
        """Sign the oldest issue that is due; return whether there was one (signed or failed)."""
        task = self._oldest_due()
        if task is None:
            return False
        try:
            signed = self._certify(task)
        except (SigningFault, SealError, ClockFault) as fault:
            self._put_off(task, fault)
        else:
            self._keep(task, signed)
            self._hub.to_send.ring()
        return True

    def _oldest_due(self) -> _Task | None:
        with self._hub.database.reading() as session:
            if self._first(session, self._free()) is None:
                return None
        with self._hub.database.noting() as session:
            found = self._first(session, self._free().with_for_update(of=Issue, skip_locked=True))
            if found is None:
                return None
            issue, signer = found
            issue.claimed_by, issue.claimed_until = self._name, self._hub.clock.now() + self._lease
            return _task(session, issue, signer, self._hub)

    def _free(self) -> Select[Issue, str]:
        unclaimed = or_(Issue.claimed_until.is_(None), Issue.claimed_until <= self._hub.clock.now())
        mine = Issue.claimed_by == self._name
        return (
            select(Issue, DecisionRow.officer)
            .join(DecisionRow, DecisionRow.request == Issue.request)
            .where(Issue.state == IssueState.ALLOTTED, DecisionRow.verdict == Verdict.APPROVE, or_(unclaimed, mine))
            .order_by(Issue.copy_id)
        )

    def _first(self, session: Session, free: Select[Issue, str]) -> tuple[Issue, Signer] | None:
        for issue, officer in session.execute(free):
            signer = self._hub.open_keys.of(officer)
            if signer is not None and self._is_due(issue.copy_id):
                return issue, signer
        return None

    def _is_due(self, copy_id: str) -> bool:
        not_before = self._not_before.get(copy_id)
        return not_before is None or self._hub.clock.monotonic() >= not_before

    def _certify(self, task: _Task) -> SignedCopy:
        with self._hub.database.reading() as session:
            clock_guard.require_true_time(self._hub, session)
        draft = self._hub.drafts.get(task.draft_sha256)
        if draft is None:
            raise DraftUnreadable(f"The draft {task.draft_sha256} is no longer at the hub")
        return self._certifier.certify(draft, task.attestation, task.signer)

    def _keep(self, task: _Task, signed: SignedCopy) -> None:
        tail_sha256 = self._hub.tails.put(signed.tail)
        packed = self._fingerprint(task, signed)
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            issue = session.get_one(Issue, task.attestation.copy_id, with_for_update=True)
            if issue.state == IssueState.SIGNED:
                if issue.tail_sha256 != tail_sha256:
                    self._hub.tails.delete(tail_sha256)
                return
            _fill_in(issue, signed, tail_sha256)
            if packed:
                session.add(FingerprintRow(copy_id=issue.copy_id, words=packed))
            certificates.keep_signers(session, signed, task.attestation.certifier_name, now)
            request = session.get_one(RequestRow, issue.request)
            request.state, request.ended_at = RequestState.CERTIFIED, now
            session.add(PendingReply(request=request.id, created_at=now))
            _note(session, audit.Act.SIGNED, issue.copy_id, now)
            deliveries.want(session, self._hub, issue, request, now)
            if signed.lacks:
                upgrades.want(session, issue.copy_id, signed.lacks, now)
        self._not_before.pop(issue.copy_id, None)

    def _fingerprint(self, task: _Task, signed: SignedCopy) -> bytes:
        """Return what stays of the copy's words; one whose text can't be got is good without."""
        draft = self._hub.drafts.get(task.draft_sha256)
        if draft is None:
            return b""
        marker = Marker(signed.verify_url.rsplit("/", 1)[-1])
        try:
            return pack(draft_pdf.words(draft + signed.tail), marker)
        except draft_pdf.Unreadable:
            return b""

    def _put_off(self, task: _Task, fault: Exception) -> None:
        copy_id = task.attestation.copy_id
        with self._hub.database.writing() as session:
            issue = session.get_one(Issue, copy_id, with_for_update=True)
            if issue.state == IssueState.SIGNED:
                return  # another hub could
            if issue.last_fault != str(fault):
                _note(session, audit.Act.SIGNING_FAILED, f"{copy_id} {type(fault).__name__}", self._hub.clock.now())
            issue.failures, issue.last_fault = issue.failures + 1, str(fault)
            issue.claimed_by = issue.claimed_until = None
        pause_s = min(FIRST_PAUSE_S * 2 ** min(issue.failures - 1, 10), LONGEST_PAUSE_S)
        self._not_before[copy_id] = self._hub.clock.monotonic() + pause_s


def _task(session: Session, issue: Issue, signer: Signer, hub: Hub) -> _Task:
    row = session.get_one(RegisterRow, issue.register_row)
    return _Task(
        draft_sha256=session.get_one(RequestRow, issue.request).draft_sha256,
        request=issue.request,
        attestation=attestation(issue, row, hub.config.agency, hub.config.verify_base_url),
        signer=signer,
    )


def attestation(issue: Issue, row: RegisterRow, agency: AgencyConfig, verify_base_url: str) -> Attestation:
    """Return what statement and seal of an issue say, from the register alone: the same before and after a restart."""
    return Attestation(
        copy_id=issue.copy_id,
        cert_no=row.number,
        book_no=row.book_no,
        year=row.year,
        book_code=row.book_code,
        agency_name=agency.name,
        agency_code=row.agency,
        certifier_name=row.signer_name,
        certifier_title=row.signer_title,
        requester_name=row.requester_name,
        kind=issue.document_kind,
        title=row.title,
        pages_of_original=issue.pages_of_original,
        issued_at=issue.issued_at,
        log_index=issue.log_index,
        legal_note=issue.legal_note,
        verify_base_url=verify_base_url,
    )


def _fill_in(issue: Issue, signed: SignedCopy, tail_sha256: str) -> None:
    issue.state, issue.last_fault = IssueState.SIGNED, ""
    issue.claimed_by = issue.claimed_until = None
    issue.tail_sha256, issue.tail_bytes = tail_sha256, len(signed.tail)
    issue.copy_sha256, issue.copy_pages = signed.copy_sha256, signed.copy_pages
    issue.certifier_certificate = certificates.fingerprint(signed.certifier_certificate)
    issue.agency_certificate = certificates.fingerprint(signed.agency_certificate)
    issue.level, issue.signed_at, issue.verify_url = signed.level, signed.signed_at, signed.verify_url


def _note(session: Session, act: audit.Act, subject: str, now: datetime) -> None:
    audit.append(session, at=now, who="hub", what=act, subject=subject)
