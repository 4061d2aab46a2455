"""From an accepted scan to a digitised document: the agency's signature, PAdES B-LTA, by appending only.

The guidance on digitising (Ministry of Science and Technology, November 2025, §2.3 step 4) asks for the signature of
the *unit that digitised*, shown at the top right of the first page with name and time; Law 20/2023 Art. 12 for letters
that say it was converted from paper, when, and by whom. It is no certified copy: no number of the register, no
certifier's signature, no statement (DOMAIN R22).
"""

from dataclasses import dataclass
from datetime import datetime

from contract import layout
from contract.clock import VIETNAM, Clock
from hub.signing import fitness, level
from hub.signing.appender import Appender, Signature
from hub.signing.attest import Furniture
from hub.signing.canvas import Canvas, Ink
from hub.signing.draft import open_draft
from hub.signing.faults import PkiOfAnotherAgency
from hub.signing.pki import Pki
from hub.signing.services import TrustServices

CONVERSION = "TÀI LIỆU SỐ HÓA – chuyển từ bản giấy"
REASON = "Số hóa tài liệu giấy"
FIELD = "CoQuanSoHoa"

_BOX_WIDTH_MM = 120.0
_ROW_MM = 3.7
_SIZE_PT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is written on the document: its code, who digitised it and when the paper was scanned."""

    doc_code: str
    agency: str
    digitised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """The whole file; `lacks` says why it is not B-LTA, empty where it is."""

    content: bytes
    level: str
    lacks: str
    signed_at: datetime


class Digitiser:
    """Signs digitised documents with the agency's key of one hub."""

    def __init__(self, pki: Pki, clock: Clock, services: TrustServices) -> None:
        self._pki, self._clock = pki, clock
        self._appender = Appender(pki, services)

    def sign(self, draft: bytes, particulars: Particulars) -> SignedDocument:
        """Return the signed file, which begins with the draft's bytes; raise SigningFault, after which there is none.

        A person has compared the scan with what it shows before (guidance §1.4 a).
        """
        signed_at, agency = self._clock.now().replace(microsecond=0), self._pki.agency_credential
        if particulars.agency != self._pki.agency:
            raise PkiOfAnotherAgency(f"The keys are those of {self._pki.agency}, not of {particulars.agency}")
        fitness.check(
            agency.certificate,
            whose=f"the agency {particulars.agency}",
            issuer=self._pki.issuing,
            revoked=self._pki.is_revoked(agency.certificate),
            now=signed_at,
        )
        opened = open_draft(draft)
        furniture = draw(particulars, pages=len(opened.pages), signed_at=signed_at)
        own = Signature(field=FIELD, name=particulars.agency, reason=REASON, signer=agency, box=_corner())
        lacks = self._appender.append(opened, furniture, [own], page=0, at=signed_at)
        content = opened.stream.getvalue()
        return SignedDocument(
            content=content, level=level.reached(content, draft, signatures=1), lacks=lacks, signed_at=signed_at
        )


def draw(particulars: Particulars, *, pages: int, signed_at: datetime) -> Furniture:
    """Draw the sign of conversion and the signature on the first page, code and number on each."""
    ink = Ink()
    canvases = [Canvas(ink) for _ in range(pages)]
    strip = layout.header()
    for number, canvas in enumerate(canvases, 1):
        canvas.text(f"Trang {number}/{pages}", x=strip.x, baseline=strip.y + 2.6, size_pt=_SIZE_PT)
        canvas.text(particulars.doc_code, x=strip.x, baseline=strip.y + 2.6 + _ROW_MM, size_pt=8)
    scanned = f"{CONVERSION} {_moment(particulars.digitised_at)}"
    for row, line in enumerate((scanned, particulars.agency, f"Ký số {_moment(signed_at)}")):
        _right(canvases[0], line, baseline=strip.y + 2.6 + _ROW_MM * row)
    return Furniture(pages=tuple(canvas.content for canvas in canvases), ink=ink)


def _right(canvas: Canvas, line: str, *, baseline: float) -> None:
    """Set a line so that it ends at the right margin, smaller where it would be too long."""
    width = canvas.width_mm(line, _SIZE_PT)
    size = _SIZE_PT * min(1.0, _BOX_WIDTH_MM / width)
    strip = layout.header()
    canvas.right(line, x=strip.x + strip.width, baseline=baseline, size_pt=round(size, 2))


def _corner() -> layout.Rect:
    strip = layout.header()
    return layout.Rect(x=strip.x + strip.width - _BOX_WIDTH_MM, y=strip.y, width=_BOX_WIDTH_MM, height=strip.height)


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
