"""Specimens say what they show: deterministic, valid numbers, codes that strangers decode, flaws that can be seen."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import combinations, cycle
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from click.testing import CliRunner
from numpy.typing import NDArray
from PIL import Image

from models.specimens import (
    KINDS,
    Flaw,
    FlawNotApplicableError,
    Role,
    Specimen,
    UnknownKindError,
    make,
    possible_flaws,
    scan,
)
from models.specimens.__main__ import main
from models.specimens.degrade import degrade
from models.specimens.mrz import td1, td3
from models.specimens.words import date_in_words

pytestmark = pytest.mark.xdist_group("specimens")  # `plain` takes seconds: once is enough

CARDS = ("CCCD_CHIP", "CAN_CUOC_2024", "GPLX", "DANG_KY_XE")


def check_digit(text: str) -> int:
    """An independent reading of ICAO 9303-3: 7-3-1 weights."""
    table = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return sum(weight * max(0, table.find(sign)) for sign, weight in zip(text, cycle((7, 3, 1)), strict=False)) % 10


def pairs() -> Iterator[object]:
    """Every kind with every flaw it can carry; the short form takes two kinds and the lost pages."""
    for kind in KINDS:
        for flaw in sorted(possible_flaws(kind)):
            short = kind in ("QUYET_DINH", "CCCD_CHIP") or flaw is Flaw.MISSING_PAGE
            yield pytest.param(kind, flaw, marks=() if short else pytest.mark.slow)


@pytest.fixture(scope="module")
def plain() -> dict[str, Specimen]:
    return {kind: make(kind, 11) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_pixels_and_truth(kind: str, plain: dict[str, Specimen]) -> None:
    again = make(kind, 11)
    assert again.fields == plain[kind].fields
    assert again.lines == plain[kind].lines
    assert [page.tobytes() for page in again.pages] == [page.tobytes() for page in plain[kind].pages]


def test_another_seed_gives_another_paper(plain: dict[str, Specimen]) -> None:
    other = make("CCCD_CHIP", 12).fields
    same = {key for key, value in plain["CCCD_CHIP"].fields.items() if other[key] == value}
    assert same <= {"sex", "nationality", "features"}


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_colour_a4_at_300_dpi_and_say_that_they_are_specimens(kind: str, plain: dict[str, Specimen]) -> None:
    specimen = plain[kind]
    assert all(page.size == (2480, 3508) and page.mode == "RGB" for page in specimen.pages)
    for lines in specimen.lines:
        assert any(line.role is Role.SPECIMEN and "MẪU" in line.text for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_every_truth_box_holds_ink_and_stays_on_its_paper(kind: str, plain: dict[str, Specimen]) -> None:
    specimen = plain[kind]
    for number, (page, lines) in enumerate(zip(specimen.pages, specimen.lines, strict=True)):
        grey = np.asarray(page.convert("L"), dtype=np.int16)
        cards = [mark.box for mark in specimen.marks if mark.what == "card" and mark.page == number]
        for line in lines:
            x0, y0, x1, y1 = line.box
            room = cards or [(0, 0, *page.size)]
            assert any(c[0] < x0 and c[1] < y0 and x1 < c[2] and y1 < c[3] for c in room), line
            assert np.ptp(grey[y0:y1, x0:x1]) > 70, line


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_runs_off_its_paper_or_into_other_text(kind: str, plain: dict[str, Specimen]) -> None:
    check_layout(plain[kind])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(20, 24))
def test_no_text_of_other_papers_runs_off_or_into_other_text(kind: str, seed: int) -> None:
    check_layout(make(kind, seed))


def check_layout(specimen: Specimen) -> None:
    """Every line stays on its paper, beside codes and portraits and clear of the other lines."""
    for number, lines in enumerate(specimen.lines):
        cards = [mark.box for mark in specimen.marks if mark.what == "card" and mark.page == number]
        codes = [mark.box for mark in specimen.marks if mark.what in ("qr", "portrait") and mark.page == number]
        for line in lines:
            x0, _, x1, y1 = line.box
            assert any(c[0] < x0 and x1 < c[2] and y1 < c[3] for c in cards or [(60, 0, 2420, 3470)]), line
            assert not any(overlap(line.box, code) for code in codes), line
        for first, second in combinations(lines, 2):
            assert overlap(first.box, second.box) < 0.25, (first, second)


def overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> float:
    """Share of the smaller box that both boxes cover."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    area = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / area


