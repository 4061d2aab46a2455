"""`make prove-screens`: every scene measured and photographed, every journey walked; fails where a promise breaks."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM, FLAGS
from tests.prove.screens import gallery, walks

PICTURES = Path("build/screens")


def main() -> None:
    """Print what was looked at, walked and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="", help="only scenes with this in their name; no journeys")
    wanted = parser.parse_args().scene
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = list(gallery.faults(browser, PICTURES, wanted))
        looks = len(gallery.SIZES) * len(gallery.LANGUAGES) * len(gallery.LIKINGS)
        scenes = sum(wanted in name for name in gallery.TABLE)
        print(f"{scenes} scenes, {scenes * looks} looks at them: {len(found)} faults (pictures in {PICTURES})")
        for fault in found[:40]:
            print(f"  {fault.scene} {fault.look}: {fault.what}")
        kinds = Counter(each.what.partition(":")[0] for each in found)
        print(f"  by kind: {dict(kinds)}" if kinds else "  axe-core at AA, 44 px, 7:1, no clipped or covered word")
        broken = [] if wanted else list(_walked(browser))
        browser.close()
    sys.exit(1 if found or broken else 0)


def _walked(browser: Browser) -> list[str]:
    """Walk every journey; return those that came to no end."""
    broken = []
    for language in ("vi", "en"):
        for hand, aloud in (
            (walks.by_touch, False),
            (walks.by_keypad, False),
            (walks.by_keyboard, False),
            (walks.by_touch, True),
        ):
            with tempfile.TemporaryDirectory() as folder:
                broken += _tried(walks.copy_is_made(browser, Path(folder), made := hand(), language, aloud=aloud))
                if len(made.touches) > walks.MOST_TOUCHES:
                    broken.append(f"{len(made.touches)} touches")
    for hand in (walks.by_touch, walks.by_keypad):
        with tempfile.TemporaryDirectory() as folder:
            broken += _tried(walks.every_tile_is_left_by_back(browser, Path(folder), hand()))
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
