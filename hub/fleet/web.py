"""Where machines ask about the fleet."""

import secrets

from fastapi import APIRouter, HTTPException, Response

from hub.console.access import ServedHub, Token
from hub.console.media import Metrics
from hub.fleet.metrics import scraped

router = APIRouter()


@router.get("/metrics", response_class=Metrics)
def metrics(hub: ServedHub, token: Token) -> Response:
    """Return Prometheus' text format to whoever bears `metrics_token` of [http]; 404 where none is configured."""
    wanted = hub.config.http.metrics_token
    if not wanted:
        raise HTTPException(404, "No metrics_token is configured")
    if not secrets.compare_digest(token.encode(), wanted.encode()):
        raise HTTPException(403, "The token is not that of the configuration")
    return Metrics(scraped(hub))
