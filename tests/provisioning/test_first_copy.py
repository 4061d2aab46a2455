"""The whole set on one machine, judged by software that is not ours: pdfsig, qpdf, zxing."""

import io
import random
import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from importlib.metadata import version

import httpx
import msgspec
import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

from contract.messages import Standing
from hub.verify import judge, trust
from hub.verify.values import Reason
from models import specimens
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.controls import Controls
from provisioning.onebox.play import Play
from tests.conftest import opened_chromium

SCANS_OF_SHEETS = ("scan sheet 2", "scan sheet 3")

pytestmark = pytest.mark.xdist_group("onebox")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def box(tmp_path_factory, kept):
    folder = tmp_path_factory.mktemp("box")
    made = OneBox(folder, glass.lay((), folder / "glass"), Ports.free(), keep_in=kept, asks_who_is_there=True)
    made.start(lambda _: None)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def visit(box, kept):
    """The first visit; its artefacts are set apart before another visit writes over them."""
    played = Play(box, lambda _: None).one_visit()
    shutil.copytree(kept, kept / "first", ignore=shutil.ignore_patterns("first"))
    return played


@pytest.fixture(scope="module")
def copy(visit, kept):
    return (kept / "first" / "copy.pdf").read_bytes()


@pytest.fixture(scope="module")
def bundle(box, visit):
    return trust.parse(httpx.get(f"{box.hub_url}/trust.json", timeout=60).content)


def test_the_kiosk_answers_at_its_screen_that_it_is_genuine(box):
    """First, while no visit has begun: its QR, read off the screen, leads to the hub's own verdict."""
    digits = re.search(r'class="digits">(\d{3}) (\d{3})<', httpx.get(f"{box.hub_url}/genuine", timeout=60).text)
    keys = [f"key-{digit}" for digit in digits[1] + digits[2]]
    with opened_chromium() as browser:
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
        page.goto(box.kiosk_url)
        for button in ("wake", "open-check", "open-genuine", *keys, "go-on"):
            page.click(f"#{button}")
        page.wait_for_selector(".scene-genuine.scene-answer")
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
        for button in ("go-on", "back"):
            page.click(f"#{button}")
        page.wait_for_selector(".scene-attract")
    answer = httpx.get(code.text.replace("HTTP://", "http://"), timeout=60)
    assert answer.status_code == 200
    assert "ĐÚNG LÀ TRẠM CỦA CƠ QUAN" in answer.text and version("tram") in answer.text


def test_the_visit_ends_with_a_certified_copy_and_the_fee_kept(visit):
    assert visit.certified
    assert visit.balance["kept_vnd"] == 3000
    assert visit.balance["received_vnd"] == visit.balance["kept_vnd"] + visit.balance["returned_vnd"]


def test_who_was_there_was_confirmed_by_chip_and_face_and_nothing_of_it_is_left(box, visit):
    """Simulated: a rendered person, a specimen card on the virtual reader; every part behind them is the real one."""
    tries = [step for step in visit.steps if step.name.startswith("identity try")]
    assert 1 <= len(tries) <= 2
    told = (visit.identity["method"], visit.identity["result"], visit.identity["card"])
    assert told == ("FACE", "MATCH", "CHIP") and visit.identity["card_verified"] is True
    assert [path for path in box.folder.rglob("identity.sealed")] == []


