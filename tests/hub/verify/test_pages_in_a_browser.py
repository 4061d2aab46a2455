"""The public pages in Chromium without JavaScript, on an old phone and on a desk: readable, nothing cut off.

With TRAM_SCREENSHOTS=<folder> the pages are kept there as pictures, for a person to look at.
"""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from feedback_doubles import said, tell
from hub_doubles import KIOSK, serving
from playwright.sync_api import Browser, Page
from public_doubles import Shop
from voucher_doubles import Maker

from contract.ids import sha256_hex
from contract.messages import LinkFact
from hub.feedback import book
from hub.log import checkpoints
from hub.register import links, vouchers
from hub.store.tables import Issue
from tests.bench.printed_copies import printed

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

SIZES = {"phone": (360, 740), "desk": (1280, 800)}


@pytest.fixture
def url(shop: Shop) -> Iterator[str]:
    checkpoints.publish(shop.hub, shop.keys.log_signer(shop.hub.config.verify_base_url))
    with serving(shop.web.app) as url:
        yield url


@pytest.fixture(params=SIZES)
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.size_name = request.param
    yield page
    context.close()


def looked_at(page: Page, name: str) -> str:
    """Return the page's text after seeing that nothing is wider than the screen."""
    folder = os.environ.get("TRAM_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{page.size_name}.png", full_page=True)
    wide = [each.bounding_box() for each in page.locator("main *").all()]
    right = max(box["x"] + box["width"] for box in wide if box)
    assert right <= page.viewport_size["width"] + 0.5
    return page.inner_text("body")


def upload(page: Page, url: str, name: str, data: bytes) -> None:
    page.goto(f"{url}/verify")
    page.set_input_files("#file", {"name": name, "mimeType": "application/pdf", "buffer": data})
    page.click("button")


def test_page_behind_the_qr(shop: Shop, url: str, page: Page) -> None:
    page.goto(url + shop.path)
    assert "BẢN SAO HỢP LỆ" in looked_at(page, "copy")


def test_form_and_a_genuine_copy(shop: Shop, url: str, page: Page) -> None:
    page.goto(f"{url}/verify")
    assert "Chọn tệp PDF" in looked_at(page, "form")
    upload(page, url, "copy.pdf", shop.pdf())
    assert "BẢN SAO HỢP LỆ" in looked_at(page, "valid")


def test_changed_copy_and_a_file_that_is_none(shop: Shop, url: str, page: Page) -> None:
    upload(page, url, "copy.pdf", shop.pdf()[:-20] + b"x" * 20)
    assert "BẢN SAO KHÔNG CÓ GIÁ TRỊ" in looked_at(page, "invalid")
    upload(page, url, "letter.pdf", b"%PDF-1.4 nothing")
    assert "CHƯA KẾT LUẬN ĐƯỢC" in looked_at(page, "cannot-tell")


def test_print_compared_with_the_record(shop: Shop, url: str, page: Page) -> None:
    """The shop's own copy has no text, so that nothing but the hub's statement can be compared."""
    page.goto(f"{url}{shop.path}/paper")
    assert "So tờ giấy với bản đã lưu" in looked_at(page, "paper-form")
    picture = io.BytesIO()
    printed(shop.pdf(), 1).resize((1654, 2339)).save(picture, "JPEG")
    page.set_input_files("#file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()})
    page.click("button")
    assert "TỜ GIẤY KHỚP" in looked_at(page, "paper-agrees")


def test_trust_statement(url: str, page: Page) -> None:
    page.goto(f"{url}/trust")
    assert "QĐ 12/QĐ-UBND" in looked_at(page, "trust")


def test_who_is_refused_for_size_reads_why(url: str, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as out:
        out.truncate(200 << 20)
    page.goto(f"{url}/verify")
    page.set_input_files("#file", large)
    page.click("button")
    assert "Tệp quá lớn" in looked_at(page, "too-large")


def test_download_page_of_a_one_time_link(shop: Shop, url: str, page: Page) -> None:
    token = "t" * 32
    with shop.hub.database.writing() as session:
        paper, until = session.get_one(Issue, shop.copy.copy_id).request, shop.clock.now() + timedelta(hours=1)
        fact = LinkFact(request=paper, token_sha256=sha256_hex(token.encode()), valid_until=until)
        assert links.note(session, fact, shop.clock.now())
    page.goto(f"{url}/d/{token}")
    assert "Chỉ tải được một lần" in looked_at(page, "download")
    with page.expect_download() as fetched:
        page.click("a.do")
    assert fetched.value.path().read_bytes() == shop.pdf()
    page.reload()
    assert "Tệp đã được tải một lần" in looked_at(page, "download-again")
    page.goto(f"{url}/d/{'u' * 32}")
    assert "Chưa thấy bản sao này" in looked_at(page, "download-unknown")


def test_page_of_a_tracking_code(shop: Shop, url: str, page: Page) -> None:
    code = "4T7K-9QXM-0C3D"
    question = said(shop.hub, "Máy chậm", code=code)
    tell(shop.hub, question)
    page.goto(f"{url}/f")
    page.fill("#code", code.lower())
    page.click("button")
    assert "sẽ trả lời ở trang này" in looked_at(page, "feedback-waits")
    book.answer(shop.hub, "may", question.request, "Chúng tôi đã thay máy in.\nXin lỗi bạn vì sự bất tiện này.")
    page.reload()
    assert "Chúng tôi đã thay máy in." in looked_at(page, "feedback-answered")


def test_pages_that_answer_whether_a_kiosk_is_genuine(shop: Shop, url: str, page: Page) -> None:
    page.goto(f"{url}/genuine")
    assert "Gõ sáu số này" in looked_at(page, "genuine-ask")
    digits, maker = page.inner_text(".digits").replace(" ", ""), Maker(KIOSK)
    page.goto(f"{url}/GENUINE/{maker.answer(digits)}")
    assert "không có trong sổ của cơ quan" in looked_at(page, "genuine-foreign")
    vouchers.know_certificates(shop.hub, {KIOSK: maker.certificate})
    page.reload()
    assert "ĐÚNG LÀ TRẠM CỦA CƠ QUAN" in looked_at(page, "genuine-valid")
    page.goto(f"{url}/GENUINE/{maker.answer('000000')}")
    assert "CHƯA KẾT LUẬN ĐƯỢC" in looked_at(page, "genuine-old")
    page.click("a.do")
    assert page.inner_text(".digits").replace(" ", "") == digits
