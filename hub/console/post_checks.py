"""Checks afterwards: drawing a month's sample, what each check found, the month's errors."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import Bookkeeper, ServedHub, allowed
from hub.console.books import Month, Year
from hub.console.roles import Permit
from hub.register import post_check
from hub.register.labels import register_label
from hub.store.tables import Officer, PostCheckSample

router = APIRouter(prefix="/api/post-checks")

Checker = Annotated[Officer, Depends(allowed(Permit.POST_CHECK))]


class ResultForm(BaseModel):
    """What a check found, and a note."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: Literal["CONFIRMED", "NOT_TRUE_TO_ORIGINAL", "ORIGINAL_NOT_ALLOWED", "NO_AUTHORITY", "ENTRY_WRONG"]
    note: Annotated[str, Field(max_length=1000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample that was drawn; anybody can draw it again from `seed`."""

    year: int
    month: int
    seed: str
    population: int


@router.post("/{year}/{month}", status_code=201)
def draw(hub: ServedHub, officer: Checker, year: Year, month: Month) -> Drawn:
    """Draw a month's sample, once; 409 while the month is open."""
    row = post_check.draw(hub, officer.login, year, month)
    return Drawn(year=year, month=month, seed=row.seed, population=row.population)


@router.get("/{year}/{month}")
def month(hub: ServedHub, officer: Bookkeeper, year: Year, month: Month) -> dict[str, Any]:
    """Return sample, results and error figures of a month; `sample` is null before it was drawn."""
    with hub.database.reading() as session:
        drawn = session.get(PostCheckSample, (year, month))
        figures = post_check.figures(session, year, month)
        checks = post_check.of_month(session, year, month)
    names = ("copy_id", "position", "result", "note", "checked_by", "checked_at")
    return {
        "sample": drawn and {"seed": drawn.seed, "population": drawn.population, "drawn_at": drawn.drawn_at},
        "figures": asdict(figures) if figures else None,
        "checks": [
            {name: getattr(check, name) for name in names} | {"label": register_label(row)} for check, row in checks
        ],
    }


@router.put("/{copy_id}", status_code=204)
def record(hub: ServedHub, officer: Checker, copy_id: str, form: ResultForm) -> None:
    """Record a check's result, once; 409 for who certified the copy. An error is followed by an annulment."""
    post_check.record(hub, officer.login, copy_id, form.result, form.note)
