"""The kiosk's side of EST (RFC 7030): the hub's authority, a certificate for a code, a newer one, the placement."""

import asyncio
import base64
import ssl
from collections.abc import Mapping

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import pkcs7

from agent.link.device_key import DeviceKey
from agent.link.faults import HubRefused, HubUnreachable, NotKnownThere, NotTheHub, ShutOut
from agent.link.mqtt import Credentials
from contract.enrolment import (
    EST_PATH,
    EVIDENCE_KEY_PATH,
    PLACEMENT_PATH,
    RETIREMENT_PATH,
    Placement,
    Ticket,
    for_the_eye,
)
from contract.messages import MalformedMessage, decode

_TIMEOUT_S, _LONGEST_S = 20.0, 60.0
_MOST_BYTES = 256 * 1024
_HEADERS = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"}


async def authority(ticket: Ticket) -> x509.Certificate:
    """Return the hub's devices' authority, which the ticket vouches for; raise NotTheHub, HubUnreachable.

    Nothing is believed of the connection it comes over (RFC 7030 §4.1.1), and nothing is told on it.
    """
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    answered = _certificates(await _ask("GET", f"{ticket.url}{EST_PATH}/cacerts", blind))
    for each in answered:
        if each.fingerprint(hashes.SHA256()).hex() == ticket.ca_sha256:
            return each
    shown = " / ".join(for_the_eye(each.fingerprint(hashes.SHA256()).hex()) for each in answered)
    raise NotTheHub(
        f"{ticket.hub} shows the fingerprint {shown or 'of nothing'}, the ticket {for_the_eye(ticket.ca_sha256)}: "
        "this is not the hub that made the ticket. Nothing was told to it"
    )


async def enrolled(ticket: Ticket, key: DeviceKey, ca: x509.Certificate) -> x509.Certificate:
    """Return the key's first certificate for the ticket's code; raise HubRefused, HubUnreachable."""
    trusting = ssl.create_default_context(cadata=ca.public_bytes(serialization.Encoding.PEM).decode())
    basic = base64.b64encode(f"{ticket.kiosk}:{ticket.code}".encode()).decode()
    body = base64.encodebytes(key.request(ticket.kiosk))
    url = f"{ticket.url}{EST_PATH}/simpleenroll"
    got = await _ask("POST", url, trusting, body, _HEADERS | {"Authorization": f"Basic {basic}"})
    return fitting(_certificates(got), key, ticket.kiosk, ca)


async def renewed(address: str, kiosk: str, credentials: Credentials) -> x509.Certificate:
    """Return a newer certificate of the same key, shown the one in use; raise HubRefused, HubUnreachable."""
    body = base64.encodebytes(credentials.key.request(kiosk))
    got = await _ask("POST", f"https://{address}{EST_PATH}/simplereenroll", credentials.context(), body, _HEADERS)
    ca = x509.load_pem_x509_certificate(credentials.ca.read_bytes())
    return fitting(_certificates(got), credentials.key, kiosk, ca)


async def placement(address: str, credentials: Credentials) -> Placement:
    """Return what the hub says of this kiosk; raise HubRefused, HubUnreachable."""
    try:
        return decode(Placement, await _ask("GET", f"https://{address}{PLACEMENT_PATH}", credentials.context()))
    except MalformedMessage as fault:
        raise HubRefused(f"the hub's words about this kiosk can't be read: {fault}") from fault


async def evidence_key(address: str, credentials: Credentials) -> X25519PublicKey:
    """Return what the hub wants evidence sealed to; raise NotKnownThere from a hub of before such keys were asked for,
    HubRefused, HubUnreachable.
    """
    pem = await _ask("GET", f"https://{address}{EVIDENCE_KEY_PATH}", credentials.context())
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise HubRefused(f"the hub's key for evidence can't be read: {fault}") from fault
    if not isinstance(key, X25519PublicKey):
        raise HubRefused("the hub's key for evidence is no X25519 key")
    return key


async def retire(address: str, credentials: Credentials) -> None:
    """Have the hub revoke this kiosk for good; raise HubRefused, HubUnreachable."""
    await _ask("POST", f"https://{address}{RETIREMENT_PATH}", credentials.context())


def fitting(issued: list[x509.Certificate], key: DeviceKey, kiosk: str, ca: x509.Certificate) -> x509.Certificate:
    """Return the certificate that is this key's, in this kiosk's name, from this authority; raise HubRefused."""
    for each in issued:
        if _is_of(each, key):
            try:
                each.verify_directly_issued_by(ca)
            except (ValueError, TypeError, InvalidSignature) as fault:
                raise HubRefused("the certificate is not from the authority that the ticket names") from fault
            if f"CN={kiosk}" in each.subject.rfc4514_string().split(","):
                return each
    raise HubRefused("the hub's answer holds no certificate of this kiosk's key")


def _is_of(certificate: x509.Certificate, key: DeviceKey) -> bool:
    try:
        return certificate.public_key() == key.private.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False


def _certificates(body: bytes) -> list[x509.Certificate]:
    try:
        return pkcs7.load_der_pkcs7_certificates(base64.b64decode(body))
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise HubRefused(f"the answer holds no certificates (RFC 7030 §4.1.3): {fault}") from fault


async def _ask(
    method: str, url: str, tls: ssl.SSLContext, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """Return the answer; whoever answers gets _LONGEST_S and _MOST_BYTES at most."""
    said = bytearray()
    try:
        async with (
            asyncio.timeout(_LONGEST_S),
            httpx.AsyncClient(verify=tls, timeout=_TIMEOUT_S) as client,
            client.stream(method, url, content=body, headers=headers) as answer,
        ):
            async for piece in answer.aiter_bytes():
                said += piece
                if len(said) > _MOST_BYTES:
                    raise HubRefused(f"{url} answers more than {_MOST_BYTES >> 10} KiB: is this the hub's EST?")
    except TimeoutError as fault:
        raise HubUnreachable(f"{url} does not end its answer within {_LONGEST_S:.0f} s") from fault
    except httpx.HTTPError as fault:
        raise HubUnreachable(f"{url} does not answer: {fault or type(fault).__name__}") from fault
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotKnownThere(f"{url} is not known to the hub")
    told = said.decode(errors="replace").strip()[:500]
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise ShutOut(told or f"{url} shuts this kiosk out")
    if not answer.is_success:
        raise HubRefused(told or f"{url} answers {answer.status_code}")
    return bytes(said)
