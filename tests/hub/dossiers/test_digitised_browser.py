"""A digitised paper in a real browser: compared, completed and accepted by keys; its dossier taken with the receipt."""

import json
import zipfile
from collections.abc import Iterator

import msgspec
import pytest
from document_doubles import COMPLETE, SECRET, Town
from hub_doubles import KeysDouble
from playwright.sync_api import Browser, expect
from specimen_desk import Served, logged_in, served
from sqlalchemy import select

from contract.digital import reuse_text
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AuditRow, DocumentRow, DocumentState, DocumentVersion

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def desk(town: Town) -> Iterator[Served]:
    with served(town.hub, KeysDouble()) as desk:
        yield desk


def acts(hub: Hub, what: audit.Act) -> list[str]:
    with hub.database.reading() as session:
        return list(session.scalars(select(AuditRow.subject).where(AuditRow.what == what)))


def test_a_blank_field_is_asked_for_and_the_paper_is_accepted_by_keys(
    chromium: Browser, desk: Served, town: Town
) -> None:
    base = town.file(pages_counted=2, metadata=msgspec.structs.replace(COMPLETE, subject=""))
    page = logged_in(chromium, desk, "mau", "queue")
    page.goto(f"{desk.url}/console/digitised")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    assert page.locator("[data-field=code_number] canvas").bounding_box() is not None  # read from 45/QĐ-UBND
    page.keyboard.press("a")
    expect(page.locator("#subject")).to_be_focused()
    page.keyboard.type("Về việc nghỉ hưu")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#accept-dialog")).to_contain_text("Người dân đếm 2 trang, bản quét có 1 trang")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không có giấy tờ nào chờ.")).to_be_visible()
    with town.hub.database.reading() as session:
        row, second = session.get_one(DocumentRow, base), session.get_one(DocumentVersion, (base, 2))
    said = json.loads(second.body)
    assert (row.state, row.accepted_by) == (DocumentState.ACCEPTED, "mau")
    assert (said["Subject"], said["IssuedDate"]) == ("Về việc nghỉ hưu", "2026-03-04")
    assert acts(town.hub, audit.Act.DOCUMENT_SEEN) == [base, f"{base} 1"]
    page.context.close()


def test_a_scan_goes_back_with_its_reason(chromium: Browser, desk: Served, town: Town) -> None:
    base = town.file()
    page = logged_in(chromium, desk, "mau", "queue")
    page.goto(f"{desk.url}/console/digitised/{base}")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("s")
    page.keyboard.type("Mờ dòng số")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Không có giấy tờ nào chờ.")).to_be_visible()
    with town.hub.database.reading() as session:
        row = session.get_one(DocumentRow, base)
    assert (row.state, row.reason, row.draft_sha256) == (DocumentState.SENT_BACK, "Mờ dòng số", None)
    page.context.close()


def test_the_clerk_takes_one_paper_of_the_receipts_dossier_once(chromium: Browser, desk: Served, town: Town) -> None:
    base = town.file(documents=2)
    page = logged_in(chromium, desk, "nhan", "queue")
    page.goto(f"{desk.url}/console/dossiers")

    def scan(code: str) -> None:
        expect(page.locator("#code")).to_be_visible()
        page.locator("#code").focus()
        page.keyboard.insert_text(code)
        page.keyboard.press("Enter")

    scan(reuse_text(town.dossier, "0" * 40))
    expect(page.locator("#refused")).to_contain_text("Mã không mở hồ sơ nào")
    scan(reuse_text(town.dossier, SECRET))
    expect(page.locator("#contents")).to_contain_text("chờ kiểm tra")
    expect(page.locator("#purpose")).to_have_count(0)
    town.sign(base)
    scan(reuse_text(town.dossier, SECRET))
    expect(page.locator("#only-all")).to_be_disabled()  # the second paper has not come yet
    page.get_by_label("Tờ khai đăng ký khai sinh").check()
    page.fill("#purpose", "đăng ký thường trú, hồ sơ 0007")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == f"{base}.zip"
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert sum(name.endswith(".pdf") for name in names) == 1 and "SHA256SUMS" in names
    expect(page.locator("#given")).to_be_visible()
    scan(reuse_text(town.dossier, SECRET))
    expect(page.locator("#contents .wrong")).to_contain_text("đã được lấy lại")
    assert acts(town.hub, audit.Act.DOSSIER_REUSED) == [f"{town.dossier} {base} đăng ký thường trú, hồ sơ 0007"]
    assert len(acts(town.hub, audit.Act.DOSSIER_SEEN)) == 3
    page.context.close()
