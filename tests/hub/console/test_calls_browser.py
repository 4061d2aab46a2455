"""The counter's page in a real browser, by keyboard alone; and the hall's display beside it."""

from collections.abc import Iterator

import pytest
from hub_doubles import KIOSK, KeysDouble
from playwright.sync_api import Browser, Page, expect
from queue_doubles import Giver, with_line
from specimen_desk import Served, logged_in, served

from contract.clock import SimulatedClock
from hub.config import HubConfig
from hub.rooms import Hub

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


@pytest.fixture
def page(chromium: Browser, desk: Served) -> Iterator[Page]:
    page = logged_in(chromium, desk, "nhan", "queue")
    page.goto(f"{desk.url}/console/calls/1")
    yield page
    page.context.close()


def test_an_officer_calls_passes_over_and_takes_back_by_keys_and_the_hall_sees_it(
    page: Page, desk: Served, hub: Hub, clock: SimulatedClock
) -> None:
    giver = Giver(hub, KIOSK, 1)
    for _ in range(3):
        giver.give()
        clock.advance(1)
    number = page.locator(".called-number")
    page.keyboard.press("n")
    expect(number).to_have_text("C1-001")
    hall = page.context.new_page()
    hall.goto(f"{desk.url}/display")
    expect(hall.locator(".last .number")).to_have_text("C1-001")
    calls = hall.evaluate_handle(
        "() => { const heard = []; document.addEventListener('call', (e) => heard.push(e.detail)); return heard; }"
    )
    page.bring_to_front()
    expect(page.locator("[data-act=skip]")).to_be_disabled()
    page.keyboard.press("v")  # too early: nothing happens
    clock.advance(5)
    page.keyboard.press("r")
    expect(page.locator("[data-act=skip]")).to_be_enabled()
    page.keyboard.press("v")
    expect(page.get_by_text("Chưa gọi ai")).to_be_visible()
    clock.advance(5)
    page.keyboard.press("n")
    expect(number).to_have_text("C1-002")
    expect(hall.locator(".last .number")).to_have_text("C1-002")
    assert hall.evaluate("(heard) => heard.at(-1)", calls) == {"number": "C1-002", "counter": "1"}
    page.locator("[data-back]").click()
    expect(page.locator("[data-back]")).to_have_count(0)
    page.keyboard.press("n")
    expect(number).to_have_text("C1-001")
