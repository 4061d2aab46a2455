"""The upload page, with real keys and the real confined process: told in words, bounded, never a crash."""

import io
import logging
import multiprocessing
import time

import msgspec
import pikepdf
import pypdfium2 as pdfium
import pytest
from bad_files import endless_pages, flate_bomb, image_bomb, with_javascript
from public_doubles import Shop

from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass
from hub.verify import confined, judge, uploads
from hub.verify.rates import EACH, FILE
from hub.verify.values import Reason

VALID, INVALID, UNKNOWN = "BẢN SAO HỢP LỆ", "BẢN SAO KHÔNG CÓ GIÁ TRỊ", "CHƯA KẾT LUẬN ĐƯỢC"


def sent(shop: Shop, data: bytes, name: str = "x.pdf"):
    return shop.web.post("/verify", files={"file": (name, data)})


def photo(pdf: bytes) -> bytes:
    document = pdfium.PdfDocument(pdf)
    out = io.BytesIO()
    document[len(document) - 1].render(scale=150 / 72).to_pil().convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def test_form_works_without_script_and_takes_pdf_and_pictures(shop: Shop) -> None:
    page = shop.web.get("/verify")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert 'enctype="multipart/form-data"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_genuine_copy_is_valid_with_both_signers_and_byte_for_byte(shop: Shop) -> None:
    page = sent(shop, shop.pdf())
    assert page.status_code == 200
    for text in (VALID, "Trần Thị Mẫu", "UBND phường Mẫu (MẪU/TEST)", "Trùng từng byte", "Dấu thời gian", "N.V.M"):
        assert text in page.text
    assert "Nguyễn Văn Mẫu" not in page.text


def test_photo_of_the_print_is_valid_by_its_seal(shop: Shop) -> None:
    page = sent(shop, photo(shop.pdf()), "photo.jpg")
    assert VALID in page.text
    assert "01, quyển số 01/2026-SCTĐT/BS" in page.text
    assert "chỉ bản điện tử mới chứng minh được" in page.text


def test_copy_with_one_changed_byte_is_invalid(shop: Shop) -> None:
    pdf = shop.pdf()
    at = pdf.index(b"stream\n") + 12
    assert INVALID in sent(shop, pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]).text


def test_annulled_copy_is_invalid_with_the_decision(shop: Shop) -> None:
    annulment = Annulment(decision_no="QĐ 5/QĐ-UBND", reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên.")
    annulments.record(shop.hub, "mau", shop.copy.copy_id, annulment)
    page = sent(shop, shop.pdf()).text
    assert INVALID in page
    assert "Ghi sai tên" not in page


@pytest.mark.parametrize("make", [with_javascript, endless_pages, image_bomb, lambda: b"%PDF-", lambda: b"\x00" * 9999])
def test_odd_file_gets_a_page_in_words_and_is_never_valid(shop: Shop, make) -> None:
    page = sent(shop, make())
    assert page.status_code == 200
    assert VALID not in page.text
    assert UNKNOWN in page.text or INVALID in page.text


def test_decompression_bomb_ends_within_its_time_and_leaves_no_process(shop: Shop) -> None:
    bomb = flate_bomb()
    assert len(bomb) < 100_000
    begun = time.monotonic()
    page = sent(shop, bomb)
    assert page.status_code == 200
    assert VALID not in page.text
    assert time.monotonic() - begun < confined.TIME_S + 40  # the machine may be busy
    assert multiprocessing.active_children() == []


def test_samples_of_bad_pdfs_get_a_page_each(shop: Shop, shared) -> None:
    for path in sorted((shared / "samples" / "pades").glob("*/*.pdf"))[::3]:
        shop.clock.advance(FILE)
        page = sent(shop, path.read_bytes())
        assert page.status_code == 200, path
        assert VALID not in page.text, path


def test_200_mb_are_refused_by_their_length_alone(shop: Shop) -> None:
    headers = {"Content-Length": str(200 << 20), "Content-Type": "multipart/form-data; boundary=x"}
    page = shop.web.post("/verify", content=b"", headers=headers)
    assert page.status_code == 413
    assert "Tệp quá lớn" in page.text


def test_too_long_a_stream_without_a_length_is_refused_and_no_file_is_made(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1 << 20)
    page = shop.web.post("/verify", files={"file": ("x", b"\0" * (2 << 20))}, headers={"Content-Length": "0"})
    assert page.status_code == 413


def test_no_part_of_a_file_is_written_to_disk(shop: Shop, monkeypatch) -> None:
    rolled = []
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *a, **k: rolled.append(a))
    assert sent(shop, b"\0" * (8 << 20)).status_code == 200
    assert rolled == []


@pytest.mark.parametrize("body", [{"data": {"file": "text"}}, {"files": {"other": ("x", b"1")}}, {"content": b"x"}, {}])
def test_form_without_a_file_is_told_so(shop: Shop, body) -> None:
    page = shop.web.post("/verify", **body)
    assert page.status_code == 400
    assert "Chưa có tệp nào" in page.text


def test_killed_judge_is_an_open_question_and_the_log_names_no_content(shop: Shop, monkeypatch, caplog) -> None:
    monkeypatch.setattr(confined, "TIME_S", 0.0)
    with caplog.at_level(logging.WARNING):
        verdict = confined.judged(b"%PDF-1.7 Nguyen Van Mau", b"{}")
    assert verdict.reasons == (Reason.TOO_COSTLY,)
    assert "Nguyen" not in caplog.text


def test_memory_is_bounded_in_the_confined_process(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(confined, "_serve", _greedy)
    assert confined.judged(b"", b"{}").detail == "bounded"


def _greedy(pipe, *_of_the_work) -> None:
    confined._confine()
    pipe.send_bytes(b".")
    pipe.recv_bytes(), pipe.recv_bytes()
    try:
        kept = bytearray(2 * confined.MEMORY_BYTES)
    except MemoryError:
        kept = b""
    said = judge.open_question(Reason.NOT_READABLE, "boundless" if kept else "bounded")
    pipe.send_bytes(msgspec.json.encode(said))


def test_who_asks_too_much_is_told_to_wait_and_others_are_served(shop: Shop) -> None:
    for _ in range(int(EACH.burst // FILE)):
        assert shop.web.post("/verify").status_code == 400
    page = shop.web.post("/verify")
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) == 5
    assert "Xin chờ một chút" in page.text
    shop.clock.advance(5)
    assert shop.web.post("/verify").status_code == 400


def test_signed_pdf_of_a_stranger_says_who_signed(shop: Shop, shared) -> None:
    page = sent(shop, (shared / "samples" / "pades" / "dss" / "pades-bes.pdf").read_bytes()).text
    assert "Không nhận ra người ký" in page
    assert "Chữ ký trong tệp" in page


def test_names_in_a_file_can_not_put_markup_into_the_page(shop: Shop) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = "<script>alert(1)</script>"
    out = io.BytesIO()
    pdf.save(out)
    assert "<script" not in sent(shop, out.getvalue(), "<script>.pdf").text
