"""The draft: every page of the original as a faithful image over invisible text, PDF/A-2b, marked as unsigned.

The hub certifies these bytes as they are and appends to them. Each page's /Contents is an array of three streams with
balanced q/Q: the scan, the text, and the unsigned mark (shared by all pages, its dictionary carries /TramUnsigned),
which the hub's tail drops. The same input gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.copies.draft_assembly import assemble
from agent.copies.draft_text import TextLayer
from agent.copies.image import EncodedImage
from agent.copies.unsigned_mark import draw_mark
from agent.reading.values import Line
from contract import layout
from contract.messages import MAX_PAGES, LegalMode


class UnsuitablePageCount(ValueError):
    """A draft has no page or more than the contract allows; scan the paper again, in parts if need be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """One page of the original: its picture, and its lines with boxes in mm on that picture."""

    image: EncodedImage
    lines: tuple[Line, ...]


def build(
    pages: Sequence[DraftPage],
    *,
    title: str,
    legal_mode: LegalMode,
    made_at: datetime,
    kiosk: str,
    is_attested: bool = True,
) -> bytes:
    """Return the PDF/A-2b draft of these pages, in order; raise UnsuitablePageCount.

    One that `is_attested` keeps room on its last page for the certifying statement.
    """
    if not 1 <= len(pages) <= MAX_PAGES:
        raise UnsuitablePageCount(f"{len(pages)} pages. {UnsuitablePageCount.__doc__}")
    places = [place(page.image, last=is_attested and page is pages[-1]) for page in pages]
    text = TextLayer(title, made_at, creator=f"Tram {kiosk}")
    for page, where in zip(pages, places, strict=True):
        text.add_page(page.image, page.lines, where)
    draw_mark(text.pdf, legal_mode=legal_mode, made_at=made_at, kiosk=kiosk)
    return assemble(bytes(text.pdf.output()), [page.image for page in pages], places, made_at)


def place(image: EncodedImage, *, last: bool) -> layout.Rect:
    """Return where the image stands on its A4 page, in mm."""
    return layout.fit(image.width_mm, image.height_mm, layout.frame(last=last))
