"""Slips to print: a real receipt of the kiosk, and a picture whose dots spell real-time commands."""

from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from agent.copies.receipt import Receipt, ReceiptLine, render

ADDRESS = "HTTPS://VERIFY.EXAMPLE/V/KX3MNYWQ7ABCDEFGHIJKLMNOP234567ABCDEFGHIJKLMNOP234567ABCDEFGHIJKLMN"


def receipt() -> bytes:
    return render(
        Receipt(
            kiosk="kiosk-mau-01",
            site="Sảnh tầng 1, Trung tâm thương mại Mẫu",
            visit="01KB0000000000000000000000",
            when=datetime(2026, 11, 22, 2, 4, 5, tzinfo=UTC),
            lines=(ReceiptLine(text="Phí chứng thực bản sao", amount_vnd=2_000),),
            paid_vnd=5_000,
            change_vnd=3_000,
            register_label="01, quyển số 01/2026-SCTĐT/BS",
            verify_url=ADDRESS,
            collect_code="ABCD-EFGH",
        )
    )


def picture_of(dots: bytes, width: int = 576) -> bytes:
    """Return a PNG whose pixels are these bits, black where a bit is on."""
    height = len(dots) * 8 // width
    out = BytesIO()
    Image.frombytes("1", (width, height), bytes(255 - byte for byte in dots)).save(out, "PNG")
    return out.getvalue()
