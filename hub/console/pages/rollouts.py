"""Rollouts: a verb for a whole group, a few kiosks first, and the way to stop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from contract.ids import new_ulid
from contract.jobs import KNOWN_SETTINGS, Verb
from hub.console import render
from hub.console.access import ServedHub
from hub.console.fleet import FleetReader
from hub.console.roles import Permit, may
from hub.faults import UnknownThing
from hub.fleet import rollouts
from hub.fleet.wishes import is_unheard, release_of, settings_of
from hub.rooms import Hub
from hub.store.tables import JOB_OPEN, JobPlace, JobRow, Kiosk, RolloutRow

router = APIRouter(include_in_schema=False)

SHOWN = 50


@router.get("/console/rollouts")
def rollouts_page(hub: ServedHub, request: Request, officer: FleetReader) -> HTMLResponse:
    """Return the last rollouts and the form for a new one."""
    with hub.database.reading() as session:
        groups = sorted({kiosk.group for kiosk in session.scalars(select(Kiosk))})
        newest = rollouts.newest(session, SHOWN)
        counts = rollouts.counts(session, [row.id for row in newest])
        rows = [(row, counts.get(row.id, (0, 0))) for row in newest]
    return render.page(
        request,
        "rollouts.html",
        officer=officer,
        rollouts=rows,
        release_of=release_of,
        groups=groups,
        verbs=list(Verb),
        known_settings={name: known.words for name, known in KNOWN_SETTINGS.items()},
        fresh_id=new_ulid(hub.clock.now()),
        may_run=may(officer.role, Permit.RUN_FLEET),
    )


@router.get("/console/rollouts/{rollout_id}")
def rollout_page(hub: ServedHub, request: Request, officer: FleetReader, rollout_id: str) -> HTMLResponse:
    """Return one rollout with its frame."""
    return render.page(request, "rollout.html", officer=officer, **_contents(hub, officer.role, rollout_id))


@router.get("/console/rollouts/{rollout_id}/now")
def rollout_now(hub: ServedHub, request: Request, officer: FleetReader, rollout_id: str) -> HTMLResponse:
    """Return it alone, which the open page asks for again and again."""
    return render.page(request, "rollout_now.html", officer=officer, **_contents(hub, officer.role, rollout_id))


def _contents(hub: Hub, role: str, rollout_id: str) -> dict[str, Any]:
    with hub.database.reading() as session:
        row = session.get(RolloutRow, rollout_id)
        if row is None:
            raise UnknownThing(f"There is no rollout {rollout_id[:26]}.", remedy="See the list of rollouts.")
        members = rollouts.jobs_of(session, row.id)
    return {
        "rollout": row,
        "members": members,
        "counts": _counts(members),
        "waves": _waves(members),
        "unheard": any(is_unheard(job) for job in members),
        "settings": settings_of(row.body),
        "release": release_of(row.body),
        "running": row.state in rollouts.RUNNING,
        "may_run": may(role, Permit.RUN_FLEET),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """How far one ring is; `percent` of all its kiosks' way."""

    number: int
    kiosks: int
    done: int
    failed: int
    percent: int


def _waves(members: Sequence[JobRow]) -> list[Wave]:
    numbered = ((number, list(jobs)) for number, jobs in groupby(members, key=lambda job: job.wave))
    return [_wave(number, jobs) for number, jobs in numbered]


def _wave(number: int, jobs: Sequence[JobRow]) -> Wave:
    way = sum(job.percent if job.state in JOB_OPEN else 100 for job in jobs)
    return Wave(
        number=number,
        kiosks=len(jobs),
        done=sum(job.state == JobPlace.DONE for job in jobs),
        failed=sum(job.state not in (*JOB_OPEN, JobPlace.DONE, JobPlace.STOPPED) for job in jobs),
        percent=way // len(jobs),
    )


def _counts(members: Sequence[JobRow]) -> tuple[int, int]:
    """Return how many are done, and of how many."""
    return sum(job.state == "DONE" for job in members), len(members)
