"""The judge itself: each break of a rule that we can make is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from pdfa_judge import faults
from pikepdf import Dictionary, Name, Pdf

from agent.copies.draft import DraftPage, build
from agent.copies.image import encode
from contract.messages import LegalMode


@pytest.fixture(scope="module")
def sound() -> bytes:
    page = DraftPage(image=encode(np.full((600, 400, 3), 255, np.uint8)), lines=())
    made_at = datetime(2026, 11, 23, tzinfo=UTC)
    return build([page], title="MẪU", legal_mode=LegalMode.PREPARE_ONLY, made_at=made_at, kiosk="HN-001")


def drop_fonts(pdf: Pdf) -> None:
    for font in pdf.pages[0].obj.Resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor.FontFile2


def run_script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(Type=Name.Action, S=Name.JavaScript, JS="app.alert(1)")


def act_on_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Named))


def drop_intent(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents


def drop_metadata(pdf: Pdf) -> None:
    del pdf.Root.Metadata


def leave_q_open(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q")


def use_cmyk(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 0 1 k")


def attach_file(pdf: Pdf) -> None:
    pdf.attachments["a.txt"] = b"text"


def rename(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "another"


@pytest.mark.parametrize(
    ("break_it", "clause"),
    [
        (drop_fonts, "6.2.11.4"), (run_script, "6.5.1"), (act_on_page, "6.5.2"), (drop_intent, "6.2.3"),
        (drop_metadata, "6.6.2"), (leave_q_open, "6.1.13"), (use_cmyk, "6.2.4"), (attach_file, "6.6/6.8"),
        (rename, "6.6.3"),
    ],
)  # fmt: skip
def test_broken_rule_is_found(sound: bytes, break_it: Callable[[Pdf], None], clause: str) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(sound)) as pdf:
        break_it(pdf)
        pdf.save(out)
    assert faults(sound) == []
    assert any(clause in fault for fault in faults(out.getvalue()))


def test_encryption_is_found(sound: bytes) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(sound)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    assert any("encrypted" in fault for fault in faults(out.getvalue()))
