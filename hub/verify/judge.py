"""One verdict on a copy: a signed PDF, or a picture of a printed one.

The judge meets files that people made to fool it, so whatever the parsers below raise on such a file is a finding, not
a crash. A file that carries signatures and can't be read plainly counts as changed since signing.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2 as pdfium
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.validation.errors import SignatureValidationError

from hub.verify import paper, ranges, signatures
from hub.verify.trust import Trust
from hub.verify.values import Reason, SealFinding, SignatureFinding, Verdict

MAX_BYTES = 64 * 1024 * 1024

HOSTILE = (
    PdfError,
    SignatureValidationError,
    pdfium.PdfiumError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What the PDF and CMS parsers have been seen to raise on malformed input."""


def judge(data: bytes, trust: Trust | None) -> Verdict:
    """Return the verdict on a file of any kind; never raises for what the file holds."""
    if len(data) > MAX_BYTES:
        return open_question(Reason.NOT_READABLE, f"the file is larger than {MAX_BYTES >> 20} MiB")
    if b"%PDF-" not in data[:1024]:
        return _judge_picture(data, trust)
    return _judge_signed(data, trust) if ranges.find(data) or b"/ByteRange" in data else _judge_print(data, trust)


def _judge_picture(data: bytes, trust: Trust | None) -> Verdict:
    picture = paper.from_image(data)
    if picture is None:
        return open_question(Reason.NOT_READABLE, "the file is neither a PDF nor a picture that can be read")
    return _judge_seal(paper.seal_in(picture, trust), trust)


def _judge_print(pdf: bytes, trust: Trust | None) -> Verdict:
    """A PDF without signatures may be a scan of a printed copy: only its seal can speak."""
    finding = _seal_of(pdf, trust)
    if finding.seal is None and Reason.NOT_READABLE not in finding.reasons:
        return open_question(Reason.NO_SIGNATURE, "the PDF has neither a signature nor a seal")
    return _judge_seal(finding, trust)


def _judge_seal(finding: SealFinding, trust: Trust | None) -> Verdict:
    empty = open_question(Reason.NO_SEAL, "")
    pages = finding.seal.pages if finding.seal else 0
    judged = replace(
        empty, reasons=finding.reasons, detail=finding.detail, seal=finding.seal, pages=pages, seal_text=finding.text
    )
    return _with_annulment(judged, trust)


def _judge_signed(pdf: bytes, trust: Trust | None) -> Verdict:
    found, unreadable = _signatures_of(pdf, trust)
    seal = _seal_of(pdf, trust)
    reasons = [*unreadable, *(reason for each in found for reason in each.reasons)]
    if shape := ranges.faults(pdf):
        reasons.append(Reason.BYTES_NOT_COVERED)
    if not found and not reasons:
        reasons.append(Reason.NO_SIGNATURE)
    reasons += _copy_reasons(pdf, found, seal, broken=bool(_proofs_of_change(reasons)))
    details = [*shape, *(each.detail for each in found if each.detail), seal.detail]
    verdict = Verdict(
        medium="pdf",
        reasons=tuple(dict.fromkeys(reasons)),
        detail="; ".join(filter(None, details)),
        seal=seal.seal,
        signatures=tuple(found),
        level=level_of(found),
        pages=seal.seal.pages if seal.seal else 0,
        agency=trust.agency if trust else "",
        annulment=None,
        annulled_known_at=trust.issued_at if trust else None,
        annulled_checked_online=False,
    )
    return _with_annulment(verdict, trust)


def _signatures_of(pdf: bytes, trust: Trust | None) -> tuple[list[SignatureFinding], list[Reason]]:
    try:
        return signatures.judge(pdf, trust), []
    except SignatureValidationError:
        return [], [Reason.NOT_READABLE]
    except HOSTILE:
        return [], [Reason.SIGNATURE_BROKEN]


def _seal_of(pdf: bytes, trust: Trust | None) -> SealFinding:
    try:
        document = pdfium.PdfDocument(pdf)
        return paper.seal_in(paper.last_page(document), trust)
    except HOSTILE as fault:
        return SealFinding(seal=None, reasons=(Reason.NOT_READABLE,), detail=f"the pages can't be drawn: {fault}")


def _copy_reasons(
    pdf: bytes, found: Sequence[SignatureFinding], finding: SealFinding, *, broken: bool
) -> Sequence[Reason]:
    """What a certified copy must have beyond valid signatures; a signed PDF without our seal is none."""
    if finding.seal is None:
        return finding.reasons
    reasons = list(finding.reasons)
    digest = hashlib.sha256(pdf[: finding.seal.draft_bytes]).digest()
    if digest[: len(finding.seal.draft_sha256_128)] != finding.seal.draft_sha256_128:
        reasons.append(Reason.DRAFT_CHANGED)
    elif broken:
        reasons.append(Reason.TAIL_CHANGED)
    if not _complete(found):
        reasons.append(Reason.SIGNATURES_MISSING)
    return reasons


def _complete(found: Sequence[SignatureFinding]) -> bool:
    """Certifier and agency (R1), behind them nothing but document timestamps; the last of all covers the whole file."""
    kinds = [each.is_timestamp for each in found]
    return kinds[:2] == [False, False] and all(kinds[2:]) and found[-1].covers_file


def _proofs_of_change(reasons: Sequence[Reason]) -> set[Reason]:
    return {Reason.SIGNATURE_BROKEN, Reason.BYTES_NOT_COVERED, Reason.CHANGED_AFTER_SIGNING} & set(reasons)


def level_of(found: Sequence[SignatureFinding]) -> str:
    """Return the PAdES level that all persons' signatures reach (EN 319 142-1)."""
    persons = [each for each in found if not each.is_timestamp]
    if not persons:
        return ""
    if found[-1].is_timestamp:
        return "PAdES B-LTA"
    return "PAdES B-T" if all(each.timestamped for each in persons) else "PAdES B-B"


def _with_annulment(verdict: Verdict, trust: Trust | None) -> Verdict:
    annulment = trust.annulment_of(verdict.seal.copy_id) if trust and verdict.seal else None
    known = trust.issued_at if trust else None
    reasons = verdict.reasons + ((Reason.ANNULLED,) if annulment else ())
    agency = trust.agency if trust else ""
    return replace(verdict, reasons=reasons, annulment=annulment, annulled_known_at=known, agency=agency)


def open_question(reason: Reason, detail: str) -> Verdict:
    """Return the verdict on a file that could not be judged, for one reason."""
    return Verdict(
        medium="paper",
        reasons=(reason,),
        detail=detail,
        seal=None,
        signatures=(),
        level="",
        pages=0,
        agency="",
        annulment=None,
        annulled_known_at=None,
        annulled_checked_online=False,
    )
