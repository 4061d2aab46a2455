"""The page behind a copy's QR, with real keys: what a person with a phone is told."""

import re

import pytest
from public_doubles import Shop

from hub.log import checkpoints
from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass
from hub.store.tables import Issue, IssueState

LINKS = {"/verify", "/trust", "/trust.jws", "/log/checkpoint"}


@pytest.mark.parametrize("spelling", [str, str.lower], ids=["as in the QR", "lower case"])
def test_genuine_copy_is_called_valid_with_who_when_and_which_number(shop: Shop, spelling: type[str]) -> None:
    assert shop.path.startswith("/V/")
    page = shop.web.get(spelling(shop.path))
    assert page.status_code == 200
    for text in ("BẢN SAO HỢP LỆ", "UBND phường Mẫu", "Trần Thị Mẫu", "01, quyển số 01/2026-SCTĐT/BS", "+07:00"):
        assert text in page.text


def test_page_tells_whose_keys_signed_and_what_the_paper_must_look_like(shop: Shop) -> None:
    page = shop.web.get(shop.path).text
    for text in ("Trần Thị Mẫu (MẪU/TEST)", "UBND phường Mẫu (MẪU/TEST)", "Chứng thực số cán bộ và cơ quan (MẪU/TEST)",
                 "Khai sinh (giấy hoặc trích lục)", "N.V.M", "PAdES B-LTA"):  # fmt: skip
        assert text in page


def test_page_tells_no_more_than_the_paper(shop: Shop) -> None:
    page = shop.web.get(shop.path).text
    assert "Nguyễn Văn Mẫu" not in page
    assert "Giấy khai sinh" not in page


def test_page_has_no_script_and_loads_nothing_from_elsewhere(shop: Shop) -> None:
    page = shop.web.get(shop.path)
    assert "<script" not in page.text
    compare = f"{shop.path.replace('/V/', '/v/')}/paper"
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page.text)) == {*LINKS, compare}
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_page_leads_to_the_proof_that_the_copy_is_in_the_public_log(shop: Shop) -> None:
    assert "mốc đã ký sẽ có" in shop.web.get(shop.path).text
    checkpoints.publish(shop.hub, shop.keys.log_signer(shop.hub.config.verify_base_url))
    page = shop.web.get(shop.path).text
    assert "dòng 0 của nhật ký công khai" in page
    (address,) = re.findall(r'href="(/v/[^"]+/log)"', page)
    told = shop.web.get(address).json()
    assert shop.copy.copy_id in told["told"]
    assert told["proof"].startswith("c2sp.org/tlog-proof@v1\nindex 0\n")
    assert shop.web.get(f"{address[:-6]}AA/log").status_code == 404


def test_annulled_copy_is_called_worthless_with_the_decision(shop: Shop) -> None:
    annulment = Annulment(decision_no="QĐ 5/QĐ-UBND", reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên <b>.")
    annulments.record(shop.hub, "mau", shop.copy.copy_id, annulment)
    page = shop.web.get(shop.path).text
    assert "BẢN SAO KHÔNG CÓ GIÁ TRỊ" in page
    assert "QĐ 5/QĐ-UBND" in page
    assert "Ghi sai tên" not in page  # the text may name a person; the class of the reason is what is published
    (annulled,) = shop.web.get("/trust.json").json()["annulled"]
    assert annulled["copy_id"] == shop.copy.copy_id


def test_forged_seal_is_called_worthless(shop: Shop) -> None:
    last = shop.path[-2]
    forged = shop.path[:-2] + ("A" if last != "A" else "B") + shop.path[-1]
    page = shop.web.get(forged)
    assert "BẢN SAO KHÔNG CÓ GIÁ TRỊ" in page.text
    assert "Trần Thị Mẫu" not in page.text


@pytest.mark.parametrize("seal", ["X", "A" * 400, "%3Cscript%3E", "%00", "Ấ"])
def test_address_that_is_no_seal_gets_a_page_that_says_so(shop: Shop, seal: str) -> None:
    page = shop.web.get(f"/V/{seal}")
    assert page.status_code == 404
    assert "CHƯA KẾT LUẬN ĐƯỢC" in page.text
    assert "<script" not in page.text


def test_genuine_seal_that_the_register_does_not_know_is_an_open_question(shop: Shop) -> None:
    with shop.hub.database.writing() as session:
        session.get_one(Issue, shop.copy.copy_id).state = IssueState.ALLOTTED
    page = shop.web.get(shop.path).text
    assert "CHƯA KẾT LUẬN ĐƯỢC" in page
