"""The hub's web application: the console behind a login, the verify page in front of it."""

from fastapi import FastAPI

from hub.console import bank, closings, copies, errors, fleet, login, papers, vouchers
from hub.fleet import web as fleet_web
from hub.log import web as log_web
from hub.rooms import Hub, TrustSource
from hub.verify import page


def create_app(hub: Hub, trust: TrustSource) -> FastAPI:
    """Return the application that serves `hub`; `trust` gives the current trust statement."""
    app = FastAPI(title="Trạm hub")
    app.state.hub, app.state.trust = hub, trust
    errors.install(app)
    for room in (login, papers, copies, vouchers, bank, closings, fleet, fleet_web, log_web, page):
        app.include_router(room.router)
    return app
