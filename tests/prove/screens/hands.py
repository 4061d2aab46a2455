"""How a citizen presses the screen's buttons: with a finger, with four arrows and Enter, with Tab and Enter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Locator, Page, expect


@dataclass(slots=True)
class Hand:
    """How a citizen presses a button, by its id; `letters` types words."""

    name: str
    press: Callable[[Page, str], None]
    letters: Callable[[Page, str], None]
    touches: list[str] = field(default_factory=list)


def by_touch() -> Hand:
    """Fingers only; words are typed on the keys that the screen shows."""

    def letters(page: Page, words: str) -> None:
        for letter in words:
            page.locator(f'[id="{_key(page, letter)}"]').tap()

    return Hand(name="touch", press=lambda page, button: _offered(page, button).tap(), letters=letters)


def by_keypad() -> Hand:
    """Four arrows and Enter only: each button is walked to from wherever the focus is."""

    def press(page: Page, button: str) -> None:
        _walk_to(page, button)
        page.keyboard.press("Enter")

    def letters(page: Page, words: str) -> None:
        for letter in words:
            press(page, _key(page, letter))

    return Hand(name="keypad", press=press, letters=letters)


def by_keyboard() -> Hand:
    """Tab and Enter, as a screen reader's user goes; words are typed."""

    def press(page: Page, button: str) -> None:
        _offered(page, button)
        for _ in range(80):
            if page.evaluate("document.activeElement.id") == button:
                page.keyboard.press("Enter")
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {button}")

    return Hand(name="keyboard", press=press, letters=lambda page, words: page.keyboard.type(words))


def _key(page: Page, letter: str) -> str:
    """Return the id of the key of the screen's keyboard that types a letter."""
    wanted = "space" if letter == " " else letter
    return page.locator(f'[id="key-{wanted}" i]').get_attribute("id") or ""


def _offered(page: Page, button: str) -> Locator:
    """Wait until the screen has the button and lets it be pressed."""
    found = page.locator(f'[id="{button}"]')
    expect(found).to_be_enabled()
    return found


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
    _offered(page, button)
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
