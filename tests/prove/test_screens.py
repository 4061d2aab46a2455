"""The short form of `make prove-screens`: a few scenes on the smallest screen, a copy made with arrows and Enter."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.prove.screens import gallery, hands, journeys, walks

pytestmark = pytest.mark.xdist_group("browser")

SMALLEST = (1024, 600)
CHOICE = ("attract", "choose", "name", "pay-transfer", "end-HANDED_OVER", "practice-2", "over-call-heard", "spoken")


SPOILT = {
    "small": ".tool { min-height: 0 !important; height: 30px; }",
    "pale": ".tool span { color: #9a9a9a; }",
    "clipped": "h1 { white-space: nowrap; font-size: 6rem; }",
    "covered": ".words { position: fixed; bottom: 0; height: 60%; width: 100%; background: #fff; }",
    "scrolls": ".picture { min-height: 200vh; }",
    "axe": ".lead { color: #bbb !important; }",
}


def test_the_gauge_and_axe_find_nothing_in_a_choice_of_scenes_and_all_that_is_spoilt(chromium: Browser) -> None:
    shown = gallery.Gallery(chromium, SMALLEST)
    found = [
        fault
        for name in CHOICE
        for liking in ("normal", "low")
        for fault in shown.look(name, gallery.TABLE[name], "vi", liking, with_axe=liking == "normal")
    ]
    assert found == []
    for what, css in SPOILT.items():
        shown.spoil(css)
        faults = shown.look("lay", gallery.TABLE["lay"], "vi", "normal", with_axe=what == "axe")
        assert what in {fault.what.partition(":")[0] for fault in faults}
    shown.close()


def test_the_arrows_lead_to_every_key_of_a_pad_beside_other_controls(chromium: Browser) -> None:
    shown = gallery.Gallery(chromium, (1920, 1080))
    for name in ("genuine-ask-typed", "staff-pin", "end-HANDED_OVER"):
        assert list(shown.look(name, gallery.TABLE[name], "vi", "low", with_axe=False)) == []
    shown.close()


def test_a_copy_is_made_with_four_arrows_and_enter_in_at_most_twelve_presses(chromium: Browser, tmp_path: Path) -> None:
    hand = hands.by_keypad()
    (line,) = walks.walked(chromium, tmp_path, journeys.COPY, hand, "en")
    assert len(hand.touches) <= walks.MOST_TOUCHES, line
