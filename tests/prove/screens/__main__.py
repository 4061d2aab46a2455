"""`make prove-screens`: every scene measured and photographed, every journey walked; fails where a promise breaks."""

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM, FLAGS
from tests.prove.screens import gallery, hands, journeys, walks

PICTURES = Path("build/screens")


def main() -> None:
    """Print what was looked at, walked and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="", help="only scenes with this in their name; no journeys")
    parser.add_argument("--walk", default="", help="only journeys with this in their name; no scenes")
    parser.add_argument("--size", default="", help="one screen alone, as 1024x600; journeys else on 1080x1920")
    asked = parser.parse_args()
    sizes = tuple(size for size in gallery.SIZES if asked.size in ("", "{}x{}".format(*size)))
    if not sizes:
        parser.error("no such size: " + ", ".join("{}x{}".format(*size) for size in gallery.SIZES))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = [] if asked.walk else _looked(browser, asked.scene, sizes)
        broken = [] if asked.scene else _walked(browser, asked.walk, sizes[0])
        browser.close()
    sys.exit(1 if found or broken else 0)


def _looked(browser: Browser, wanted: str, sizes: tuple[gallery.Size, ...]) -> list[gallery.Fault]:
    """Look at every scene with `wanted` in its name; return what is wrong with them."""
    found = list(gallery.faults(browser, PICTURES, wanted, sizes=sizes))
    looks = len(sizes) * len(gallery.LANGUAGES) * len(gallery.LIKINGS)
    scenes = sum(wanted in name for name in gallery.TABLE)
    print(f"{scenes} scenes, {scenes * looks} looks at them: {len(found)} faults (pictures in {PICTURES})")
    for fault in found[:40]:
        print(f"  {fault.scene} {fault.look}: {fault.what}")
    kinds = Counter(each.what.partition(":")[0] for each in found)
    print(
        f"  by kind: {dict(kinds)}"
        if kinds
        else "  axe-core at AA, 44 px, 7:1, no clipped or covered word, arrows lead to every control"
    )
    return found


_WAYS = ((hands.by_touch, False), (hands.by_keypad, False), (hands.by_keyboard, False), (hands.by_touch, True))
"""Each hand, the last with the voice on."""


def _walked(browser: Browser, wanted: str, size: gallery.Size) -> list[str]:
    """Walk every journey with `wanted` in its name; return those that came to no end."""
    broken = []
    for journey, language, (hand, aloud) in itertools.product(journeys.ALL, ("vi", "en"), _WAYS):
        if wanted not in journey.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            walk = walks.walked(browser, Path(folder), journey, made := hand(), language, aloud=aloud, size=size)
            broken += [f"{journey.name}, {language} by {made.name}: {each}" for each in _tried(walk)]
        if journey is journeys.COPY and len(made.touches) > walks.MOST_TOUCHES:
            broken.append(f"{len(made.touches)} touches")
    for hand in (hands.by_touch, hands.by_keypad):
        if wanted:
            break
        with tempfile.TemporaryDirectory() as folder:
            broken += _tried(walks.every_tile_is_left_by_back(browser, Path(folder), hand(), size=size))
    return broken


def _tried(walk: Iterator[str]) -> list[str]:
    try:
        for line in walk:
            print(f"  walked: {line}")
    except AssertionError as fault:
        print(f"  BROKEN: {fault}")
        return [str(fault)]
    return []


if __name__ == "__main__":
    main()
