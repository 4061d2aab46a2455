"""The officer's console in a real browser (headless Chromium), worked by keyboard alone."""

import re
import statistics
import time
from collections.abc import Iterator

import pytest
from hub_doubles import PASSWORD, PIN, KeysDouble, KioskDouble, bodies
from playwright.sync_api import Browser, BrowserContext, Page, expect
from specimen_desk import Served, finding, queue_specimen, queue_specimens, served
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.messages import NotCertified
from hub.intake import requests
from hub.register import held
from hub.rooms import Hub
from hub.store.tables import DecisionRow, PaperTime, RegisterRow

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]
expect.set_options(timeout=30_000)
PAPERS = 10


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


def window(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.set_default_timeout(60_000)
    return context


def at_desk(chromium: Browser, desk: Served, login: str = "mau") -> Page:
    """A browser of its own in which the officer has logged in by keyboard."""
    page = window(chromium).new_page()
    page.goto(f"{desk.url}/console/login")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/queue")
    return page


def opened(page: Page) -> str:
    """Wait until a paper is shown with its crops; return its id."""
    page.wait_for_url("**/console/papers/*")
    page.wait_for_selector("body[data-ready]")
    return page.url.rsplit("/", 1)[1]


def decisions(hub: Hub) -> list[DecisionRow]:
    with hub.database.reading() as session:
        return list(session.scalars(select(DecisionRow)))


def test_ten_papers_are_approved_by_keyboard_and_signed_as_a_batch(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub, record_property: pytest.FixtureRequest
) -> None:
    queue_specimens(kiosk, PAPERS)
    hub.open_keys.close("mau")
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    seconds, seen = [], []
    for _ in range(PAPERS):
        began = time.monotonic()
        seen.append(opened(page))
        page.keyboard.press("ArrowDown")  # look at the first thing that is not sure
        page.keyboard.press("a")
        page.wait_for_url(lambda url, last=seen[-1]: last not in url)
        seconds.append(time.monotonic() - began)
    assert len(set(seen)) == PAPERS
    expect(page.get_by_text("Không còn hồ sơ nào chờ.")).to_be_visible()
    expect(page.locator("[data-own]")).to_contain_text(f"{PAPERS} giấy")
    assert decisions(hub) == []  # each can still be taken back
    page.keyboard.press("b")
    expect(page.get_by_text(f"{PAPERS} giấy đã duyệt đang chờ bạn mở khóa ký")).to_be_visible()
    page.keyboard.press("p")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".key.open")).to_be_visible()
    with hub.database.reading() as session:
        assert list(session.scalars(select(RegisterRow.number))) == list(range(1, PAPERS + 1))
        measured = list(session.scalars(select(PaperTime.seconds)))
    assert len(measured) == PAPERS and all(0 <= each < 600 for each in measured)
    record_property("scripted_seconds_per_paper", round(statistics.median(seconds), 2))
    print(f"\nscripted seconds per paper: median {statistics.median(seconds):.2f}, longest {max(seconds):.2f}")
    page.context.close()


def test_two_officers_race_and_the_second_goes_on_with_the_next_paper(
    chromium: Browser, desk: Served, kiosk: KioskDouble
) -> None:
    first, second = queue_specimens(kiosk, 2)
    one, two = at_desk(chromium, desk), at_desk(chromium, desk, "hai")
    one.goto(f"{desk.url}/console/papers/{first}")
    opened(one)
    two.goto(f"{desk.url}/console/papers/{first}")
    expect(two.get_by_text("đang xem hồ sơ này")).to_be_visible()
    expect(two.locator("img")).to_have_count(0)
    two.keyboard.press("j")
    assert opened(two) == second
    one.keyboard.press("q")
    one.wait_for_url("**/console/queue")
    expect(one.locator("tr.taken")).to_have_count(1)
    one.context.close()
    two.context.close()


def test_decision_is_taken_back_with_one_key(chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub) -> None:
    (paper,) = queue_specimens(kiosk, 1)
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    assert opened(page) == paper
    page.keyboard.press("a")
    page.wait_for_url("**/console/queue")
    expect(page.locator(".toast")).to_contain_text("Lấy lại: phím u")
    page.keyboard.press("u")
    assert opened(page) == paper
    assert held.settle_due(hub) == 0
    assert decisions(hub) == []
    page.context.close()


def test_refusal_proposed_by_a_finding_reaches_the_kiosk_in_writing(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub, clock: SimulatedClock
) -> None:
    paper = queue_specimen(kiosk, "BANG_TOT_NGHIEP", 1, findings=(finding(),))
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    opened(page)
    expect(page.locator("svg .box.ask")).to_have_count(1)
    page.keyboard.press("r")
    text = page.locator("#refusal")
    expect(text).to_have_value(re.compile(r"tẩy xóa.*Điều 22\(1\).*đính chính"))
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Dòng 3.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/console/queue")
    clock.advance(30)
    held.settle_due(hub)
    answer = bodies(requests.answer(hub, paper))[-1]
    assert isinstance(answer, NotCertified)
    assert answer.ground == "A22_1_ALTERED"
    assert answer.text.endswith("đề nghị xuất trình văn bản đính chính của cơ quan đã cấp giấy. Dòng 3.")
    page.context.close()


def test_doubts_of_the_machine_are_confirmed_before_an_approval(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub
) -> None:
    queue_specimen(kiosk, "BANG_TOT_NGHIEP", 1, findings=(finding(),))
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    opened(page)
    page.keyboard.press("a")
    doubts = page.get_by_text("Máy còn nêu 1 điều cần quyết định.")
    expect(doubts).to_be_visible()
    page.keyboard.press("Escape")
    expect(doubts).to_be_hidden()
    assert held.still_back(hub, "mau") == []
    page.keyboard.press("a")
    expect(doubts).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/queue")
    assert [each.verdict for each in held.still_back(hub, "mau")] == ["approve"]
    page.context.close()


def test_session_that_ended_sends_an_act_to_the_login_and_records_nothing(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub, clock: SimulatedClock
) -> None:
    queue_specimens(kiosk, 1)
    page = at_desk(chromium, desk)
    page.keyboard.press("Enter")
    opened(page)
    clock.advance(20 * 60)
    page.keyboard.press("a")
    page.wait_for_url("**/console/login?why=over")
    expect(page.get_by_text("Phiên làm việc đã hết.")).to_be_visible()
    assert held.still_back(hub, "mau") == []
    page.context.close()


def test_foreign_page_can_not_decide_in_the_officers_name(
    chromium: Browser, desk: Served, kiosk: KioskDouble, hub: Hub
) -> None:
    (paper,) = queue_specimens(kiosk, 1)
    page = at_desk(chromium, desk)
    target = f"{desk.url}/api/requests/{paper}/decision"
    form = f'<form method=post action="{target}" enctype="text/plain"><input name=x></form>'
    trap = f"{form}<script>document.forms[0].submit()</script>"
    page.route("http://evil.test/", lambda route: route.fulfill(content_type="text/html", body=trap))
    with page.expect_response(target) as forged:
        page.goto("http://evil.test/")
    assert forged.value.status in (401, 403)
    page.goto(f"{desk.url}/console/queue")
    bare = page.evaluate(
        "(target) => fetch(target, {method: 'POST', body: '{}'}).then((answer) => answer.status)", target
    )
    assert bare == 403
    assert held.still_back(hub, "mau") == []
    page.context.close()
