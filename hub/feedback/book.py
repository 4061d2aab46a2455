"""The book of feedback: noted once, read and answered by the agency's people, its words forgotten after a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from contract.messages import FeedbackFact
from contract.tracking import code_hash, read_code
from hub.faults import AlreadyAnswered, UnknownThing
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import FeedbackRow, Kiosk, RequestRow

KEPT = timedelta(days=90)
"""Words and answers, from their coming or from the answer on; a question that nobody answered stays. Faces stay."""
COUNTED = timedelta(days=30)
FACES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the holder of a tracking code is told: when it came, and the answer with its time, blank so far."""

    received_at: datetime
    answer: str
    answered_at: datetime | None


def note(session: Session, kiosk: Kiosk, said: FeedbackFact, now: datetime) -> bool:
    """Enter a citizen's word in the caller's transaction, once; return whether the paper it is about is the kiosk's.

    A paper that the hub does not know (yet) is left out.
    """
    if session.get(FeedbackRow, said.request) is not None:
        return True
    about = session.get(RequestRow, said.about) if said.about else None
    if about is not None and about.kiosk != kiosk.id:
        return False
    session.add(
        FeedbackRow(
            id=said.request,
            kiosk=kiosk.id,
            about=about.id if about else None,
            face=said.face,
            words=said.words,
            code_sha256=said.code_sha256,
            written_at=said.written_at,
            received_at=now,
            answer="",
        )
    )
    return True


def waiting(session: Session) -> list[FeedbackRow]:
    """Return who asked for an answer and has none, oldest first."""
    open_ = select(FeedbackRow).where(FeedbackRow.code_sha256.is_not(None), FeedbackRow.answered_at.is_(None))
    return list(session.scalars(open_.order_by(FeedbackRow.received_at, FeedbackRow.id)))


def newest(session: Session, count: int) -> list[FeedbackRow]:
    """Return the last ones that wait for nothing, newest first."""
    rest = select(FeedbackRow).where(FeedbackRow.code_sha256.is_(None) | FeedbackRow.answered_at.is_not(None))
    return list(session.scalars(rest.order_by(FeedbackRow.received_at.desc(), FeedbackRow.id.desc()).limit(count)))


def tally(session: Session, now: datetime) -> dict[int, int]:
    """Return how often each face was touched in the last COUNTED."""
    recent = select(FeedbackRow.face, func.count()).where(FeedbackRow.received_at >= now - COUNTED)
    counted = {face: count for face, count in session.execute(recent.group_by(FeedbackRow.face))}
    return {face: counted.get(face, 0) for face in FACES}


def answer(hub: Hub, login: str, feedback: str, text: str) -> None:
    """Answer a citizen, once; raise UnknownThing or AlreadyAnswered."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get(FeedbackRow, feedback, with_for_update=True)
        if row is None:
            raise UnknownThing(f"There is no feedback {feedback[:40]}.")
        if row.code_sha256 is None or row.answered_at is not None:
            raise AlreadyAnswered(f"The feedback {feedback} waits for no answer.")
        row.answer, row.answered_by, row.answered_at = text, login, now
        audit.append(session, at=now, who=login, what=audit.Act.FEEDBACK_ANSWERED, subject=feedback)


def standing(hub: Hub, typed: str) -> Standing | None:
    """Return how a complaint stands whose tracking code somebody typed, None where there is none (yet)."""
    code = read_code(typed)
    if code is None:
        return None
    with hub.database.reading() as session:
        row = session.scalars(select(FeedbackRow).where(FeedbackRow.code_sha256 == code_hash(code))).first()
        if row is None:
            return None
        return Standing(received_at=row.received_at, answer=row.answer, answered_at=row.answered_at)


def forget_old(session: Session, now: datetime) -> None:
    """Blank words and answers that are kept no longer, and their codes, in the caller's transaction."""
    last = func.coalesce(FeedbackRow.answered_at, FeedbackRow.received_at)
    is_over = FeedbackRow.code_sha256.is_(None) | FeedbackRow.answered_at.is_not(None)
    has_words = (FeedbackRow.words != "") | FeedbackRow.code_sha256.is_not(None)
    due = list(session.scalars(select(FeedbackRow.id).where(is_over, has_words, last < now - KEPT)))
    if due:
        blank = update(FeedbackRow).where(FeedbackRow.id.in_(due)).values(words="", answer="", code_sha256=None)
        session.execute(blank)
        audit.append(session, at=now, who="hub", what=audit.Act.FEEDBACK_FORGOTTEN, subject=f"{len(due)} of {due[0]}")
