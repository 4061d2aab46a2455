"""Where timestamps and revocation data come from: what [evidence] in hub.toml names, else the embedded PKI itself."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography import x509

from contract.clock import Clock
from hub.signing import fitness
from hub.signing.cades import TokenWriter
from hub.signing.faults import CertificateFault, CertificateRevoked, StatusUnknown
from hub.signing.pki import Pki
from hub.signing.settings import EvidenceConfig, TsaConfig
from hub.signing.source_board import SourceBoard
from hub.signing.status import SourceKind, Status, StatusSource
from hub.signing.timestamps import Chain, RemoteTsa, TimestampAuthority, TimestampFault, Timestamps
from hub.signing.wire import Wire

log = logging.getLogger(__name__)

EMBEDDED = "embedded"


class EmbeddedTsa:
    """The timestamp authority of the embedded PKI, in this process; a replaced certificate is used at once."""

    name = EMBEDDED

    def __init__(self, pki: Pki, clock: Clock) -> None:
        self._pki, self._clock = pki, clock
        self._credential, self._writer = pki.tsa, TokenWriter(pki.tsa, clock)

    @property
    def most_bytes(self) -> int:
        """The size that a token never exceeds."""
        return self._current().most_bytes

    def stamp(self, digest: bytes) -> tuple[bytes, Chain]:
        """Return a token; raise TimestampFault while the certificate must not be used."""
        writer, certificate = self._current(), self._credential.certificate
        revoked, now = self._pki.is_revoked(certificate), self._clock.now()
        try:
            fitness.check_current(certificate, whose="the timestamp authority", revoked=revoked, now=now)
        except CertificateFault as fault:
            raise TimestampFault(str(fault)) from fault
        return writer.token(digest), (certificate, self._pki.issuing, self._pki.root)

    def _current(self) -> TokenWriter:
        if self._credential is not self._pki.tsa:
            self._credential, self._writer = self._pki.tsa, TokenWriter(self._pki.tsa, self._clock)
        return self._writer


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustServices:
    """What signatures need from outside."""

    timestamps: Timestamps
    status: Status
    anchors: tuple[TsaConfig, ...]
    pki: Pki

    @property
    def known(self) -> tuple[x509.Certificate, ...]:
        """The embedded PKI's authorities and the anchors of the timestamp authorities."""
        return (self.pki.root, self.pki.issuing, *(root for tsa in self.anchors for root in anchors_of(tsa)))

    def lists(self) -> list[bytes]:
        """Return the current revocation lists (DER) of the services outside, for those who check copies offline."""
        return self.status.lists(self.known)

    def chain_of(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> Chain:
        """Return the certificate and its issuers up to an anchor known here; raise StatusUnknown where none is met."""
        tops, pool = set(self.known) - {self.pki.issuing}, [*self.known, *others]
        chain = [certificate]
        while chain[-1] not in tops:
            issuer = next((each for each in pool if each not in chain and fitness.is_issued_by(chain[-1], each)), None)
            if issuer is None:
                raise StatusUnknown(f"{certificate.subject.rfc4514_string()} leads to no anchor known here")
            chain.append(issuer)
        return tuple(chain)


def of(given: EvidenceConfig, pki: Pki, clock: Clock, board: SourceBoard) -> TrustServices:
    """Return the services that the configuration names; the first of a list is preferred."""
    wire = Wire()
    sources = [StatusSource(kind=SourceKind.OCSP, url=each.url, deadline_s=each.deadline_s) for each in given.ocsp]
    sources += [StatusSource(kind=SourceKind.CRL, url=each.url, deadline_s=each.deadline_s) for each in given.crl]
    status = Status(pki, sources, wire=wire, clock=clock, board=board)
    authorities: list[TimestampAuthority] = [_remote(each, wire, clock) for each in given.tsa]
    timestamps = Timestamps(
        authorities or [EmbeddedTsa(pki, clock)], board, is_revoked=lambda chain: _is_revoked(status, chain)
    )
    return TrustServices(timestamps=timestamps, status=status, anchors=given.tsa, pki=pki)


def embedded(pki: Pki, clock: Clock) -> TrustServices:
    """Return the services of the embedded PKI alone, nothing outside."""
    return of(EvidenceConfig(), pki, clock, SourceBoard(clock))


def anchors_of(tsa: TsaConfig) -> Sequence[x509.Certificate]:
    """Return the roots that an authority's certificates may lead to, read anew each time; none if unreadable."""
    try:
        return x509.load_pem_x509_certificates(tsa.anchors.read_bytes())
    except (OSError, ValueError) as fault:
        log.warning("the anchors %s of the timestamp authority %s can't be read: %s", tsa.anchors, tsa.name, fault)
        return ()


def _remote(tsa: TsaConfig, wire: Wire, clock: Clock) -> RemoteTsa:
    return RemoteTsa(
        tsa.name, tsa.url, anchors=lambda: anchors_of(tsa), deadline_s=tsa.deadline_s, wire=wire, clock=clock
    )


def _is_revoked(status: Status, chain: Chain) -> bool:
    try:
        status.gather([chain])
    except CertificateRevoked:
        return True
    except StatusUnknown:  # the document then stays at B-T, where nobody claims to have asked
        return False
    return False
