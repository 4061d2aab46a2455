"""The hub's web application: the console behind a login, the verify page in front of it."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from hub.console import (
    bank,
    books,
    calls,
    closings,
    copies,
    deliveries,
    desk,
    documents,
    enrolment,
    errors,
    feedback,
    fleet,
    health,
    identity,
    login,
    officer_key,
    pages,
    papers,
    post_checks,
    statistics,
    vouchers,
)
from hub.console.headers import DefaultHeaders
from hub.dossiers import web as dossiers_web
from hub.enrolment.devices import Devices
from hub.fleet import web as fleet_web
from hub.queue import partner
from hub.register.extensions import Extensions
from hub.register.population import PopulationDesk
from hub.rooms import Hub, TrustSource
from hub.signing.signers import OfficerKeys
from hub.verify import public

_API = (
    login,
    papers,
    identity,
    desk,
    documents,
    officer_key,
    copies,
    vouchers,
    calls,
    bank,
    closings,
    deliveries,
    feedback,
    books,
    post_checks,
    statistics,
    fleet,
    enrolment,
)


def create_app(
    hub: Hub,
    trust: TrustSource,
    officer_keys: OfficerKeys,
    extensions: Extensions | None = None,
    devices: Devices | None = None,
) -> FastAPI:
    """Return the application that serves `hub`.

    `trust` gives the current trust statement, `officer_keys` opens the certifiers' keys, `extensions` raises copies to
    B-LTA for those who bring them (without it that page says that it can't); `devices` enrols kiosks. The
    repository of releases (`tram release`) in `data_dir`/releases is served below /updates; its signatures protect it.
    """
    app = FastAPI(title="Trạm hub", docs_url=None, redoc_url=None)  # their scripts would come from elsewhere
    app.state.hub, app.state.trust, app.state.officer_keys = hub, trust, officer_keys
    app.state.extensions, app.state.devices = extensions, devices
    app.state.population = PopulationDesk.of(hub)
    app.state.navigation = pages.navigation()
    app.add_middleware(DefaultHeaders)
    errors.install(app)
    for room in (*_API, dossiers_web, fleet_web, partner, health):
        app.include_router(room.router, responses=errors.documented())
    for page in pages.rooms():
        app.include_router(page.router)
    public.install(app, hub)
    releases = hub.config.data_dir / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    app.mount("/updates", StaticFiles(directory=releases))
    app.mount("/console/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return app
