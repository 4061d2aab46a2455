"""From pre-check to post-check (F20): a random sample of each month's copies is looked at again by somebody else.

The sample can be drawn again by anybody: copies are ordered by SHA-256(seed ‖ year-month ‖ copy id) and the first ones
taken. Its size is a rule, not a choice: all up to 10, else 5 % and at least 10, at most 200. What is looked at is
entry, decision and audit trail beside the copy that the holder or the dossier has: the hub keeps no image (R13).
An error leads to an annulment, which is the agency's own decision and is recorded as such.
"""

import hashlib
import math
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.faults import AlreadyPrinted, BookStillOpen, NotYours, UnknownThing
from hub.register import months
from hub.register.annulments import ReasonClass
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import (
    AnnulmentRow,
    DecisionRow,
    Issue,
    IssueState,
    PostCheck,
    PostCheckSample,
    RegisterRow,
)

CONFIRMED = "CONFIRMED"
RESULTS = (CONFIRMED, *ReasonClass)
_LEAST, _MOST, _SHARE = 10, 200, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFigures:
    """What a month's checks found: `errors` by class, `to_annul` the wrong copies that still have their value."""

    population: int
    sample: int
    checked: int
    confirmed: int
    errors: dict[str, int]
    to_annul: list[str]


def size(population: int) -> int:
    """Return how many of so many copies are checked."""
    return min(population, _MOST, max(_LEAST, math.ceil(_SHARE * population)))


def sample(copy_ids: Sequence[str], seed: str, year: int, month: int) -> list[str]:
    """Return the copies to check, in the order of their draw: the same for the same arguments, on every machine."""

    def lot(copy_id: str) -> bytes:
        return hashlib.sha256(f"{seed}/{year}-{month:02d}/{copy_id}".encode()).digest()

    return sorted(copy_ids, key=lot)[: size(len(copy_ids))]


def draw(hub: Hub, login: str, year: int, month: int, seed: str = "") -> PostCheckSample:
    """Draw a month's sample, once, after it is over and all of it is signed; without `seed` one is rolled.

    Raises BookStillOpen, AlreadyPrinted (drawn before), UnknownThing (no copy in that month).
    """
    now = hub.clock.now()
    if now < months.bounds(year, month)[1]:
        raise BookStillOpen(f"The month {month:02d}/{year} is not over.")
    with hub.database.writing() as session:
        if session.get(PostCheckSample, (year, month)) is not None:
            raise AlreadyPrinted(f"The sample of {month:02d}/{year} was drawn before.")
        copies = _copies(session, hub, year, month)
        row = PostCheckSample(
            year=year,
            month=month,
            seed=seed or secrets.token_hex(16),
            population=len(copies),
            drawn_by=login,
            drawn_at=now,
        )
        session.add(row)
        for position, copy_id in enumerate(sample(copies, row.seed, year, month), 1):
            session.add(_unchecked(copy_id, year, month, position))
        audit.append(session, at=now, who=login, what=audit.Act.SAMPLE_DRAWN, subject=f"{year}-{month:02d} {row.seed}")
    return row


def record(hub: Hub, login: str, copy_id: str, result: str, note: str = "") -> None:
    """Record what the check of one copy found, once; raise UnknownThing, NotYours."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get(PostCheck, copy_id, with_for_update=True)
        if row is None or result not in RESULTS:
            raise UnknownThing(f"No sample has the copy {copy_id[:40]}, or there is no such result.")
        if row.result:
            raise NotYours("This check has its result already.")
        if _certifier(session, copy_id) == login:
            raise NotYours("Who certified a copy does not check it.")
        row.result, row.note, row.checked_by, row.checked_at = result, note.strip(), login, now
        audit.append(session, at=now, who=login, what=audit.Act.POST_CHECKED, subject=f"{copy_id} {result}")


def of_month(session: Session, year: int, month: int) -> list[tuple[PostCheck, RegisterRow]]:
    """Return the sample's copies with their entries, in the order of their draw."""
    joined = (
        select(PostCheck, RegisterRow)
        .join(Issue, Issue.copy_id == PostCheck.copy_id)
        .join(RegisterRow, RegisterRow.id == Issue.register_row)
        .where(PostCheck.year == year, PostCheck.month == month)
        .order_by(PostCheck.position)
    )
    return [(check, row) for check, row in session.execute(joined)]


def figures(session: Session, year: int, month: int) -> ErrorFigures | None:
    """Return what the month's checks found, or None before its sample was drawn."""
    drawn = session.get(PostCheckSample, (year, month))
    if drawn is None:
        return None
    checks = session.scalars(select(PostCheck).where(PostCheck.year == year, PostCheck.month == month)).all()
    counts = Counter(check.result for check in checks)
    wrong = [check.copy_id for check in checks if check.result not in ("", CONFIRMED)]
    annulled = set(session.scalars(select(AnnulmentRow.copy_id).where(AnnulmentRow.copy_id.in_(wrong))))
    return ErrorFigures(
        population=drawn.population,
        sample=len(checks),
        checked=len(checks) - counts[""],
        confirmed=counts[CONFIRMED],
        errors={each.value: counts[each] for each in ReasonClass if counts[each]},
        to_annul=[copy for copy in wrong if copy not in annulled],
    )


def _copies(session: Session, hub: Hub, year: int, month: int) -> list[str]:
    rows = months.of_month(hub.config, year, month).join(Issue, Issue.register_row == RegisterRow.id)
    found = session.execute(rows.with_only_columns(Issue.copy_id, Issue.state)).all()
    if not found:
        raise UnknownThing(f"The month {month:02d}/{year} has no copy.")
    if any(state != IssueState.SIGNED for _, state in found):
        raise BookStillOpen(f"A copy of {month:02d}/{year} is not signed yet.")
    return [copy_id for copy_id, _ in found]


def _unchecked(copy_id: str, year: int, month: int, position: int) -> PostCheck:
    return PostCheck(
        copy_id=copy_id,
        year=year,
        month=month,
        position=position,
        result="",
        note="",
        checked_by=None,
        checked_at=None,
    )


def _certifier(session: Session, copy_id: str) -> str:
    joined = select(DecisionRow.officer).join(Issue, Issue.request == DecisionRow.request)
    return session.scalars(joined.where(Issue.copy_id == copy_id)).one()