def test_pdfsig_finds_both_signatures_valid(copy, tmp_path):
    (tmp_path / "copy.pdf").write_bytes(copy)
    said = subprocess.run(["pdfsig", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "Total document signed" in said


def test_qpdf_finds_nothing_to_mend(copy, tmp_path):
    (tmp_path / "copy.pdf").write_bytes(copy)
    said = subprocess.run(["qpdf", "--check", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_copy_is_the_draft_with_a_tail(copy, kept):
    draft = (kept / "first" / "draft.pdf").read_bytes()
    assert copy.startswith(draft)
    assert len(draft) <= 300_000
    assert len(copy) - len(draft) <= 60_000


def test_the_printer_received_the_signed_copy_byte_for_byte(box, copy):
    assert box.printer.jobs()[0].read_bytes() == copy


def test_the_copy_is_valid_at_b_lta_for_who_holds_the_trust_bundle(copy, bundle):
    verdict = judge.judge(copy, bundle)
    assert (verdict.standing, verdict.level) == (Standing.VALID, "PAdES B-LTA")
    assert [each.reasons for each in verdict.signatures] == [(), (), ()]


def test_without_a_trust_bundle_nobody_is_believed(copy):
    assert judge.judge(copy, None).standing == Standing.UNKNOWN


def test_a_changed_byte_of_the_draft_is_found_and_named(copy, bundle):
    draft_bytes = judge.judge(copy, bundle).seal.draft_bytes
    for place in random.Random(1).sample(range(200, draft_bytes), 12):
        verdict = judge.judge(_flipped(copy, place), bundle)
        assert verdict.standing == Standing.INVALID
        assert Reason.DRAFT_CHANGED in verdict.reasons or verdict.seal is None


def test_a_changed_byte_of_the_tail_is_found(copy, bundle):
    draft_bytes = judge.judge(copy, bundle).seal.draft_bytes
    for place in random.Random(2).sample(range(draft_bytes, len(copy)), 20):
        assert judge.judge(_flipped(copy, place), bundle).standing == Standing.INVALID, place


def test_a_cut_or_lengthened_copy_is_not_valid(copy, bundle):
    for changed in (copy[:-1000], copy[: len(copy) // 2], copy + b"\n%%more", copy + copy):
        assert judge.judge(changed, bundle).standing != Standing.VALID


def test_an_annulled_copy_is_invalid(copy, bundle):
    seal = judge.judge(copy, bundle).seal
    annulment = trust.Annulment(copy_id=seal.copy_id, decision_no="12/QĐ-UBND", at=seal.issued_at, reason="chép sai")
    verdict = judge.judge(copy, msgspec.structs.replace(bundle, annulled=(annulment,)))
    assert verdict.standing == Standing.INVALID
    assert verdict.reasons == (Reason.ANNULLED,)


@pytest.mark.parametrize("angle", [2, -2, 0, 178])
def test_a_printed_copy_scanned_askew_in_grey_proves_itself_offline(box, copy, bundle, angle):
    page = pdfium.PdfDocument(box.printer.jobs()[0].read_bytes())[0].render(scale=200 / 72, grayscale=True).to_pil()
    scanned = io.BytesIO()
    page.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC).save(scanned, "JPEG", quality=60)
    verdict = judge.judge(scanned.getvalue(), bundle)
    assert verdict.standing == Standing.VALID
    assert verdict.seal.cert_no == 1


def test_the_receipt_came_out_of_the_ticket_printer_and_its_code_opens_the_verify_page(box, visit, copy):
    slip = Image.open(box.tickets.slips()[0])
    address = zxingcpp.read_barcodes(slip)[0].text
    assert address == zxingcpp.read_barcodes(pdfium.PdfDocument(copy)[0].render(scale=200 / 72).to_pil())[0].text
    assert httpx.get(address.replace("HTTP://", "http://"), timeout=60).status_code == 200


def test_a_seal_of_another_agency_is_not_believed(copy, bundle):
    stranger = msgspec.structs.replace(bundle, seal_signers=())
    assert Reason.SEAL_SIGNER_UNKNOWN in judge.judge(copy, stranger).reasons
    assert judge.judge(copy, stranger).standing == Standing.UNKNOWN


def test_the_verify_page_opens_from_the_qr_and_says_who_certified(box, copy):
    page = pdfium.PdfDocument(copy)[0].render(scale=200 / 72, grayscale=True).to_pil()
    address = zxingcpp.read_barcodes(page)[0].text
    answer = httpx.get(address.replace("HTTP://", "http://"), timeout=60)
    assert answer.status_code == 200
    assert "Nguyễn Thị Mẫu" in answer.text
    assert "UBND phường Mẫu" in answer.text
    assert "<script" not in answer.text


def test_images_are_purged_at_both_ends_after_hand_over(box, visit):
    assert _comes_true(lambda: not _images(box.folder / "kiosk" / "visits", ("sheet", "page", "draft")))
    assert _comes_true(lambda: {each.name for each in _images(box.folder / "hub" / "drafts", ("",))} == _linked(box))


def test_a_copy_of_a_copy_is_refused_in_writing_and_the_money_returned(box, visit, kept):
    _lay(box, specimens.make("QUYET_DINH", 5, flaws=frozenset({specimens.Flaw.BAN_SAO})))
    jobs = len(box.printer.jobs())
    refused = Play(box, lambda _: None, shows_face=False).one_visit()
    assert not refused.certified
    assert refused.ending["code"] == "REFUSED"
    assert refused.balance["kept_vnd"] == 0
    assert refused.balance["returned_vnd"] == refused.balance["received_vnd"] > 0
    assert (kept / "refusal.png").exists()
    assert len(box.printer.jobs()) == jobs


def test_a_secret_paper_goes_nowhere_and_costs_nothing(box, visit):
    _lay(box, specimens.make("QUYET_DINH", 6, flaws=frozenset({specimens.Flaw.SECRET})))
    stopped = Play(box, lambda _: None, shows_face=False).one_visit()
    assert not stopped.certified
    assert stopped.balance["received_vnd"] == 0
    assert not [step for step in stopped.steps if step.name.startswith("ask")]


def test_three_pages_laid_on_the_glass_one_by_one_become_ten_copies_of_three_sheets(box, visit, kept):
    pages = glass.lay((), box.folder / "booklet", kind="BHXH")
    printed = Play(box, lambda _: None, shows_face=False).one_visit(copies=10, pages=pages, within_s=240)
    Controls(box).lay_sheets(box.sheets)
    assert [step.name for step in printed.steps if step.name.startswith("scan")] == ["scan 1", *SCANS_OF_SHEETS]
    assert (printed.pages, printed.sheets, printed.balance["kept_vnd"]) == (3, 30, 80_000)
    assert printed.balance["received_vnd"] == 80_000 + printed.balance["returned_vnd"] > 80_000
    texts = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(kept / "copy.pdf")]
    assert ["CHỨNG THỰC BẢN SAO" in text for text in texts] == [False, False, True]
    assert box.printer.jobs()[-1].read_bytes() == (kept / "copy.pdf").read_bytes()


def _lay(box, specimen):
    for path, page in zip(box.sheets, specimen.pages, strict=True):
        page.save(path)


def _flipped(copy: bytes, place: int) -> bytes:
    return copy[:place] + bytes([copy[place] ^ 1]) + copy[place + 1 :]


def _linked(box):
    """The drafts of copies that a citizen may still fetch by their link: these stay, a day at most (R13)."""
    with closing(sqlite3.connect(f"file:{box.folder / 'hub' / 'hub.sqlite'}?mode=ro", uri=True)) as hub:
        sql = "SELECT draft_sha256 FROM request JOIN copy_link ON copy_link.request = request.id"
        return {name for (name,) in hub.execute(sql)}


def _images(folder, beginnings):
    return [path for path in folder.rglob("*") if path.is_file() and path.name.startswith(beginnings)]


def _comes_true(promise, within_s=120.0):
    """The kiosk's facts travel to the hub after the visit has ended."""
    until = time.monotonic() + within_s
    while not promise() and time.monotonic() < until:
        time.sleep(0.1)
    return promise()
