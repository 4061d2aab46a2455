"""Milliseconds from a touch to the frame that shows its answer, in Chromium on a kiosk of stand-ins."""

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
  const began = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  }).observe(document.getElementById("screen"), {childList: true, subtree: true, attributes: true});
  document.querySelector(selector).click();
})"""


def measure() -> list[float]:
    """Return every touch's milliseconds, rising."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
        box.start(lambda _: None)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1080, "height": 1920})
            page.goto(box.kiosk_url)
            page.wait_for_selector("#wake")
            return sorted(_walked(page))
        finally:
            browser.close()
            box.stop()


def _walked(page: Page) -> list[float]:
    took = []
    for _ in range(ROUNDS):
        took += [float(page.evaluate(TOUCH, touch)) for touch in WAY]
        took += [float(page.evaluate(TOUCH, "#language")) for _ in range(2)]
        while page.locator("#screen").get_attribute("data-scene") != "attract":
            took.append(float(page.evaluate(TOUCH, "#back")))
    return took


def main() -> None:
    """Print median, the slowest twentieth, and the slowest."""
    took = measure()
    p95 = took[int(len(took) * 0.95)]
    print(f"screen: {len(took)} touches, median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, "
          f"slowest {took[-1]:.0f} ms (budget {BUDGET_MS:.0f} ms)")  # fmt: skip


if __name__ == "__main__":
    main()
