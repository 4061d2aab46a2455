"""The journeys walked in Chromium on a kiosk of simulated devices: by touch, by keys alone, and with the voice on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from playwright.sync_api import Browser, Page, expect
from served_kiosk import Served

from agent.devices.loudspeaker import seconds
from agent.screen.voice.voices import Espeak

MOST_TOUCHES: Final = 12
_COMES_S: Final = 20.0
_NAME: Final = "An"
_WAY: Final = (
    ("attract", "wake"),
    ("choose", "copy"),
    ("need", "go-on"),
    ("consent", "go-on"),
    ("name", ""),
    ("pages", "pages-1"),
    ("pages", "go-on"),
    ("copies", "go-on"),
    ("lay", "begin"),
    ("pay", ""),
    ("take", "press-taken"),
    ("end", "done"),
)
"""Each scene of a copy with the button that leads on; empty where letters or money do."""


@dataclass(slots=True)
class Hand:
    """How a citizen presses a button, by its id; `letters` types a name."""

    name: str
    press: Callable[[Page, str], None]
    letters: Callable[[Page, str], None]
    touches: list[str] = field(default_factory=list)


def by_touch() -> Hand:
    """Fingers only; the name is typed on the keys that the screen shows."""

    def letters(page: Page, name: str) -> None:
        for letter in name.lower():
            page.locator(f"#key-{letter}").tap()

    return Hand(name="touch", press=lambda page, button: page.locator(f"#{button}").tap(), letters=letters)


def by_keypad() -> Hand:
    """Four arrows and Enter only: each button is walked to from wherever the focus is."""

    def press(page: Page, button: str) -> None:
        _walk_to(page, button)
        page.keyboard.press("Enter")

    def letters(page: Page, name: str) -> None:
        for letter in name.lower():
            press(page, f"key-{letter}")

    return Hand(name="keypad", press=press, letters=letters)


def by_keyboard() -> Hand:
    """Tab and Enter, as a screen reader's user goes; the name is typed."""

    def press(page: Page, button: str) -> None:
        for _ in range(80):
            if page.evaluate("document.activeElement.id") == button:
                page.keyboard.press("Enter")
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {button}")

    return Hand(name="keyboard", press=press, letters=lambda page, name: page.keyboard.type(name))


def copy_is_made(browser: Browser, folder: Path, hand: Hand, language: str, *, aloud: bool = False) -> Iterator[str]:
    """Make one certified copy and yield what was done, a line a scene; an AssertionError names where it ended."""
    with _kiosk(browser, folder, aloud=aloud) as (page, served):
        heard = 0
        if language == "en":
            hand.press(page, "language")
        if aloud:
            hand.press(page, "voice")
        for scene, button in _WAY:
            _comes(page, scene)
            if aloud:
                heard = _more_than(served, heard)
            if scene == "name":
                hand.letters(page, _NAME)
                expect(page.locator(".field")).to_have_text(_NAME)
                hand.press(page, "go-on")
            elif scene == "pay":
                served.insert(5_000)
                continue
            else:
                hand.press(page, button)
            hand.touches.append(button or "go-on")
        _comes(page, "attract")
        if len(served.town.hub.copies) != 1:
            raise AssertionError("no copy was certified")
        said = f", {heard} sentences heard" if aloud else ""
        yield f"{language} by {hand.name}: {len(hand.touches)} touches and the {len(_NAME)} letters of a name{said}"


def every_tile_is_left_by_back(browser: Browser, folder: Path, hand: Hand) -> Iterator[str]:
    """Open every activity and practice, go back from each; call a person and take the call back."""
    with _kiosk(browser, folder, aloud=False) as (page, served):
        served.town.hub.is_deaf = True
        hand.press(page, "wake")
        _comes(page, "choose")
        tiles = page.locator("#stage button").evaluate_all("nodes => nodes.map((each) => each.id)")
        for tile in tiles:
            hand.press(page, tile)
            expect(page.locator("#screen:not([data-scene=choose])")).to_be_visible()
            hand.press(page, "back")
            _comes(page, "choose")
        hand.press(page, "call")
        hand.press(page, "call-now")
        expect(page.locator("#call-off")).to_be_visible()
        hand.press(page, "call-off")
        expect(page.locator("#call-now")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#over")).to_be_hidden()
        yield f"by {hand.name}: {', '.join(tiles)} opened and left, a person called and the call taken back"


@contextmanager
def _kiosk(browser: Browser, folder: Path, *, aloud: bool) -> Iterator[tuple[Page, Served]]:
    served = Served(folder, Espeak() if aloud else None)
    served.start()
    context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True, reduced_motion="reduce")
    faults: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(served.url)
        yield page, served
        if faults:
            raise AssertionError(f"the page's script failed: {faults}")
    finally:
        context.close()
        served.stop()


def _comes(page: Page, scene: str) -> None:
    expect(page.locator("#screen")).to_have_attribute("data-scene", scene, timeout=_COMES_S * 1000)


def _more_than(served: Served, heard: int) -> int:
    """Wait until the scene has begun to be said; every sound is one that can be played."""
    until = monotonic() + _COMES_S
    while len(served.loudspeaker.heard) <= heard:
        if monotonic() > until:
            raise AssertionError("the scene is silent")
        sleep(0.02)
    files = served.loudspeaker.heard
    if seconds(files[-1].read_bytes()) < 0.2:
        raise AssertionError("a sentence has no sound")
    return len(files)


_WHERE: Final = """(id) => {
  const at = (node) => {
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const now = document.activeElement;
  return {id: now.id, now: now.tagName === "BUTTON" ? at(now) : null, to: at(document.getElementById(id))};
}"""


def _walk_to(page: Page, button: str) -> None:
    """Press arrows towards a button as one does who sees it; a way round is tried where the straight one ends."""
    page.locator(f"#{button}").wait_for()
    tried: set[tuple[str, str]] = set()
    for _ in range(60):
        where = page.evaluate(_WHERE, button)
        if where["id"] == button:
            return
        arrow = "ArrowDown" if where["now"] is None else _arrow(where, tried)
        tried.add((where["id"], arrow))
        page.keyboard.press(arrow)
    raise AssertionError(f"the arrows never come to {button}")


def _arrow(where: dict[str, object], tried: set[tuple[str, str]]) -> str:
    (x, y), (to_x, to_y) = where["now"], where["to"]  # type: ignore[misc]
    flat = "ArrowRight" if to_x > x else "ArrowLeft"  # type: ignore[has-type]
    steep = "ArrowDown" if to_y > y else "ArrowUp"  # type: ignore[has-type]
    first = (steep, flat) if abs(to_y - y) > 30 else (flat, steep)  # type: ignore[has-type]
    ways = (*first, "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp")
    return next((each for each in ways if (str(where["id"]), each) not in tried), first[0])
