"""One kiosk: devices with remedies, figures and their history, alerts, verbs, configuration, timeline."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from contract.ids import new_ulid
from contract.jobs import KNOWN_SETTINGS, Verb
from contract.vitals import BY_NAME, VITALS, Vital
from hub.console import plots, render
from hub.console.access import ServedHub
from hub.console.fleet import FleetReader
from hub.console.roles import Permit, may
from hub.fleet import alerts, history, jobs, timeline
from hub.fleet.history import Span
from hub.fleet.standing import standing_of
from hub.fleet.view import sight
from hub.fleet.wishes import settings_of
from hub.register import shut_out
from hub.rooms import Hub
from hub.store.tables import ShadowRow

router = APIRouter(include_in_schema=False)

MOMENTS, JOBS = 60, 10
_STRETCHES = {
    "day": (Span.MINUTE, timedelta(hours=24), timedelta(minutes=1)),
    "month": (Span.HOUR, timedelta(days=30), timedelta(hours=1)),
    "year": (Span.HOUR, timedelta(days=365), timedelta(hours=1)),
}


@router.get("/console/kiosks/{kiosk_id}")
def kiosk_page(
    hub: ServedHub,
    request: Request,
    officer: FleetReader,
    kiosk_id: str,
    stretch: Annotated[str, Query(max_length=10)] = "day",
) -> HTMLResponse:
    """Return one kiosk's page; `stretch` is `day`, `month` or `year`."""
    chosen = stretch if stretch in _STRETCHES else "day"
    return render.page(
        request,
        "kiosk.html",
        officer=officer,
        stretch=chosen,
        stretches=list(_STRETCHES),
        plots=_plots(hub, kiosk_id, chosen),
        verbs=list(Verb),
        fresh_id=new_ulid(hub.clock.now()),
        enrols=hub.config.enrolment is not None,
        moments=_moments(hub, kiosk_id),
        known_settings={name: known.words for name, known in KNOWN_SETTINGS.items()},
        **_now(hub, kiosk_id, may_run=may(officer.role, Permit.RUN_FLEET)),
    )


@router.get("/console/kiosks/{kiosk_id}/now")
def kiosk_now(hub: ServedHub, request: Request, officer: FleetReader, kiosk_id: str) -> HTMLResponse:
    """Return what changes by the minute, which the open page asks for again and again."""
    contents = _now(hub, kiosk_id, may_run=may(officer.role, Permit.RUN_FLEET))
    return render.page(request, "kiosk_now.html", officer=officer, **contents)


def _moments(hub: Hub, kiosk_id: str) -> list[timeline.Moment]:
    with hub.database.reading() as session:
        return timeline.of(session, kiosk_id, MOMENTS)


def _now(hub: Hub, kiosk_id: str, *, may_run: bool) -> dict[str, Any]:
    with hub.database.reading() as session:
        seen = sight(session, kiosk_id)
        raised = alerts.raised(session, kiosk_id)
        shadow = session.get(ShadowRow, kiosk_id)
        is_shut_out = seen.kiosk.revoked_at is not None or seen.kiosk.quarantined_at is not None
        return {
            "seen": seen,
            "standing": standing_of(seen, raised),
            "alerts": raised,
            "figures": [(_words(name), value) for name, value in _in_order(seen.vitals)],
            "unknown": [
                (_words(name), why) for name, why in _in_order(seen.telemetry.unknown if seen.telemetry else {})
            ],
            "not_handed_over": shut_out.not_handed_over(session, kiosk_id) if is_shut_out else (),
            "jobs": jobs.of_kiosk(session, kiosk_id, JOBS),
            "wanted": settings_of(shadow.settings) if shadow else {},
            "wanted_version": shadow.version if shadow else 0,
            "may_run": may_run,
            "figure": plots.figure,
        }


def _plots(hub: Hub, kiosk_id: str, stretch: str) -> list[tuple[Vital, Any]]:
    span, length, step = _STRETCHES[stretch]
    until = hub.clock.now()
    with hub.database.reading() as session:
        kept = history.series(session, kiosk_id, span, until - length)
    return [
        (_words(name), plots.plot(_words(name), points, since=until - length, until=until, step=step))
        for name, points in _in_order(kept)
    ]


def _words(name: str) -> Vital:
    return BY_NAME.get(name, Vital(name=name, unit="", vi=name, en=name))


def _in_order(named: dict[str, Any]) -> list[tuple[str, Any]]:
    places = {vital.name: place for place, vital in enumerate(VITALS)}
    return sorted(named.items(), key=lambda each: (places.get(each[0], len(places)), each[0]))
