"""What the simulated systems of other agencies have in common: who may ask, and how each behaves badly when told to.

None is the real one, or known to be like it; the docstring of its adapter (hub/adapters) says what it follows.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from hub.adapters.peer import SIGNATURE

SLOW_S = 2.0


class Trouble(StrEnum):
    """What a system does instead of its duty; LOSES_ANSWER does its duty and then fails."""

    SLOW = "SLOW"
    ERROR = "ERROR"
    MALFORMED = "MALFORMED"
    WRONG_SCHEMA = "WRONG_SCHEMA"
    WRONG_SIGNATURE = "WRONG_SIGNATURE"
    ABOUT_ANOTHER = "ABOUT_ANOTHER"
    CUT_OFF = "CUT_OFF"
    LOSES_ANSWER = "LOSES_ANSWER"
    REFUSES = "REFUSES"


class AgencySystem:
    """One system: its troubles, how often it was asked, and the key that its answers are signed with."""

    wrong_schema = b'{"soBienNhan": 7}'
    media_type = "application/json"

    def __init__(self, token: str) -> None:
        self.token, self.asked = token, 0
        self.trouble: Trouble | None = None
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        """The key that `signed_by` names (PEM)."""
        kinds = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(*kinds)

    async def answer(self, request: Request, duty: Callable[[bytes], bytes]) -> Response:
        """Return what the system answers: `duty` makes the good answer of the question's body."""
        self.asked += 1
        body = await request.body()
        if not self.lets_in(request):
            return JSONResponse({"error": "unauthorised"}, 401)
        match self.trouble:
            case Trouble.SLOW:
                await asyncio.sleep(SLOW_S)
            case Trouble.ERROR:
                return JSONResponse({"error": "internal"}, 500)
            case Trouble.REFUSES:
                return JSONResponse({"error": "book is closed"}, 422)
            case Trouble.CUT_OFF:
                return StreamingResponse(_cut_off(), headers={"content-length": "500"})
            case Trouble.MALFORMED:
                return self._signed(b'{"half": [')
            case Trouble.WRONG_SCHEMA:
                return self._signed(self.wrong_schema)
        content = duty(self.about_another(body) if self.trouble is Trouble.ABOUT_ANOTHER else body)
        if self.trouble is Trouble.LOSES_ANSWER and self.has_effect(body):
            return JSONResponse({"error": "bad gateway"}, 502)
        return self._signed(content)

    def lets_in(self, request: Request) -> bool:
        """Whether the question comes with the token."""
        return request.headers.get("authorization") == f"Bearer {self.token}"

    def about_another(self, body: bytes) -> bytes:
        """Return the question that it answers instead."""
        return body

    def has_effect(self, body: bytes) -> bool:
        """Whether the question changes anything here."""
        return True

    def _signed(self, content: bytes) -> Response:
        what = b"other" if self.trouble is Trouble.WRONG_SIGNATURE else content
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signature = jws.detach_content(jws.serialize_compact({"alg": "ES256"}, what, ECKey.import_key(pem)))
        return Response(content, media_type=self.media_type, headers={SIGNATURE: signature})


async def _cut_off() -> AsyncIterator[bytes]:
    yield b'{"copy_id": "'
    raise ConnectionResetError
