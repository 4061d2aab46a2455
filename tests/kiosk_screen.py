"""Calling a running kiosk as its screen does."""

from typing import Any

import httpx


def called(port: int, path: str, body: object = None) -> tuple[int, Any]:
    """Return code and answer of a GET, or of a POST where there is a body."""
    url = f"http://127.0.0.1:{port}{path}"
    answer = httpx.get(url, timeout=60) if body is None else httpx.post(url, json=body, timeout=60)
    return answer.status_code, answer.json()


def handshake(port: int, path: str = "/page/live") -> bytes:
    """Return the request with which the page opens its socket (RFC 6455 §4.1)."""
    here = f"127.0.0.1:{port}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
