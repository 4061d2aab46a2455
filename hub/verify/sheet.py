"""From a template to a public page: one look, no script, nothing loaded from elsewhere, nothing kept by the browser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_ROOM = Path(__file__).parent

_TEMPLATES = Environment(
    loader=FileSystemLoader([_ROOM / "templates", _ROOM.parent / "queue" / "templates"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Words = tuple[str, str]
"""Vietnamese, English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a table: what it is, and the value."""

    label: Words
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under a heading; an empty one is not shown."""

    heading: Words
    entries: tuple[Entry, ...]


def section(heading: Words, entries: Iterable[tuple[str, str, str]]) -> Section:
    """Return the section of (Vietnamese, English, value) triples."""
    return Section(heading=heading, entries=tuple(Entry(label=(vi, en), value=value) for vi, en, value in entries))


def sheet(template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
    """Return the page made of a template of this room, or of the line's."""
    html = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(html, status_code=status, headers={**HEADERS, **(headers or {})})
