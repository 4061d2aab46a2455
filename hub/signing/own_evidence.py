"""What the embedded PKI says of its own certificates: revocation lists and OCSP answers, made as they are asked for."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from contract.clock import Clock
from hub.signing import revocation
from hub.signing.people_pki import PeoplePki
from hub.signing.revocation import Revoked

EVIDENCE_FRESH = timedelta(minutes=10)
"""How long a CRL or an OCSP response made here is used again."""


class OwnEvidence:
    """Lists and answers of one moment's keys and revocations; whoever changes either makes another."""

    def __init__(self, people: PeoplePki, revoked: Collection[Revoked], clock: Clock) -> None:
        self._people, self._clock = people, clock
        self._revoked = tuple(revoked)
        self._made: dict[str, tuple[datetime, bytes]] = {}

    def root_crl(self) -> bytes:
        """Return the root's list (DER), at most ten minutes old."""
        return self._fresh("root", lambda now: _der(revocation.crl(self._people.root, (), now)))

    def issuing_crl(self) -> bytes:
        """Return the list of people, agency, TSA and seal (DER), at most ten minutes old."""
        return self._fresh("issuing", lambda now: _der(revocation.crl(self._people.issuing, self._revoked, now)))

    def ocsp(self, certificate: x509.Certificate) -> bytes:
        """Return the responder's answer about an end entity (DER), at most ten minutes old."""
        return self._fresh(str(certificate.serial_number), lambda now: self._answer(certificate, now))

    def _answer(self, certificate: x509.Certificate, now: datetime) -> bytes:
        return revocation.ocsp_answer(
            certificate,
            issuer=self._people.issuing.certificate,
            responder=self._people.responder,
            revoked=revocation.by_serial(self._revoked),
            now=now,
        )

    def _fresh(self, key: str, make: Callable[[datetime], bytes]) -> bytes:
        now = self._clock.now().replace(microsecond=0)
        made_at, evidence = self._made.get(key, (None, b""))
        if made_at is None or not timedelta() <= now - made_at < EVIDENCE_FRESH:
            evidence = make(now)
            self._made[key] = (now, evidence)
        return evidence


def _der(listed: x509.CertificateRevocationList) -> bytes:
    return listed.public_bytes(serialization.Encoding.DER)