def test_every_field_stands_on_the_paper(plain: dict[str, Specimen]) -> None:
    for kind, specimen in plain.items():
        text = squeezed(" ".join(line.text for page in specimen.lines for line in page))
        for key, value in specimen.fields.items():
            parts = value.split("/") if key.endswith(("_on", "date_of_birth")) else [value]
            assert key == "qr" or all(squeezed(part).lstrip("0") in text for part in parts), (kind, key, value)


def squeezed(text: str) -> str:
    """The text without what line breaks, columns and capitals change."""
    return "".join(text.split()).replace(",", "").lower()


@pytest.mark.parametrize("seed", range(30, 36))
def test_personal_numbers_agree_with_sex_and_birth(seed: int) -> None:
    fields = make(("CCCD_CHIP", "CAN_CUOC_2024", "KHAI_SINH")[seed % 3], seed).fields
    number = fields["personal_number"]
    born = int(fields["date_of_birth"][-4:])
    assert len(number) == 12 and number.isdigit()
    assert number[:3] in {"001", "024", "031", "038", "040", "046", "048", "066", "075", "079", "091", "092"}
    assert int(number[3]) == (0 if born < 2000 else 2) + (fields["sex"] == "Nữ")
    assert number[4:6] == f"{born % 100:02d}"


@pytest.mark.parametrize("kind", ["CCCD_CHIP", "CAN_CUOC_2024"])
@pytest.mark.parametrize("seed", range(3))
def test_card_mrz_check_digits_hold(kind: str, seed: int) -> None:
    fields = make(kind, seed).fields
    first, second, third = fields["mrz"].split("\n")
    assert {len(first), len(second), len(third)} == {30}
    assert int(first[14]) == check_digit(first[5:14])
    assert int(first[29]) == check_digit(first[15:27]) and first[15:27] == fields["personal_number"]
    assert int(second[6]) == check_digit(second[:6]) and int(second[14]) == check_digit(second[8:14])
    assert int(second[29]) == check_digit(first[5:30] + second[:7] + second[8:15] + second[18:29])


def test_passport_mrz_check_digits_hold() -> None:
    first, second = make("HO_CHIEU", 4).fields["mrz"].split("\n")
    assert len(first) == len(second) == 44
    for start, end in ((0, 9), (13, 19), (21, 27), (28, 42)):
        assert int(second[end]) == check_digit(second[start:end])
    assert int(second[43]) == check_digit(second[:10] + second[13:20] + second[21:43])


def test_business_numbers_carry_their_check_digit() -> None:
    digits = [int(sign) for sign in make("GP_KINH_DOANH", 5).fields["business_number"]]
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    assert (sum(d * w for d, w in zip(digits, weights, strict=False)) + digits[9]) % 11 == 10


def test_mrz_writer_reproduces_published_lines(shared: Path) -> None:
    text = (shared / "samples" / "mrz" / "mrz_vectors.json").read_text(encoding="utf-8")
    lines = [vector["lines"] for vector in json.loads(text)["valid"]]
    card = td1("001099012345", "Nguyễn Văn Mẫu", date(1999, 2, 15), False, date(2039, 2, 15))
    passport = td3("C1234567", "001099012345", "Nguyễn Văn Mẫu", date(1999, 2, 15), False, date(2034, 2, 14))
    assert list(card) in lines
    assert list(passport) in lines


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize("strength", ["clean", "office"])
def test_a_stranger_decodes_the_qr_to_the_fields(kind: str, strength: str) -> None:
    specimen = scan(make(kind, 3), 3, strength=strength)  # type: ignore[arg-type]
    texts = [code.text for code in zxingcpp.read_barcodes(np.asarray(specimen.pages[0]))]
    assert texts == [specimen.fields["qr"]]
    if kind in ("CCCD_CHIP", "CAN_CUOC_2024"):
        cells = texts[0].split("|")
        assert cells[0] == specimen.fields["personal_number"] and cells[2].upper() == specimen.fields["full_name"]


def test_the_seal_is_red_round_and_of_true_size(plain: dict[str, Specimen]) -> None:
    specimen = plain["QUYET_DINH"]
    (seal,) = [mark for mark in specimen.marks if mark.what == "seal"]
    pixels = np.asarray(specimen.pages[0].crop(seal.box), dtype=np.int16)
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 150)
    rows, columns = np.where(red.any(axis=1))[0], np.where(red.any(axis=0))[0]
    height_mm, width_mm = (np.ptp(span) * 25.4 / 300 for span in (rows, columns))
    assert 30 <= height_mm <= 42 and abs(height_mm - width_mm) < 1.5


