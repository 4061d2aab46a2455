"""What goes into a certified copy and what comes out."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Everything the certifying statement and the seal say; the number is already allotted, the person has decided.

    `legal_note` is the sentence of the kiosk's legal mode (R3), printed in small type. `issued_at` is UTC.
    """

    copy_id: str
    cert_no: int
    book_no: int
    year: int
    book_code: str
    agency_name: str
    agency_code: str
    certifier_name: str
    certifier_title: str
    requester_name: str
    kind: str
    title: str
    pages_of_original: int
    issued_at: datetime
    log_index: int
    legal_note: str
    verify_base_url: str

    @property
    def register_label(self) -> str:
        """`123, quyển số 01/2026-SCTĐT/BS`: number, book, year, type code (NĐ 23/2015 Art. 13)."""
        return f"{self.cert_no:02d}, quyển số {self.book_no:02d}/{self.year}-{self.book_code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCopy:
    """The appended bytes: copy = draft + tail. `level` is the level reached (`PAdES B-LTA`), asserted by validation.

    `lacks` says in a sentence why it is not B-LTA, empty where it is.
    """

    tail: bytes
    copy_sha256: str
    copy_pages: int
    level: str
    lacks: str
    certifier_certificate: x509.Certificate
    agency_certificate: x509.Certificate
    signed_at: datetime
    verify_url: str
