"""The seal of a certified copy: our profile of the visible digital seal, and its QR. Table for implementers: `SEAL.md`.

The seal says which issue this is, where it stands in the register, what was certified (hash of the draft) and where the
public log has it; so a receiver who holds the signer's certificate can check a sheet of paper with no network.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from contract import seal_values, vds
from contract.clock import VIETNAM
from contract.ids import is_ulid
from contract.seal_faults import (
    Contradiction,
    FieldInvalid,
    NotACopySeal,
    NotAlphanumeric,
    NotOurQr,
)
from contract.seal_profile import Profile, SealSigner

FEATURE_REF = b"VN"
"""0x56 feature definition, 0x4E document type category: even, as for all that ICAO did not define."""

DRAFT_HASH_BYTES = 16

_QR_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:")  # less the space: no address has one
_AGENCY_CODE = re.compile(r"[A-Z0-9]{1,8}(\.[A-Z0-9]{1,8}){0,4}")
_BOOK_CODE = re.compile(r"[A-Z]{2,8}(/[A-Z]{2,8})?")
_KIND = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")
_EARLIEST_TIME = datetime(2015, 4, 10, tzinfo=UTC)  # NĐ 23/2015 in force
_FIELDS = (
    seal_values.ulid(1, "copy_id"),
    seal_values.code(2, "agency_code", separator="."),
    seal_values.uint(3, "cert_no"),
    seal_values.uint(4, "book_no"),
    seal_values.uint(5, "year"),
    seal_values.code(6, "book_code", separator="/"),
    seal_values.code(7, "kind", separator="_"),
    seal_values.utc_second(8, "issued_at"),
    seal_values.uint(9, "pages"),
    seal_values.octets(10, "draft_sha256_128"),
    seal_values.uint(11, "draft_bytes"),
    seal_values.utf8(12, "requester_initials"),
    seal_values.uint(13, "log_index"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySeal:
    """What the seal of one issue says; raises FieldInvalid where a value is outside the profile.

    `agency_code` is the agency's code (QĐ 20/2020/QĐ-TTg: `H26.1.23`); `cert_no`, `book_no`, `year` and `book_code`
    are the register entry (NĐ 23/2015 Art. 13); `kind` is the document kind; `issued_at` is aware, to the second;
    `pages` counts the copy's pages; `draft_sha256_128` is the first half of the SHA-256 of the electronic copy's first
    `draft_bytes` bytes; `log_index` is the leaf in the transparency log.
    """

    copy_id: str
    agency_code: str
    cert_no: int
    book_no: int
    year: int
    book_code: str
    kind: str
    issued_at: datetime
    pages: int
    draft_sha256_128: bytes
    draft_bytes: int
    requester_initials: str
    log_index: int

    def __post_init__(self) -> None:
        for name, holds in self._rules().items():
            if not holds:
                raise FieldInvalid(f"The field {name} of the seal can't be {getattr(self, name)!r}")

    @property
    def register_label(self) -> str:
        """The register entry as printed: `1234, quyển số 05/2026-SCT/BS`."""
        return f"{self.cert_no:02d}, quyển số {self.book_no:02d}/{self.year}-{self.book_code}"

    @property
    def issue_day(self) -> date:
        """The day of issue on a Vietnamese calendar, which is also the header's."""
        return self.issued_at.astimezone(VIETNAM).date()

    def _rules(self) -> dict[str, bool]:
        return {
            "copy_id": is_ulid(self.copy_id),
            "agency_code": _matches(_AGENCY_CODE, self.agency_code, longest=20),
            "cert_no": 1 <= self.cert_no < 1 << 32,
            "book_no": 1 <= self.book_no < 1 << 16,
            "year": 2015 <= self.year <= 9999,
            "book_code": _matches(_BOOK_CODE, self.book_code, longest=12),
            "kind": _matches(_KIND, self.kind, longest=24),
            "issued_at": _is_sealable(self.issued_at),
            "pages": 1 <= self.pages < 1 << 16,
            "draft_sha256_128": len(self.draft_sha256_128) == DRAFT_HASH_BYTES,
            "draft_bytes": 1 <= self.draft_bytes < 1 << 32,
            "requester_initials": _is_initials(self.requester_initials),
            "log_index": 0 <= self.log_index < 1 << 48,
        }


_PROFILE = Profile(said=CopySeal, feature_ref=FEATURE_REF, fields=_FIELDS, other=NotACopySeal)


def encode(seal: CopySeal, signer: SealSigner) -> bytes:
    """Return the signed seal (some 180 bytes with P-256); raise SealError where the signer's names can't be written."""
    return _PROFILE.encode(seal, seal.issue_day, signer)


def decode(raw: bytes) -> tuple[CopySeal, vds.Seal]:
    """Read a copy's seal without trusting it (`vds.verify` decides that); raise SealError."""
    seal, outer = _PROFILE.decode(raw)
    if seal.issue_day != outer.header.issue_date:
        raise Contradiction(f"The seal's header says {outer.header.issue_date}, its time of issue is {seal.issue_day}")
    return seal, outer


def to_qr_text(base_url: str, raw_seal: bytes) -> str:
    """Return the address in the QR: `base_url` in capitals, then the seal in base32; raise NotAlphanumeric.

    Every character is in QR alphanumeric mode: base32 there costs 10 % more than bare bytes, and any phone opens the
    page. The web server must treat the path before the seal without regard to case.
    """
    text = f"{base_url.rstrip('/')}/{base64.b32encode(raw_seal).decode().rstrip('=')}".upper()
    if not set(text) <= _QR_ALPHANUMERIC or not text.startswith(("HTTP://", "HTTPS://")):
        raise NotAlphanumeric(f"The address {base_url!r} can't stand in an alphanumeric QR code")
    return text


def from_qr_text(text: str) -> bytes:
    """Return the seal's bytes from a QR's text in any case; raise NotOurQr for whatever else a QR may hold."""
    segment = _last_segment(text.strip()).upper()
    try:
        raw = base64.b32decode(segment + "=" * (-len(segment) % 8))
    except (binascii.Error, ValueError) as fault:
        raise NotOurQr(f"The code leads to {text[:60]!r}, which names no seal") from fault
    if raw[:1] != bytes((vds.MAGIC,)):
        raise NotOurQr(f"The code leads to {text[:60]!r}, which names no seal")
    return raw


def _last_segment(text: str) -> str:
    try:
        address = urlsplit(text)
    except ValueError as fault:
        raise NotOurQr(f"The code holds {text[:60]!r}, which is no web address") from fault
    if address.scheme not in ("http", "https") or not address.netloc:
        raise NotOurQr(f"The code holds {text[:60]!r}, which is no web address")
    return address.path.rstrip("/").rpartition("/")[2]


def _matches(pattern: re.Pattern[str], text: str, *, longest: int) -> bool:
    return len(text) <= longest and pattern.fullmatch(text) is not None


def _is_sealable(moment: datetime) -> bool:
    if moment.tzinfo is None or moment.microsecond:
        return False
    return moment >= _EARLIEST_TIME and moment.timestamp() <= seal_values.LATEST_TIME_S


def _is_initials(text: str) -> bool:
    tidy = text == unicodedata.normalize("NFC", text).strip() and text.isprintable()
    return tidy and 1 <= len(text.encode()) <= 32
