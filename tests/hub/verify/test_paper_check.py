"""The page that compares a photograph of the printed copy: real reader, real confined process, nothing kept."""

import io
import random
from dataclasses import dataclass

import pytest
from hub_doubles import KioskDouble, approve, bodies
from PIL import Image, ImageFilter
from public_doubles import BASE, Shop
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import Certified, FactEnvelope, HandedOverFact, PurgedFact
from hub import draft_pdf
from hub.intake import requests
from hub.register import retention
from hub.register.signing_queue import SigningQueue
from hub.signing import services
from hub.signing.certify import Certifier
from hub.store.tables import FingerprintRow, Issue
from hub.verify import confined, paper_page
from models.specimens import make
from tests.bench.printed_copies import Copy, digit_changed, draft_of, printed

pytestmark = pytest.mark.xdist_group("paper_check")

AGREES, DIFFERS, TOO_POOR = "TỜ GIẤY KHỚP VỚI BẢN ĐÃ LƯU", "CÓ CHỖ KHÁC VỚI BẢN ĐÃ LƯU", "ẢNH CHƯA ĐỦ RÕ ĐỂ SO SÁNH"


@dataclass(frozen=True)
class Paper:
    request: str
    path: str
    copy: Copy
    told: Certified


@pytest.fixture(scope="module")
def content() -> bytes:
    return draft_of(make("KHAI_SINH", 3))


@pytest.fixture
def paper(shop: Shop, content: bytes) -> Paper:
    request = KioskDouble(shop.hub).queue_paper(content)
    approve(shop.hub, request)
    assert SigningQueue(
        shop.hub, Certifier(shop.keys, shop.clock, services.embedded(shop.keys, shop.clock))
    ).sign_next()
    (told,) = bodies(requests.answer(shop.hub, request))
    assert isinstance(told, Certified)
    pdf = content + (shop.hub.tails.get(told.tail.sha256) or b"")
    copy = Copy(pdf=pdf, seal_text=told.verify_url.rsplit("/", 1)[1], words=tuple(draft_pdf.words(pdf)))
    return Paper(request=request, path=told.verify_url.removeprefix(BASE), copy=copy, told=told)


def jpeg(sheet: Image.Image, dpi: int = 200) -> bytes:
    out = io.BytesIO()
    sheet.resize((round(210 / 25.4 * dpi), round(297 / 25.4 * dpi))).save(out, "JPEG", quality=85)
    return out.getvalue()


def sent(shop: Shop, paper: Paper, data: bytes):
    return shop.web.post(f"{paper.path}/paper", files={"file": ("photo.jpg", data)})


def test_genuine_print_agrees_and_an_altered_digit_is_shown_on_the_own_photo(shop: Shop, paper: Paper) -> None:
    page = sent(shop, paper, jpeg(printed(paper.copy.pdf, 1)))
    assert page.status_code == 200
    assert AGREES in page.text
    forgery = digit_changed(paper.copy, 1, random.Random(3))
    assert forgery is not None
    page = sent(shop, paper, jpeg(forgery.sheet))
    assert DIFFERS in page.text
    assert "data:image/jpeg;base64," in page.text and "1 chỗ khác được đánh số" in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "img-src data:" in page.headers["content-security-policy"]
    assert not any(plain in page.text for plain in (forgery.genuine, "Nguyễn Văn Mẫu"))


def test_poor_photo_says_nothing_about_the_paper(shop: Shop, paper: Paper) -> None:
    sheet = printed(paper.copy.pdf, 1)
    for data in (
        jpeg(sheet.filter(ImageFilter.GaussianBlur(14))),
        jpeg(Image.new("RGB", (1654, 2339), "white")),
        b"%PDF-1.7 no photo",
        b"\xff\xd8 no picture at all",
    ):
        page = sent(shop, paper, data)
        assert page.status_code == 200
        assert TOO_POOR in page.text and DIFFERS not in page.text


def test_photo_that_takes_too_long_is_an_open_question(shop: Shop, paper: Paper, monkeypatch) -> None:
    monkeypatch.setattr(paper_page, "TIME_S", 0.05)
    assert TOO_POOR in sent(shop, paper, jpeg(printed(paper.copy.pdf, 1), dpi=100)).text


def test_no_file_of_a_photo_stays_and_too_large_a_one_is_refused(shop: Shop, paper: Paper, monkeypatch) -> None:
    shop.web.get(f"{paper.path}/paper")
    before = {path for path in shop.hub.config.data_dir.rglob("*") if path.is_file()}
    monkeypatch.setattr(confined, "answered", lambda work, parts, time_s: None)
    assert sent(shop, paper, b"\xff\xd8" * 4_000_000).status_code == 200
    assert {path for path in shop.hub.config.data_dir.rglob("*") if path.is_file()} == before
    monkeypatch.setattr(paper_page, "MOST_BYTES", 1 << 20)
    page = sent(shop, paper, b"\xff\xd8" * 4_000_000)
    assert page.status_code == 413
    assert "đến 1 MB" in page.text


def test_form_is_offered_where_there_is_something_to_compare_with(shop: Shop, paper: Paper) -> None:
    assert f"{paper.path.replace('/V/', '/v/')}/paper" in shop.web.get(paper.path).text
    assert 'accept="image/*"' in shop.web.get(f"{paper.path}/paper").text
    assert shop.web.get(f"{shop.path}X/paper").status_code == 404


def test_table_is_permanent_and_can_not_be_read_with_what_the_hub_keeps_after_hand_over(
    shop: Shop, paper: Paper, kiosk: KioskDouble
) -> None:
    with pytest.raises(DatabaseError, match="permanent"), shop.hub.database.writing() as session:
        session.execute(text("UPDATE fingerprint SET words = x'00'"))
    for fact in (
        HandedOverFact(request=paper.request, paper_copies=1, electronic=True),
        PurgedFact(request=paper.request, sha256=()),
    ):
        envelope = FactEnvelope(v=1, id=new_ulid(shop.clock.now()), at=shop.clock.now(), body=fact)
        kiosk.intake.handle(topics.up(kiosk.id, "fact", str(fact.__struct_config__.tag)), messages.encode(envelope))
    retention.sweep(shop.hub)
    with shop.hub.database.reading() as session:
        assert session.get_one(Issue, paper.told.copy_id).verify_url is None
        row = session.get_one(FingerprintRow, paper.told.copy_id)
        assert len(row.words) % 10 == 0 and len(row.words) > 1000
    (again,) = bodies(requests.answer(shop.hub, paper.request))
    assert isinstance(again, Certified) and again.verify_url == ""
