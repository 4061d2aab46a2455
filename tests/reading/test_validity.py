"""A paper past its term: the officer and the citizen are told, nobody is kept from the copy (NĐ 23/2015 Art. 22)."""

from datetime import date, timedelta

import pytest

from agent.reading.dates import slashed
from agent.reading.understand import understand
from contract.grounds import DecidedBy, Ground
from contract.messages import ReadFinding, Severity
from tests.reading.read_pages import page_of

TODAY = date(2026, 11, 22)
LICENCE = ("GIẤY PHÉP LÁI XE / DRIVER'S LICENSE", "Họ tên / Full name: LÊ VĂN MẪU", "Hạng / Class: B2")
CARD = ("CĂN CƯỚC CÔNG DÂN", "Số: 001099012345", "Ngày, tháng, năm sinh: 15/02/1999")
STATUS = ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "Họ, chữ đệm, tên: LÊ VĂN MẪU")


def _said(*texts: str, today: date | None = TODAY) -> list[ReadFinding]:
    findings = understand([page_of(*texts)], [()], today=today).findings
    return [finding for finding in findings if finding.ground == Ground.NOT_VALID]


@pytest.mark.parametrize("days", [-4000, -1])
def test_card_past_its_last_day_gets_advice_that_names_the_day(days: int) -> None:
    last = slashed(TODAY + timedelta(days=days))
    (finding,) = _said(*CARD, f"Có giá trị đến: {last}")
    assert last in finding.text
    assert finding.severity is Severity.ADVISE
    assert Ground.NOT_VALID.decided_by is DecidedBy.ADVISE


@pytest.mark.parametrize("last", [slashed(TODAY), slashed(TODAY + timedelta(days=1)), "Không thời hạn"])
def test_card_on_its_last_day_or_without_one_gets_none(last: str) -> None:
    assert _said(*CARD, f"Có giá trị đến: {last}") == []


def test_driving_licence_past_its_date_gets_advice_at_the_date() -> None:
    (finding,) = _said(*LICENCE, "Có giá trị đến / Expires: 05/09/2021")
    assert finding.box[1] > 30


def test_old_identity_card_has_ended_whatever_it_says() -> None:
    card = ("GIẤY CHỨNG MINH NHÂN DÂN", "Số 012 345 678", "Họ tên: LÊ VĂN MẪU")
    assert len(_said(*card)) == 1
    assert _said(*card, today=date(2024, 12, 31)) == []


@pytest.mark.parametrize(
    ("issued", "today", "ended"),
    [
        ("ngày 22 tháng 5 năm 2026", date(2026, 11, 22), False),
        ("ngày 21 tháng 5 năm 2026", date(2026, 11, 22), True),
        ("ngày 31 tháng 8 năm 2025", date(2026, 2, 28), False),
        ("ngày 31 tháng 8 năm 2025", date(2026, 3, 1), True),
        ("ngày 30 tháng 6 năm 2026", date(2026, 12, 30), False),
    ],
)
def test_confirmation_of_marital_status_is_valid_for_six_months(issued: str, today: date, ended: bool) -> None:
    dated = " " * 40 + f"Cửa Nam, {issued}"
    assert bool(_said(dated, *STATUS, today=today)) is ended


def test_term_that_was_read_in_doubt_is_not_spoken_of() -> None:
    contradicted = ("Số: 001099012345", "Giới tính: Nữ", "Có giá trị đến: 45/09/2021")
    assert _said("CĂN CƯỚC CÔNG DÂN", *contradicted) == []


def test_without_a_day_nothing_is_judged() -> None:
    assert _said(*CARD, "Có giá trị đến: 05/09/2021", today=None) == []
