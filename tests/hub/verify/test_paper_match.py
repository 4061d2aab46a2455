"""Comparing words with the register's marks: pure, without a reader."""

import random

import pytest

from hub.fingerprint import Marker, Table, Word, pack
from hub.verify.paper_match import Compared, Comparison, ReadLine, compare, misreadings

TEXT = """\
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
GIẤY KHAI SINH số 128/2020
Họ và tên: Nguyễn Thị Minh Anh
Ngày sinh: 14/07/1996 tại bệnh viện huyện
Nơi cư trú: thôn Đông, xã Phú Cường
Số định danh: 001196012345
Người đi khai: Trần Văn Bình""".splitlines()
MARKER = Marker("SEALTEXT")


def lines(texts: list[str] = TEXT, *, sure: bool = True, scale: float = 1.0, off: float = 0.0) -> list[ReadLine]:
    read = []
    for row, text in enumerate(texts):
        x0, y0, x1, y1 = (side * scale + off for side in (20, 20 + 9 * row, 20 + 2 * len(text), 24 + 9 * row))
        read.append(ReadLine(text=text, box=(x0, y0, x1, y1), sure=sure))
    return read


def table(texts: list[str] = TEXT, page: int = 1) -> Table:
    words = []
    for line in lines(texts):
        at = 0
        for text in line.text.split():
            at = line.text.index(text, at)
            x0 = line.box[0] + 2 * at
            words.append(Word(text=text, page=page, box=(x0, line.box[1], x0 + 2 * len(text), line.box[3])))
            at += len(text)
    return Table.unpack(pack(words, MARKER))


def changed(old: str, new: str) -> list[str]:
    assert any(old in text for text in TEXT)
    return [text.replace(old, new) for text in TEXT]


def look(texts: list[str], **how: float) -> Compared:
    return compare(lines(texts, **how), table(), MARKER)


def test_genuine_page_agrees_word_for_word_wherever_it_lies_in_the_picture() -> None:
    for how in ({}, {"scale": 0.6}, {"scale": 1.3, "off": 17.0}):
        found = look(TEXT, **how)
        assert (found.outcome, found.page, found.agreeing) == (Comparison.AGREES, 1, found.words)


@pytest.mark.parametrize(
    ("old", "new"),
    [("14/07/1996", "14/01/1996"), ("001196012345", "001196012845"), ("Minh", "Lan"), ("128/2020", "728/2020")],
)
def test_altered_digit_or_name_is_pointed_at_where_it_stands(old: str, new: str) -> None:
    found = look(changed(old, new))
    assert found.outcome is Comparison.DIFFERS
    (box,) = found.differing
    row = next(row for row, text in enumerate(TEXT) if old in text)
    assert (box[1], box[3]) == (20 + 9 * row, 24 + 9 * row)
    assert box[0] == pytest.approx(20 + 2 * TEXT[row].index(old), abs=0.1)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Minh", "Mính"), ("Phú Cường", "PhúCường"), ("huyện", "huyệ n"), ("128/2020", "l28/2020"), ("tại", "tạj")],
)
def test_likely_misreading_is_held_against_nobody(old: str, new: str) -> None:
    assert look(changed(old, new)).outcome is Comparison.AGREES


def test_what_the_reader_is_not_sure_of_is_left_to_a_person() -> None:
    read = [
        ReadLine(text=each.text, box=each.box, sure="Minh" not in TEXT[row])
        for row, each in enumerate(lines(changed("Minh", "Lan")))
    ]
    found = compare(read, table(), MARKER)
    assert (found.outcome, found.differing, len(found.unclear)) == (Comparison.AGREES, (), 1)


def test_poor_photo_and_another_paper_are_never_said_to_differ() -> None:
    shuffled = [text[::-1] for text in TEXT]
    for texts in (shuffled, TEXT[:2], [], ["x"] * 40):
        assert look(texts).outcome is Comparison.TOO_POOR


def test_page_is_found_among_many() -> None:
    numbers = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
    other = [" ".join(random.Random(row).sample(numbers, 8)) for row in range(8)]
    both = Table((*table(other, page=1).words, *table(page=2).words))
    assert compare(lines(), both, MARKER).page == 2


def test_marks_of_another_seal_know_none_of_the_words() -> None:
    stranger = Marker("OTHERSEAL")
    assert not {each.mark for each in table().words} & {stranger.mark(w) for text in TEXT for w in text.split()}
    assert compare(lines(), table(), stranger).outcome is Comparison.TOO_POOR


def test_table_holds_no_letter_of_the_words() -> None:
    packed = pack([Word(text="Nguyễn", page=1, box=(0, 0, 9, 3))], MARKER)
    assert len(packed) == 10
    assert b"Nguy" not in packed and b"nguy" not in packed


def test_digit_is_never_forgiven_for_a_digit() -> None:
    assert not [text for text in misreadings("1996") if text.isdigit() and len(text) == 4]
