"""Drawing a page of a PDF in bounded time: a few KB can hold a million strokes, each as large as the page."""

import ctypes
import math
import time

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from agent.reading.errors import PdfTooComplex
from agent.reading.values import DPI, Pixels

LONGEST_S = 5.0
"""Of processor time; a full page of text takes a tenth of a second, a map of the land registry about one."""

_POINTS_PER_INCH = 72
_FLAGS = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
_NeedToPause = dict(pdfium_c.IFSDK_PAUSE._fields_)["NeedToPauseNow"]


def size_px(page: pdfium.PdfPage) -> tuple[int, int]:
    """Return width and height of a page at 300 dpi."""
    width, height = (math.ceil(side * DPI / _POINTS_PER_INCH) for side in page.get_size())
    return width, height


def drawn(page: pdfium.PdfPage) -> Pixels:
    """Return the page as RGB at 300 dpi; raise PdfTooComplex if that takes longer than `LONGEST_S`."""
    width, height = size_px(page)
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        _draw(page, bitmap, width, height)
        pixels: Pixels = bitmap.to_numpy().copy()
        return pixels
    finally:
        bitmap.close()


def _draw(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, width: int, height: int) -> None:
    until_s = time.thread_time() + LONGEST_S
    late = _NeedToPause(lambda _pause: time.thread_time() > until_s)
    pause = pdfium_c.IFSDK_PAUSE(version=1, NeedToPauseNow=late)
    try:
        status = pdfium_c.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, 0, _FLAGS, ctypes.byref(pause))
    finally:
        pdfium_c.FPDF_RenderPage_Close(page)
    if status == pdfium_c.FPDF_RENDER_TOBECONTINUED:
        raise PdfTooComplex(f"not drawn within {LONGEST_S:g} s")
    if status != pdfium_c.FPDF_RENDER_DONE:
        raise pdfium.PdfiumError("a page can't be drawn")
