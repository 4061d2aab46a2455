"""Words of systems that call the hub, each signed: `Tram-Signature: t=<unix seconds>,v1=<hex>`.

v1 is HMAC-SHA256 under the shared key of `<t>.<body>`. Words older or younger than five minutes are not taken.
"""

import hashlib
import hmac
import re
from datetime import datetime

from fastapi import Request

HEADER = "Tram-Signature"
FRESH_S = 300
MOST_BYTES = 10_000
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


class WordFault(Exception):
    """The word is not taken; the text says why."""


class TooLong(WordFault):
    """It has more than MOST_BYTES."""


class Unsigned(WordFault):
    """It carries no signature, or a wrong one."""


class Stale(WordFault):
    """It was signed long ago, or will be."""


async def received(request: Request) -> bytes:
    """Return the body of a request; raise TooLong."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise TooLong(f"it is longer than {MOST_BYTES} bytes")
    return body


def check(key: bytes, signature: str, body: bytes, now: datetime) -> None:
    """Raise Unsigned or Stale where the body is not the one that the holder of the key has signed just now."""
    parts = _SIGNATURE.fullmatch(signature)
    if parts is None:
        raise Unsigned("it carries no signature")
    at, given = parts.groups()
    if not hmac.compare_digest(signed(key, at, body), given):
        raise Unsigned("its signature is wrong")
    if abs(now.timestamp() - int(at)) > FRESH_S:
        raise Stale(f"it was signed at {at}, which is not now")


def signed(key: bytes, at: str, body: bytes) -> str:
    """Return v1 of a body signed at a moment."""
    return hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def header(key: bytes, now: datetime, body: bytes) -> dict[str, str]:
    """Return the header of a word that is signed now."""
    at = str(int(now.timestamp()))
    return {HEADER: f"t={at},v1={signed(key, at, body)}"}
