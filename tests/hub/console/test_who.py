"""The officer's view of who was there: for him alone, in plain words, by keyboard; in a real browser."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, KeysDouble, KioskDouble, draft_pdf
from playwright.sync_api import Browser, Page, expect
from specimen_desk import Served, paper, served
from test_console_browser import at_desk, opened
from witness import Witness

from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import CardSource, IdentityCheck, IdentityMethod, IdentityResult
from hub import draft_pdf as drafts
from hub.console.app import create_app
from hub.console.who import who
from hub.register import claims, identity
from hub.rooms import Hub
from hub.store.tables import IdentityEvidenceRow, Officer

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url="https://tram.test") as web:
        yield web


def _headers(web: TestClient, login: str = "mau") -> dict[str, str]:
    token = web.post("/api/session", json={"login": login, "password": PASSWORD}).json()["token"]
    web.cookies.clear()
    return {"Authorization": f"Bearer {token}"}


def _specimen(witness: Witness) -> str:
    content, found = paper("KHAI_SINH", 1)
    return witness.queued(
        content, kind=found.kind, title=found.title, facts=found.facts, pages=drafts.page_count(content)
    )


def test_pictures_are_for_who_has_the_paper_and_not_kept_by_the_browser(
    hub: Hub, kiosk: KioskDouble, web: TestClient
) -> None:
    witness = Witness(kiosk)
    address = f"/api/requests/{witness.queued()}/identity"
    mine, colleagues, operators = _headers(web), _headers(web, "hai"), _headers(web, "may")
    assert web.get(f"{address}/frame.jpg", headers=mine).json()["code"] == "NOT_OPENED"
    assert web.put(address.replace("identity", "claim"), headers=mine).status_code == 200
    seen = web.get(f"{address}/frame.jpg", headers=mine)
    assert (seen.content, seen.headers["cache-control"]) == (witness.evidence.frame, "no-store")
    assert web.get(f"{address}/portrait.jpg", headers=mine).content == witness.evidence.portrait
    assert web.get(f"{address}/frame.jpg", headers=colleagues).status_code == 409
    assert web.get(f"{address}/frame.jpg", headers=operators).status_code == 403
    assert web.get(f"{address}/frame.jpg").status_code == 401
    assert web.put(f"{address}/answer", headers=mine, json={"same_person": True}).status_code == 204
    assert web.put(f"{address}/answer", headers=colleagues, json={"same_person": False}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"method": IdentityMethod.STAFF, "vouched_by": "Lê Văn Mẫu"}, "Nhân viên xác nhận tại trạm"),
        ({"card": CardSource.CHIP, "card_verified": True}, "Chip của thẻ, đã xác thực chữ ký"),
        ({"card": CardSource.CHIP}, "Chip của thẻ, chưa xác thực được"),
        ({"card": CardSource.PRINTED}, "Mặt in của thẻ, không phải bằng chứng"),
        ({"method": IdentityMethod.WITHOUT}, "Chưa xác nhận; người dân đi tiếp, như quy định cho phép"),
    ],
)
def test_page_says_what_was_believed(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock, changes: dict[str, object], source: str
) -> None:
    given = {"method": IdentityMethod.FACE, "result": IdentityResult.MATCH} | changes
    check = IdentityCheck(checked_at=clock.now(), case=new_ulid(clock.now()), **given)
    with hub.database.reading() as session:
        officer = session.get_one(Officer, "mau")
    told = who(hub, officer, kiosk.queue_paper(draft_pdf(), identity=check), check)
    assert (told.source.vi, told.evidence, told.missing, told.asks) == (source, None, None, False)


def test_tries_that_were_not_sure_are_a_fact_beside_the_paper_without_a_verdict(
    web: TestClient, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    check = IdentityCheck(
        method=IdentityMethod.WITHOUT, result=IdentityResult.UNSURE, checked_at=clock.now(),
        case=new_ulid(clock.now()), unsure_tries=2,
    )  # fmt: skip
    request = kiosk.queue_paper(draft_pdf(), identity=check)
    web.post("/console/login", data={"login": "mau", "password": PASSWORD})
    there = web.get(f"/console/papers/{request}").text.split('class="there"')[1].split("</section>")[0]
    assert "2 lần máy chưa chắc chắn" in there and "người dân đi tiếp" in there
    assert "tag" not in there and "<img" not in there


def test_evidence_on_its_way_or_damaged_is_said_and_the_page_opens_all_the_same(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    with hub.database.reading() as session:
        officer = session.get_one(Officer, "mau")
    awaited, damaged = Witness(kiosk), Witness(kiosk)
    damaged.elsewhere(new_ulid(clock.now()))
    coming = kiosk.queue_paper(draft_pdf(mark="x"), identity=awaited.check)
    broken = damaged.queued(draft_pdf(mark="y"))
    for each, witness, words in ((coming, awaited, "còn trên đường"), (broken, damaged, "Không mở được")):
        claims.take(hub, "mau", each)
        told = who(hub, officer, each, witness.check)
        assert told.missing is not None and words in told.missing.vi and told.evidence is None


def _pictures_are_drawn(page: Page) -> bool:
    return bool(page.evaluate("[...document.querySelectorAll('.faces img')].every((each) => each.naturalWidth > 0)"))


def test_match_is_shown_with_portrait_beside_live_frame(chromium: Browser, desk: Served, kiosk: KioskDouble) -> None:
    _specimen(Witness(kiosk))
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    opened(page)
    there = page.locator(".there")
    for said in ("Khớp", "giống nhau 0,81 (ngưỡng 0,60), rõ", "Chip của thẻ, đã xác thực chữ ký", "NGUYỄN VĂN MẪU"):
        expect(there).to_contain_text(said)
    expect(there.locator(".cues .yes")).to_have_count(3)
    assert _pictures_are_drawn(page)


def test_still_asks_for_the_officers_eye_and_is_answered_by_keyboard(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub
) -> None:
    paper_id = _specimen(Witness(kiosk, IdentityMethod.STILL))
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    opened(page)
    expect(page.locator(".there")).to_contain_text("Cùng một người?")
    page.keyboard.press("a")
    expect(page.locator("#approve-dialog")).to_contain_text("Bạn chưa trả lời câu hỏi")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("[data-act=other]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("y")
    expect(page.locator("[data-act=same]")).to_have_attribute("aria-pressed", "true")
    with hub.database.reading() as session:
        assert session.get_one(IdentityEvidenceRow, paper_id).same_person is True
        assert identity.word_on(session, paper_id) is True
