"""The hub's web application: the console behind a login, the verify page in front of it."""

from fastapi import FastAPI

from hub.console import closings, copies, errors, fleet, login, papers, vouchers
from hub.rooms import Hub, TrustSource
from hub.verify import page


def create_app(hub: Hub, trust: TrustSource) -> FastAPI:
    """Return the application that serves `hub`; `trust` gives the current trust statement."""
    app = FastAPI(title="Trạm hub")
    app.state.hub, app.state.trust = hub, trust
    errors.install(app)
    for room in (login, papers, copies, vouchers, closings, fleet, page):
        app.include_router(room.router)
    return app
