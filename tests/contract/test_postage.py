"""Postage: the site's rate of the day, less what the province pays on that day and in that province, never more."""

from datetime import date

import pytest

from contract.postage import NoPostageInForce, Postage, PostalRate, postage

RATES = (
    PostalRate(basis="Hợp đồng 1", first_day=date(2025, 7, 1), last_day=date(2025, 12, 31), item_vnd=30_000),
    PostalRate(basis="Hợp đồng 2", first_day=date(2026, 1, 1), last_day=date(2026, 12, 31), item_vnd=20_000),
)


@pytest.mark.parametrize(
    ("on", "province", "item_vnd", "support_vnd"),
    [
        (date(2025, 12, 31), "Hà Nội", 30_000, 26_000),
        (date(2025, 12, 31), "thành phố Hà Nội", 30_000, 26_000),
        (date(2025, 12, 31), "Hải Phòng", 30_000, 0),
        (date(2026, 1, 1), "Hà Nội", 20_000, 0),
    ],
)
def test_support_ends_with_its_last_day_and_at_its_province(
    on: date, province: str, item_vnd: int, support_vnd: int
) -> None:
    found = postage(RATES, on=on, province=province)
    assert (found.item_vnd, found.support_vnd, found.due_vnd) == (item_vnd, support_vnd, item_vnd - support_vnd)
    assert bool(found.support_basis) is bool(support_vnd)
    assert "26.000" in found.support_basis or not support_vnd


def test_support_is_never_more_than_the_postage() -> None:
    cheap = PostalRate(basis="Rẻ", first_day=date(2025, 1, 1), last_day=date(2025, 12, 31), item_vnd=18_000)
    assert postage((cheap,), on=date(2025, 12, 31), province="Hà Nội") == Postage(
        item_vnd=18_000, item_basis="Rẻ", support_vnd=18_000, support_basis=postage(
            RATES, on=date(2025, 12, 31), province="Hà Nội"
        ).support_basis,
    )  # fmt: skip


@pytest.mark.parametrize("on", [date(2025, 6, 30), date(2027, 1, 1)])
def test_day_without_a_rate_has_no_postage(on: date) -> None:
    with pytest.raises(NoPostageInForce, match=f"{on:%d/%m/%Y}"):
        postage(RATES, on=on, province="Hà Nội")
