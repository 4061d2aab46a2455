"""How long papers take, for the whole agency: median and 90th percentile, never about one person or paper."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.store.tables import PaperTime

WINDOW = timedelta(days=30)
KEPT_FOR = timedelta(days=400)
SHOWN_FROM = 5
"""Fewer papers of a kind are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Papers of a kind (empty: all) decided in the window, and the seconds they took."""

    kind: str
    papers: int
    median_s: float
    p90_s: float


def figures(session: Session, today: date) -> list[Took]:
    """Return all papers first, then each kind with enough of them, the most frequent first."""
    rows = session.scalars(select(PaperTime).where(PaperTime.day > today - WINDOW)).all()
    by_kind: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row.seconds)
    kinds = sorted(by_kind.items(), key=lambda item: -len(item[1]))
    return list(_enough([("", [row.seconds for row in rows]), *kinds]))


def forget_old(session: Session, today: date) -> None:
    """Delete what is older than is kept, in the caller's transaction."""
    session.execute(delete(PaperTime).where(PaperTime.day < today - KEPT_FOR))


def p90(seconds: Sequence[float]) -> float:
    """Return the smallest value that nine in ten do not exceed (nearest rank)."""
    return sorted(seconds)[math.ceil(0.9 * len(seconds)) - 1]


def _enough(kinds: Sequence[tuple[str, list[float]]]) -> Iterator[Took]:
    for kind, seconds in kinds:
        if len(seconds) >= SHOWN_FROM:
            yield Took(kind=kind, papers=len(seconds), median_s=median(seconds), p90_s=p90(seconds))
