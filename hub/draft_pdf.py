"""Looking into a draft with pdfium, which serves one thread at a time."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

_ONE_AT_A_TIME = threading.Lock()
_POINTS_PER_INCH = 72


class Unreadable(ValueError):
    """The bytes are no PDF that can be opened (broken, encrypted, or something else)."""


def page_count(content: bytes) -> int:
    """Return how many pages a PDF has; raise Unreadable."""
    with _opened(content) as document:
        return len(document)


def page_png(content: bytes, page: int, dpi: int) -> bytes:
    """Return page `page` (from 1) as a PNG of `dpi`; raise Unreadable."""
    with _opened(content) as document:
        picture = document[page - 1].render(scale=dpi / _POINTS_PER_INCH).to_pil()
    png = io.BytesIO()
    picture.save(png, "PNG", compress_level=1)
    return png.getvalue()


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
