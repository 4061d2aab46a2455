"""A draft as the kiosk makes it, the particulars of an issue, and the programs that judge what comes out."""

import io
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import serialization
from fpdf import FPDF
from fpdf.enums import DocumentCompliance
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

from contract.clock import Clock
from contract.layout import UNSIGNED_MARK_KEY, UNSIGNED_TEXT, frame
from hub.signing import certify, services
from hub.signing.pki import Pki
from hub.signing.services import TrustServices
from hub.signing.signers import Signer
from hub.signing.values import Attestation, SignedCopy

NOON = datetime(2026, 11, 23, 5, 0, 7, tzinfo=UTC)
AGENCY = "Ủy ban nhân dân phường Mẫu"
OFFICER, TITLE = "Nguyễn Thị Mẫu", "Phó Chủ tịch"
VERIFY_URL = "https://tram.example.vn/V"
EITHER = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
NOTHING_FETCHED = RevocationInfoGatheringSpec(
    online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
    certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
)
FACE = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"


class Certifier(certify.Certifier):
    """The hub's certifier, with every officer's key at hand (as long as nobody put a PIN on it)."""

    def __init__(self, pki: Pki, clock: Clock, trust: TrustServices | None = None) -> None:
        super().__init__(pki, clock, trust or services.embedded(pki, clock))
        self._keys = pki

    def certify(self, draft: bytes, attestation: Attestation, signer: Signer | None = None) -> SignedCopy:
        return super().certify(draft, attestation, signer or self._keys.certifier(attestation.certifier_name))


def attestation(**changes: object) -> Attestation:
    """Return the particulars of one issue, with `changes`."""
    particulars: dict[str, object] = {
        "copy_id": "01KAQX5V8S3T9QZ4H7N2W6R0DB",
        "cert_no": 7,
        "book_no": 1,
        "year": 2026,
        "book_code": "SCTĐT/BS",
        "agency_name": AGENCY,
        "agency_code": "H26.1.23",
        "certifier_name": OFFICER,
        "certifier_title": TITLE,
        "requester_name": "Trần Văn Thử",
        "kind": "QUYET_DINH",
        "title": "Quyết định số 12/QĐ-UBND (MẪU)",
        "pages_of_original": 2,
        "issued_at": NOON,
        "log_index": 77,
        "legal_note": "Thí điểm theo Quyết định số 12/QĐ-UBND (MẪU): bản chính được đối chiếu tại trụ sở cơ quan.",
        "verify_base_url": VERIFY_URL,
    }
    return Attestation(**(particulars | changes))  # type: ignore[arg-type]


@cache
def draft(pages: int = 2) -> bytes:
    """Return a PDF/A-2b whose pages carry the unsigned mark as a content stream of its own."""
    pdf = FPDF(unit="mm", format="A4", enforce_compliance=DocumentCompliance.PDFA_2B)
    pdf.add_font("Serif", fname=FACE)
    for number in range(1, pages + 1):
        room = frame(last=number == pages)
        pdf.add_page()
        pdf.set_font("Serif", size=13)
        pdf.text(room.x + 60, room.y + 30, f"QUYẾT ĐỊNH (MẪU), trang {number}")
        pdf.text(room.x + 50, room.y + 120, UNSIGNED_TEXT)
    with pikepdf.open(io.BytesIO(pdf.output())) as document:
        for page in document.pages:
            _split_off_mark(document, page)
        return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """Return the document's bytes."""
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a judge and return what it says."""
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def specification(pki: Pki) -> PdfSignatureValidationSpec:
    """Return how pyHanko judges: our root alone is trusted, every certificate needs its status, nothing is fetched."""
    root = asn1.Certificate.load(pki.root.public_bytes(serialization.Encoding.DER))
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[root]),
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(ee_certificate_rule=EITHER, intermediate_ca_cert_rule=EITHER)
        ),
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=NOTHING_FETCHED)
    )


def _split_off_mark(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    instructions = list(pikepdf.parse_content_stream(page))
    start = max(at for at, each in enumerate(instructions) if str(each.operator) == "BT")
    mark = document.make_stream(pikepdf.unparse_content_stream(instructions[start:]))
    mark[UNSIGNED_MARK_KEY] = True
    rest = document.make_stream(pikepdf.unparse_content_stream(instructions[:start]))
    page.obj.Contents = pikepdf.Array([rest, mark])
