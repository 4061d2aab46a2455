"""From an approved draft to a certified copy: PAdES B-LTA with two signatures, by appending only.

`Certifier(…).certify(draft, attestation, signer)` is called once the register has allotted the number and a person has
decided (R1). It computes for a few hundredths of a second and waits for outside services, so call it from a worker
thread. Without the services a copy is still signed, at the lower level that it states; `hub.register.upgrades` then
raises it (`hub.signing.extend`).
"""

import hashlib
from datetime import datetime

from contract import seal
from contract.clock import Clock
from contract.ids import sha256_hex
from contract.seal import DRAFT_HASH_BYTES, CopySeal
from hub.signing import attest, fitness, level
from hub.signing.appender import Appender, Signature
from hub.signing.attest import STATEMENT, CopyFurniture
from hub.signing.credentials import Credential
from hub.signing.draft import open_draft
from hub.signing.faults import PkiOfAnotherAgency, SomebodyElsesKey
from hub.signing.pki import Pki
from hub.signing.revision import AGENCY_FIELD, CERTIFIER_FIELD
from hub.signing.services import TrustServices
from hub.signing.signers import Signer
from hub.signing.values import Attestation, SignedCopy


class Certifier:
    """Makes certified copies with the keys of one hub."""

    def __init__(self, pki: Pki, clock: Clock, services: TrustServices) -> None:
        self._pki = pki
        self._clock = clock
        self._appender = Appender(pki, services)

    def certify(self, draft: bytes, attestation: Attestation, signer: Signer) -> SignedCopy:
        """Return the tail that makes `draft` a certified copy as `attestation` says; `signer` is the certifier's key.

        Where timestamps or revocation data can't be had the copy is of a lower level, and says so (`level`, `lacks`).
        Raises SigningFault (drawn in `hub.signing.faults`) or SealError; after either, nothing of the copy exists.
        """
        signed_at = self._clock.now().replace(microsecond=0)
        agency, seal_key = self._pki.agency_credential, self._pki.seal  # whoever replaces them meanwhile
        self._check(attestation, signer, (agency, seal_key), signed_at)
        opened = open_draft(draft)
        sealed = seal.encode(_copy_seal(draft, attestation, pages=len(opened.pages)), self._pki.seal_signer(seal_key))
        url = seal.to_qr_text(attestation.verify_base_url, sealed)
        furniture = attest.draw(attestation, pages=len(opened.pages), qr_text=url, signed_at=signed_at)
        signatures = _signatures(attestation, furniture, signer, agency)
        lacks = self._appender.append(opened, furniture, signatures, page=len(opened.pages) - 1, at=signed_at)
        copy = opened.stream.getvalue()
        if not lacks:
            level.require_lta(copy, draft)
        return SignedCopy(
            tail=copy[len(draft) :],
            copy_sha256=sha256_hex(copy),
            copy_pages=len(opened.pages),
            level=level.reached(copy, draft) if lacks else level.B_LTA,
            lacks=lacks,
            certifier_certificate=signer.certificate,
            agency_certificate=agency.certificate,
            signed_at=signed_at,
            verify_url=url,
        )

    def _check(
        self, attestation: Attestation, signer: Signer, own: tuple[Credential, Credential], now: datetime
    ) -> None:
        """Look at every certificate that the copy needs; the open key must be that of the person who decided."""
        if attestation.agency_name != self._pki.agency:
            raise PkiOfAnotherAgency(f"The keys are those of {self._pki.agency}, not of {attestation.agency_name}")
        if not self._pki.is_certificate_of(attestation.certifier_name, signer.certificate):
            raise SomebodyElsesKey(f"The open key is not that of {attestation.certifier_name}")
        signers = {
            f"the certifier {attestation.certifier_name}": signer.certificate,
            f"the agency {attestation.agency_name}": own[0].certificate,
        }
        for whose, certificate in signers.items():
            revoked = self._pki.is_revoked(certificate)
            fitness.check(certificate, whose=whose, issuer=self._pki.issuing, revoked=revoked, now=now)
        seal_certificate = own[1].certificate
        fitness.check_current(
            seal_certificate, whose="the seal", revoked=self._pki.is_revoked(seal_certificate), now=now
        )


def _signatures(
    attestation: Attestation, furniture: CopyFurniture, signer: Signer, agency: Signer
) -> tuple[Signature, Signature]:
    certifier = Signature(
        field=CERTIFIER_FIELD,
        name=attestation.certifier_name,
        reason=STATEMENT,
        signer=signer,
        box=furniture.certifier_box,
    )
    own = Signature(
        field=AGENCY_FIELD, name=attestation.agency_name, reason=STATEMENT, signer=agency, box=furniture.agency_box
    )
    return certifier, own


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
