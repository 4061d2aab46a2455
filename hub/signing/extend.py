"""Appending evidence and a document timestamp to a signed copy: the upgrade to B-LTA, and its renewal years later.

Nothing before the end of the copy changes, so seal, draft hash and every signature stay what they are; whoever has the
copy makes the extended one by putting the appended bytes behind it.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, crl, ocsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore

from contract.clock import Clock
from hub.signing import algorithms, level, revision
from hub.signing.credentials import from_asn1
from hub.signing.dss import Evidence
from hub.signing.faults import CopyUnextendable, NoTimestamp
from hub.signing.revision import CopyWriter
from hub.signing.services import TrustServices
from hub.signing.timestamps import Chain, Stamping
from hub.verify import embedded

DIGEST_LASTS_FOR = timedelta(days=3 * 366)
"""A new document timestamp uses an algorithm that has so long before it."""

_PROBE = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What a copy relies on: its level, and until when its last document timestamp protects it (None below B-LTA)."""

    level: str
    ends_at: datetime | None


def protection(copy: bytes) -> Protection:
    """Return how long a copy is protected: the end of the last timestamp's certificate or digest algorithm.

    Raises LevelNotReached where the copy does not hold together.
    """
    found = level.reached(copy, b"")
    if found != level.B_LTA:
        return Protection(level=found, ends_at=None)
    last = PdfFileReader(io.BytesIO(copy)).embedded_signatures[-1]
    content = last.signed_data["encap_content_info"]["content"].parsed
    algorithm = content["message_imprint"]["hash_algorithm"]["algorithm"].native
    certificate_ends: datetime = last.signer_cert.not_valid_after
    return Protection(level=found, ends_at=min(certificate_ends, algorithms.ends_at(algorithm)))


def extension(copy: bytes, services: TrustServices, clock: Clock) -> bytes:
    """Return the bytes that make `copy` B-LTA, or B-LTA for longer where it is that already.

    Raises NoTimestamp, StatusUnknown (try again), CertificateRevoked, CopyUnextendable, LevelNotReached.
    """
    try:
        opened = _Copy(copy, services)
    except (PdfError, LookupError, ValueError, TypeError) as fault:
        raise CopyUnextendable(f"The copy can't be read ({type(fault).__name__} {fault})") from fault
    digest = algorithms.lasting(clock.now() + DIGEST_LASTS_FOR)
    stamping = services.timestamps.stamping()
    stamping.token(_PROBE)  # tells whose evidence is needed, before anything is written
    for _ in range(2):
        known = list(stamping.chains)
        evidence = services.status.gather([*opened.chains, *known], proven_at=opened.proven_at)
        extended = opened.appended(evidence, stamping, digest)
        if stamping.chains == known:
            level.require_lta(extended, copy)
            return extended[len(copy) :]
    raise NoTimestamp("The timestamp authorities took turns at failing")


class _Copy:
    """A signed copy: whose certificates need evidence, and since when its signatures are proven to have existed."""

    def __init__(self, content: bytes, services: TrustServices) -> None:
        self._content, self._services = content, services
        reader = PdfFileReader(io.BytesIO(content))
        self._signatures = reader.embedded_signatures
        self._pool = [from_asn1(each) for each in embedded.certificates(reader)]
        self.chains: list[Chain] = []
        self.proven_at: datetime | None = None
        if level.reached(content, b"") == level.B_LTA:
            self._enter(self._signatures[-1].signer_cert)
            self.proven_at = _gen_time(self._signatures[-1].signed_data)
        else:
            self._enter_signers()

    def appended(self, evidence: Evidence, stamping: Stamping, digest: str) -> bytes:
        """Return the copy with one revision more."""
        stream = io.BytesIO(self._content)
        writer = CopyWriter(stream)
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            self._signatures[-1].pkcs7_content.hex().encode(),
            certs=[asn1.Certificate.load(each) for each in evidence.certificates],
            ocsps=[ocsp.OCSPResponse.load(each) for each in evidence.ocsps],
            crls=[crl.CertificateList.load(each) for each in evidence.crls],
        )
        field = revision.free_timestamp_field(writer, [each.field_name for each in self._signatures])
        revision.stamp(writer, stamping, field=field, digest=digest)
        return stream.getvalue()

    def _enter_signers(self) -> None:
        times = []
        for signature in self._signatures:
            self._enter(signature.signer_cert)
            for token in embedded.stamps(signature):
                self._enter(_signer_of(token))
                times.append(_gen_time(token))
        self.proven_at = max(times) if len(times) == len(self._signatures) else None

    def _enter(self, certificate: asn1.Certificate) -> None:
        self.chains.append(self._services.chain_of(from_asn1(certificate), self._pool))


def _signer_of(signed: cms.SignedData) -> asn1.Certificate:
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    return next(each.chosen for each in signed["certificates"] if each.chosen.serial_number == serial)


def _gen_time(signed: cms.SignedData) -> datetime:
    moment: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
