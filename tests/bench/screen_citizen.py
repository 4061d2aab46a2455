"""The scripted citizen: a whole copy at the screen of the running set, its touches counted, its seconds by scene.

Machine seconds are measured, from a touch to the next scene. A person's are assumed, since nobody stands there: TOUCH_S
a touch, LETTER_S a letter, the hand's work as below, the officer OFFICER_S whatever the script takes. The promise of
three minutes is held against one who knows the way. Reading comes on top: READS_S a syllable (238 words a minute,
Brysbaert 2019, for silent reading of English; nothing as good is known for Vietnamese), of headings and
buttons, or of every word.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Page, sync_playwright

from provisioning.onebox import glass, settings
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.controls import Controls
from provisioning.onebox.players import DemoStopped, Officer
from provisioning.onebox.purse import Purse

READS_S: Final = 0.25
TOUCH_S: Final = 2.0
LETTER_S: Final = 1.2
OFFICER_S: Final = 60.0
HANDS_S: Final = {"lay": 10.0, "pay": 10.0, "take": 8.0}
MOST_S: Final = 180.0
MOST_TOUCHES: Final = 12
NAME: Final = "tran van an"
_WAY: Final = {
    "attract": ("wake",), "choose": ("copy",), "need": ("go-on",), "consent": ("go-on",), "name": ("go-on",),
    "pages": ("pages-1", "go-on"), "copies": ("go-on",), "lay": ("begin",), "who": ("press-not-my-face",),
    "take": ("press-taken",), "end": ("done",),
}  # fmt: skip
_COMES_S: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One scene: what the machine took to come to the next, and what a person is taken to need."""

    scene: str
    touches: int
    machine_s: float
    work_s: float
    reads_s: float
    reads_all_s: float


def walked(box: OneBox) -> list[Line]:
    """Make one copy of one page at the box's screen; raise DemoStopped where it does not end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1080, "height": 1920})
            page.goto(box.kiosk_url)
            page.wait_for_selector("#wake")
            return list(_scenes(page, box))
        finally:
            browser.close()


def _scenes(page: Page, box: OneBox) -> Iterator[Line]:
    officer = Officer(box.hub_url, *settings.officer_login(box.folder), heedful=False)
    purse, scene = Purse(Controls(box)), "attract"
    while True:
        reads_s, reads_all_s = _reading_s(page, _BRIEF), _reading_s(page, _WHOLE)
        work_s = HANDS_S.get(scene, 0.0) + (OFFICER_S if scene == "officer" else 0.0)
        touches = _WAY.get(scene, ())
        if scene == "name":
            for letter in NAME:
                page.locator(f"#key-{'space' if letter == ' ' else letter}").click()
            work_s += LETTER_S * len(NAME)
        began_s = time.monotonic()
        for button in touches:
            page.locator(f"#{button}").click()
        after = _next(page, scene, purse, officer, box)
        machine_s = time.monotonic() - began_s
        yield Line(
            scene=scene,
            touches=len(touches),
            machine_s=0.0 if scene in ("pay", "officer") else machine_s,
            work_s=work_s + TOUCH_S * len(touches),
            reads_s=reads_s,
            reads_all_s=reads_all_s,
        )
        if scene == "end":
            return
        scene = after


def _next(page: Page, scene: str, purse: Purse, officer: Officer, box: OneBox) -> str:
    """Return the scene that follows, doing what money and officer have to do for it."""
    until = time.monotonic() + _COMES_S
    while (now := page.locator("#screen").get_attribute("data-scene") or "") == scene:
        if time.monotonic() > until:
            raise DemoStopped(f"nothing follows the scene {scene}")
        if scene == "pay":
            _pay(purse, box)
        elif scene == "officer":
            _decide(officer)
        page.wait_for_timeout(20)
    return now


def _pay(purse: Purse, box: OneBox) -> None:
    status = httpx.get(f"{box.kiosk_url}/status", timeout=10).json()
    visit = httpx.get(f"{box.kiosk_url}/visits/{status['open_visits'][0]}", timeout=10).json()
    if visit["pay"]:
        purse.pay(int(visit["quote"]["total_vnd"]), int(visit["balance"]["escrow_vnd"]))


def _decide(officer: Officer) -> None:
    try:
        waiting = officer.waiting()
    except DemoStopped:
        officer.log_in()
        waiting = officer.waiting()
    for request in waiting:
        officer.decide(request)


_BRIEF: Final = "#stage :is(h1, .lead, .deeds button:not(.key) b)"
_WHOLE: Final = "#stage :is(.words, .deeds button:not(.key))"


def _reading_s(page: Page, what: str) -> float:
    words = page.locator(what).all_inner_texts()
    return READS_S * sum(len(each.split()) for each in words if len(each) > 1)


def main() -> None:
    """Print the citizen's copy scene by scene, beside the promises."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
        box.start(lambda _: None)
        try:
            lines = walked(box)
        finally:
            box.stop()
    print(f"A copy by a scripted citizen (assumed: {TOUCH_S} s a touch, {READS_S} s a syllable)")
    for each in lines:
        print(f"  {each.scene:<10} {each.touches} touches  machine {each.machine_s:5.2f} s  hands {each.work_s:5.1f} s"
              f"  reading {each.reads_s:4.1f} s, every word {each.reads_all_s:4.1f} s")  # fmt: skip
    touches, machine_s = sum(each.touches for each in lines), sum(each.machine_s for each in lines)
    knows_s = machine_s + sum(each.work_s for each in lines)
    print(
        f"  in all     {touches} touches (at most {MOST_TOUCHES}); machine {machine_s:.1f} s, officer {OFFICER_S:.0f} s"
    )
    print(f"  who knows the way        {knows_s:.0f} s (at most {MOST_S:.0f} s)")
    print(f"  who reads the headings   {knows_s + sum(each.reads_s for each in lines):.0f} s")
    print(f"  who reads every word     {knows_s + sum(each.reads_all_s for each in lines):.0f} s")
    if touches > MOST_TOUCHES or knows_s > MOST_S:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
