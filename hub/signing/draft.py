"""The kiosk's draft as the hub receives it: looked through before anything is appended.

A draft has one revision and nothing that acts, hides or is signed; each of its pages is A4 upright and carries the
unsigned mark as a content stream of its own (`contract.layout.UNSIGNED_MARK_KEY`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from contract.layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, UNSIGNED_MARK_KEY
from contract.messages import MAX_PAGES
from hub.signing.canvas import PT_PER_MM
from hub.signing.faults import (
    DraftActive,
    DraftAlreadySigned,
    DraftEncrypted,
    DraftPages,
    DraftRevised,
    DraftUnmarked,
    DraftUnreadable,
)

_SIZE_TOLERANCE_PT = 1.0
_SIGNED = ("/AcroForm", "/Perms", "/DSS")
_ACTIVE = ("/AA", "/OCProperties", "/Collection", "/AF", "/Requirements")
_ACTIVE_NAMES = ("/JavaScript", "/EmbeddedFiles")
_ACTIVE_ON_PAGE = ("/AA", "/Annots", "/AF")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """A page: where its object is, its resources, and its content streams without the unsigned mark."""

    reference: Reference
    resources: DictionaryObject
    contents: tuple[IndirectObject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that was looked through; `stream` holds its bytes, so appending to it makes the copy."""

    stream: BytesIO
    reader: PdfFileReader
    pages: tuple[DraftPage, ...]


def open_draft(content: bytes) -> Draft:
    """Return the draft in `content` or raise the DraftFault that says why it can't be certified."""
    stream = BytesIO(content)
    try:
        reader = PdfFileReader(stream)
        _check_document(reader)
        pages = tuple(_pages(reader))
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fault:
        raise DraftUnreadable(f"The draft is not a sound PDF ({type(fault).__name__}: {fault})") from fault
    return Draft(stream=stream, reader=reader, pages=pages)


def _check_document(reader: PdfFileReader) -> None:
    if reader.encrypted:
        raise DraftEncrypted("The draft is encrypted")
    root = reader.root
    if any(key in root for key in _SIGNED):
        raise DraftAlreadySigned("The draft carries a form or a signature")
    if reader.total_revisions != 1:
        raise DraftRevised(f"The draft has {reader.total_revisions} revisions instead of one")
    names = value_of(root, "/Names") or {}
    active = [key for key in _ACTIVE if key in root] + [key for key in _ACTIVE_NAMES if key in names]
    if isinstance(value_of(root, "/OpenAction"), DictionaryObject):
        active.append("/OpenAction")
    if active:
        raise DraftActive(f"The draft holds {', '.join(active)}, which could change what a reader sees")


def _pages(reader: PdfFileReader) -> Iterator[DraftPage]:
    leaves = list(_leaves(reader.root.raw_get("/Pages"), set()))
    if not 1 <= len(leaves) <= MAX_PAGES:
        raise DraftPages(f"The draft has {len(leaves)} pages; a copy has 1 to {MAX_PAGES}")
    for number, leaf in enumerate(leaves, 1):
        page = leaf.get_object()
        _check_page(page, number)
        yield DraftPage(
            reference=leaf.reference,
            resources=_inherited(page, "/Resources"),
            contents=_marked_contents(page, number),
        )


def _leaves(node: IndirectObject, seen: set[Reference]) -> Iterator[IndirectObject]:
    """Yield the pages below a node of the page tree; a node that stands in it twice is a fault."""
    if node.reference in seen:
        raise DraftUnreadable("The draft's page tree runs in a circle")
    seen.add(node.reference)
    kids = value_of(node.get_object(), "/Kids")
    if kids is None:
        yield node
        return
    for at in range(len(kids)):
        yield from _leaves(kids.raw_get(at), seen)


def _check_page(page: DictionaryObject, number: int) -> None:
    active = [key for key in _ACTIVE_ON_PAGE if len(value_of(page, key) or ())]
    if active:
        raise DraftActive(
            f"Page {number} of the draft holds {', '.join(active)}, which could change what a reader sees"
        )
    expected = (0.0, 0.0, PAGE_WIDTH_MM * PT_PER_MM, PAGE_HEIGHT_MM * PT_PER_MM)
    for box in ("/MediaBox", "/CropBox"):
        edges = _inherited(page, box) or (expected if box == "/CropBox" else ())
        apart = [abs(float(edge) - wanted) for edge, wanted in zip(edges, expected, strict=False)]
        if len(apart) != 4 or max(apart) > _SIZE_TOLERANCE_PT:
            raise DraftPages(f"Page {number} of the draft is not A4 upright")
    if int(_inherited(page, "/Rotate") or 0) % 360:
        raise DraftPages(f"Page {number} of the draft is turned")


def _inherited(page: DictionaryObject, key: str) -> Any:
    """Return a page attribute, its own or that of a node above it (ISO 32000-1 §7.7.3.4)."""
    node = page
    while key not in node and "/Parent" in node:
        node = node["/Parent"]
    return value_of(node, key)


def _marked_contents(page: DictionaryObject, number: int) -> tuple[IndirectObject, ...]:
    raw = page.raw_get("/Contents")
    contents = page["/Contents"]
    streams = [raw] if not isinstance(contents, ArrayObject) else [contents.raw_get(at) for at in range(len(contents))]
    kept = tuple(each for each in streams if not _is_mark(each))
    if len(kept) == len(streams):
        raise DraftUnmarked(f"Page {number} of the draft does not carry the mark that it is unsigned")
    return kept


def _is_mark(stream: IndirectObject) -> bool:
    return bool(value_of(stream.get_object(), UNSIGNED_MARK_KEY))


def value_of(dictionary: DictionaryObject, key: str) -> Any:
    """Return an entry with its reference followed, or None."""
    try:
        return dictionary[key]  # unlike `get`, this follows a reference
    except KeyError:
        return None
