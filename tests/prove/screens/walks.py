"""The journeys walked in Chromium on a kiosk of simulated devices: by touch, by keys alone, and with the voice on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from kiosk_doubles import LINE, PLACE, Town
from playwright.sync_api import Browser, Page, expect
from served_kiosk import Served

from agent.devices.loudspeaker import seconds
from agent.journeys.pins import Pins, hashed
from agent.screen.voice.voices import Espeak
from contract.messages import LegalMode, Presented
from contract.postage import PostalRate
from tests.prove.screens.gallery import AXE, RUN_AXE, SIZES, Size
from tests.prove.screens.hands import Hand
from tests.prove.screens.journeys import PIN, STAFF, Deed, Journey, Money, Sees, Slip, Typed

MOST_TOUCHES: Final = 12
"""So many a copy may take from the first screen to the last."""
_COMES_S: Final = 20.0
_PLACE: Final = replace(
    PLACE, legal_mode=LegalMode.PILOT_REMOTE, legal_decision="QĐ 1/QĐ-UBND", presented=Presented.KIOSK_BED_CAMERA
)
"""A kiosk that has everything: its officer decides by what it saw, so that a citizen may leave with a slip."""

_RATE: Final = PostalRate(basis="Giá mô phỏng", first_day=date(2025, 1, 1), last_day=date.max, item_vnd=30_000)


def walked(
    browser: Browser,
    folder: Path,
    journey: Journey,
    hand: Hand,
    language: str,
    *,
    aloud: bool = False,
    size: Size = SIZES[0],
) -> Iterator[str]:
    """Walk a journey to its end and yield what was done; an AssertionError names where it ended.

    With a finger and without voice axe-core looks at each scene.
    """
    with _kiosk(browser, folder, journey.prepare, aloud=aloud, size=size) as (page, served):
        looks = hand.name == "touch" and not aloud
        walk = _Walk(page=page, served=served, hand=hand, language=language, aloud=aloud, looks=looks)
        for scene, *deeds in journey.way:
            walk.come(scene)
            for deed in deeds:
                walk.do(deed)
        _comes(page, "attract")
        if not journey.is_done(served.town):
            raise AssertionError(f"{journey.name}: the screen came to its end, and what was promised is not there")
        said = f", {walk.heard} sentences heard" if aloud else ""
        yield f"{journey.name}, {language} by {hand.name}: {len(hand.touches)} touches{said}"


@dataclass(slots=True)
class _Walk:
    """One walk; `heard` counts the sentences so far, `looks` says that axe-core does."""

    page: Page
    served: Served
    hand: Hand
    language: str
    aloud: bool
    looks: bool
    scene: str = ""
    heard: int = 0

    def come(self, scene: str) -> None:
        """Wait for a scene, until it is said where there is a voice; look at it where that is asked.

        Who comes to the first screen, also for the second time, chooses language and voice.
        """
        _comes(self.page, scene)
        if scene == self.scene:
            return
        self.scene = scene
        if scene == "attract" and self.language == "en":
            self.hand.press(self.page, "language")
        if scene == "attract" and self.aloud:
            self.hand.press(self.page, "voice")
        if self.aloud:
            self.heard = _more_than(self.served, self.heard)
        if self.looks and (found := _axe(self.page)):
            raise AssertionError(f"{scene}: {found}")

    def do(self, deed: Deed) -> None:
        """Press a button, type words or the slip's code, put money in, or wait for what the screen says."""
        match deed:
            case Typed(words=words):
                self.hand.letters(self.page, words)
                if not deed.is_hidden:
                    expect(self.page.locator(".field")).to_contain_text(words)
            case Slip():
                self.hand.letters(self.page, self.served.code_of_the_first_visit())
            case Sees():
                expect(self.page.locator("#stage")).to_contain_text(getattr(deed, self.language))
            case Money(notes_vnd=notes):
                self.served.insert(*notes)
            case _:
                self.hand.press(self.page, deed)
                self.hand.touches.append(deed)


def every_tile_is_left_by_back(browser: Browser, folder: Path, hand: Hand, *, size: Size = SIZES[0]) -> Iterator[str]:
    """Open every activity and practice, go back from each; call a person and take the call back."""
    with _kiosk(browser, folder, _hub_is_deaf, aloud=False, size=size) as (page, _served):
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


def _hub_is_deaf(town: Town) -> None:
    town.hub.is_deaf = True


@contextmanager
def _kiosk(
    browser: Browser, folder: Path, prepare: Callable[[Town], None], *, aloud: bool, size: Size
) -> Iterator[tuple[Page, Served]]:
    pins = Pins({STAFF: hashed(PIN)})
    voice = Espeak() if aloud else None
    sends = {"mails": True, "postal_rates": (_RATE,)}
    served = Served(folder, voice, place=_PLACE, digitises=True, **sends, line=LINE, collectors=pins, staff=pins)
    prepare(served.town)
    served.start()
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=True, reduced_motion="reduce"
    )
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


def _axe(page: Page) -> Sequence[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_AXE)
    return found


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
