"""The draft before independent judges: qpdf, poppler, pikepdf and the structural PDF/A judge."""

import re
import subprocess
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from drawn_paper import Paper
from pdfa_judge import faults
from PIL import Image

from agent.copies.draft import DraftPage, UnsuitablePageCount, build, place
from agent.copies.image import EncodedImage, encode
from agent.reading.values import Line
from contract.layout import UNSIGNED_MARK_KEY, UNSIGNED_TEXT, frame
from contract.messages import LegalMode

MADE_AT = datetime(2026, 11, 23, 2, 4, 5, tzinfo=UTC)


def draft(*pages: DraftPage, title: str = "Quyết định số 45/QĐ-UBND") -> bytes:
    return build(pages, title=title, legal_mode=LegalMode.STAFFED_AT_OFFICE, made_at=MADE_AT, kiosk="HN-001")


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def rendered(path: Path, dpi: int = 60) -> np.ndarray:
    run("pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(path), str(path.with_suffix("")))
    return np.asarray(Image.open(path.with_suffix(".png")).convert("RGB")).astype(int)


def redness(pixels: np.ndarray) -> int:
    return int(((pixels[..., 0] - pixels[..., 1]) > 30).sum())


@pytest.fixture(scope="module")
def page(text_paper: Paper) -> DraftPage:
    return DraftPage(image=encode(text_paper.pixels), lines=text_paper.lines)


@pytest.fixture(scope="module")
def blank() -> EncodedImage:
    return encode(np.full((3508, 2480, 3), 255, np.uint8))


@pytest.fixture
def path(page: DraftPage, tmp_path: Path) -> Path:
    file = tmp_path / "draft.pdf"
    file.write_bytes(draft(page))
    return file


def test_judges_find_nothing_against_it(path: Path) -> None:
    assert faults(path.read_bytes()) == []
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(path))
    with pikepdf.open(path) as pdf, pdf.open_metadata() as xmp:
        assert xmp.pdfa_status == "2B"


def test_every_font_is_embedded(path: Path) -> None:
    fonts = run("pdffonts", str(path)).splitlines()[2:]
    assert len(fonts) == 2
    assert all(re.search(r"CID TrueType\s+Identity-H\s+yes yes yes", font) for font in fonts)


def test_one_text_page_is_within_300_kilobytes(path: Path) -> None:
    assert path.stat().st_size <= 295_000


def test_text_can_be_searched_and_copied_with_all_its_marks(path: Path, text_paper: Paper) -> None:
    text = run("pdftotext", "-layout", str(path), "-")
    assert all(line.text in text for line in text_paper.lines)


def test_every_vietnamese_letter_survives(blank: EncodedImage, tmp_path: Path) -> None:
    letters = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    lines = tuple(
        Line(text=text, box=(20, 40 + 20 * row, 190, 46 + 20 * row), confidence=1, sure=True)
        for row, text in enumerate((letters, letters.upper()))
    )
    (tmp_path / "a.pdf").write_bytes(draft(DraftPage(image=blank, lines=lines)))
    text = run("pdftotext", str(tmp_path / "a.pdf"), "-")
    assert letters in text
    assert letters.upper() in text


def test_decomposed_letters_are_composed_and_unknown_ones_become_blanks(blank: EncodedImage, tmp_path: Path) -> None:
    line = Line(text="Hu\u031b\u0301ng \u2610 \U0001f600 dẫn", box=(20, 40, 38, 46), confidence=1, sure=True)
    pdf = draft(DraftPage(image=blank, lines=(line,)))
    (tmp_path / "a.pdf").write_bytes(pdf)
    assert "Hứng dẫn" in run("pdftotext", str(tmp_path / "a.pdf"), "-")
    assert faults(pdf) == []


def test_each_word_lies_where_it_was_read(path: Path, page: DraftPage) -> None:
    where = place(page.image, last=True)
    scale, line = where.width / page.image.width_mm, page.lines[2]
    edges = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">Căn<'
    found = re.findall(edges, run("pdftotext", "-bbox", str(path), "-"))
    x0, y0, y1 = min(([float(value) * 25.4 / 72 for value in each] for each in found), key=lambda each: each[1])
    assert x0 == pytest.approx(where.x + line.box[0] * scale, abs=0.5)
    assert (y0 + y1) / 2 == pytest.approx(where.y + (line.box[1] + line.box[3]) / 2 * scale, abs=1.0)


