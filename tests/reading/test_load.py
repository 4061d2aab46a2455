"""Files that can't be a scan are refused with their true cause, quickly, and before they cost memory."""

import io
import random
import time
import tracemalloc

import pikepdf
import pytest
from fpdf import FPDF
from PIL import Image

from agent.reading import errors
from agent.reading.load import sheets
from agent.reading.pdf_drawing import LONGEST_S


def _pdf(pages: int) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _encrypted() -> bytes:
    document = pikepdf.open(io.BytesIO(_pdf(1)))
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def _picture(form: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (250, 250, 250)).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyFile),
        (b"this is text, though its name ends in .png", errors.NotAnImage),
        (b"%PDF-1.7\nbroken", errors.BrokenPdf),
        (_encrypted(), errors.EncryptedPdf),
        (_picture("PNG", (1, 1)), errors.ImageTooSmall),
        (_picture("PNG")[:150], errors.BrokenImage),
        (_picture("JPEG", (800, 800))[:-900], errors.BrokenImage),
        (_picture("PNG", (12_001, 70)), errors.ImageTooLarge),
    ],
    ids=["empty", "text", "broken pdf", "encrypted", "1x1", "cut png", "cut jpeg", "too wide"],
)
def test_bad_file_is_refused_with_its_cause(content: bytes, error: type[errors.ReadingError]) -> None:
    with pytest.raises(error) as fault:
        list(sheets(content))
    assert fault.value.remedy in str(fault.value)
    assert fault.value.vi != errors.ReadingError.vi


def test_picture_of_30000_px_is_refused_before_it_is_decoded() -> None:
    content = _picture_header_only(30_000)
    tracemalloc.start()
    with pytest.raises(errors.ImageTooLarge):
        list(sheets(content))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def _picture_header_only(side: int) -> bytes:
    small = _picture("BMP", (64, 64))
    return small[:18] + side.to_bytes(4, "little") * 2 + small[26:]


def test_pdf_of_500_pages_is_refused_without_rendering() -> None:
    content = _pdf(500)
    began = time.process_time()
    with pytest.raises(errors.TooManyPages, match="500"):
        list(sheets(content))
    assert time.process_time() - began < 1.0


def test_pdf_pages_are_rendered_at_300_dpi_one_by_one() -> None:
    document = FPDF(unit="mm", format="A4")
    for number in range(3):
        document.add_page()
        document.set_font("Helvetica", size=40)
        document.text(20, 40, f"page {number}")
    pages = list(sheets(bytes(document.output())))
    assert [page.dpi for page in pages] == [300] * 3
    assert all(abs(page.pixels.shape[0] - 3508) <= 1 for page in pages)
    assert all(page.pixels.min() < 50 for page in pages)


def _strokes(count: int) -> bytes:
    """A PDF whose only page has many filled curves, each as large as the page."""
    document, rng = pikepdf.new(), random.Random(1)
    document.add_blank_page(page_size=(595, 842))
    ends = (" ".join(str(rng.randint(0, 595)) for _ in range(6)) for _ in range(count))
    document.pages[0].Contents = document.make_stream("".join(f"9 9 m {end} c f*\n" for end in ends).encode())
    out = io.BytesIO()
    document.save(out, compress_streams=True)
    return out.getvalue()


def test_pdf_page_that_takes_too_long_to_draw_is_given_up() -> None:
    (page,) = sheets(_strokes(20))
    assert page.pixels.min() == 0
    assert page.pixels.max() == 255
    endless = _strokes(200_000)
    began = time.process_time()
    with pytest.raises(errors.PdfTooComplex, match="scan the paper"):
        list(sheets(endless))
    assert time.process_time() - began < LONGEST_S + 3


def test_tiff_gives_all_its_pages() -> None:
    first, second = Image.new("L", (300, 200), 10), Image.new("L", (200, 300), 240)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second], dpi=(300, 300))
    assert [page.pixels.shape for page in sheets(out.getvalue())] == [(200, 300, 3), (300, 200, 3)]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "PPM"])
def test_picture_formats_are_read_as_rgb(form: str) -> None:
    (sheet,) = sheets(_picture(form))
    assert sheet.pixels.shape == (200, 300, 3)
    assert abs(int(sheet.pixels.mean()) - 250) <= 1


def test_transparency_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    (sheet,) = sheets(out.getvalue())
    assert sheet.pixels.min() == 255


def test_deep_grey_keeps_its_levels() -> None:
    out = io.BytesIO()
    Image.new("I;16", (100, 100), 40_000).save(out, "PNG")
    (sheet,) = sheets(out.getvalue())
    assert abs(int(sheet.pixels.mean()) - 156) <= 1


@pytest.mark.parametrize(("written", "believed"), [(300, 300), (72, None), (96, None)])
def test_resolution_is_believed_only_where_it_makes_a_paper(written: int, believed: int | None) -> None:
    (sheet,) = sheets(_picture("PNG", (2480, 3508), dpi=(written, written)))
    assert sheet.dpi == believed


def test_photo_taken_sideways_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (sheet,) = sheets(_picture("JPEG", (300, 200), exif=exif.tobytes()))
    assert sheet.pixels.shape == (300, 200, 3)
