"""Feedback at the console in a real browser: the one who waits is answered, and is no longer in the list."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from feedback_doubles import said, tell
from hub_doubles import KeysDouble
from playwright.sync_api import Browser, Page, expect
from specimen_desk import Served, logged_in, served

from hub.feedback import book
from hub.rooms import Hub

pytestmark = pytest.mark.xdist_group("browser")
CODE = "4T7K-9QXM-0C3D"


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


@pytest.fixture
def page(chromium: Browser, desk: Served, hub: Hub) -> Iterator[Page]:
    tell(hub, said(hub, "Máy in kẹt giấy, tôi phải chờ rất lâu mà không có ai giúp.", face=1, code=CODE))
    tell(hub, said(hub, "Nhanh, dễ hiểu", face=5))
    tell(hub, said(hub, face=4))
    page = logged_in(chromium, desk, "may", "fleet")
    page.get_by_role("link", name="Góp ý").click()
    yield page
    page.context.close()


def test_operator_answers_who_waits(page: Page, hub: Hub) -> None:
    row = page.locator("tr", has_text="kẹt giấy")
    expect(row).to_contain_text("Rất không hài lòng")
    if folder := os.environ.get("TRAM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "console-feedback.png")
    row.get_by_role("textbox").fill("Chúng tôi đã thay máy in. Xin lỗi bạn.")
    row.get_by_role("button").click()
    expect(page.get_by_text("Không ai chờ trả lời.")).to_be_visible()
    expect(page.locator("tr", has_text="kẹt giấy")).to_contain_text("Xin lỗi bạn.")
    answered = book.standing(hub, CODE)
    assert answered is not None
    assert answered.answer == "Chúng tôi đã thay máy in. Xin lỗi bạn."
