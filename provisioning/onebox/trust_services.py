"""Timestamp authorities, an OCSP responder and revocation lists over HTTP, which also lie and fail as they are told.

The authorities have a root of their own, as outside ones do; the responder answers for the hub's embedded PKI and for
them. `app` is served by whoever wants it.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from contract.clock import Clock
from hub.signing import der, profiles, revocation
from hub.signing.cades import TokenWriter
from hub.signing.credentials import Credential, certificate_pem
from hub.signing.pki import Pki
from hub.signing.revocation import Revoked
from hub.signing.settings import EvidenceConfig, StatusConfig, TsaConfig

_DER = serialization.Encoding.DER
_SLOW_S = 3.0
_ANSWERS_LAST = timedelta(days=7)
_FAR_OFF = timedelta(hours=3)


class Trouble(StrEnum):
    """What a service does instead of its duty."""

    SLOW = "SLOW"
    DRIPS = "DRIPS"
    ERROR = "ERROR"
    GARBAGE = "GARBAGE"
    REFUSES = "REFUSES"
    WRONG_NONCE = "WRONG_NONCE"
    WRONG_IMPRINT = "WRONG_IMPRINT"
    BROKEN_SIGNATURE = "BROKEN_SIGNATURE"
    UNTRUSTED = "UNTRUSTED"
    EXPIRED = "EXPIRED"
    CLOCK_OFF = "CLOCK_OFF"


class _OffClock:
    def __init__(self, clock: Clock, by: timedelta) -> None:
        self._clock, self._by = clock, by

    def now(self) -> datetime:
        return self._clock.now() + self._by

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


@dataclass(slots=True, kw_only=True)
class OutsideTsa:
    """One authority with a root of its own; `asked` counts the requests."""

    root: Credential
    credential: Credential
    trouble: Trouble | None = None
    asked: int = 0
    issued: list[x509.Certificate] = field(default_factory=list)
    revoked: list[Revoked] = field(default_factory=list)


class TrustServices:
    """The services of one town: `tsas` by name, `troubles` of `ocsp` and `crl`."""

    def __init__(self, folder: Path, pki: Pki, clock: Clock, *, names: tuple[str, ...] = ("first", "second")) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._pki, self._clock = folder, pki, clock
        self.tsas = {name: self._authority(name, clock.now()) for name in names}
        self.troubles: dict[str, Trouble] = {}
        self.app = Starlette(
            routes=[
                Route("/tsa/{name}", self._stamp, methods=["POST"]),
                Route("/ocsp", self._guarded("ocsp", self._ocsp), methods=["POST"]),
                Route("/crl/{name}", self._guarded("crl", self._crl)),
            ]
        )

    def renew(self, name: str) -> None:
        """Give an authority a new key, certificate and root (its anchors file is replaced)."""
        self.tsas[name] = self._authority(name, self._clock.now())

    def renew_certificate(self, name: str) -> None:
        """Give an authority a new key and certificate under its root."""
        tsa = self.tsas[name]
        tsa.credential = _issued_by(tsa.root, self._clock.now())
        tsa.issued.append(tsa.credential.certificate)

    def revoke(self, name: str, at: datetime) -> None:
        """Put an authority's certificate on its root's list."""
        tsa = self.tsas[name]
        tsa.revoked.append(Revoked(serial=f"{tsa.credential.certificate.serial_number:X}", at=at))

    def config(self, base_url: str, *, deadline_s: float = 2.0) -> EvidenceConfig:
        """Return the section of hub.toml that names these services at their address."""
        lists = ["root", "issuing", *self.tsas]
        return EvidenceConfig(
            tsa=tuple(
                TsaConfig(name=name, url=f"{base_url}/tsa/{name}", anchors=self._anchors(name), deadline_s=deadline_s)
                for name in self.tsas
            ),
            ocsp=(StatusConfig(url=f"{base_url}/ocsp", deadline_s=deadline_s),),
            crl=tuple(StatusConfig(url=f"{base_url}/crl/{name}", deadline_s=deadline_s) for name in lists),
        )

    def _authority(self, name: str, now: datetime) -> OutsideTsa:
        root = profiles.root(profiles.subject(f"TSA ngoài {name}", agency="Dịch vụ tin cậy"), now)
        issuer = profiles.Authority(credential=root, now=now)
        credential = issuer.issue(profiles.subject(f"TSA {name}", agency="Dịch vụ"), profiles.timestamp_authority())
        self._anchors(name).write_bytes(certificate_pem(root.certificate))
        return OutsideTsa(root=root, credential=credential, issued=[credential.certificate])

    def _anchors(self, name: str) -> Path:
        return self._folder / f"{name}.pem"

    async def _stamp(self, request: Request) -> Response:
        tsa = self.tsas[request.path_params["name"]]
        tsa.asked += 1
        body = await request.body()
        granted = partial(_granted, tsa, body, self._clock)
        return await _troubled(tsa.trouble, granted, "application/timestamp-reply")

    def _guarded(
        self, kind: str, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            trouble = self.troubles.get(kind)
            if trouble is None:
                return await answer(request)
            return await _troubled(trouble, lambda: b"", "application/octet-stream")

        return guarded

    async def _ocsp(self, request: Request) -> Response:
        asked = ocsp.load_der_ocsp_request(await request.body())
        for certificate in self._pki.end_entities():
            if certificate.serial_number == asked.serial_number:
                return Response(self._pki.evidence.ocsp(certificate), media_type="application/ocsp-response")
        for tsa in self.tsas.values():
            for certificate in tsa.issued:
                if certificate.serial_number == asked.serial_number:
                    return Response(self._about(tsa, certificate), media_type="application/ocsp-response")
        refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return Response(refusal.public_bytes(_DER), media_type="application/ocsp-response")

    def _about(self, tsa: OutsideTsa, certificate: x509.Certificate) -> bytes:
        revoked = {int(each.serial, 16): each.at for each in tsa.revoked}
        now = self._clock.now().replace(microsecond=0)
        name = profiles.subject("OCSP", agency="Dịch vụ")
        responder = profiles.Authority(credential=tsa.root, now=now).issue(name, profiles.ocsp_responder())
        return revocation.ocsp_answer(
            certificate,
            issuer=tsa.root.certificate,
            responder=responder,
            revoked=revoked,
            now=now,
            validity=_ANSWERS_LAST,
        )

    async def _crl(self, request: Request) -> Response:
        name = request.path_params["name"]
        own = {"root": self._pki.evidence.root_crl, "issuing": self._pki.evidence.issuing_crl}
        if name in own:
            return Response(own[name](), media_type="application/pkix-crl")
        tsa, now = self.tsas[name], self._clock.now().replace(microsecond=0)
        listed = revocation.crl(tsa.root, tsa.revoked, now, validity=_ANSWERS_LAST).public_bytes(_DER)
        return Response(listed, media_type="application/pkix-crl")


async def _troubled(trouble: Trouble | None, answer: Callable[[], bytes], media_type: str) -> Response:
    if trouble is Trouble.SLOW:
        await asyncio.sleep(_SLOW_S)
    if trouble is Trouble.DRIPS:
        return StreamingResponse(_drops(), media_type=media_type)
    if trouble is Trouble.ERROR:
        return Response(b"out of order", status_code=500)
    if trouble is Trouble.GARBAGE:
        return Response(b"<html>Please log in to the Wi-Fi</html>", media_type="text/html")
    return Response(answer(), media_type=media_type)


async def _drops() -> AsyncIterator[bytes]:
    for _ in range(30):
        yield b"\x30"
        await asyncio.sleep(0.1)


def _token(tsa: OutsideTsa, body: bytes, clock: Clock) -> bytes | None:
    request = tsp.TimeStampReq.load(body)
    nonce, digest = request["nonce"].native, request["message_imprint"]["hashed_message"].native
    credential, at = tsa.credential, clock
    if tsa.trouble is Trouble.REFUSES:
        return None
    if tsa.trouble is Trouble.WRONG_NONCE:
        nonce ^= 1
    if tsa.trouble is Trouble.WRONG_IMPRINT:
        digest = hashlib.new(request["message_imprint"]["hash_algorithm"]["algorithm"].native, digest).digest()
    if tsa.trouble is Trouble.UNTRUSTED:
        credential = _issued_by(_stranger(clock.now()), clock.now())
    if tsa.trouble is Trouble.EXPIRED:
        credential = _issued_by(tsa.root, clock.now() - timedelta(days=1200))
    if tsa.trouble is Trouble.CLOCK_OFF:
        at = _OffClock(clock, _FAR_OFF)
    token = bytearray(TokenWriter(credential, at).token(digest, nonce))
    if tsa.trouble is Trouble.BROKEN_SIGNATURE:
        token[-5] ^= 1
    return bytes(token)


def _stranger(now: datetime) -> Credential:
    return profiles.root(profiles.subject("TSA lạ", agency="Không ai biết"), now)


def _issued_by(root: Credential, now: datetime) -> Credential:
    name = profiles.subject("TSA", agency="Dịch vụ")
    return profiles.Authority(credential=root, now=now).issue(name, profiles.timestamp_authority())


def _granted(tsa: OutsideTsa, body: bytes, clock: Clock) -> bytes:
    token = _token(tsa, body, clock)
    if token is None:
        refusal = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["no more stamps today"]})
        return der.sequence(refusal.dump())
    return bytes(
        tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}).dump()
    )