def test_degenerate_lines_are_left_out(blank: EncodedImage) -> None:
    boxes = ((10, 10, 10, 20), (10, 20, 30, 20), (30, 10, 10, 20))
    lines = tuple(Line(text="chữ", box=box, confidence=1, sure=True) for box in boxes)
    assert faults(draft(DraftPage(image=blank, lines=(*lines, replace(lines[0], text="  "))))) == []


def test_mark_is_its_own_last_stream_and_the_page_is_clean_without_it(path: Path, tmp_path: Path) -> None:
    marked = rendered(path)
    with pikepdf.open(path) as pdf:
        contents = pdf.pages[0].obj.Contents
        assert [bool(stream.get(UNSIGNED_MARK_KEY, False)) for stream in contents] == [False, False, True]
        for stream in contents:
            operators = [str(each.operator) for each in pikepdf.parse_content_stream(stream)]
            assert operators.count("q") == operators.count("Q")
        del contents[-1]
        pdf.save(tmp_path / "clean.pdf")
    assert redness(marked) > 4000
    assert redness(rendered(tmp_path / "clean.pdf")) == 0
    assert UNSIGNED_TEXT not in run("pdftotext", str(tmp_path / "clean.pdf"), "-")


def test_mark_names_mode_kiosk_and_vietnamese_time(path: Path) -> None:
    text = run("pdftotext", "-layout", str(path), "-")
    assert "CHƯA CÓ GIÁ TRỊ CHỨNG THỰC" in text
    assert "Trạm HN-001 lập lúc 23/11/2026 09:04:05 +07:00" in text
    assert "tại trụ sở" in text


def test_scan_is_drawn_faithfully_at_its_place(page: DraftPage, text_paper: Paper, path: Path, tmp_path: Path) -> None:
    where, dpi = place(page.image, last=True), 100
    with pikepdf.open(path) as pdf:
        del pdf.pages[0].obj.Contents[-1]
        pdf.save(tmp_path / "clean.pdf")
    edges = tuple(round(mm * dpi / 25.4) for mm in (where.x, where.y, where.x + where.width, where.bottom))
    drawn = Image.fromarray(rendered(tmp_path / "clean.pdf", dpi).astype(np.uint8)).crop(edges).resize((150, 212))
    original = Image.fromarray(text_paper.pixels).resize((150, 212))
    difference = np.abs(np.asarray(drawn).astype(int) - np.asarray(original).astype(int))[2:-2, 2:-2]
    assert difference.mean() < 4


def test_only_the_last_page_leaves_room_for_the_statement_and_says_its_scale(page: DraftPage, tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(draft(page, page))
    texts = run("pdftotext", str(tmp_path / "two.pdf"), "-").split("\f")
    assert [re.search(r"Tỷ lệ \d+ % so với bản chính", text) is not None for text in texts[:2]] == [True, True]
    assert place(page.image, last=True).bottom <= frame(last=True).bottom + 1e-6
    with pikepdf.open(tmp_path / "two.pdf") as pdf:
        assert [tuple(round(float(edge)) for edge in each.mediabox) for each in pdf.pages] == [(0, 0, 595, 842)] * 2
        assert pdf.pages[0].obj.Contents[-1].objgen == pdf.pages[1].obj.Contents[-1].objgen


def test_card_keeps_its_true_size_without_a_scale(tmp_path: Path) -> None:
    card = encode(np.full((638, 1011, 3), (180, 210, 230), np.uint8))
    (tmp_path / "card.pdf").write_bytes(draft(DraftPage(image=card, lines=())))
    assert place(card, last=True).width == pytest.approx(85.6, abs=0.1)
    assert "Tỷ lệ" not in run("pdftotext", str(tmp_path / "card.pdf"), "-")


def test_same_input_gives_the_same_bytes_at_another_time(page: DraftPage) -> None:
    first = draft(page, page)
    time.sleep(1.1)
    assert draft(page, page) == first


@pytest.mark.parametrize("count", [0, 201])
def test_a_draft_without_pages_or_with_too_many_is_refused(blank: EncodedImage, count: int) -> None:
    with pytest.raises(UnsuitablePageCount, match=f"{count} pages"):
        draft(*[DraftPage(image=blank, lines=())] * count)


def test_hundred_pages_take_seconds_and_bounded_memory(page: DraftPage) -> None:
    begun = time.process_time()
    tracemalloc.start()
    size = len(draft(*[page] * 100))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - begun < 60
    assert peak < 4 * size


def test_title_of_any_letters_is_kept(page: DraftPage) -> None:
    title = 'Giấy "đặc biệt" <&> (số 1) — 测试'
    pdf = draft(page, title=title)
    assert faults(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as xmp:
        assert xmp["dc:title"] == title
