"""Is a certificate revoked? Asked of OCSP responders and revocation lists in order of preference; the answers go into
the copy as evidence.

An answer counts only if it proves something by itself: signed by the issuer (or a responder of his), about this very
certificate, current. A revoked certificate is a fact and ends the search; everything else that goes wrong with a source
means the next one is asked. Certificates of the embedded PKI answer for themselves where no source is configured.
"""

import asyncio
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

from contract.clock import Clock, vietnam_text
from hub.signing.credentials import as_asn1
from hub.signing.dss import Evidence
from hub.signing.faults import CertificateRevoked, StatusUnknown
from hub.signing.pki import Pki
from hub.signing.source_board import SourceBoard
from hub.signing.timestamps import Chain
from hub.signing.wire import Wire, WireFault

FRESH_FOR = timedelta(minutes=10)
"""How long an answer is used again."""

_TOLERANCE = timedelta(seconds=1)
_DER = serialization.Encoding.DER
_NO_SUCH_PLACE = ".invalid"  # RFC 2606: the embedded PKI names sources that never resolve


class SourceKind(StrEnum):
    """How a source is asked."""

    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSource:
    """An OCSP responder or a place where a revocation list lies."""

    kind: SourceKind
    url: str
    deadline_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def key(self) -> bytes:
        return self.certificate.fingerprint(hashes.SHA256())


class _NotProven(Exception):
    """What a source said proves nothing about the certificate."""


class Status:
    """Finds out whether certificates are revoked, and keeps each answer for ten minutes; safe to use from threads."""

    def __init__(
        self, pki: Pki, sources: Sequence[StatusSource], *, wire: Wire, clock: Clock, board: SourceBoard
    ) -> None:
        self._pki, self._sources, self._wire, self._clock, self._board = pki, sources, wire, clock, board
        self._kept: dict[bytes, tuple[datetime, Evidence]] = {}
        self._issuers: dict[x509.Certificate, None] = {}
        for each in sources:
            board.enter(each.kind, each.url)

    def gather(self, chains: Iterable[Chain], *, proven_at: datetime | None = None) -> Evidence:
        """Return proof that no certificate of `chains` (each to its anchor) is revoked, with the certificates.

        A revocation after `proven_at`, the moment at which the signatures are proven to have existed, does no harm.
        Raises StatusUnknown where nobody can say so of one, CertificateRevoked.
        """
        links = {link.key: link for chain in chains for link in _links(chain)}
        found = [self._of(link, proven_at) for link in links.values()]
        certificates = dict.fromkeys(each for one in found for each in one.certificates)
        return Evidence(
            certificates=tuple(certificates),
            ocsps=tuple(dict.fromkeys(each for one in found for each in one.ocsps)),
            crls=tuple(dict.fromkeys(each for one in found for each in one.crls)),
        )

    def lists(self, known: Iterable[x509.Certificate]) -> list[bytes]:
        """Return the current revocation lists (DER) of the configured places, as far as they can be had and proven.

        A list counts if one of the `known` authorities, or one met in a chain before, has signed it.
        """
        found, now = [], self._clock.now()
        for source in self._sources:
            if source.kind is not SourceKind.CRL or self._board.rests(source.kind, source.url):
                continue
            try:
                content = self._list(source)
            except WireFault as fault:
                self._board.failed(source.kind, source.url, str(fault))
                continue
            self._board.answered(source.kind, source.url)
            if any(_is_proven(content, issuer, now) for issuer in (*known, *self._issuers)):
                found.append(content)
        return found

    def _list(self, source: StatusSource) -> bytes:
        content = self._wire.get(source.url, deadline_s=source.deadline_s).require_ok()
        return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content

    def _of(self, link: _Link, proven_at: datetime | None) -> Evidence:
        now = self._clock.now()
        if not self._sources and self._pki.is_issuer(link.issuer):
            return self._own(link, proven_at)
        made_at, kept = self._kept.get(link.key, (None, None))
        if made_at is not None and kept is not None and timedelta() <= now - made_at < FRESH_FOR:
            return kept
        evidence, is_good = self._asked(link, now, proven_at)
        self._issuers[link.issuer] = None
        if is_good:
            self._kept[link.key] = (now, evidence)
        return evidence

    def _own(self, link: _Link, proven_at: datetime | None) -> Evidence:
        at = self._pki.revoked_at(link.certificate)
        if at is not None:
            _require_later(link, at, proven_at)
        between = (link.issuer, self._pki.responder) if link.issuer == self._pki.issuing else (link.issuer,)
        ends = link.issuer == self._pki.issuing
        return Evidence(
            certificates=_der(*between, link.certificate),
            ocsps=(self._pki.evidence.ocsp(link.certificate),) if ends else (),
            crls=() if ends else (self._pki.evidence.root_crl(),),
        )

    def _asked(self, link: _Link, now: datetime, proven_at: datetime | None) -> tuple[Evidence, bool]:
        """Take the first good answer; tell also whether the certificate is good now, not only at `proven_at`.

        A response is about one certificate; a list is taken where there is none, since validators that meet a newer
        list of the same issuer later misjudge certificates that ended before it.
        """
        said = []
        for source in self._sources_of(link):
            if self._board.rests(source.kind, source.url):
                said.append(f"{source.url}: failed a moment ago")
                continue
            try:
                proof = self._answer(source, link)
                revoked_at = _prove(link, source.kind, proof, now)
            except WireFault as fault:
                self._board.failed(source.kind, source.url, str(fault))
                said.append(f"{source.url}: {fault}")
            except _NotProven as fault:  # perhaps it only does not know this issuer
                said.append(f"{source.url}: {fault}")
            else:
                if revoked_at is not None:
                    _require_later(link, revoked_at, proven_at)
                self._board.answered(source.kind, source.url)
                return _evidence(link, source.kind, proof), revoked_at is None
        asked = "; ".join(said) or "no source is configured or named in it"
        raise StatusUnknown(f"Nobody says whether {_named(link.certificate)} is revoked ({asked})")

    def _sources_of(self, link: _Link) -> Iterator[StatusSource]:
        configured = set()
        for source in self._sources:
            configured.add(source.url)
            yield source
        deadline_s = max((each.deadline_s for each in self._sources), default=5.0)
        for kind, url in _named_sources(link.certificate):
            if url not in configured and not (urlsplit(url).hostname or _NO_SUCH_PLACE).endswith(_NO_SUCH_PLACE):
                yield StatusSource(kind=kind, url=url, deadline_s=deadline_s)

    def _answer(self, source: StatusSource, link: _Link) -> bytes:
        if source.kind is SourceKind.CRL:
            return self._list(source)
        asked = ocsp.OCSPRequestBuilder().add_certificate(link.certificate, link.issuer, hashes.SHA1())  # noqa: S303
        return self._wire.post(
            source.url,
            asked.build().public_bytes(_DER),
            headers={"Content-Type": "application/ocsp-request"},
            deadline_s=source.deadline_s,
        ).require_ok()


