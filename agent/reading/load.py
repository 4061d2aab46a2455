"""From the bytes of a scan file to its pages, one at a time, so that memory holds one page only."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from agent.reading import errors
from agent.reading.values import DPI, Pixels

MAX_PAGES = 200
MIN_SIDE_PX = 64
MAX_SIDE_PX = 12_000
MAX_PIXELS = 40_000_000
"""A4 at 600 dpi is 35 million."""

_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "PPM", "BMP")
_DECODING_FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error)
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as it was scanned; `dpi` is None where the file does not say or can't be believed."""

    pixels: Pixels
    dpi: int | None


def sheets(content: bytes) -> Iterator[Sheet]:
    """Yield the pages of a PNG, JPEG, WebP, TIFF, PNM, BMP or PDF file; raise a leaf of UnreadableFile."""
    if not content:
        raise errors.EmptyFile
    if b"%PDF-" in content[:1024]:
        yield from _pdf_sheets(content)
    else:
        yield from _picture_sheets(content)


def _picture_sheets(content: bytes) -> Iterator[Sheet]:
    with _open_picture(content) as picture:
        _check_pages(getattr(picture, "n_frames", 1))
        for frame in ImageSequence.Iterator(picture):
            yield _decode(frame)


def _open_picture(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=_FORMATS)
    except UnidentifiedImageError as fault:
        raise errors.NotAnImage from fault
    except Image.DecompressionBombError as fault:
        raise errors.ImageTooLarge from fault
    except _DECODING_FAULTS as fault:
        raise errors.BrokenImage(str(fault)) from fault


def _decode(frame: Image.Image) -> Sheet:
    _check_size(*frame.size)
    dpi = _believable_dpi(frame)
    try:
        upright = ImageOps.exif_transpose(frame)
        pixels = np.asarray(_on_white(upright))
    except _DECODING_FAULTS as fault:
        raise errors.BrokenImage(str(fault)) from fault
    return Sheet(pixels=pixels, dpi=dpi)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.point(lambda level: level / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
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
    scale = DPI / _POINTS_PER_INCH
    _check_size(round(page.get_width() * scale), round(page.get_height() * scale))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    pixels = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    page.close()
    return Sheet(pixels=pixels, dpi=DPI)


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
