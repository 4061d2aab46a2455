"""A remote signing service (CSC API v2) that enforces the protocol, and fails as it is told.

An access token runs out; an authorisation (SAD) holds for the hashes it was given for, once, for a minute; PINs lock.
"""

import asyncio
import base64
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.signing.credentials import Credential

TRIES = 3
SAD_LASTS_S = 60.0
_DER = serialization.Encoding.DER
_SHA256, _ECDSA_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"


class Trouble(StrEnum):
    """What the service does instead of its duty."""

    SLOW = "SLOW"
    DOWN = "DOWN"
    ANOTHER_KEY = "ANOTHER_KEY"
    TOO_MANY = "TOO_MANY"
    NONE_AT_ALL = "NONE_AT_ALL"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a fault, no password
    SAD_EXPIRED = "SAD_EXPIRED"


class Refused(Exception):
    """An answer of the API's own kind."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.answer = JSONResponse({"error": error, "error_description": description}, status_code=status)


@dataclass(slots=True, kw_only=True)
class Held:
    """One credential: key, certificate, PIN, and what else it asks for."""

    credential: Credential
    pin: str
    also_wants: tuple[str, ...] = ()
    scal: str = "2"
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sad:
    credential: str
    hashes: tuple[str, ...]
    until_s: float


@dataclass(slots=True)
class RemoteSigning:
    """The service with its accounts; `app` is served by whoever wants it, at any address."""

    client_id: str = "tram-hub"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    held: dict[str, Held] = field(default_factory=dict)
    trouble: Trouble | None = None
    token_lasts_s: float = 600.0
    asked: list[str] = field(default_factory=list)
    _tokens: dict[str, float] = field(default_factory=dict)
    _sads: dict[str, _Sad] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        """The service as an application."""
        methods = {
            "credentials/list": self._list,
            "credentials/info": self._info_of,
            "credentials/authorize": self._authorize,
            "signatures/signHash": self._sign,
        }
        routes = [
            Route(f"/csc/v2/{name}", self._guarded(name, answer), methods=["POST"]) for name, answer in methods.items()
        ]
        open_to_all = [
            Route("/csc/v2/info", self._info, methods=["POST"]),
            Route("/oauth2/token", self._token, methods=["POST"]),
        ]
        return Starlette(routes=[*open_to_all, *routes])

    async def _info(self, request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        methods = ["credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"]
        told = {"specs": "2.0.0.2", "name": "MẪU/TEST", "region": "VN", "lang": "vi", "authType": ["oauth2client"]}
        return JSONResponse(told | {"oauth2": base, "methods": methods})

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        secret = str(form.get("client_secret", ""))
        known = form.get("client_id") == self.client_id and hmac.compare_digest(secret, self.client_secret)
        if form.get("grant_type") != "client_credentials" or not known:
            return JSONResponse({"error": "invalid_client", "error_description": "unknown client"}, status_code=401)
        token = secrets.token_urlsafe(24)
        self._tokens[token] = time.monotonic() + self.token_lasts_s
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _guarded(
        self, name: str, answer: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            self.asked.append(name)
            if self.trouble is Trouble.DOWN:
                return Response(b"<h1>Bad gateway</h1>", status_code=502)
            if self.trouble is Trouble.SLOW and name == "signatures/signHash":
                await asyncio.sleep(3)
            try:
                self._require_token(request)
                return JSONResponse(answer(await request.json()))
            except Refused as fault:
                return fault.answer

        return guarded

    def _require_token(self, request: Request) -> None:
        if self.trouble is Trouble.TOKEN_EXPIRED:
            self.trouble = None
            self._tokens.clear()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, 0.0) < time.monotonic():
            raise Refused("invalid_token", "The access token is unknown or expired", 401)

    def _of(self, body: dict[str, Any]) -> Held:
        held = self.held.get(str(body.get("credentialID")))
        if held is None:
            raise Refused("invalid_request", "Invalid parameter credentialID")
        return held

    def _list(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"credentialIDs": list(self.held)}

    def _info_of(self, body: dict[str, Any]) -> dict[str, Any]:
        held = self._of(body)
        certificate = base64.b64encode(held.credential.certificate.public_bytes(_DER)).decode()
        objects = [{"type": "Password", "id": name} for name in ("PIN", *held.also_wants)]
        return {
            "key": {"status": "enabled", "algo": [_ECDSA_SHA256], "len": 256, "curve": "1.2.840.10045.3.1.7"},
            "cert": {"status": "valid", "certificates": [certificate]},
            "auth": {
                "mode": "explicit",
                "expression": " AND ".join(each["id"] for each in objects),
                "objects": objects,
            },
            "SCAL": held.scal,
            "multisign": 10,
        }

    def _authorize(self, body: dict[str, Any]) -> dict[str, Any]:
        held, given = self._of(body), {each["id"]: each["value"] for each in body.get("authData", ())}
        wanted = tuple(body.get("hashes") or ())
        if not wanted or len(wanted) != body.get("numSignatures") or body.get("hashAlgorithmOID") != _SHA256:
            raise Refused("invalid_request", "SCAL2 needs hashes, as many as numSignatures, and their algorithm")
        if held.failures >= TRIES:
            raise Refused("invalid_pin", "The PIN is locked")
        if not hmac.compare_digest(str(given.get("PIN", "")), held.pin):
            held.failures += 1
            raise Refused("invalid_pin", "The PIN is invalid")
        held.failures = 0
        sad = secrets.token_urlsafe(32)
        self._sads[sad] = _Sad(
            credential=str(body["credentialID"]), hashes=wanted, until_s=time.monotonic() + SAD_LASTS_S
        )
        return {"SAD": sad, "expiresIn": int(SAD_LASTS_S)}

    def _sign(self, body: dict[str, Any]) -> dict[str, Any]:
        held, sad = self._of(body), self._sads.pop(str(body.get("SAD")), None)
        if sad is None:
            raise Refused("invalid_request", "The SAD is unknown or was used before")
        if self.trouble is Trouble.SAD_EXPIRED or sad.until_s < time.monotonic():
            self.trouble = None
            raise Refused("invalid_request", "The SAD has expired")
        if (sad.credential, sad.hashes) != (body["credentialID"], tuple(body.get("hashes") or ())):
            raise Refused("invalid_request", "The SAD was given for other hashes")
        if (body.get("signAlgo"), body.get("hashAlgorithmOID")) != (_ECDSA_SHA256, _SHA256):
            raise Refused("invalid_request", "Invalid parameter signAlgo")
        key = (
            held.credential.key if self.trouble is not Trouble.ANOTHER_KEY else ec.generate_private_key(ec.SECP256R1())
        )
        made = [_signed(key, each) for each in sad.hashes]
        if self.trouble is Trouble.TOO_MANY:
            made *= 2
        return {"signatures": [] if self.trouble is Trouble.NONE_AT_ALL else made}


def _signed(key: ec.EllipticCurvePrivateKey, digest: str) -> str:
    signature = key.sign(base64.b64decode(digest), ec.ECDSA(Prehashed(hashes.SHA256())))
    return base64.b64encode(signature).decode()
