"""Names as people type them by Telex, in whatever order of keys, come out as they are written."""

import unicodedata

import pytest

from agent.screen.page.telex import toned, typed


def keys(text: str) -> str:
    written = ""
    for key in text:
        written = typed(written, key)
    return written


@pytest.mark.parametrize(
    ("by", "written"),
    {
        "Nguyeenx": "Nguyễn", "Nguyenex": "Nguyễn", "Tuaans": "Tuấn", "tuansa": "tuấn", "DDoox": "Đỗ", "Hoaf": "Hòa",
        "Hoangf": "Hoàng", "Thuys": "Thúy", "Huwowngf": "Hường", "Huowngf": "Hường", "Cuongwf": "Cường", "muaw": "mưa",
        "Quys": "Quý", "Giangr": "Giảng", "giaf": "già", "gif": "gì", "quoocs": "quốc", "Luwu": "Lưu", "luuw": "lưu",
        "ddaij": "đại", "dad": "đa", "Nguyeetj": "Nguyệt", "Dduwcs": "Đức", "ngoaif": "ngoài", "Oanhs": "Oánh",
        "Khuee": "Khuê", "Yeens": "Yến", "hoawcj": "hoặc", "Sown": "Sơn", "Xuaan": "Xuân", "nhieeuf": "nhiều",
        "ruwowuj": "rượu", "Ddawngj": "Đặng", "Huyeenf": "Huyền", "William": "William", "Huwng Vuwowng": "Hưng Vương",
    }.items(),
)  # fmt: skip
def test_keys_become_the_name(by: str, written: str) -> None:
    assert keys(by) == written
    assert unicodedata.is_normalized("NFC", keys(by))


@pytest.mark.parametrize(("by", "written"), {"ass": "as", "aaa": "aa", "ddd": "dd", "oww": "ow", "asz": "a"}.items())
def test_the_same_key_again_undoes(by: str, written: str) -> None:
    assert keys(by) == written


def test_a_tone_key_of_the_screen_goes_to_the_last_word_only() -> None:
    assert toned("Trân Binh", "f") == "Trân Bình"
    assert toned("Trân ", "f") == "Trân "
