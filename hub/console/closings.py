"""The operator's look at the cash: collections of all kiosks, differences included."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hub.console.access import ServedHub, allowed
from hub.console.roles import Permit
from hub.register import closings
from hub.store.tables import Officer

router = APIRouter(prefix="/api")

Overseer = Annotated[Officer, Depends(allowed(Permit.SEE_CASH))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingLine:
    """One collection; `difference_vnd` is what the machine held beyond the books, below zero what it lacked."""

    id: str
    kiosk: str
    number: int
    collector: str
    finished_at: datetime
    fee_vnd: int
    print_vnd: int
    post_vnd: int
    collected_vnd: int
    left_vnd: int
    difference_vnd: int


@router.get("/closings")
def list_closings(
    hub: ServedHub, officer: Overseer, kiosk: str | None = None, count: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[ClosingLine]:
    """Return the last collections, newest first."""
    with hub.database.reading() as session:
        rows = closings.newest(session, kiosk, count)
        return [ClosingLine(**{name: getattr(row, name) for name in ClosingLine.__slots__}) for row in rows]
