"""From an approved draft to a certified copy: PAdES B-LTA with two signatures, by appending only.

`Certifier(…).certify(draft, attestation, signer)` is called once the register has allotted the number and a person has
decided (R1). It computes for a few hundredths of a second and waits for outside services, so call it from a worker
thread. Without the services a copy is still signed, at the lower level that it states; `hub.register.upgrades` then
raises it (`hub.signing.extend`).
"""

import hashlib
import io
from datetime import datetime

from contract import seal
from contract.clock import Clock
from contract.ids import sha256_hex
from contract.seal import DRAFT_HASH_BYTES, CopySeal
from hub.signing import attest, dss, fitness, level, revision
from hub.signing.attest import Furniture
from hub.signing.cades import DocumentSigner
from hub.signing.credentials import Credential
from hub.signing.draft import Draft, open_draft
from hub.signing.faults import PkiOfAnotherAgency, ServiceFault, SomebodyElsesKey, StatusUnknown
from hub.signing.pki import Pki
from hub.signing.revision import AGENCY_FIELD, CERTIFIER_FIELD, CopyWriter
from hub.signing.services import TrustServices
from hub.signing.signers import Signer
from hub.signing.timestamps import Chain, Stamping
from hub.signing.values import Attestation, SignedCopy


class Certifier:
    """Makes certified copies with the keys of one hub."""

    def __init__(self, pki: Pki, clock: Clock, services: TrustServices) -> None:
        self._pki = pki
        self._clock = clock
        self._services = services

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
        lacks = self._append(opened, furniture, attestation, (signer, agency), signed_at)
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

    def _append(
        self, draft: Draft, furniture: Furniture, attestation: Attestation, signers: tuple[Signer, Signer], at: datetime
    ) -> str:
        """Append all revisions; return what is lacking for B-LTA, in a sentence, or nothing."""
        stamping = self._services.timestamps.stamping()
        writer = CopyWriter(draft.stream, prev=draft.reader)
        revision.draw(writer, draft, furniture)
        revision.add_fields(writer, furniture, last_page=len(draft.pages) - 1)
        chains = [self._chain(each) for each in signers]
        alone = self._lacks_evidence(chains)
        contents = []
        places = (CERTIFIER_FIELD, attestation.certifier_name), (AGENCY_FIELD, attestation.agency_name)
        for (field, name), signer in zip(places, signers, strict=True):
            maker = DocumentSigner(
                signer,
                stamping.token_if_any,
                stamp_bytes=stamping.most_bytes,
                chain=[self._pki.issuing],
                alone=bool(alone),
            )
            contents.append(revision.sign(writer, field, maker, name=name, at=at))
            writer = CopyWriter(draft.stream)
        if stamping.fault is not None:
            return str(stamping.fault)
        return alone or self._archive(draft, stamping, chains, contents)

    def _archive(self, draft: Draft, stamping: Stamping, chains: list[Chain], contents: list[bytes]) -> str:
        """Append revocation data and document timestamp, or nothing of it; return what was lacking."""
        signed_bytes = draft.stream.seek(0, io.SEEK_END)
        try:
            for _ in range(2):  # the stamp may come from another authority than those that the evidence is about
                known = list(stamping.chains)
                evidence = self._services.status.gather([*chains, *known])
                writer = CopyWriter(draft.stream)
                dss.add(writer, evidence, contents)
                revision.stamp(writer, stamping)
                if stamping.chains == known:
                    return ""
                draft.stream.truncate(signed_bytes)
        except ServiceFault as fault:
            draft.stream.truncate(signed_bytes)
            return str(fault)
        return "The timestamp authorities took turns at failing"

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

    def _chain(self, signer: Signer) -> Chain:
        return (signer.certificate, self._pki.issuing, self._pki.root)

    def _lacks_evidence(self, chains: list[Chain]) -> str:
        try:
            self._services.status.gather(chains)
        except StatusUnknown as fault:
            return str(fault)
        return ""


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
