"""What the reader can write and what it is trained on."""

import random
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from models.reader import words
from models.reader.charset import CHARS, HEIGHT_PX, MARKS, VIETNAMESE, encode, fold, legible, normalise
from models.reader.corpus import Corpus, Exclusion, Pool, load_corpus, load_exclusion
from models.reader.text import MAX_CHARS, LineTexts

SENTENCE = "Ủy ban nhân dân xã chứng thực bản sao đúng với bản chính"


def line_texts(*paragraphs: str, exclusion: Exclusion | None = None) -> LineTexts:
    pool = Pool(paragraphs=paragraphs, weight=1)
    corpus = Corpus(pools=(pool,), places=("Xã Ia Phí",), syllables=("bản", "sao"))
    return LineTexts(corpus, exclusion or Exclusion.of(()))


def test_charset_has_every_vietnamese_letter_and_the_marks_of_official_papers():
    vowels = "aăâeêioôơuưy"
    toned = {unicodedata.normalize("NFC", v + t) for v in vowels for t in ("", *"\u0300\u0301\u0303\u0309\u0323")}
    letters = {form for letter in toned | {"đ"} for form in (letter, letter.upper())} - set("aeiouyAEIOUY")
    assert len(letters) == 134
    assert letters == set(VIETNAMESE)
    assert set("–—…“”‘’°§½²³№·•×") == set(MARKS)
    assert len(set(CHARS)) == len(CHARS)


def test_classes_start_at_one_because_zero_is_the_blank():
    assert encode(CHARS) == list(range(1, len(CHARS) + 1))


def test_a_character_outside_the_charset_is_refused_by_name():
    assert not legible("漢")
    with pytest.raises(KeyError, match="漢"):
        encode("漢")


def test_decomposed_letters_and_odd_spaces_are_folded_into_the_charset():
    assert fold(unicodedata.normalize("NFD", " Nguyễn\u00a0 Thị\tẨn ")) == "Nguyễn Thị Ẩn"


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_line_without_ink_normalises_to_zeros_not_to_noise(level: int):
    flat = normalise(np.full((HEIGHT_PX, 64), level, np.uint8))
    assert flat.dtype == np.float32
    assert not flat.any()


def test_six_words_in_a_row_of_an_evaluation_line_exclude_a_text_whatever_its_case():
    exclusion = Exclusion.of([f"Trước đó {SENTENCE}"])
    assert exclusion.covers(SENTENCE.upper())
    assert exclusion.covers("nhân dân xã, chứng thực bản")
    assert not exclusion.covers("nhân dân xã chứng thực")


def test_a_short_evaluation_line_is_excluded_as_a_whole_only():
    exclusion = Exclusion.of(["Kính gửi ông Sơn"])
    assert exclusion.covers("kính gửi: Ông Sơn")
    assert not exclusion.covers("Kính gửi ông Sơn và bà Hà")


def test_no_drawn_text_shares_six_words_with_an_evaluation_line():
    exclusion = Exclusion.of(["xã chứng thực bản sao đúng"])
    texts = line_texts(SENTENCE, "Điều khác không bị loại", exclusion=exclusion)
    rng = random.Random(1)
    drawn = [texts.draw(rng) for _ in range(2000)]
    assert not any(exclusion.covers(text) for text in drawn)
    assert any("nhân dân" in text.lower() for text in drawn)


def test_development_lines_exclude_themselves_from_training(tmp_path: Path):
    (tmp_path / "lines.tsv").write_text(f"file\tset\ttext\tnote\na.png\tpdf\t{SENTENCE}\t\n", encoding="utf-8")
    (tmp_path / "page.json").write_text('{"lines": [{"text": "một hai ba bốn năm sáu", "box": [0, 0, 9, 9]}]}')
    exclusion = load_exclusion([tmp_path])
    assert exclusion.covers(SENTENCE)
    assert exclusion.covers("một hai ba bốn năm sáu bảy")


def test_drawn_texts_are_legible_short_enough_and_the_same_for_the_same_seed():
    texts = line_texts(SENTENCE * 5)
    drawn = [[texts.draw(rng) for _ in range(5000)] for rng in (random.Random(3), random.Random(3))]
    assert drawn[0] == drawn[1]
    assert all(legible(text) and 0 < len(text) <= MAX_CHARS and text == fold(text) for text in drawn[0])
    assert set(VIETNAMESE + MARKS) <= set("".join(drawn[0])), "every letter and mark must be trained"


def test_a_folder_without_texts_says_what_to_name(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"\.txt\.xz"):
        load_corpus([tmp_path])


def test_runs_of_zeros_and_foreign_scripts_never_reach_the_texts(tmp_path: Path):
    (tmp_path / "a.txt").write_text(f"{SENTENCE}\nSố 00000000\n漢字\n", encoding="utf-8")
    assert load_corpus([tmp_path]).pools[0].paragraphs == (SENTENCE,)


def test_machine_readable_lines_have_the_lengths_and_characters_of_icao_9303():
    rng = random.Random(5)
    lines = [words.mrz_line(rng) for _ in range(300)]
    assert all(set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") for line in lines)
    assert {30, 44} <= {len(line) for line in lines}
