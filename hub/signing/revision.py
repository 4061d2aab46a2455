"""The revisions that make a draft a certified copy; each is appended, nothing before it changes.

1  what the hub draws, three empty signature fields, the certifier's signature (certification, DocMDP P=2)
2  the agency's signature
3  certificates, OCSP responses and CRLs for all of them (DSS), under a document timestamp
4… the same again, years later: the next document timestamp before the last one's protection ends
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject

from contract.layout import PAGE_HEIGHT_MM, Rect
from hub.signing import pdf_font
from hub.signing.attest import Furniture
from hub.signing.cades import TokenMaker
from hub.signing.canvas import BOLD, PT_PER_MM, REGULAR
from hub.signing.draft import Draft, DraftPage, value_of

CERTIFIER_FIELD = "NguoiThucHienChungThuc"
AGENCY_FIELD = "CoQuanThucHienChungThuc"
TIMESTAMP_FIELD = "DauThoiGian"

DIGEST = "sha256"


class CopyWriter(IncrementalPdfFileWriter):
    """Appends a revision and leaves the draft's XMP and document information alone, which PDF/A wants to agree."""

    def _update_meta(self) -> None:
        """Keep the metadata; the time of each revision is in its signature."""


def draw(writer: CopyWriter, draft: Draft, furniture: Furniture) -> None:
    """Put the hub's marks on the pages and take the unsigned mark off them."""
    fonts = {
        style: pdf_font.embed(writer, furniture.ink.face(style), furniture.ink.letters(style))
        for style in (REGULAR, BOLD)
    }
    before = writer.add_object(pdf_font.compressed(b"q"))
    for page, content in zip(draft.pages, furniture.pages, strict=True):
        after = writer.add_object(pdf_font.compressed(b"Q\n" + content))
        _rewrite(writer, page, (before, *page.contents, after), fonts)


def add_fields(writer: CopyWriter, boxes: Mapping[str, Rect], page: int) -> None:
    """Add the empty fields of the signatures, each over its part of what is drawn, and of the document timestamp."""
    for name, box in [*boxes.items(), (TIMESTAMP_FIELD, None)]:
        spec = SigFieldSpec(name, on_page=page, box=_corners(box) if box else None)
        append_signature_field(writer, spec)


def sign(
    writer: CopyWriter, field: str, signer: TokenMaker, *, name: str, reason: str, at: datetime, certifies: bool
) -> bytes:
    """Append `writer`'s revision with a PAdES signature in `field`; return the signature's contents with padding.

    One that certifies closes the document: from then on only signatures and validation data may follow.
    """
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        bytes_reserved=2 * signer.most_bytes,
    )
    closing = SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.FILL_FORMS)
    return _embed(writer, field, placeholder, signer, closing if certifies else None)


def stamp(writer: CopyWriter, tsa: TokenMaker, *, field: str = TIMESTAMP_FIELD, digest: str = DIGEST) -> None:
    """Append `writer`'s revision with a document timestamp over everything, in an empty field that is there."""
    _embed(writer, field, DocumentTimestamp(bytes_reserved=2 * tsa.most_bytes), tsa, None, digest=digest)


def free_timestamp_field(writer: CopyWriter, taken: Collection[str]) -> str:
    """Return an empty field for a further document timestamp, added to the last page where there is none yet."""
    names = (TIMESTAMP_FIELD, *(f"{TIMESTAMP_FIELD}{number}" for number in range(2, len(taken) + 3)))
    name = next(each for each in names if each not in taken)
    if name != TIMESTAMP_FIELD:
        append_signature_field(writer, SigFieldSpec(name, on_page=-1, box=None))
    return name


def _embed(
    writer: CopyWriter,
    field: str,
    placeholder: PdfSignedData,
    maker: TokenMaker,
    mdp: SigMDPSetup | None,
    *,
    digest: str = DIGEST,
) -> bytes:
    """Follow pyHanko's protocol: the revision is written with a gap, what surrounds it is signed, the gap is filled."""
    steps = PdfCMSEmbedder().write_cms(field_name=field, writer=writer, existing_fields_only=True)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=mdp))
    prepared, _ = steps.send(SigIOSetup(md_algorithm=digest, in_place=True))
    contents: bytes = steps.send(maker.token(prepared.document_digest))
    return contents


def _rewrite(
    writer: CopyWriter,
    page: DraftPage,
    contents: tuple[IndirectObject, ...],
    fonts: dict[str, IndirectObject],
) -> None:
    node = writer.get_object(page.reference)
    resources = _copied(page.resources)
    resources[NameObject("/Font")] = _copied(value_of(page.resources, "/Font"))
    resources["/Font"].update({NameObject(f"/{style}"): font for style, font in fonts.items()})
    node[NameObject("/Resources")] = resources
    node[NameObject("/Contents")] = ArrayObject(contents)
    writer.mark_update(page.reference)


def _copied(dictionary: DictionaryObject | None) -> DictionaryObject:
    if dictionary is None:
        return DictionaryObject()
    return DictionaryObject({key: dictionary.raw_get(key) for key in dictionary})


def _corners(box: Rect) -> tuple[int, int, int, int]:
    """Return left, lower, right and upper edge in whole points."""
    edges = (box.x, PAGE_HEIGHT_MM - box.bottom, box.x + box.width, PAGE_HEIGHT_MM - box.y)
    left, lower, right, upper = (round(edge * PT_PER_MM) for edge in edges)
    return left, lower, right, upper
