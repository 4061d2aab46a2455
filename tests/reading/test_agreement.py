"""Parts of a paper held against each other: what they repeat is sure, what they contradict is in doubt and is said."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agent.reading.card_code import parse
from agent.reading.folding import without_accents
from agent.reading.reader import PageReading
from agent.reading.spoken import date_in_words
from agent.reading.understand import understand
from agent.reading.values import Code, ReadPage
from contract.grounds import Ground
from contract.messages import ReadFact
from models.specimens import Specimen
from tests.reading.conftest import Paper
from tests.reading.read_pages import page_of, specimen_read

BOX = (150.0, 60.0, 168.0, 78.0)


def _card(kind: str, code: Callable[[str], str] = str, **printed: str) -> tuple[dict[str, ReadFact], list[str]]:
    """Return facts and grounds of a card with its code, all lines read without doubt, some printed otherwise."""
    fields, pages = specimen_read(kind)
    page = replace(pages[0], codes=(Code(text=code(fields["qr"]), box=BOX),))
    for name, other in printed.items():
        page = _printed(page, fields[name], other)
    understood = understand([page], [()])
    return {fact.name: fact for fact in understood.facts}, [finding.ground for finding in understood.findings]


def _printed(page: ReadPage, text: str, other: str) -> ReadPage:
    lines = tuple(replace(line, text=line.text.replace(text, other), sure=True) for line in page.lines)
    return replace(page, lines=lines)


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, list[dict[str, str]]]:
    vectors: dict[str, list[dict[str, str]]] = json.loads(
        (shared / "samples/cccd/cccd_qr_vectors.json").read_text(encoding="utf-8")
    )
    return vectors


def test_codes_of_cards_are_read_by_their_parts(vectors: dict[str, list[dict[str, str]]]) -> None:
    for case in vectors["valid"]:
        holder = parse(case["payload"])
        assert holder is not None
        assert holder.number == case["idno"]
        assert holder.name == case.get("name", holder.name)
        assert holder.born.isoformat() == case.get("dob", holder.born.isoformat())
        assert holder.issued.isoformat() == case.get("issued", holder.issued.isoformat())


def test_codes_that_contradict_themselves_are_none(vectors: dict[str, list[dict[str, str]]]) -> None:
    assert [case["why"] for case in vectors["invalid"] if parse(case["payload"])] == []
    assert parse("https://example.invalid/a|b") is None


@pytest.mark.parametrize("kind", ["CCCD_CHIP", "CAN_CUOC_2024"])
def test_what_the_code_repeats_is_sure_and_nothing_is_found(kind: str) -> None:
    facts, grounds = _card(kind)
    repeated = {"personal_number", "full_name", "date_of_birth", "sex", "issued_on"}
    assert {name for name in repeated if not facts[name].sure} == set()
    assert Ground.A22_1_ALTERED not in grounds


@pytest.mark.parametrize("name", ["full_name", "date_of_birth", "issued_on"])
def test_sure_print_that_the_code_contradicts_is_in_doubt_and_found(name: str) -> None:
    other = {"full_name": "LÊ VĂN KHÁC"}.get(name, "03/04/1991")
    facts, grounds = _card("CCCD_CHIP", **{name: other})
    assert (facts[name].value, facts[name].sure) == (other, False)
    assert Ground.A22_1_ALTERED in grounds


def test_print_that_was_read_in_doubt_raises_no_alarm() -> None:
    fields, (page,) = specimen_read("CCCD_CHIP")
    misread = tuple(replace(line, text=line.text.replace(fields["issued_on"], "03/04/1991")) for line in page.lines)
    seen = understand([replace(page, lines=misread, codes=(Code(text=fields["qr"], box=BOX),))], [()])
    assert Ground.A22_1_ALTERED not in {finding.ground for finding in seen.findings}


def test_name_that_differs_from_the_code_in_accents_is_spelt_like_it_and_in_doubt() -> None:
    fields, _ = specimen_read("CCCD_CHIP")
    plain = fields["full_name"]
    facts, grounds = _card("CCCD_CHIP", full_name=without_accents(plain))
    assert (facts["full_name"].value, facts["full_name"].sure) == (plain, False)
    assert Ground.A22_1_ALTERED not in grounds


def test_what_the_print_lacks_is_taken_from_the_code_in_doubt() -> None:
    fields, (page,) = specimen_read("CCCD_CHIP")
    lines = tuple(line for line in page.lines if line.text != fields["full_name"])
    facts = understand([replace(page, lines=lines, codes=(Code(text=fields["qr"], box=BOX),))], [()]).facts
    (name,) = [fact for fact in facts if fact.name == "full_name"]
    assert (name.value, name.sure, name.box) == (fields["full_name"], False, BOX)


def test_code_of_a_scanned_card_is_read(paper: Paper, readings: Callable[[Specimen], list[PageReading]]) -> None:
    specimen, _ = paper("CCCD_CHIP", 1)
    (reading,) = readings(specimen)
    assert [code.text for code in reading.read.codes] == [specimen.fields["qr"]]


def test_words_and_digits_of_a_date_that_agree_are_sure_and_those_that_differ_are_found() -> None:
    fields, (page,) = specimen_read("KHAI_SINH")
    sure = replace(page, lines=tuple(replace(line, sure=True) for line in page.lines))
    born = fields["date_of_birth"]
    day = f"{(int(born[:2]) % 28) + 1:02d}"
    other = _printed(page, born, day + born[2:])
    agreeing, differing = (understand([each], [()]) for each in (sure, other))
    facts = {fact.name: fact for fact in differing.facts}
    assert next(fact for fact in agreeing.facts if fact.name == "date_of_birth").sure
    assert not facts["date_of_birth"].sure
    assert not facts["date_of_birth_in_words"].sure
    assert Ground.A22_1_ALTERED not in {finding.ground for finding in agreeing.findings}
    assert Ground.A22_1_ALTERED in {finding.ground for finding in differing.findings}


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Ngày mười lăm tháng tư năm một nghìn chín trăm tám mươi tư", date(1984, 4, 15)),
        ("Ngày mồng năm, tháng năm, năm hai ngàn không trăm linh năm", date(2005, 5, 5)),
        ("Ngày ba mươi mốt tháng mười hai năm hai nghìn", date(2000, 12, 31)),
        ("Ngày ba mươi mốt tháng hai năm hai nghìn", None),
        ("năm sinh không rõ", None),
    ],
)
def test_dates_in_words_are_understood(words: str, day: date | None) -> None:
    assert date_in_words(words) == day


def test_number_that_a_zone_repeats_stays_in_doubt_where_it_contradicts_the_birth() -> None:
    page = page_of(
        "GIẤY KHAI SINH",
        "Họ, chữ đệm, tên: LÊ VĂN MẪU",
        "Ngày, tháng, năm sinh: 01/02/1990",
        "Giới tính: Nam",
        "Số định danh cá nhân: 001091012345",
    )
    facts = {fact.name: fact for fact in understand([page], [()]).facts}
    assert not facts["personal_number"].sure
    assert not facts["date_of_birth"].sure
