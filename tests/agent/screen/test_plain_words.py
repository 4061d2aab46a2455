"""Plain language: short sentences, and no word of offices where people have a word of their own."""

import re
from collections.abc import Iterator

import pytest

from agent.devices.errors import DeviceError
from agent.devices.manual import faults
from agent.journeys import sentences
from agent.journeys.endings import DELIVERED, NOT_COLLECTED, PARTINGS
from agent.screen.page.drawing import FOLDER
from contract.words import read

MOST_SYLLABLES = 20
MOST_WORDS = 18

OFFICIALESE = {
    "quý khách": "bạn", "quý vị": "bạn", "công dân": "bạn", "người yêu cầu chứng thực": "bạn",
    "vui lòng liên hệ": "xin gọi",
    "lệ phí": "phí", "tiến hành": "(động từ chính)", "thực hiện việc": "(động từ chính)", "thao tác": "chạm, làm",
    "hệ thống ghi nhận": "đã ghi", "không hợp lệ": "chưa đúng", "giao dịch": "lần trả tiền", "khởi tạo": "bắt đầu",
    "xác thực danh tính": "xác nhận bạn là ai", "truy xuất": "tìm", "đề nghị": "xin", "trường hợp": "khi, nếu",
    "nêu trên": "này", "theo quy định của pháp luật": "(điều luật, hoặc bỏ)", "đương sự": "bạn", "sở hữu": "có",
    "kết xuất": "in, lưu", "phương thức thanh toán": "cách trả", "thanh toán": "trả", "tiếp nhận": "nhận",
}  # fmt: skip
"""A word that citizens don't use, and what is said instead."""

MAY_STAY = {"call.role_INTAKE", "guide.fee"}
"""What a person is called by office; the two kinds of charges that the law tells apart."""


def shown(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence that a citizen may read: the screen's own, the journey's, the endings' and the faults'."""
    yield from read(FOLDER / "strings", language).items()
    at = int(language == "en")
    for name, said in (*sentences.STEPS.items(), *DELIVERED.items(), *NOT_COLLECTED.items()):
        yield name, said[at]
    for kind in PARTINGS.values():
        yield kind.__name__, (kind.vi, kind.en)[at]
    for fault in faults(DeviceError):
        yield fault.code, (fault.vi, fault.en)[at]


@pytest.mark.parametrize(("language", "most"), [("vi", MOST_SYLLABLES), ("en", MOST_WORDS)])
def test_sentences_are_short(language: str, most: int) -> None:
    long = [
        f"{name}: {sentence}"
        for name, text in shown(language)
        for sentence in re.split(r"[.?!:;]\s", text)
        if len(sentence.split()) > most
    ]
    assert long == []


def test_people_are_spoken_to_in_their_own_words() -> None:
    found = [
        f"{name}: {word} → {OFFICIALESE[word]}"
        for name, text in shown("vi")
        for word in OFFICIALESE
        if re.search(rf"(?<!\w){word}(?!\w)", text.lower()) and name not in MAY_STAY
    ]
    assert found == []
