"""Signed PDFs that others made, good and bad: each is judged at least as strictly as its name says; none crashes."""

import random
from datetime import UTC, datetime

import pytest

from contract.messages import Standing
from hub.verify import judge, ranges
from hub.verify.trust import Trust
from hub.verify.values import Reason

BAD = [
    "dss/hide.pdf",
    "dss/pades-signed-annot-added.pdf",
    "dss/pades-spoofing-replaced-reason.pdf",
    "dss/pdf-byterange-overlap.pdf",
    "dss/pdf-signed-added-page.pdf",
    "dss/pdf-signed-corrupted.pdf",
    "dss/replace.pdf",
    "pyhanko/base.pdf",
    "pyhanko/form-update-override-appearance-stream-sneaky.pdf",
    "pyhanko/one-byterange.pdf",
    "pyhanko/pdf-sig-with-econtent.pdf",
    "pyhanko/signature-gap-too-big.pdf",
    "pyhanko/tail-uncovered.pdf",
    "pyhanko/weird-byterange.pdf",
]
STRANGERS = [
    "dss/doc-firmado-LT.pdf",
    "dss/doc-firmado-T.pdf",
    "dss/dss-2058-QC-LTA-test.pdf",
    "dss/pades-bes.pdf",
    "dss/pdf-signed-original.pdf",
    "dss/pdfa2u-gray.pdf",
    "dss/timestamped_and_signed.pdf",
    "pyhanko/minimal-two-fields-signed-twice.pdf",
    "pyhanko/pades-lta-dss-indirect-arrs-test.pdf",
    "pyhanko/pades-lta-dss-indirect-arrs-test-2.pdf",
    "pyhanko/pades-with-old-style-signing-cert-attr.pdf",
    "pyhanko/sig-no-signed-attrs.pdf",
]
UNSIGNED = ["dss/not_signed_pdfa.pdf", "dss/pdfa2a-rgb.pdf", "pyhanko/fancy-qr-stamp-test.pdf", "pyhanko/minimal.pdf",
            "pyhanko/minimal-pdf-ua-and-a.pdf"]  # fmt: skip


@pytest.fixture(scope="module")
def samples(shared):
    return shared / "samples" / "pades"


@pytest.fixture(scope="module")
def trust(samples):
    """Trusts the public test CA of the samples, so that nothing is refused for its issuer alone."""
    root = (samples / "pyhanko" / "root.cert.pem").read_text()
    return Trust(v=1, agency="", verify_base_url="", issued_at=datetime(2026, 11, 22, tzinfo=UTC), anchors=(root,),
                 seal_signers=(), annulled=())  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_tampered_pdf_is_invalid(samples, trust, name):
    verdict = judge.judge((samples / name).read_bytes(), trust)
    assert verdict.standing == Standing.INVALID
    assert verdict.reasons


@pytest.mark.parametrize("name", STRANGERS)
def test_a_sound_pdf_of_somebody_else_is_neither_valid_nor_accused(samples, trust, name):
    assert judge.judge((samples / name).read_bytes(), trust).standing == Standing.UNKNOWN


@pytest.mark.parametrize("name", UNSIGNED)
def test_an_unsigned_pdf_is_no_copy(samples, trust, name):
    verdict = judge.judge((samples / name).read_bytes(), trust)
    assert verdict.standing == Standing.UNKNOWN
    assert Reason.NO_SIGNATURE in verdict.reasons


def test_every_sample_is_named_above(samples):
    named = {*BAD, *STRANGERS, *UNSIGNED}
    assert {str(path.relative_to(samples)) for path in samples.glob("*/*.pdf")} == named


def test_a_flipped_byte_in_a_signed_revision_is_never_valid_and_never_a_crash(samples, trust):
    pdf = (samples / "pyhanko" / "pades-lta-dss-indirect-arrs-test.pdf").read_bytes()
    chance = random.Random(7)
    for place in chance.sample(range(len(pdf)), 60):
        changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert judge.judge(changed, trust).standing != Standing.VALID


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"%PDF-1.7 /ByteRange [0 1 2 3]", b"GIF89a", b"\x00" * 1000, b"text"]
)
def test_rubbish_is_an_open_question_or_a_refusal(data):
    assert judge.judge(data, None).standing != Standing.VALID


def test_bytes_behind_the_end_are_a_fault(samples):
    pdf = (samples / "dss" / "pdf-signed-original.pdf").read_bytes()
    assert not ranges.faults(pdf)
    assert ranges.faults(pdf + b"<!-- more -->") == ["something stands behind the end of the file"]
