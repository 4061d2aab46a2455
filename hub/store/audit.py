"""The audit trail: append-only rows, each chained to the one before by SHA-256. Ids only, no personal data."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.store import counters
from hub.store.tables import AuditRow

GENESIS = bytes(32)


class Act(StrEnum):
    """What is recorded."""

    RECEIVED = "RECEIVED"
    DRAFT_WHOLE = "DRAFT_WHOLE"
    DRAFT_DISCARDED = "DRAFT_DISCARDED"
    REJECTED = "REJECTED"
    LOGGED_IN = "LOGGED_IN"
    LOGIN_FAILED = "LOGIN_FAILED"
    LOCKED_OUT = "LOCKED_OUT"
    SECOND_FACTOR_SET = "SECOND_FACTOR_SET"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    UNLOCKED = "UNLOCKED"
    AUDIT_READ = "AUDIT_READ"
    LOGGED_OUT = "LOGGED_OUT"
    PIN_CHOSEN = "PIN_CHOSEN"
    PIN_WRONG = "PIN_WRONG"
    KEY_OPENED = "KEY_OPENED"
    KEY_CLOSED = "KEY_CLOSED"
    PAPER_OPENED = "PAPER_OPENED"
    PAGE_SEEN = "PAGE_SEEN"
    REGISTER_READ = "REGISTER_READ"
    COPY_READ = "COPY_READ"
    MONTH_PRINTED = "MONTH_PRINTED"
    YEAR_CLOSED = "YEAR_CLOSED"
    SAMPLE_DRAWN = "SAMPLE_DRAWN"
    POST_CHECKED = "POST_CHECKED"
    HANDED_ON = "HANDED_ON"
    HELD = "HELD"
    TAKEN_BACK = "TAKEN_BACK"
    RETURNED_TO_QUEUE = "RETURNED_TO_QUEUE"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    RESCAN_ASKED = "RESCAN_ASKED"
    NUMBER_ALLOTTED = "NUMBER_ALLOTTED"
    NUMBERS_PASSED_OVER = "NUMBERS_PASSED_OVER"
    SIGNED = "SIGNED"
    SIGNING_FAILED = "SIGNING_FAILED"
    SIGNED_BELOW_LTA = "SIGNED_BELOW_LTA"
    UPGRADE_FAILED = "UPGRADE_FAILED"
    UPGRADE_REVOKED = "UPGRADE_REVOKED"
    UPGRADE_LEFT_TO_HOLDER = "UPGRADE_LEFT_TO_HOLDER"
    COPY_EXTENDED = "COPY_EXTENDED"
    FEEDBACK_READ = "FEEDBACK_READ"
    FEEDBACK_ANSWERED = "FEEDBACK_ANSWERED"
    FEEDBACK_FORGOTTEN = "FEEDBACK_FORGOTTEN"
    COPY_FETCHED = "COPY_FETCHED"
    COPY_DELIVERED = "COPY_DELIVERED"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    DELIVERY_SETTLED = "DELIVERY_SETTLED"
    DELIVERY_SENT_AGAIN = "DELIVERY_SENT_AGAIN"
    LETTER_READ = "LETTER_READ"
    LETTER_FILLED = "LETTER_FILLED"
    KEY_ROTATED = "KEY_ROTATED"
    KEY_DESTROYED = "KEY_DESTROYED"
    ANNULLED = "ANNULLED"
    FACT_RECORDED = "FACT_RECORDED"
    DRAFT_PURGED = "DRAFT_PURGED"
    EVIDENCE_STORED = "EVIDENCE_STORED"
    EVIDENCE_PURGED = "EVIDENCE_PURGED"
    IDENTITY_SEEN = "IDENTITY_SEEN"
    IDENTITY_JUDGED = "IDENTITY_JUDGED"
    POPULATION_ASKED = "POPULATION_ASKED"
    TAIL_PURGED = "TAIL_PURGED"
    PURGE_PROVEN = "PURGE_PROVEN"
    EXPIRED = "EXPIRED"
    CASH_CLOSED = "CASH_CLOSED"
    MONEY_SETTLED_BY_HAND = "MONEY_SETTLED_BY_HAND"
    VOUCHER_PAID = "VOUCHER_PAID"
    TRANSFER_HEARD = "TRANSFER_HEARD"
    TRANSFER_TAKEN = "TRANSFER_TAKEN"
    TRANSFER_TO_REFUND = "TRANSFER_TO_REFUND"
    TRANSFER_REFUNDED = "TRANSFER_REFUNDED"
    KIOSK_ENROLLED = "KIOSK_ENROLLED"
    KIOSK_REVOKED = "KIOSK_REVOKED"
    KIOSK_CHANGED = "KIOSK_CHANGED"
    KIOSK_QUARANTINED = "KIOSK_QUARANTINED"
    KIOSK_RELEASED = "KIOSK_RELEASED"
    ENROLMENT_CODE_MADE = "ENROLMENT_CODE_MADE"
    DEVICE_ENROLLED = "DEVICE_ENROLLED"
    CERTIFICATE_RENEWED = "CERTIFICATE_RENEWED"
    DOCUMENT_FILED = "DOCUMENT_FILED"
    DOCUMENT_SEEN = "DOCUMENT_SEEN"
    DOCUMENT_ACCEPTED = "DOCUMENT_ACCEPTED"
    DOCUMENT_SENT_BACK = "DOCUMENT_SENT_BACK"
    DOCUMENT_SIGNED = "DOCUMENT_SIGNED"
    DOCUMENT_CHANGED = "DOCUMENT_CHANGED"
    DOCUMENT_READ = "DOCUMENT_READ"
    DOSSIER_SEEN = "DOSSIER_SEEN"
    DOSSIER_REUSED = "DOSSIER_REUSED"
    DOSSIER_HANDED_ON = "DOSSIER_HANDED_ON"
    JOB_ASKED = "JOB_ASKED"
    JOB_ENDED = "JOB_ENDED"
    ROLLOUT_STARTED = "ROLLOUT_STARTED"
    ROLLOUT_STOPPED = "ROLLOUT_STOPPED"
    ROLLOUT_PAUSED = "ROLLOUT_PAUSED"
    ROLLOUT_RESUMED = "ROLLOUT_RESUMED"
    LOGS_STORED = "LOGS_STORED"
    LOGS_READ = "LOGS_READ"
    ALERT_ACKNOWLEDGED = "ALERT_ACKNOWLEDGED"
    OFFICER_ENTERED = "OFFICER_ENTERED"
    OFFICER_CHANGED = "OFFICER_CHANGED"
    OFFICER_REMOVED = "OFFICER_REMOVED"


def append(session: Session, *, at: datetime, who: str, what: Act, subject: str) -> None:
    """Add a row to the trail in the caller's transaction.

    `who` is a login, a kiosk's id or the hub; `subject` the ids of what it was done to.
    """
    seq = counters.take(session, "audit", first=1)
    previous = session.get(AuditRow, seq - 1)
    row = AuditRow(seq=seq, at=at, who=who, what=what, subject=subject)
    row.previous_hash = previous.hash if previous else GENESIS
    row.hash = _hash(row)
    session.add(row)


def newest_at(session: Session, acts: Collection[Act]) -> datetime | None:
    """Return the latest moment at which one of these is on record, even if later rows carry earlier ones."""
    of_these = select(AuditRow.at).where(AuditRow.what.in_(acts))
    return session.scalar(of_these.order_by(AuditRow.at.desc()).limit(1))


def first_broken_row(session: Session) -> int | None:
    """Return the number of the first row that was changed, removed or put in, or None where the chain holds."""
    expected_seq, previous_hash = 1, GENESIS
    for row in session.scalars(select(AuditRow).order_by(AuditRow.seq)):
        if (row.seq, row.previous_hash, row.hash) != (expected_seq, previous_hash, _hash(row)):
            return expected_seq
        expected_seq, previous_hash = row.seq + 1, row.hash
    return None


def _hash(row: AuditRow) -> bytes:
    content = [row.seq, row.at.astimezone(UTC), row.who, row.what, row.subject]
    return hashlib.sha256(row.previous_hash + msgspec.json.encode(content)).digest()
