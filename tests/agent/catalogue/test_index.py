"""Finding a procedure by ordinary words: as people type, and as far as the machine may be sure."""

import pytest

from agent.catalogue.index import MOST_FOUND, Index
from agent.catalogue.words import LONGEST_QUESTION, sound
from contract.catalogue import own
from tests.bench.guide import questions

LEAST_TOP_3 = 0.95
MOST_FALSE = 0.05
TUNED = ("tuning", "tuning_outside", "first_vi", "first_en", "tuned_vi", "tuned_en", "judged_en", "fourth_en")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(own())


def codes(index: Index, question: str) -> list[str]:
    found = index.ask(question)
    return [] if found.elsewhere else [each.code for each in found.procedures]


def test_nineteen_of_twenty_questions_kept_apart_are_answered_on_the_first_three_cards(index: Index) -> None:
    asked = questions("asked")
    missed = [each.text for each in asked if each.code not in codes(index, each.text)[:3]]
    assert len(asked) == 200 and len({each.code for each in asked}) >= 60
    assert len(missed) <= (1 - LEAST_TOP_3) * len(asked), missed


@pytest.mark.parametrize(("name", "least"), [("judged_vi", 100), ("last_en", 60)])
def test_so_are_english_dialect_and_what_a_keyboard_that_was_off_has_left(index: Index, name: str, least: int) -> None:
    asked = questions(name)
    missed = [each.text for each in asked if each.code not in codes(index, each.text)[:3]]
    assert len(asked) >= least
    assert len(missed) <= (1 - LEAST_TOP_3) * len(asked), missed


@pytest.mark.parametrize("name", ["judged_outside", "last_outside"])
def test_nor_is_what_lies_outside_in_those_styles(index: Index, name: str) -> None:
    outside = questions(name)
    false = [each.text for each in outside if (said := index.ask(each.text)).is_sure and not said.elsewhere]
    assert len(false) <= MOST_FALSE * len(outside), false


def test_what_lies_outside_is_hardly_ever_answered_as_if_it_were_sure(index: Index) -> None:
    outside = questions("asked_outside")
    false = [each.text for each in outside if (said := index.ask(each.text)).is_sure and not said.elsewhere]
    assert len(outside) == 40 and len(false) <= MOST_FALSE * len(outside), false


def test_the_questions_kept_apart_are_none_of_those_it_was_tuned_on() -> None:
    tuned = {each.text for name in TUNED for each in questions(name)}
    assert not tuned & {
        each.text for name in ("asked", "asked_outside", "judged_vi", "last_en") for each in questions(name)
    }


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("đăng ký khai sinh", "1.001193"),
        ("dang ky khai sinh", "1.001193"),
        ("DANG KI KHAI XINH", "1.001193"),
        ("\u0111a\u0306ng ky\u0301 khai sinh", "1.001193"),  # NFD, as some keyboards send it
        ("sao y sổ đỏ", "2.000815"),
        ("công chứng bằng lái", "2.000815"),
        ("giấy độc thân", "1.004873"),
        ("tam chu", "1.004194"),
        ("nhập hộ khẩu", "1.004222"),
        ("2.000815", "2.000815"),
        ("ddawng kys khai sinh", "1.001193"),
        ("DDAWNG KYS KEETS HOON", "1.000894"),
        ("giay61 d9oc65 tha6n", "1.004873"),
        ("cong trung bang lai", "2.000815"),
        ("Birth registration", "1.001193"),
        ("notarise a photocopie", "2.000815"),
    ],
)
def test_marks_spelling_and_daily_words_make_no_difference(index: Index, question: str, code: str) -> None:
    assert codes(index, question)[:1] == [code]


def test_what_is_known_to_be_elsewhere_is_named_and_no_procedure_is_offered_as_sure(index: Index) -> None:
    found = index.ask("tôi muốn gia hạn hộ chiếu")
    assert found.elsewhere and "Hộ chiếu" in found.elsewhere.vi
    fire = index.ask("cháy nhà").elsewhere
    assert fire and "114" in fire.vi


@pytest.mark.parametrize(
    "question", ["", "   ", "???", '" OR entry : "', "*", "tôi xin hỏi", "\x00", "😀", "NEAR(", "a" * 5_000]
)
def test_nothing_or_nonsense_finds_nothing_that_is_sure_and_breaks_nothing(index: Index, question: str) -> None:
    assert not index.ask(question).is_sure


@pytest.mark.parametrize("question", ["con chó đi lạc", "xin chào", "what is your name", "where can i sit"])
def test_one_word_in_common_is_no_answer(index: Index, question: str) -> None:
    assert not index.ask(question).is_sure


def test_an_english_question_is_not_answered_by_syllables_that_are_spelt_like_its_words(index: Index) -> None:
    """`do`, `to`, `in` and `can` are đỏ, tờ, in and căn without their marks."""
    found = index.ask("can I do it in town, my sister wants to marry")
    assert "1.000894" in [each.code for each in found.procedures][:3]


def test_a_long_question_is_read_so_far_as_a_question_goes(index: Index) -> None:
    filled = "đăng ký kết hôn " + "x " * LONGEST_QUESTION + "khai tử"
    assert "1.000894" in codes(index, filled)[:3]
    assert len(codes(index, filled)) <= MOST_FOUND


@pytest.mark.parametrize(
    ("one", "other"), [("tru", "chu"), ("ky", "ki"), ("xinh", "sinh"), ("gian", "dan"), ("ro", "do"), ("nghi", "ngi")]
)
def test_what_sounds_alike_somewhere_has_one_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)
