"""Stamped secrecy marks are not missed (R17), over ornaments and tilted; and nothing else is taken for one."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from agent.reading.page import find_page
from agent.reading.reader import PageReader
from agent.reading.understand import understand
from contract.grounds import Ground
from models.specimens import Flaw, make, scan
from models.specimens.faces import Family, font

RED, BLACK = (200, 30, 45), (30, 30, 30)
PX_PER_MM = 300 / 25.4


def _stamp(word: str, height_mm: float, ink: tuple[int, int, int], degrees: float) -> Image.Image:
    """Return a stamp as TT 24/2020/TT-BCA draws it: capitals in a double frame 1 mm apart."""
    face = font(Family.SERIF, True, False, round((height_mm - 4) / 0.72 * PX_PER_MM))
    left, top, right, bottom = (int(side) for side in face.getbbox(word))
    pad = round(3 * PX_PER_MM)
    tile = Image.new("RGBA", (right - left + 2 * pad, bottom - top + 2 * pad))
    pen = ImageDraw.Draw(tile)
    for inset in (0, round(PX_PER_MM)):
        pen.rectangle((inset, inset, tile.width - 1 - inset, tile.height - 1 - inset), outline=(*ink, 235), width=5)
    pen.text((pad - left, pad - top), word, font=face, fill=(*ink, 235))
    return tile.rotate(degrees, Image.Resampling.BICUBIC, expand=True)


def _grounds(reader: PageReader, page: Image.Image) -> set[str]:
    reading = reader.read(find_page(np.asarray(page.convert("RGB")), 300), 1)
    return {finding.ground for finding in understand([reading.read], [reading.seals]).findings}


@pytest.mark.parametrize(
    ("word", "height_mm", "ink", "degrees"),
    [
        ("MẬT", 8, RED, 0), ("MẬT", 10, RED, 4), ("TỐI MẬT", 8, RED, -3), ("TUYỆT MẬT", 8, BLACK, 2),
        ("KHÔNG SAO CHỤP", 9, RED, 3),
    ],
)  # fmt: skip
def test_stamp_of_the_circular_is_found_on_a_letter(
    word: str, height_mm: float, ink: tuple[int, int, int], degrees: float, page_reader: PageReader
) -> None:
    page = make("CONG_VAN", 5).pages[0].convert("RGB")
    stamp = _stamp(word, height_mm, ink, degrees)
    page.paste(stamp, (230, 700), stamp)
    assert Ground.A22_3_SECRET in _grounds(page_reader, page)


@pytest.mark.parametrize(
    ("kind", "seed", "flaw"),
    [
        ("KHAI_SINH", 772_001, Flaw.SECRET), ("KHAI_SINH", 772_002, Flaw.NO_COPYING),
        ("GCN_QSDD", 772_003, Flaw.SECRET), ("BANG_TOT_NGHIEP", 772_004, Flaw.SECRET),
        ("QUYET_DINH", 772_005, Flaw.NO_COPYING),
    ],
)  # fmt: skip
def test_stamp_over_an_ornament_is_found(kind: str, seed: int, flaw: Flaw, page_reader: PageReader) -> None:
    specimen = scan(make(kind, seed, flaws=frozenset({flaw})), seed, strength="office")
    assert Ground.A22_3_SECRET in _grounds(page_reader, specimen.pages[0])


@pytest.mark.parametrize("word", ["BẢN SAO", "HỎA TỐC", "BẢO MẬT", "KHÔNG ĐƯỢC SỬA CHỮA", "MẶT SAU", "MAI"])
def test_other_framed_words_are_no_secrecy_mark(word: str, page_reader: PageReader) -> None:
    page = make("CONG_VAN", 5).pages[0].convert("RGB")
    stamp = _stamp(word, 9, RED, 2)
    page.paste(stamp, (230, 700), stamp)
    assert Ground.A22_3_SECRET not in _grounds(page_reader, page)


def test_mark_read_in_several_looks_is_one_finding_at_the_stamp(page_reader: PageReader) -> None:
    page = make("CONG_VAN", 5).pages[0].convert("RGB")
    stamp = _stamp("TỐI MẬT", 10, RED, 3)
    page.paste(stamp, (230, 700), stamp)
    read = page_reader.read(find_page(np.asarray(page), 300), 1).read
    (finding,) = [found for found in understand([read], [()]).findings if found.ground == Ground.A22_3_SECRET]
    x0, y0, x1, y1 = (side * PX_PER_MM for side in finding.box)
    assert 150 < x0 < x1 < 310 + stamp.width
    assert 640 < y0 < y1 < 760 + stamp.height
