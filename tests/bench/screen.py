"""Milliseconds from a touch to the frames that show it pressed and answered, in Chromium on a kiosk of stand-ins."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports

ROUNDS = 20
BUDGET_MS = 100.0
WAY = (
    "#wake",
    "#copy",
    "#go-on",
    "#go-on",
    "#key-h",
    "#key-ô",
    "#key-tone-f",
    "#go-on",
    "#pages-3",
    "#go-on",
    "#go-on",
)
"""From the first screen to the glass; `#language` and back home follow."""

TOUCH = """(selector) => new Promise((done) => {
  const began = performance.now(), screen = document.getElementById("screen");
  const now = () => performance.now() - began;
  const painted = () => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => shown(now()))));
  let first;
  new MutationObserver((changes, observer) => {
    first ??= painted();
    if (!changes.some((each) => each.type === "childList")) return;
    observer.disconnect();
    Promise.all([first, painted()]).then(done);
  }).observe(screen, {childList: true, subtree: true, attributes: true});
  document.querySelector(selector).click();
})"""
"""Returns when the first change was painted (the button is pressed), and when the agent's answer was."""


def measure() -> list[tuple[float, float]]:
    """Return each touch's milliseconds to the first paint and to the answer."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
        box.start(lambda _: None)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1080, "height": 1920})
            page.goto(box.kiosk_url)
            page.wait_for_selector("#wake")
            return _walked(page)
        finally:
            browser.close()
            box.stop()


def _walked(page: Page) -> list[tuple[float, float]]:
    took = []

    def touch(selector: str) -> None:
        first, answer = page.evaluate(TOUCH, selector)
        took.append((float(first), float(answer)))

    for _ in range(ROUNDS):
        for selector in (*WAY, "#language", "#language"):
            touch(selector)
        while page.locator("#screen").get_attribute("data-scene") != "attract":
            touch("#back")
    return took


def main() -> None:
    """Print median, the slowest twentieth, and the slowest, of the first paint and of the answer."""
    for name, took in zip(("first paint", "answer"), map(sorted, zip(*measure(), strict=True)), strict=True):
        p95 = took[int(len(took) * 0.95)]
        print(f"screen, {name}: {len(took)} touches, median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, "
              f"slowest {took[-1]:.0f} ms (budget {BUDGET_MS:.0f} ms)")  # fmt: skip


if __name__ == "__main__":
    main()
