"""What is read with the eyes, said for the ears."""

import pytest

from agent.screen.voice.numbers import MOST, in_words
from agent.screen.voice.wording import spoken

DAY = "ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi sáu"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (25, "hai mươi lăm"),
        (101, "một trăm linh một"),
        (2_000, "hai nghìn"),
        (2_005, "hai nghìn không trăm linh năm"),
        (2_026, "hai nghìn không trăm hai mươi sáu"),
        (10_500, "mười nghìn năm trăm"),
        (1_000_000_000, "một tỷ"),
    ],
)
def test_numbers_are_said_as_in_school(number: int, words: str) -> None:
    assert in_words(number) == words


def test_every_number_is_told_from_its_neighbour_and_none_is_said_wrongly_beyond_the_most() -> None:
    said = [in_words(number) for number in (*range(2_500), MOST - 1, MOST)]
    assert len(set(said)) == len(said)
    for wrong in (-1, MOST + 1):
        with pytest.raises(ValueError, match="beyond"):
            in_words(wrong)


@pytest.mark.parametrize(
    ("seen", "heard"),
    [
        ("Một trang: 3.000\N{NO-BREAK SPACE}đ.", "Một trang: ba nghìn đồng."),
        ("Mã 4T7K-9QXM", "Mã bốn tê bảy ca, chín quy ích mờ"),
        ("Ký lúc 09:00 23/11/2026.", f"Ký lúc chín giờ, {DAY}."),
        ("trước 23/11/2026 15:30 +07:00.", f"trước mười lăm giờ ba mươi phút, {DAY}."),
        ("Nghị định 23/2015/NĐ-CP", "Nghị định hai mươi ba năm hai nghìn không trăm mười lăm của Chính phủ"),
        ("Máy (AI) giúp đọc mã QR", "Máy, ây ai, giúp đọc mã quy rờ"),
        ("Trạm kiosk-01, bà Lê Thị B", "Trạm kiosk không một, bà Lê Thị bê"),
        ("Gọi 024 3825 1234", "Gọi không hai bốn, ba tám hai năm, một hai ba bốn"),
    ],
)  # fmt: skip
def test_money_moments_and_codes_in_vietnamese(seen: str, heard: str) -> None:
    assert spoken(seen, "vi") == heard


def test_english_leaves_numbers_to_the_voice_and_spells_codes() -> None:
    assert spoken("3.000\N{NO-BREAK SPACE}đ for 4T7K-9QXM", "en") == "3000 dong for 4 T 7 K, 9 Q X M"
