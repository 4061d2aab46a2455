"""What stands on the slips, read back by independent eyes: zxing-cpp for the code, Tesseract for the words."""

import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from agent.copies.receipt import Receipt, RefusalSlip, account, render, render_refusal, vnd
from agent.copies.roll import Roll
from contract.messages import QuoteLine

WHEN = datetime(2026, 11, 23, 2, 4, 5, tzinfo=UTC)
URL = "HTTPS://KIEMTRA.EXAMPLE.VN/V/" + "ABCDEF234567" * 25
QUOTE = QuoteLine(
    state_fee_vnd=4_000,
    exemption_vnd=4_000,
    exemption_basis="Nghị quyết 43/2025/NQ-HĐND",
    print_cost_vnd=2_000,
    total_vnd=2_000,
)
RECEIPT = Receipt(
    kiosk="HN-001", site="UBND phường Mẫu", visit="01JD7Z3K8Q0V5W2N9X4T6R1B8C", when=WHEN, lines=account(QUOTE),
    paid_vnd=10_000, change_vnd=8_000, register_label="01, quyển số 01/2026-SCTĐT/BS", verify_url=URL,
    collect_code="K7M4-2QX9",
)  # fmt: skip
REFUSAL = RefusalSlip(
    kiosk="HN-001", site="UBND phường Mẫu", visit="01JD7Z3K8Q0V5W2N9X4T6R1B8C", when=WHEN, title="Giấy khai sinh",
    ground="Bản chính bị tẩy xóa", legal_basis="Nghị định 23/2015, Điều 22 khoản 1", money="Đã trả lại 10.000 đ",
    ask="Quầy số 2", decided_by="Nguyễn Thị Mẫu",
)  # fmt: skip


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def words(png: bytes) -> str:
    """Return what Tesseract reads, without marks on the letters: in one-bit dots it confuses them now and then."""
    enlarged = picture(png).convert("L").resize((1152, picture(png).height * 2), Image.Resampling.BICUBIC)
    out = BytesIO()
    enlarged.save(out, "PNG", dpi=(300, 300))
    command = ["tesseract", "-", "-", "-l", "vie", "--psm", "4"]
    run = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"})
    return bare(run.stdout.decode())


def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def test_receipt_is_one_bit_and_as_wide_as_the_print_head() -> None:
    slip = picture(render(RECEIPT))
    assert (slip.mode, slip.width) == ("1", 576)


def test_verify_code_is_read_back_whole() -> None:
    codes = zxingcpp.read_barcodes(picture(render(RECEIPT)).convert("L"))
    assert [code.text for code in codes] == [URL]


def test_account_adds_up_on_paper() -> None:
    text = words(render(RECEIPT))
    for expected in ("BIÊN NHẬN", "4.000", "2.000", "10.000", "8.000", "01, quyển số", "23/11/2026"):
        assert bare(expected) in text


def test_receipt_before_the_signature_promises_nothing_and_carries_the_collect_code() -> None:
    png = render(replace(RECEIPT, register_label=None, verify_url=None))
    assert zxingcpp.read_barcodes(picture(png).convert("L"))[0].text == "K7M4-2QX9"
    assert "dang cho" in words(png)
    assert "So chung thuc" not in words(png)


def test_refusal_says_why_on_which_basis_and_what_became_of_the_money() -> None:
    text = words(render_refusal(REFUSAL))
    for expected in ("TỪ CHỐI", "tẩy xóa", "Điều 22 khoản 1", "10.000", "Quầy số 2", "Nguyễn Thị Mẫu"):
        assert bare(expected) in text


def test_fee_without_exemption_has_no_exemption_line() -> None:
    lines = account(
        QuoteLine(state_fee_vnd=4_000, exemption_vnd=0, exemption_basis="", print_cost_vnd=0, total_vnd=4_000)
    )
    assert [line.amount_vnd for line in lines] == [4_000, 0]


@pytest.mark.parametrize(("amount", "text"), [(0, "0 đ"), (2_000, "2.000 đ"), (-1_234_567, "−1.234.567 đ")])
def test_amounts_are_written_as_in_vietnam(amount: int, text: str) -> None:
    assert vnd(amount) == text


def test_long_words_and_long_names_stay_on_the_paper() -> None:
    roll = Roll()
    roll.text("A" * 200)
    roll.pair("Một dòng chữ rất dài không thể nào nằm gọn trên một hàng của cuộn giấy", "1.000.000 đ")
    slip = picture(roll.png())
    right_edge = slip.crop((564, 0, 576, slip.height)).convert("L").getextrema()
    assert right_edge == (255, 255)


def test_same_receipt_gives_the_same_bytes() -> None:
    assert render(RECEIPT) == render(RECEIPT)
