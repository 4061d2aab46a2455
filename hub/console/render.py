"""From a template to an answer: sentences, navigation and who is logged in are there on every page."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from contract.clock import VIETNAM
from hub.console import sessions
from hub.console.access import COOKIE
from hub.console.roles import may
from hub.console.strings import Words, strings
from hub.register import clock_guard
from hub.rooms import Hub
from hub.store.tables import Officer

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def page(
    request: Request, template: str, *, officer: Officer | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return the page; with `officer` it carries navigation and the session's CSRF token."""
    hub: Hub = request.app.state.hub
    token = request.cookies.get(COOKIE, "")
    shared = {
        "agency": hub.config.agency.name,
        "officer": officer,
        "csrf": sessions.csrf_token(token) if officer is not None else "",
        "clock_doubt": clock_guard.doubt_of(hub) if officer is not None else None,
        "here": request.url.path,
        "navigation": [
            each
            for each in request.app.state.navigation
            if officer and may(officer.role, each.permit) and each.is_there(hub.config)
        ],
    }
    html = _TEMPLATES.get_template(template).render(**shared, **values)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def both(words: Words) -> Markup:
    """Return a sentence in Vietnamese with the English small beside it."""
    return Markup('{} <span class="en" lang="en">{}</span>').format(words.vi, words.en)  # it escapes


def clock_time(moment: datetime) -> str:
    """Return `09:05`, Vietnam time."""
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def day(moment: datetime) -> str:
    """Return `27/11/2026`, Vietnam time."""
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def money(amount_vnd: int) -> str:
    """Return `12.000 đ`."""
    return f"{amount_vnd:,} đ".replace(",", ".")


def data(value: object) -> Markup:
    """Return a value as JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704


def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = strings()
    made.globals |= {"t": lambda key, **values: both(words(key, **values)), "word": words, "under": words.under}
    made.filters |= {"clock": clock_time, "day": day, "money": money, "data": data, "both": both}
    return made


_TEMPLATES: Environment = _environment()
