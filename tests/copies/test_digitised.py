"""A digitised paper before the judge of PDF/A, before and after the agency's signature; its slip; separator sheets."""

import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import zxingcpp
from drawn_paper import Paper
from pdfa_judge import faults
from PIL import Image

from agent.copies import separator
from agent.copies.digitised_slip import DigitisedSlip, SlipLine, as_page, render
from agent.copies.draft import DraftPage, build
from agent.copies.image import encode
from contract.clock import SimulatedClock
from contract.digital import reuse_text, separator_text
from contract.dossiers import PROCEDURES
from contract.messages import LegalMode
from hub.signing import services
from hub.signing.digitised import Digitiser, Particulars
from hub.signing.pki import ensure

NOON = datetime(2026, 11, 23, 5, 0, 7, tzinfo=UTC)
AGENCY = "Ủy ban nhân dân phường Mẫu"


def test_draft_and_signed_document_hold_pdfa(text_paper: Paper, tmp_path: Path) -> None:
    page = DraftPage(image=encode(text_paper.pixels), lines=text_paper.lines)
    draft = build(
        [page, page], title="Quyết định", legal_mode=LegalMode.PREPARE_ONLY, made_at=NOON, kiosk="HN-001",
        is_attested=False,
    )  # fmt: skip
    clock = SimulatedClock(NOON)
    keys = ensure(tmp_path / "pki", clock, agency=AGENCY, certifiers=[])
    particulars = Particulars(doc_code="H26.1.23_QĐ_000021_V1", agency=AGENCY, digitised_at=NOON)
    signed = Digitiser(keys, clock, services.embedded(keys, clock)).sign(draft, particulars)
    assert faults(draft) == [] and faults(signed.content) == []
    assert signed.content.startswith(draft) and (signed.level, signed.lacks) == ("PAdES B-LTA", "")
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=signed.content, capture_output=True, check=True
    ).stdout.decode()
    assert text_paper.lines[0].text in text and AGENCY in text


def test_slip_says_what_was_scanned_and_its_code_gives_the_dossier_out() -> None:
    reuse = reuse_text("01KAQX5V8S3T9QZ4H7N2W6R0DB", "A1" * 20)
    lines = (
        SlipLine(name="Tờ khai", counted=2, pages=2, condition="A"),
        SlipLine(name="Giấy cũ rách", counted=1, pages=0, condition="D"),
    )
    png = render(
        DigitisedSlip(
            kiosk="kiosk-01", site="UBND phường Mẫu", visit="01KAQX5V8S3T9QZ4H7N2W6R0DB", when=NOON,
            procedure="Đăng ký khai sinh", lines=lines, code="W6R0-DBXX", reuse=reuse,
        )
    )  # fmt: skip
    (code,) = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(png)).convert("L")))
    assert code.text == reuse
    printed = subprocess.run(
        ["pdftoppm", "-r", "203", "-gray", "-"], input=as_page(png), capture_output=True, check=True
    ).stdout
    (again,) = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(printed))))
    assert again.text == reuse


def test_separator_sheets_carry_their_code_on_both_sides() -> None:
    procedure = PROCEDURES[0]
    pdf = separator.sheets(procedure, [procedure.components[1], None], two_sided=True)
    pages = subprocess.run(["pdftoppm", "-r", "300", "-gray", "-"], input=pdf, capture_output=True, check=True)
    found = []
    stream = BytesIO(pages.stdout)
    while stream.tell() < len(pages.stdout):
        (code,) = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(_one(stream)))))
        found.append(code.text)
        side_mm = (code.position.bottom_right.x - code.position.top_left.x) * 25.4 / 300
        assert side_mm > 50
    named, plain = separator_text(procedure.code, "CHUNG_SINH"), separator_text(procedure.code)
    assert found == [named, named, plain, plain]


def _one(stream: BytesIO) -> bytes:
    """Return the next PGM of a row of them."""
    start = stream.tell()
    assert stream.readline() == b"P5\n"
    width, height = map(int, stream.readline().split())
    stream.readline()
    stream.seek(stream.tell() + width * height)
    return stream.getvalue()[start : stream.tell()]