def test_the_seal_covers_the_left_third_of_the_signature(plain: dict[str, Specimen]) -> None:
    boxes = {mark.what: mark.box for mark in plain["QUYET_DINH"].marks}
    seal, signature = boxes["seal"], boxes["signature"]
    share = (seal[2] - signature[0]) / (signature[2] - signature[0])
    assert seal[0] < signature[0] and 0.15 < share < 0.5


@pytest.mark.parametrize(("kind", "flaw"), list(pairs()))
def test_each_flaw_shows_and_is_listed(kind: str, flaw: Flaw, plain: dict[str, Specimen]) -> None:
    flawed, clean = make(kind, 11, flaws=frozenset({flaw})), plain[kind]
    assert flawed.flaws == {flaw}
    if flaw is Flaw.MISSING_PAGE:
        assert len(flawed.pages) == len(clean.pages) - 1
        return
    changed = [difference(before, after) > 25 for before, after in zip(clean.pages, flawed.pages, strict=False)]
    assert sum(int(page.sum()) for page in changed) > 60
    for mark in flawed.marks:
        if mark.what == flaw and flaw is not Flaw.CUT_EDGE:
            x0, y0, x1, y1 = mark.box
            assert changed[mark.page][y0:y1, x0:x1].any()


def difference(before: Image.Image, after: Image.Image) -> NDArray[np.int16]:
    """How far the grey levels of two pages lie apart."""
    first, second = (np.asarray(page.convert("L"), dtype=np.int16) for page in (before, after))
    return np.asarray(np.abs(first - second), dtype=np.int16)


def test_flaws_leave_the_data_alone_but_for_the_altered_value() -> None:
    stamped = make("QUYET_DINH", 4, flaws=frozenset({Flaw.SECRET, Flaw.DAMAGED}))
    altered = make("CCCD_CHIP", 4, flaws=frozenset({Flaw.ALTERED}))
    honest = make("CCCD_CHIP", 4)
    assert stamped.fields == make("QUYET_DINH", 4).fields
    different = [key for key in honest.fields if honest.fields[key] != altered.fields[key]]
    assert len(different) == 1 and different[0] not in ("qr", "mrz")


def test_a_flaw_that_a_kind_cannot_have_is_refused_in_words() -> None:
    with pytest.raises(FlawNotApplicableError, match="missing-page"):
        make("CCCD_CHIP", 1, flaws=frozenset({Flaw.MISSING_PAGE}))
    with pytest.raises(UnknownKindError, match="QUYET_DINH"):
        make("BANG_KHEN", 1)


@pytest.mark.parametrize("strength", ["office", "poor"])
def test_a_scan_moves_the_truth_with_its_skew(strength: str) -> None:
    specimen = make("CONG_VAN", 2)
    scanned = scan(specimen, 9, strength=strength)  # type: ignore[arg-type]
    grey = np.asarray(scanned.pages[0].convert("L"), dtype=np.int16)
    for line in scanned.lines[0]:
        x0, y0, x1, y1 = line.box
        assert np.percentile(grey[y0:y1, x0:x1], 2) < 150, line
    assert scanned.lines[0][0].box != specimen.lines[0][0].box


def test_degrading_is_repeatable_keeps_the_size_and_can_drop_colour() -> None:
    page = make("QUYET_DINH", 2).pages[0]
    first, second = (degrade(page, 5, strength="office", grey=True) for _ in range(2))
    assert first.tobytes() == second.tobytes() and first.size == page.size
    pixels = np.asarray(first, dtype=np.int16)
    assert int(np.abs(pixels[..., 0] - pixels[..., 1]).max()) <= 12


def test_dates_in_words_follow_the_civil_register() -> None:
    assert date_in_words(date(2024, 4, 5)) == "Ngày năm tháng tư năm hai nghìn không trăm hai mươi tư"
    assert date_in_words(date(2005, 11, 21)) == "Ngày hai mươi mốt tháng mười một năm hai nghìn không trăm lẻ năm"
    assert date_in_words(date(1999, 10, 15)) == "Ngày mười lăm tháng mười năm một nghìn chín trăm chín mươi chín"


def test_the_command_writes_pages_and_truth(tmp_path: Path) -> None:
    options = ["KHAI_SINH", "--seed", "3", "--out", str(tmp_path), "--flaw", "secret", "--strength", "office"]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["flaws"] == ["secret"] and truth["fields"]["full_name"].isupper()
    assert (tmp_path / "page-1.png").read_bytes()[:4] == b"\x89PNG"


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["GPLX", "--out", str(tmp_path), "--flaw", "foreign"])
    assert result.exit_code == 1 and "GPLX" in result.output and not list(tmp_path.iterdir())
