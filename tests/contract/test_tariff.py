import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import tariff

ORDER = {
    "pages_of_original": 1,
    "copies": 1,
    "electronic": False,
    "on": date(2026, 11, 22),
    "province": "Hà Nội",
    "print_cost_per_page_vnd": 0,
}


def quote(**changes):
    return tariff.quote(**{**ORDER, **changes})


@pytest.mark.parametrize(
    ("pages", "copies", "fee_vnd"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (10, 3, 36_000),
        (197, 1, 199_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (500, 2, 400_000),
    ],
)
def test_the_state_fee_follows_article_4(pages, copies, fee_vnd):
    priced = quote(pages_of_original=pages, copies=copies)
    assert priced.state_fee_vnd == priced.total_vnd == fee_vnd
    assert "226/2016" in priced.state_fee_basis


def test_the_published_cases_agree(shared):
    cases = json.loads((shared / "samples/fees/certified_copy_fee_vectors.json").read_text())["cases"]
    assert cases
    for case in cases:
        priced = quote(pages_of_original=case["pages"], copies=case["copies"])
        assert priced.state_fee_vnd == case["total"]
        assert priced.state_fee_vnd == case["perCopy"] * case["copies"]


def test_print_cost_is_charged_per_printed_page_and_stands_apart():
    priced = quote(pages_of_original=3, copies=2, print_cost_per_page_vnd=500)
    assert (priced.state_fee_vnd, priced.print_cost_vnd, priced.total_vnd) == (10_000, 3_000, 13_000)


def test_an_electronic_copy_costs_no_print():
    assert quote(electronic=True, print_cost_per_page_vnd=500).print_cost_vnd == 0


@pytest.mark.parametrize(
    "province", ["Hải Phòng", "Thành phố Hải Phòng", "TP. HẢI PHÒNG", "hai phong", "Ha\u0309i Pho\u0300ng"]
)
def test_hai_phong_takes_over_the_fee_of_electronic_copies(province):
    priced = quote(province=province, electronic=True, pages_of_original=3)
    assert (priced.state_fee_vnd, priced.exemption_vnd, priced.total_vnd) == (5_000, 5_000, 0)
    assert "43/2025/NQ-HĐND" in priced.exemption_basis


@pytest.mark.parametrize(
    ("on", "exempt"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2030, 12, 31), True),
        (date(2031, 1, 1), False),
    ],
)
def test_the_exemption_holds_from_its_first_to_its_last_day(on, exempt):
    priced = quote(province="Hải Phòng", electronic=True, on=on)
    assert (priced.exemption_vnd > 0) is exempt
    assert bool(priced.exemption_basis) is exempt


@pytest.mark.parametrize("changes", [{"province": "Hải Phòng"}, {"province": "Hà Nội", "electronic": True}])
def test_paper_copies_and_other_provinces_pay(changes):
    priced = quote(**changes)
    assert (priced.exemption_vnd, priced.exemption_basis, priced.total_vnd) == (0, "", 2_000)


def test_the_published_subsidy_agrees(shared):
    subsidy = json.loads((shared / "samples/fees/certified_copy_fee_vectors.json").read_text())["subsidy"]
    (row,) = (each for each in tariff.EXEMPTIONS if each.province == subsidy["place"])
    assert row.percent == subsidy["percent"]
    assert (row.first_day.isoformat(), row.last_day.isoformat()) == (subsidy["from"], subsidy["to"])
    assert subsidy["basis"] in row.basis


@pytest.mark.parametrize(
    "changes", [{"pages_of_original": 0}, {"copies": 0}, {"copies": -1}, {"print_cost_per_page_vnd": -1}]
)
def test_an_order_of_nothing_has_no_price(changes):
    with pytest.raises(tariff.NothingToCopy):
        quote(**changes)


def test_a_day_before_the_tariff_asks_for_the_clock():
    with pytest.raises(tariff.NoTariffInForce, match="clock"):
        quote(on=date(2016, 12, 31))


@given(pages=st.integers(1, 1000), copies=st.integers(1, 100), electronic=st.booleans(), cost=st.integers(0, 5000))
def test_nobody_pays_less_than_nothing_or_more_than_the_ceiling(pages, copies, electronic, cost):
    for province in ("Hà Nội", "Hải Phòng"):
        priced = quote(
            pages_of_original=pages,
            copies=copies,
            electronic=electronic,
            province=province,
            print_cost_per_page_vnd=cost,
        )
        assert 0 <= priced.exemption_vnd <= priced.state_fee_vnd <= 200_000 * copies
        assert priced.total_vnd >= priced.print_cost_vnd >= 0
