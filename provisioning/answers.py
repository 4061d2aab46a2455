"""What a kiosk or a hub answers to a technician's command: its words, or an end that says why not."""

from typing import Any

import httpx


def told(answer: httpx.Response) -> Any:
    """Return what is said; end with cause and remedy where it is refused."""
    body = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
    if answer.is_success:
        return body
    cause = str(body.get("cause") or body.get("en") or answer.text).rstrip(". ")
    raise SystemExit(f"Not done: {cause}. {body.get('remedy', '')}".rstrip())
