"""The counter in a real browser: a slip is scanned and paid once; a transfer without a copy is given back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hub_doubles import KIOSK, KeysDouble
from playwright.sync_api import Browser, Page, expect
from specimen_desk import Served, logged_in, served
from sqlalchemy import select
from voucher_doubles import Maker

from hub.register import transfers, vouchers
from hub.rooms import Hub
from hub.store.tables import TransferRow, VoucherRow

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


@pytest.fixture
def page(chromium: Browser, desk: Served) -> Iterator[Page]:
    page = logged_in(chromium, desk, "nhan", "queue")
    page.get_by_role("link", name="Quầy trả tiền").click()
    yield page
    page.context.close()


def scan(page: Page, code: str) -> None:
    """What a hand-held reader does: it types, and ends with Enter."""
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")


def test_slip_is_paid_by_one_scan_and_never_again(page: Page, hub: Hub) -> None:
    maker = Maker(KIOSK)
    vouchers.know_certificates(hub, {KIOSK: maker.certificate})
    code = maker.code(12_000)
    scan(page, code)
    expect(page.locator("#paid")).to_contain_text("trả cho người dân 12.000 đ")
    expect(page.locator("#today tbody tr")).to_have_count(1)
    page.reload()
    scan(page, code)
    expect(page.locator("#refused")).to_contain_text("đã được trả rồi")
    expect(page.locator("#paid")).to_be_hidden()
    scan(page, Maker(KIOSK).code(500_000))
    expect(page.locator("#refused")).to_contain_text("không phải phiếu hoàn tiền")
    with hub.database.reading() as session:
        (row,) = session.scalars(select(VoucherRow))
    assert (row.amount_vnd, row.redeemed_by) == (12_000, "nhan")


def test_transfer_that_names_no_order_is_given_back_with_its_proof(page: Page, hub: Hub) -> None:
    heard = transfers.Heard(
        transaction="FT26.331:7", amount_vnd=4_000, memo="tiền photo",
        booked_at=datetime(2026, 11, 22, 2, tzinfo=UTC), body_sha256="0" * 64,
    )  # fmt: skip
    transfers.hear(hub, heard)
    page.reload()
    row = page.locator("tr", has_text="FT26.331:7")
    expect(row).to_contain_text(re.compile(r"4\.000 đ.*Không rõ trả cho đơn nào", re.DOTALL))
    row.get_by_role("textbox").fill("chuyển trả, bút toán 88")
    row.get_by_role("button").click()
    expect(page.get_by_text("Không có khoản nào cần hoàn.")).to_be_visible()
    with hub.database.reading() as session:
        kept = session.get_one(TransferRow, heard.transaction)
    assert (kept.refunded_by, kept.refunded_how, kept.memo) == ("nhan", "chuyển trả, bút toán 88", "")
