"""Enrolment over Secure Transport (RFC 7030): cacerts, simpleenroll with a one-time code, simplereenroll.

| path | who | answer |
|---|---|---|
| GET `/.well-known/est/cacerts` | anybody | the devices' authority (PKCS#7, certs only) |
| POST `/.well-known/est/simpleenroll` | HTTP Basic: kiosk's id and code | the kiosk's certificate |
| POST `/.well-known/est/simplereenroll` | TLS client certificate | a newer one |
| GET `/enrolment/placement` | TLS client certificate | `contract.enrolment.Placement` (JSON) |
| GET `/enrolment/evidence-key` | TLS client certificate | the key that evidence of identity is sealed to (PEM) |
| POST `/enrolment/retirement` | TLS client certificate | 204: the kiosk is revoked for good |

A refusal is a sentence in plain text with RFC 7030's status.
"""

import base64
import binascii
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from contract.enrolment import EST_PATH, EVIDENCE_KEY_PATH, PLACEMENT_PATH, RETIREMENT_PATH
from contract.messages import encode
from hub.enrolment.devices import Devices, Request
from hub.enrolment.faults import CodeWrong, EnrolmentFault, RequestWrong

_LONGEST_BYTES = 16_384


def create_app(devices: Devices) -> Starlette:
    """Return the application; its server puts the TLS client's certificate (DER) into `request.state.certificate`."""
    est = Est(devices)
    routes = [
        Route(f"{EST_PATH}/cacerts", est.cacerts),
        Route(f"{EST_PATH}/simpleenroll", est.simpleenroll, methods=["POST"]),
        Route(f"{EST_PATH}/simplereenroll", est.simplereenroll, methods=["POST"]),
        Route(PLACEMENT_PATH, est.placement),
        Route(EVIDENCE_KEY_PATH, est.evidence_key),
        Route(RETIREMENT_PATH, est.retirement, methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={EnrolmentFault: _refused})


class Est:
    """The answers."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices

    async def cacerts(self, _request: HttpRequest) -> Response:
        """Return the authority; whoever asks compares its fingerprint with that on the ticket."""
        return _certificates([self._devices.authority])

    async def simpleenroll(self, request: HttpRequest) -> Response:
        """Issue a certificate for a code."""
        kiosk, code = _basic(request)
        asked = Request.read(await _body(request))
        if asked.kiosk != kiosk:
            raise RequestWrong(f"The request names {asked.kiosk}, the code was given for {kiosk[:63]}.")
        return _certificates([await run_in_threadpool(self._devices.enrol, asked, code)])

    async def simplereenroll(self, request: HttpRequest) -> Response:
        """Issue a newer certificate to who shows one."""
        asked = Request.read(await _body(request))
        return _certificates([await run_in_threadpool(self._devices.renew, asked, _shown(request))])

    async def placement(self, request: HttpRequest) -> Response:
        """Tell a kiosk what it is."""
        kiosk = self._devices.shown_by(_shown(request))
        said = await run_in_threadpool(self._devices.placement, kiosk)
        return Response(encode(said), media_type="application/json")

    async def evidence_key(self, request: HttpRequest) -> Response:
        """Tell a kiosk what it seals evidence to from now on."""
        kiosk = self._devices.shown_by(_shown(request))
        pem = await run_in_threadpool(self._devices.evidence_key, kiosk)
        return Response(pem, media_type="application/x-pem-file")

    async def retirement(self, request: HttpRequest) -> Response:
        """Revoke a kiosk that takes its leave."""
        kiosk = self._devices.shown_by(_shown(request))
        await run_in_threadpool(self._devices.revoke, kiosk, kiosk)
        return Response(status_code=204)


def _basic(request: HttpRequest) -> tuple[str, str]:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        user, found, code = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, found, code = "", "", ""
    if scheme.lower() != "basic" or not found:
        raise CodeWrong("This needs the kiosk's id and an enrolment code (HTTP Basic). An operator makes one.")
    return user, code


async def _body(request: HttpRequest) -> bytes:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > _LONGEST_BYTES:
            raise RequestWrong("The request is too long for a PKCS#10 of one key.")
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error as fault:
        raise RequestWrong("The request is not base64 of a PKCS#10 (RFC 7030 §4.2.1, RFC 8951).") from fault


def _shown(request: HttpRequest) -> x509.Certificate | None:
    der: bytes | None = getattr(request.state, "certificate", None)
    return x509.load_der_x509_certificate(der) if der else None


def _certificates(issued: Sequence[x509.Certificate]) -> Response:
    der = pkcs7.serialize_certificates(list(issued), serialization.Encoding.DER)
    headers = {"Content-Transfer-Encoding": "base64"}
    return Response(
        base64.encodebytes(der), media_type="application/pkcs7-mime; smime-type=certs-only", headers=headers
    )


async def _refused(_request: HttpRequest, fault: Exception) -> Response:
    assert isinstance(fault, EnrolmentFault)
    headers = {"WWW-Authenticate": 'Basic realm="enrolment"'} if isinstance(fault, CodeWrong) else None
    return PlainTextResponse(str(fault), status_code=fault.status, headers=headers)