def _evidence(link: _Link, kind: SourceKind, proof: bytes) -> Evidence:
    certificates = _der(link.issuer, link.certificate)
    if kind is SourceKind.CRL:
        return Evidence(certificates=certificates, ocsps=(), crls=(proof,))
    return Evidence(certificates=certificates, ocsps=(proof,), crls=())


def _prove(link: _Link, kind: SourceKind, proof: bytes, now: datetime) -> datetime | None:
    """Return since when the certificate is revoked (None: it is good at `now`); raise _NotProven."""
    try:
        return _prove_by_list(link, proof, now) if kind is SourceKind.CRL else _prove_by_response(link, proof, now)
    except (ValidationError, PathBuildingError, ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise _NotProven(f"its answer proves nothing ({type(fault).__name__} {fault})") from fault


def _prove_by_response(link: _Link, response: bytes, now: datetime) -> datetime | None:
    context = ValidationContext(
        trust_roots=[as_asn1(link.issuer)],
        ocsps=[response],
        allow_fetching=False,
        revocation_mode="require",
        moment=now,
    )
    try:
        asyncio.run(CertificateValidator(as_asn1(link.certificate), validation_context=context).async_validate_path())
    except RevokedError as fault:
        revoked_at: datetime = fault.revocation_dt
        return revoked_at
    return None


def _prove_by_list(link: _Link, content: bytes, now: datetime) -> datetime | None:
    listed = x509.load_der_x509_crl(content)
    _require_list(listed, link.issuer, now)
    entry = listed.get_revoked_certificate_by_serial_number(link.certificate.serial_number)
    return entry.revocation_date_utc if entry else None


def _is_proven(content: bytes, issuer: x509.Certificate, now: datetime) -> bool:
    try:
        _require_list(x509.load_der_x509_crl(content), issuer, now)
    except (_NotProven, ValueError, TypeError):
        return False
    return True


def _require_list(listed: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> None:
    """Return if this is the issuer's whole and current list; raise _NotProven."""
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise _NotProven("its issuer has a key of an unknown kind")
    if listed.issuer != issuer.subject or not listed.is_signature_valid(key):
        raise _NotProven("it is not a list of the certificate's issuer")
    if any(each.critical for each in listed.extensions):  # partial, indirect or delta
        raise _NotProven("it is a list of some certificates only")
    if listed.next_update_utc is None or not listed.last_update_utc - _TOLERANCE <= now <= listed.next_update_utc:
        raise _NotProven("it is not current")


def _require_later(link: _Link, revoked_at: datetime, proven_at: datetime | None) -> None:
    if proven_at is None or revoked_at <= proven_at:
        at = vietnam_text(revoked_at)
        raise CertificateRevoked(f"The certificate {_named(link.certificate)} was revoked on {at}")


def _links(chain: Chain) -> Iterator[_Link]:
    for certificate, issuer in itertools.pairwise(chain):
        yield _Link(certificate=certificate, issuer=issuer)


def _named_sources(certificate: x509.Certificate) -> Iterator[tuple[SourceKind, str]]:
    extensions = certificate.extensions
    try:
        for access in extensions.get_extension_for_class(x509.AuthorityInformationAccess).value:
            if access.access_method == AuthorityInformationAccessOID.OCSP:
                yield SourceKind.OCSP, str(access.access_location.value)
    except x509.ExtensionNotFound:
        pass
    try:
        for point in extensions.get_extension_for_class(x509.CRLDistributionPoints).value:
            for name in point.full_name or ():
                yield SourceKind.CRL, str(name.value)
    except x509.ExtensionNotFound:
        pass


def _named(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()


def _der(*certificates: x509.Certificate) -> tuple[bytes, ...]:
    return tuple(each.public_bytes(_DER) for each in certificates)
