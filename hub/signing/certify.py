"""From an approved draft to a certified copy: PAdES B-LTA with two signatures, by appending only.

`Certifier(pki, clock).certify(draft, attestation)` is called once the register has allotted the number and a person has
decided (R1). It computes for a few hundredths of a second and does no I/O, so call it from a worker thread.
"""

import hashlib
from datetime import datetime

from contract import seal
from contract.clock import Clock
from contract.ids import sha256_hex
from contract.seal import DRAFT_HASH_BYTES, CopySeal
from hub.signing import attest, dss, fitness, level, revision
from hub.signing.attest import Furniture
from hub.signing.cades import DocumentSigner, LocalTsa
from hub.signing.credentials import Credential
from hub.signing.draft import Draft, open_draft
from hub.signing.faults import PkiOfAnotherAgency, SomebodyElsesKey
from hub.signing.pki import Pki
from hub.signing.revision import AGENCY_FIELD, CERTIFIER_FIELD, CopyWriter
from hub.signing.signers import Signer
from hub.signing.values import Attestation, SignedCopy


class Certifier:
    """Makes certified copies with the keys of one hub."""

    def __init__(self, pki: Pki, clock: Clock) -> None:
        self._pki = pki
        self._clock = clock
        self._tsa = LocalTsa(pki.tsa, clock)
        self._signers: dict[int, DocumentSigner] = {}

    def certify(self, draft: bytes, attestation: Attestation, signer: Signer) -> SignedCopy:
        """Return the tail that makes `draft` a certified copy as `attestation` says; `signer` is the certifier's key.

        Raises SigningFault (drawn in `hub.signing.faults`) or SealError; after either, nothing of the copy exists.
        """
        signed_at = self._clock.now().replace(microsecond=0)
        self._check(attestation, signer, signed_at)
        opened = open_draft(draft)
        sealed = seal.encode(_copy_seal(draft, attestation, pages=len(opened.pages)), self._pki.seal_signer())
        url = seal.to_qr_text(attestation.verify_base_url, sealed)
        furniture = attest.draw(attestation, pages=len(opened.pages), qr_text=url, signed_at=signed_at)
        self._append(opened, furniture, attestation, signer, signed_at)
        copy = opened.stream.getvalue()
        return SignedCopy(
            tail=copy[len(draft) :],
            copy_sha256=sha256_hex(copy),
            copy_pages=len(opened.pages),
            level=level.reached(copy, draft),
            signed_at=signed_at,
            verify_url=url,
        )

    def _append(
        self, draft: Draft, furniture: Furniture, attestation: Attestation, certifier: Signer, at: datetime
    ) -> None:
        agency = self._pki.agency_credential
        writer = CopyWriter(draft.stream, prev=draft.reader)
        revision.draw(writer, draft, furniture)
        revision.add_fields(writer, furniture, last_page=len(draft.pages) - 1)
        signer, name = DocumentSigner(certifier, self._tsa.token), attestation.certifier_name
        first = revision.sign(writer, CERTIFIER_FIELD, signer, name=name, at=at)
        writer = CopyWriter(draft.stream)
        signer, name = self._signer(agency), attestation.agency_name
        second = revision.sign(writer, AGENCY_FIELD, signer, name=name, at=at)
        writer = CopyWriter(draft.stream)
        dss.add(writer, dss.gather(self._pki, (certifier.certificate, agency.certificate)), (first, second))
        revision.stamp(writer, self._tsa)

    def _check(self, attestation: Attestation, signer: Signer, now: datetime) -> None:
        """Look at every certificate that the copy needs; the open key must be that of the person who decided."""
        if attestation.agency_name != self._pki.agency:
            raise PkiOfAnotherAgency(f"The keys are those of {self._pki.agency}, not of {attestation.agency_name}")
        if self._pki.certificate_of(attestation.certifier_name) != signer.certificate:
            raise SomebodyElsesKey(f"The open key is not that of {attestation.certifier_name}")
        signers = {
            f"the certifier {attestation.certifier_name}": signer.certificate,
            f"the agency {attestation.agency_name}": self._pki.agency_credential.certificate,
        }
        for whose, certificate in signers.items():
            revoked = self._pki.is_revoked(certificate)
            fitness.check(certificate, whose=whose, issuer=self._pki.issuing, revoked=revoked, now=now)
        services = {"the timestamp authority": self._pki.tsa.certificate, "the seal": self._pki.seal.certificate}
        for whose, certificate in services.items():
            fitness.check_current(certificate, whose=whose, revoked=self._pki.is_revoked(certificate), now=now)

    def _signer(self, credential: Credential) -> DocumentSigner:
        serial = credential.certificate.serial_number
        if serial not in self._signers:
            self._signers[serial] = DocumentSigner(credential, self._tsa.token)
        return self._signers[serial]


def initials(name: str) -> str:
    """Return the first letters of a name as the seal says them: `Trần Văn Bình` is `T.V.B`; six at most."""
    return ".".join([word[0] for word in name.upper().split() if word[0].isalpha()][:6]) or "-"


def _copy_seal(draft: bytes, attestation: Attestation, *, pages: int) -> CopySeal:
    return CopySeal(
        copy_id=attestation.copy_id,
        agency_code=attestation.agency_code,
        cert_no=attestation.cert_no,
        book_no=attestation.book_no,
        year=attestation.year,
        book_code=attestation.book_code.replace("Đ", "D"),  # the seal's alphabet is ASCII
        kind=attestation.kind,
        issued_at=attestation.issued_at.replace(microsecond=0),
        pages=pages,
        draft_sha256_128=hashlib.sha256(draft).digest()[:DRAFT_HASH_BYTES],
        draft_bytes=len(draft),
        requester_initials=initials(attestation.requester_name),
        log_index=attestation.log_index,
    )
