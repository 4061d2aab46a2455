"""Whether a kiosk is genuine, at the hub: its signed word is believed only where key, digits and program are right."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PREPARING_KIOSK, KeysDouble
from voucher_doubles import ISSUED, Maker

from agent.update.release import Release
from contract.clock import SimulatedClock
from contract.genuine import contents_digest
from hub.console.app import create_app
from hub.enrolment import revoking
from hub.register import vouchers
from hub.rooms import Hub
from hub.store.tables import Kiosk
from tests.prove.update.publisher import Publisher

VALID, INVALID, UNKNOWN = "ĐÚNG LÀ TRẠM CỦA CƠ QUAN", "KHÔNG PHẢI TRẠM CỦA CƠ QUAN", "CHƯA KẾT LUẬN ĐƯỢC"


@pytest.fixture
def web(hub: Hub) -> TestClient:
    return TestClient(create_app(hub, lambda: b"{}", KeysDouble()))


@pytest.fixture
def maker(hub: Hub, clock: SimulatedClock) -> Maker:
    """The device key of a kiosk whose certificate this hub knows."""
    made = Maker(KIOSK)
    vouchers.know_certificates(hub, {KIOSK: made.certificate})
    assert made.certificate.not_valid_after_utc > clock.now()
    return made


def digits(web: TestClient) -> str:
    """What a person reads on the page and types."""
    found = re.search(r'class="digits">(\d{3}) (\d{3})<', web.get("/genuine").text)
    assert found
    return found[1] + found[2]


def shown(web: TestClient, answer: str, status: int = 200) -> str:
    page = web.get(f"/GENUINE/{answer}")
    assert page.status_code == status and "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    return " ".join(html.unescape(page.text).split())


def publish(hub: Hub, folder: Path, *versions: str) -> list[Release]:
    publisher = Publisher(folder)
    made = [publisher.publish(version) for version in versions]
    publisher.repository.rename(hub.config.data_dir / "releases")
    return made


def digest(release: Release) -> bytes:
    files = [(each.path, each.sha256) for each in release.files]
    return contents_digest(files + [(each.name, each.sha256) for each in release.wheels])


def test_the_answer_to_the_pages_digits_names_the_kiosk_its_site_and_what_it_does_not_prove(
    web: TestClient, hub: Hub, maker: Maker
) -> None:
    page = shown(web, maker.answer(digits(web)))
    with hub.database.reading() as session:
        site = session.get_one(Kiosk, KIOSK).site
    assert VALID in page and KIOSK in page and site in page and hub.config.agency.name in page
    assert "1.2.0, trang này không so được" in page and "chưa bao giờ" in page
    assert "chương trình là lời trạm tự khai" in page and "đang đứng ở nơi ghi trên" in page


def test_digits_are_good_for_five_minutes_and_no_longer(
    web: TestClient, hub: Hub, maker: Maker, clock: SimulatedClock
) -> None:
    answer = maker.answer(digits(web))
    clock.advance(5 * 60)
    assert VALID in shown(web, answer)
    clock.advance(60)
    page = shown(web, answer)
    assert UNKNOWN in page and "không phải số mà trang này đưa ra" in page and "đứng ở nơi ghi trên" not in page


def test_the_kiosks_own_clock_makes_no_old_digits_new(
    web: TestClient, hub: Hub, maker: Maker, clock: SimulatedClock
) -> None:
    coming = maker.answer(digits(web), said_at=clock.now() + timedelta(hours=1))
    clock.advance(3600)
    assert UNKNOWN in shown(web, coming)


def test_a_key_that_is_not_in_the_books_is_foreign_and_its_words_are_not_repeated(web: TestClient, hub: Hub) -> None:
    page = shown(web, Maker(KIOSK).answer(digits(web), version="6.6.6"))
    assert INVALID in page and "không có trong sổ của cơ quan" in page
    assert KIOSK not in page and "6.6.6" not in page


def test_another_key_under_the_certificate_or_another_kiosks_name_is_forged(
    web: TestClient, hub: Hub, maker: Maker
) -> None:
    liar = Maker(KIOSK)
    liar.certificate = maker.certificate
    for answer in (liar.answer(digits(web)), maker.answer(digits(web), kiosk=PREPARING_KIOSK)):
        page = shown(web, answer)
        assert INVALID in page and "Chữ ký không khớp" in page and "1.2.0" not in page


@pytest.mark.parametrize("revoked", ["kiosk", "certificate"])
def test_what_is_revoked_is_no_kiosk_of_the_agency(web: TestClient, hub: Hub, maker: Maker, revoked: str) -> None:
    if revoked == "kiosk":
        revoking.revoke(hub, KIOSK, "mau")
    else:
        vouchers.know_certificates(hub, {}, {f"{maker.certificate.serial_number:X}": hub.clock.now()})
    page = shown(web, maker.answer(digits(web)))
    assert INVALID in page and "đã thu hồi khóa này" in page


def test_while_two_machines_seem_to_be_one_kiosk_nothing_is_concluded(web: TestClient, hub: Hub, maker: Maker) -> None:
    with hub.database.writing() as session:
        session.get_one(Kiosk, KIOSK).quarantined_at = hub.clock.now()
    page = shown(web, maker.answer(digits(web)))
    assert UNKNOWN in page and "hai máy đang dùng chung tên này" in page


def test_a_certificate_that_has_run_out_is_said_to_have(
    web: TestClient, hub: Hub, maker: Maker, clock: SimulatedClock
) -> None:
    clock.advance((ISSUED + timedelta(days=366) - clock.now()).total_seconds())
    page = shown(web, maker.answer(digits(web)))
    assert UNKNOWN in page and "đã hết hạn" in page


@pytest.mark.parametrize("answer", ["X", "GEZDGNBVGY3TQOJQ", "3QBWAQ4B", "%3F%23"])
def test_what_is_no_answer_of_a_kiosk_is_called_that(web: TestClient, answer: str) -> None:
    page = shown(web, answer, status=404)
    assert UNKNOWN in page and "không phải câu trả lời của một trạm" in page


def test_a_voucher_of_the_same_key_is_no_answer(web: TestClient, maker: Maker) -> None:
    assert "không phải câu trả lời" in shown(web, maker.code().rpartition("/")[2], status=404)


def test_a_program_is_compared_with_the_releases_that_are_offered_now(
    web: TestClient, hub: Hub, maker: Maker, tmp_path: Path
) -> None:
    first, second = publish(hub, tmp_path / "publisher", "1.2.0", "1.3.0")
    for release in (first, second):
        right = maker.answer(digits(web), version=release.version, contents=digest(release))
        assert VALID in shown(web, right) and f"{release.version}, đúng bản" in shown(web, right)
    for wrong in (
        {"version": first.version, "contents": digest(second)},
        {"version": first.version, "contents": b"\x07" * 16},
        {"version": "9.9.9", "contents": digest(first)},
    ):
        page = shown(web, maker.answer(digits(web), **wrong))
        assert UNKNOWN in page and "không phải bản mà cơ quan đang phát hành" in page


def test_a_repository_that_can_not_be_read_accuses_nobody(
    web: TestClient, hub: Hub, maker: Maker, tmp_path: Path
) -> None:
    (release,) = publish(hub, tmp_path / "publisher", "1.2.0")
    for path in (hub.config.data_dir / "releases" / "targets").rglob("*.release.json.gz"):
        path.write_bytes(b"spoilt")
    page = shown(web, maker.answer(digits(web), contents=digest(release)))
    assert VALID in page and "1.2.0, trang này không so được" in page
