"""Where a value stands on a paper: found among the words that were read, or not at all."""

import pytest

from hub.console.places import place_of
from hub.fingerprint import Word

LINES = (
    "ỦY BAN NHÂN DÂN", "PHƯỜNG MẪU", "Số: 45/QĐ-UBND", "Hà Nội, ngày 4 tháng 03 năm 2026", "QUYẾT ĐỊNH",
    "Về việc nghỉ hưu", "Hết hạn 05/06/2027.",
)  # fmt: skip
WORDS = [
    Word(text=text, page=1 + (y > 5), box=(10.0 * x, 10.0 * y, 10.0 * x + 8, 10.0 * y + 5))
    for y, line in enumerate(LINES)
    for x, text in enumerate(line.split())
]


@pytest.mark.parametrize(
    ("value", "page", "x", "width"),
    [
        ("Quyết định", 1, 0, 18),
        ("45", 1, 10, 8),
        ("QĐ-UBND", 1, 10, 8),
        ("04/03/2026", 1, 20, 58),
        ("05/06/2027", 2, 20, 8),
        ("Ủy ban nhân dân phường Mẫu", 1, 0, 38),
        ("về việc nghỉ hưu", 1, 0, 38),
    ],
)
def test_a_value_is_found_as_papers_write_it(value: str, page: int, x: float, width: float) -> None:
    place = place_of(value, WORDS)
    assert place is not None
    assert (place["page"], place["x"], place["width"]) == (page, x, width)


@pytest.mark.parametrize("value", ["", "  ", "4", "UBND", "nghỉ hưu Hết hạn", "05/03/2026", "45/QĐ"])
def test_what_does_not_stand_there_has_no_place(value: str) -> None:
    assert place_of(value, WORDS) is None
