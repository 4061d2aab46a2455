"""What operators do to kiosks: verbs as jobs, rollouts, acknowledging alerts, fetching logs, revoking for good."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from hub.console.access import ServedHub, allowed
from hub.console.roles import Permit
from hub.enrolment import revoking
from hub.enrolment.devices import Devices
from hub.faults import UnknownThing
from hub.fleet import alerts, jobs, rollouts
from hub.fleet.wishes import LASTS_S, LONGEST_S, Wish, settings_of
from hub.store import audit
from hub.store.tables import JobRow, Officer, RolloutRow

router = APIRouter(prefix="/api")

FleetOperator = Annotated[Officer, Depends(allowed(Permit.RUN_FLEET))]
FleetReader = Annotated[Officer, Depends(allowed(Permit.SEE_FLEET))]
Id = Annotated[str, Path(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
Value = StrictBool | Annotated[StrictInt, Field(ge=-(2**53), le=2**53)] | Annotated[StrictStr, Field(max_length=200)]


class WishForm(BaseModel):
    """A verb of `contract.jobs.Verb`, or `configure` with the whole document of settings; `update` with a `release`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verb: Annotated[str, Field(max_length=40)]
    settings: (
        Annotated[dict[Annotated[str, Field(min_length=1, max_length=100)], Value], Field(max_length=32)] | None
    ) = None
    lasts_s: Annotated[int, Field(ge=60, le=LONGEST_S)] = LASTS_S
    release: Annotated[str, Field(max_length=40)] = ""

    def wish(self) -> Wish:
        """Return what is wished for."""
        return Wish(verb=self.verb, settings=self.settings, lasts_s=self.lasts_s, release=self.release)


class RolloutForm(WishForm):
    """The same for all kiosks of a group (empty: all), `canary` of them first (0: all at once), then rings of `ring`.

    It halts after one failure among the first, or more than `most_failed` among the others.
    """

    group: Annotated[str, Field(max_length=200)] = ""
    canary: Annotated[int, Field(ge=0, le=1000)] = 1
    ring: Annotated[int, Field(ge=0, le=1000)] = 0
    most_failed: Annotated[int, Field(ge=0, le=1000)] = 0


class PauseForm(BaseModel):
    """Whether a rollout waits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    paused: StrictBool


class NoteForm(BaseModel):
    """What the operator does about an alert."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


class JobView(BaseModel):
    """A job as it stands; `bundle` tells that its logs can be fetched."""

    id: str
    kiosk: str
    verb: str
    state: str
    percent: int
    detail: str
    settings: dict[str, Any]
    version: int
    asked_by: str
    asked_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    bundle: bool


class RolloutView(BaseModel):
    """A rollout with its jobs, the first kiosks before the others."""

    id: str
    verb: str
    group: str
    canary: int
    ring: int
    most_failed: int
    state: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    jobs: list[JobView]


@router.put("/kiosks/{kiosk_id}/jobs/{job_id}", status_code=201)
def ask(hub: ServedHub, officer: FleetOperator, kiosk_id: str, job_id: Id, form: WishForm) -> JobView:
    """Ask a kiosk for something; the same id again is the same job."""
    return _job(jobs.ask(hub, officer.login, kiosk_id, job_id, form.wish()))


@router.get("/jobs/{job_id}")
def job(hub: ServedHub, officer: FleetReader, job_id: Id) -> JobView:
    """Return how a job stands."""
    with hub.database.reading() as session:
        row = session.get(JobRow, job_id)
    if row is None:
        raise UnknownThing(f"There is no job {job_id}.", remedy="See the kiosk's timeline.")
    return _job(row)


@router.get("/jobs/{job_id}/bundle", response_class=Response)
def bundle(hub: ServedHub, officer: FleetOperator, job_id: Id) -> Response:
    """Return the logs that a job collected (ZIP); that somebody fetched them is recorded."""
    with hub.database.writing() as session:
        row = session.get(JobRow, job_id)
        content = hub.bundles.get(row.bundle_sha256 or "") if row and row.has_bundle else None
        if row is None or content is None:
            raise UnknownThing(f"There are no logs of the job {job_id}.", remedy="Collect them (again).")
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.LOGS_READ, subject=job_id)
    name = f"{row.kiosk}-{row.bundle_at:%Y%m%dT%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.put("/rollouts/{rollout_id}", status_code=201)
def start_rollout(hub: ServedHub, officer: FleetOperator, rollout_id: Id, form: RolloutForm) -> RolloutView:
    """Ask a group of kiosks for something; the same id again is the same rollout."""
    plan = rollouts.Plan(ward=form.group, canary=form.canary, ring=form.ring, most_failed=form.most_failed)
    return _rollout(hub, rollouts.start(hub, officer.login, rollout_id, form.wish(), plan))


@router.get("/rollouts/{rollout_id}")
def rollout(hub: ServedHub, officer: FleetReader, rollout_id: Id) -> RolloutView:
    """Return how a rollout stands."""
    with hub.database.reading() as session:
        row = session.get(RolloutRow, rollout_id)
    if row is None:
        raise UnknownThing(f"There is no rollout {rollout_id}.", remedy="See the list of rollouts.")
    return _rollout(hub, row)


@router.put("/rollouts/{rollout_id}/paused")
def pause_rollout(hub: ServedHub, officer: FleetOperator, rollout_id: Id, form: PauseForm) -> RolloutView:
    """Begin nothing more for now, or go on; what is begun goes on in any case."""
    return _rollout(hub, rollouts.pause(hub, officer.login, rollout_id, paused=form.paused))


@router.delete("/rollouts/{rollout_id}")
def stop_rollout(hub: ServedHub, officer: FleetOperator, rollout_id: Id) -> RolloutView:
    """Begin nothing more of a rollout; what is begun goes on."""
    return _rollout(hub, rollouts.stop(hub, officer.login, rollout_id))


@router.put("/alerts/{alert_id}/acknowledgement", status_code=204)
def acknowledge(hub: ServedHub, officer: FleetOperator, alert_id: Id, form: NoteForm) -> None:
    """Take an alert up, with a note; the first one's word stands."""
    alerts.acknowledge(hub, officer.login, alert_id, form.note)


@router.post("/kiosks/{kiosk_id}/revocation", status_code=201)
def revoke(hub: ServedHub, request: Request, officer: FleetOperator, kiosk_id: str) -> dict[str, Any]:
    """Refuse everything the kiosk says from now on, for good, and what its key signs.

    The broker shuts it out once it has read the revocation list again (SIGHUP).
    """
    authority: Devices | None = request.app.state.devices
    if authority is None:
        kiosk = revoking.revoke(hub, kiosk_id, officer.login)
    else:
        kiosk = authority.revoke(kiosk_id, officer.login)
    return {"id": kiosk.id, "revoked_at": kiosk.revoked_at}


def _job(row: JobRow) -> JobView:
    same = {name: getattr(row, name) for name in JobView.model_fields if name not in ("settings", "bundle")}
    return JobView(**same, settings=settings_of(row.body), bundle=row.has_bundle)


def _rollout(hub: ServedHub, row: RolloutRow) -> RolloutView:
    with hub.database.reading() as session:
        members = [_job(each) for each in rollouts.jobs_of(session, row.id)]
    return RolloutView(
        id=row.id, verb=row.verb, group=row.ward, canary=row.canary, ring=row.ring, most_failed=row.most_failed,
        state=row.state, asked_by=row.asked_by, asked_at=row.asked_at, ended_at=row.ended_at, jobs=members,
    )  # fmt: skip
