"""Looking into a draft or a copy with pdfium, which serves one thread at a time."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from hub.fingerprint import Word

_ONE_AT_A_TIME = threading.Lock()
_POINTS_PER_INCH = 72
_MM_PER_INCH = 25.4
_MM_PER_POINT = _MM_PER_INCH / _POINTS_PER_INCH
_SCAN_DPI = (300, 150)
_NEVER_ENLARGED = 1.01
_NOWHERE = (1e9, 1e9, -1e9, -1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPlace:
    """Where a draft's page shows the scan: top left corner in mm on the A4 page, and how far it was shrunk to fit.

    A kiosk's scan has 300 dpi (half of it where it is mere noise) and is never enlarged (`contract.layout.fit`).
    """

    x: float
    y: float
    scale: float


class Unreadable(ValueError):
    """The bytes are no PDF that can be opened (broken, encrypted, or something else)."""


def page_count(content: bytes) -> int:
    """Return how many pages a PDF has; raise Unreadable."""
    with _opened(content) as document:
        return len(document)


def page_png(content: bytes, page: int, dpi: int) -> bytes:
    """Return page `page` (from 1) as a PNG of `dpi`; raise Unreadable."""
    png = io.BytesIO()
    _rendered(content, page, dpi).save(png, "PNG", compress_level=1)
    return png.getvalue()


def page_jpeg(content: bytes, page: int, dpi: int) -> bytes:
    """Return page `page` (from 1) as a JPEG of `dpi`, colours at full resolution; raise Unreadable."""
    jpeg = io.BytesIO()
    _rendered(content, page, dpi).convert("RGB").save(jpeg, "JPEG", quality=88, subsampling=0)
    return jpeg.getvalue()


def scan_places(content: bytes) -> tuple[ScanPlace | None, ...]:
    """Return for each page where its scan stands, None where the page shows none; raise Unreadable."""
    with _opened(content) as document:
        return tuple(_scan_place(page) for page in document)


def words(content: bytes) -> list[Word]:
    """Return every word of a PDF's text, also of an invisible one, where it stands; raise Unreadable."""
    with _opened(content) as document:
        return [word for number, page in enumerate(document, 1) for word in _words(page, number)]


def _words(page: pdfium.PdfPage, number: int) -> Iterator[Word]:
    text, height = page.get_textpage(), page.get_height()
    letters = text.get_text_range()
    spelt, box = "", _NOWHERE
    for at in range(min(text.count_chars(), len(letters))):
        left, bottom, right, top = text.get_charbox(at)
        here = tuple(side * _MM_PER_POINT for side in (left, height - top, right, height - bottom))
        ends = letters[at].isspace() or (spelt and (here[0] < box[0] or here[1] > box[3] or here[3] < box[1]))
        if ends and spelt:
            yield Word(text=spelt, page=number, box=box)
            spelt, box = "", _NOWHERE
        if not letters[at].isspace():
            spelt += letters[at]
            box = (min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3]))
    if spelt:
        yield Word(text=spelt, page=number, box=box)


def _rendered(content: bytes, page: int, dpi: int) -> Image.Image:
    with _opened(content) as document:
        picture: Image.Image = document[page - 1].render(scale=dpi / _POINTS_PER_INCH).to_pil()
    return picture


def _scan_place(page: pdfium.PdfPage) -> ScanPlace | None:
    scans = list(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))
    if not scans:
        return None
    scan = max(scans, key=lambda each: each.get_px_size()[0])
    left, _bottom, right, top = (edge * _MM_PER_POINT for edge in scan.get_bounds())
    scales = [(right - left) / (scan.get_px_size()[0] * _MM_PER_INCH / dpi) for dpi in _SCAN_DPI]
    fitting = next((scale for scale in scales if scale <= _NEVER_ENLARGED), 1.0)
    return ScanPlace(x=left, y=page.get_height() * _MM_PER_POINT - top, scale=fitting)


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    with _ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as fault:
            raise Unreadable(f"pdfium says: {fault}") from fault
        try:
            yield document
        finally:
            document.close()
