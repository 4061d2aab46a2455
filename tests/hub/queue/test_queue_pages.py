"""The pages of the line: a place is booked from a phone without any script, the hall's display, the counter's calls."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, KeysDouble
from queue_doubles import Giver, called, with_line

import hub as hub_room
from contract.clock import VIETNAM, SimulatedClock
from contract.messages import Queued
from hub.config import HubConfig
from hub.console.app import create_app
from hub.queue import bookings, counter
from hub.rooms import Hub
from hub.verify.rates import Allowance, Rates

BASE = "https://console.test"


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def giver(hub: Hub) -> Giver:
    return Giver(hub, KIOSK, 1)


@pytest.fixture
def phone(hub: Hub) -> Iterator[TestClient]:
    app = create_app(hub, lambda: b"{}", KeysDouble())
    with TestClient(app, base_url=BASE) as client:
        yield client


def form_of(page: str) -> tuple[str, str, list[str]]:
    """Return where a page of slots sends its form, the code that it has drawn, and the slots that are free."""
    action = re.search(r'action="([^"]+)"', page)
    code = re.search(r'name="code" value="(\w{8})"', page)
    assert action and code
    return action[1], code[1], re.findall(r'name="slot" value="([^"]+)">', page)


def test_a_place_is_booked_moved_and_given_back_by_plain_forms(phone: TestClient, hub: Hub) -> None:
    assert 'href="/book/CT"' in phone.get("/book").text
    assert 'href="/book/HT"' not in phone.get("/book").text
    action, code, slots = form_of(phone.get("/book/CT").text)
    page = phone.post(action, data={"code": code, "slot": slots[0]})
    assert page.url.path == f"/b/{code}"
    assert f"{code[:4]}-{code[4:]}" in page.text and 'class="qr"' in page.text and "<script" not in page.text
    assert phone.post(action, data={"code": code, "slot": slots[0]}).url.path == f"/b/{code}"
    action, same, later = form_of(phone.get(f"/b/{code}/move").text)
    assert same == code
    phone.post(action, data={"code": code, "slot": later[-1]})
    assert bookings.find(hub, code).slot_at.isoformat()[:10] == "2026-11-27"
    assert "Đã hủy đặt chỗ" in phone.post(f"/b/{code}/cancel").text
    over = phone.get(f"/b/{code}")
    assert (over.status_code, "Không dùng được đặt chỗ này nữa" in over.text) == (409, True)


def test_a_full_slot_is_shown_as_full_and_says_so_to_who_was_slower(phone: TestClient, hub: Hub) -> None:
    action, code, slots = form_of(phone.get("/book/CT").text)
    for _ in range(4):
        phone.post(action, data={"code": bookings.new_code(hub), "slot": slots[0]})
    late = phone.post(action, data={"code": code, "slot": slots[0]})
    assert (late.status_code, "không còn chỗ" in late.text) == (409, True)
    assert slots[0] not in form_of(phone.get("/book/CT").text)[2]


def test_over_tet_the_page_says_that_there_is_nothing_to_book(hub: Hub) -> None:
    tet = replace(hub, clock=SimulatedClock(datetime(2026, 2, 14, 10, 0, tzinfo=VIETNAM)))
    with TestClient(create_app(tet, lambda: b"{}", KeysDouble()), base_url=BASE) as phone:
        page = phone.get("/book/CT").text
    assert "không còn giờ làm việc để đặt" in page and "<form" not in page


def test_what_is_not_there_is_said_in_words(phone: TestClient) -> None:
    for path in ("/book/ZZ", "/b/00000000", "/b/00000000/move", "/q/01JDCZ9VXK3M5Q7R9T4T7K9QXM"):
        said = phone.get(path)
        assert said.status_code == 404, path
        assert "<h1>" in said.text and 'lang="en"' in said.text, path
    assert [phone.get(path).status_code for path in ("/b/short", "/q/short")] == [422, 422]


def test_a_browser_is_told_in_words_where_an_address_was_cut_short(phone: TestClient) -> None:
    for path, status in (("/b/short", 422), ("/d/short", 422), ("/nowhere", 404)):
        said = phone.get(path, headers={"accept": "text/html,application/xhtml+xml;q=0.9"})
        assert (said.status_code, "Không có trang này" in said.text, 'lang="en"' in said.text) == (status, True, True)


def test_a_number_is_followed_until_it_is_called_and_done(
    phone: TestClient, hub: Hub, giver: Giver, clock: SimulatedClock
) -> None:
    giver.give(), giver.give()
    mine = giver.give()
    page = phone.get(f"/q/{mine.ticket}").text
    assert "C1-003" in page and re.search(r"Trước bạn.*?<b>2</b>", page, re.DOTALL)
    assert "<b>khoảng 2–10 phút</b>" in page and "about 2–10 minutes" in page
    assert 'http-equiv="refresh"' in page
    for _ in range(3):
        called(hub)
    assert "Mời bạn đến quầy 1" in phone.get(f"/q/{mine.ticket}").text
    counter.finish(hub, "1", mine.ticket)
    done = phone.get(f"/q/{mine.ticket}").text
    assert "Đã phục vụ xong" in done and 'http-equiv="refresh"' not in done


def test_a_booking_leads_to_its_number_once_its_holder_has_reported(phone: TestClient, hub: Hub, giver: Giver) -> None:
    action, code, slots = form_of(phone.get("/book/CT").text)
    phone.post(action, data={"code": code, "slot": slots[0]})
    reported = giver.report(code)
    assert isinstance(reported, Queued)
    assert phone.get(f"/b/{code}").url.path == f"/q/{reported.ticket}"


def test_the_display_shows_who_is_called_and_how_many_wait_and_no_secret(
    phone: TestClient, hub: Hub, giver: Giver
) -> None:
    told = [giver.give() for _ in range(3)]
    called(hub, "1"), called(hub, "2")
    page = phone.get("/display")
    assert re.findall(r'data-number="([^"]+)" data-counter="([^"]+)"', page.text)[0][1] in ("1", "2")
    assert {"C1-001", "C1-002"} <= set(re.findall(r"C1-\d{3}", page.text)) and "C1-003" not in page.text
    assert "<b>1</b> người chờ" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert not any(each.ticket in phone.get("/display/now").text for each in told)


def test_booking_is_limited_like_all_public_pages(phone: TestClient, hub: Hub) -> None:
    phone.app.state.rates = Rates(hub.clock, each=Allowance(burst=25, per_s=1))  # type: ignore[attr-defined]
    sent = [phone.post("/book/CT", data={"code": bookings.new_code(hub), "slot": "2026-11-24T02:00:00Z"},
                       follow_redirects=False).status_code for _ in range(2)]  # fmt: skip
    assert sent == [303, 429]


def test_an_officer_calls_by_the_page_and_an_old_page_changes_nothing(
    phone: TestClient, hub: Hub, giver: Giver
) -> None:
    giver.give(), giver.give()
    phone.post("/console/login", data={"login": "nhan", "password": PASSWORD})
    page = phone.get("/console/calls/1").text
    csrf = re.search(r'name="csrf" content="([^"]+)"', page)
    assert csrf
    headers = {"x-csrf-token": csrf[1]}
    first = phone.post("/api/counters/1/next", json={"after": ""}, headers=headers).json()["ticket"]
    assert first["number"] == "C1-001"
    early = phone.post("/api/counters/1/skip", json={"ticket": first["id"]}, headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "CALLED_TOO_SELDOM")
    phone.post("/api/counters/1/next", json={"after": first["id"]}, headers=headers)
    old = phone.post("/api/counters/1/finish", json={"ticket": first["id"]}, headers=headers)
    assert (old.status_code, old.json()["code"]) == (409, "NOT_AT_COUNTER")
    assert "C1-002" in phone.get("/console/calls/1/now").text


def test_no_two_rooms_have_a_template_of_one_name() -> None:
    """One loader serves both, and the first of them would be shown for the other."""
    rooms = [Path(hub_room.__file__).parent / room / "templates" for room in ("verify", "queue")]
    verify, queue = ({path.name for path in room.glob("*.html")} for room in rooms)
    assert verify and queue and not verify & queue
