"""From the bytes of a scan file to its pages, one at a time, so that memory holds one page only."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps, UnidentifiedImageError

from agent.reading import errors
from agent.reading.pdf_drawing import drawn, size_px
from agent.reading.values import DPI, Pixels

MAX_PAGES = 200
MIN_SIDE_PX = 64
MAX_SIDE_PX = 12_000
MAX_PIXELS = 40_000_000
"""A4 at 600 dpi is 35 million."""
MAX_PIXELS_DRAWN = 4 * MAX_PIXELS
"""Of all pictures on one page of a PDF: a few KB can draw a picture of 900 million pixels fifty times."""

_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "PPM", "BMP")
_DECODING_FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error)
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as it was scanned; `dpi` is None where the file does not say or can't be believed."""

    pixels: Pixels
    dpi: int | None


def sheets(content: bytes) -> Iterator[Sheet]:
    """Yield the pages of a PNG, JPEG, WebP, TIFF, PNM, BMP or PDF file; raise a leaf of UnreadableFile."""
    if not content:
        raise errors.EmptyFile
    if is_pdf(content):
        yield from _pdf_sheets(content)
    else:
        yield from _picture_sheets(content)


def is_pdf(content: bytes) -> bool:
    """Return whether a scan file is a PDF (ISO 32000-1 Annex H: its header may stand in the first 1024 bytes)."""
    return b"%PDF-" in content[:1024]


def _picture_sheets(content: bytes) -> Iterator[Sheet]:
    with _open_picture(content) as picture:
        frames = getattr(picture, "n_frames", 1)
    _check_pages(frames)
    for number in range(frames):
        yield _frame(content, number)


def _frame(content: bytes, number: int) -> Sheet:
    """Return one page; the file is opened for each, or the decoded picture would stay in memory while it is read."""
    with _open_picture(content) as picture:
        return _decode(picture, number)


def _open_picture(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=_FORMATS)
    except UnidentifiedImageError as fault:
        raise errors.NotAnImage from fault
    except Image.DecompressionBombError as fault:
        raise errors.ImageTooLarge from fault
    except _DECODING_FAULTS as fault:
        raise errors.BrokenImage(str(fault)) from fault


def _decode(frame: Image.Image, number: int) -> Sheet:
    try:
        frame.seek(number)
    except _DECODING_FAULTS as fault:
        raise errors.BrokenImage(str(fault)) from fault
    _check_size(*frame.size)
    dpi = _believable_dpi(frame)
    try:
        ImageOps.exif_transpose(frame, in_place=True)
        pixels = np.asarray(_on_white(frame))
    except _DECODING_FAULTS as fault:
        raise errors.BrokenImage(str(fault)) from fault
    return Sheet(pixels=pixels, dpi=dpi)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.point(lambda level: level / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")  # to convert is to copy
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _believable_dpi(picture: Image.Image) -> int | None:
    """Cameras and editors write 72 or 96 whatever the picture is: only what makes a paper of 40–450 mm counts."""
    dpi = round(float(picture.info.get("dpi", (0, 0))[0]))
    if dpi < 100:
        return None
    longest_mm = max(picture.size) / dpi * 25.4
    return dpi if 40 <= longest_mm <= 450 else None


def _pdf_sheets(content: bytes) -> Iterator[Sheet]:
    document = _open_pdf(content)
    try:
        _check_pages(len(document))
        for page in document:
            yield _render(page)
    except pdfium.PdfiumError as fault:
        raise errors.BrokenPdf(str(fault)) from fault
    finally:
        document.close()


def _open_pdf(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as fault:
        if fault.err_code == _PASSWORD_NEEDED:
            raise errors.EncryptedPdf from fault
        raise errors.BrokenPdf(str(fault)) from fault


def _render(page: pdfium.PdfPage) -> Sheet:
    _check_size(*size_px(page))
    _check_drawn(page)
    pixels = drawn(page)
    page.close()
    return Sheet(pixels=pixels, dpi=DPI)


def _check_drawn(page: pdfium.PdfPage) -> None:
    all_px = 0
    for picture in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]):
        width_px, height_px = picture.get_px_size()
        all_px += width_px * height_px
        if all_px > MAX_PIXELS_DRAWN:
            raise errors.ImageTooLarge(f"a page of the PDF draws pictures of more than {MAX_PIXELS_DRAWN:,} px")


def _check_pages(count: int) -> None:
    if count == 0:
        raise errors.BrokenPdf("it has no pages")
    if count > MAX_PAGES:
        raise errors.TooManyPages(f"{count} pages")


def _check_size(width_px: int, height_px: int) -> None:
    if min(width_px, height_px) < MIN_SIDE_PX:
        raise errors.ImageTooSmall(f"{width_px} × {height_px} px")
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise errors.ImageTooLarge(f"{width_px} × {height_px} px")
