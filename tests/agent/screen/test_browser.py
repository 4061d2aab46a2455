"""A citizen makes a certified copy by touch in a real Chromium, on a kiosk of simulated devices in real time.

Sizes and contrasts are measured by script on every screen of the way; the touches are counted.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from served_kiosk import Served

pytestmark = pytest.mark.xdist_group("browser")

HIGHEST_REACH = 0.66
MOST_TOUCHES = 12
NAME = ["n", "g", "u", "y", "ê", "n", "tone-x", "space", "a", "n"]

GAUGE = (Path(__file__).parents[2] / "prove/screens/gauge.js").read_text(encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.goto(served.url)
    yield page
    context.close()


class Finger:
    """Taps, counts, and measures each screen that it comes to."""

    def __init__(self, page: Page) -> None:
        self.page, self.touches, self.seen = page, 0, set[str]()

    def tap(self, selector: str) -> None:
        self.touches += 1
        self.page.locator(selector).tap()

    def comes(self, scene: str) -> None:
        expect(self.page.locator("#screen")).to_have_attribute("data-scene", scene, timeout=15_000)
        found = {what: where for what, where in self.page.evaluate(GAUGE).items() if where}
        assert found == {}, scene
        self.seen.add(scene)


def test_a_copy_by_touch_from_the_first_screen_to_the_last(page: Page, served: Served) -> None:
    finger = Finger(page)
    page.locator("#contrast").tap()
    expect(page.locator("#screen.contrast")).to_be_visible()
    for scene, touch in (("attract", "#wake"), ("choose", "#copy"), ("need", "#go-on"), ("consent", "#go-on")):
        finger.comes(scene)
        finger.tap(touch)
    finger.comes("name")
    letters = Finger(page)
    for key in NAME:
        letters.tap(f"#key-{key}")
    expect(page.locator(".field")).to_have_text("Nguyễn An")
    finger.tap("#go-on")
    for scene, touch in (("pages", "#pages-1"), ("copies", "#copies-1")):
        finger.comes(scene)
        finger.tap(touch)
        finger.tap("#go-on")
    finger.comes("lay")
    page.reload()
    finger.comes("lay")
    finger.tap("#begin")
    finger.comes("pay")
    expect(page.locator("#stage")).to_contain_text("3.000 đ")
    served.insert(5_000)
    finger.comes("take")
    assert finger.touches <= MOST_TOUCHES, finger.touches
    print(f"{finger.touches} touches, and {letters.touches} for the letters of a name")
    finger.tap("#press-taken")
    finger.comes("end")
    expect(page.locator(".doubts")).to_contain_text("Lê Thị B")
    finger.tap("#done")
    expect(page.locator("#screen")).to_have_attribute("data-scene", "attract")
    assert "Nguyễn An" not in page.content() and "contrast" not in (
        page.locator("#screen").get_attribute("class") or ""
    )
    assert len(served.town.hub.copies) == 1 and finger.seen >= {"lay", "pay", "take", "end"}


def test_two_browsers_show_the_same_and_a_real_keyboard_types(page: Page, served: Served) -> None:
    other = page.context.new_page()
    other.goto(served.url)
    for touch in ("#wake", "#copy", "#go-on"):
        page.locator(touch).tap()
    expect(other.locator("#screen")).to_have_attribute("data-scene", "consent")
    other.locator("#go-on").tap()
    expect(page.locator("#screen")).to_have_attribute("data-scene", "name")
    page.bring_to_front()
    page.keyboard.type("dduwcs hoaf")
    expect(other.locator(".field")).to_have_text("Đức Hòa")
    page.keyboard.press("Backspace")
    expect(page.locator(".field")).to_have_text("Đức Hò")
    page.keyboard.press("Enter")
    expect(page.locator("#screen")).to_have_attribute("data-scene", "pages")


def test_low_reach_brings_every_control_down(page: Page) -> None:
    page.locator("#reach").tap()
    ways = (("attract", "#wake"), ("choose", "#copy"), ("need", "#go-on"), ("consent", "#go-on"), ("name", "#back"))
    for scene, touch in ways:
        expect(page.locator(f"#screen.low[data-scene={scene}]")).to_be_visible()
        tops = page.locator("button").evaluate_all("nodes => nodes.map(each => each.getBoundingClientRect().top)")
        assert tops and min(tops) >= HIGHEST_REACH * 1920, (scene, min(tops))
        page.locator(touch).tap()


def test_nonsense_on_the_socket_ends_that_socket_only(page: Page) -> None:
    code = page.evaluate(
        """() => new Promise((done) => {
          const socket = new WebSocket(`ws://${location.host}/page/live`);
          socket.onopen = () => socket.send("x".repeat(100000));
          socket.onclose = (event) => done(event.code);
        })"""
    )
    assert code == 1009
    page.locator("#wake").tap()
    expect(page.locator("#screen")).to_have_attribute("data-scene", "choose")


def test_the_veil_hides_the_screen_and_a_touch_takes_it_away(page: Page) -> None:
    page.locator("#veil").tap()
    expect(page.locator(".veil")).to_be_visible()
    covered = page.evaluate("document.elementFromPoint(500, 1500).closest('.veil') !== null")
    assert covered
    page.locator(".veil").tap()
    expect(page.locator("#over")).to_be_hidden()


def test_a_page_that_is_drawn_says_so_by_itself(page: Page, served: Served) -> None:
    until_s = time.monotonic() + 30
    while (code := httpx.get(f"{served.url}page/drawn").status_code) != 204:
        assert code == 503 and time.monotonic() < until_s
        time.sleep(0.1)
