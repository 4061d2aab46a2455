"""Every scene that exists, drawn in Chromium: measured by our own gauge and by axe-core, and photographed."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import axe_playwright_python
from playwright.sync_api import Browser, Page, Route
from scene_table import TABLE, liked

from agent.copies import typefaces
from agent.screen.page.drawing import FOLDER, fragment, page
from agent.screen.page.scenes import Scene

Size = tuple[int, int]
SIZES: Final = ((1080, 1920), (1920, 1080), (1024, 600))
LANGUAGES: Final = ("vi", "en")
LIKINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "normal": {},
    "zoom-2": {"zoom": 2},
    "contrast": {"contrast": True},
    "low": {"low_reach": True},
}
LONG: Final = ("guide-procedure-more",)
"""Scenes that may be longer than the screen at any size: a law's own words are as long as they are."""
GAUGE: Final = (Path(__file__).parent / "gauge.js").read_text(encoding="utf-8")
AXE: Final = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_HOST: Final = "http://screen.test/"
RUN_AXE: Final = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
}).then((found) => found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(", ")}`))"""
_OUT_OF_REACH: Final = """() => {
  const all = reachable(), ways = Object.values(ARROWS);
  const come = [all.find((each) => each.hasAttribute("data-enter")) ?? all[0]];
  for (const each of come) {
    const next = ways.map((way) => nearest(each, way, all)).filter((found) => found && !come.includes(found));
    come.push(...new Set(next));
  }
  return all.filter((each) => !come.includes(each)).map((each) => each.id);
}"""
"""The controls of a scene to which no arrows lead, by the page's own rule (keypad.js)."""
_PUT: Final = """(html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("screen");
  document.getElementById("screen").replaceWith(fresh);
  document.documentElement.lang = fresh.lang;
}"""
_SPOIL: Final = """(css) => {
  document.getElementById("spoilt")?.remove();
  document.head.append(Object.assign(document.createElement("style"), {id: "spoilt", textContent: css}));
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one scene as one citizen sees it."""

    scene: str
    look: str
    what: str


class Gallery:
    """Shows scenes at one size of screen, without an agent behind; still, so that a picture is like the next."""

    def __init__(self, browser: Browser, size: tuple[int, int]) -> None:
        self._size = size
        width, height = size
        self._page: Page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self._page.route("**/*", self._serve)
        self._page.goto(_HOST)
        self._page.add_script_tag(path=str(AXE))
        self._page.add_script_tag(path=str(FOLDER / "static" / "keypad.js"))

    def look(
        self, name: str, shown: Scene, language: str, liking: str, folder: Path | None = None, *, with_axe: bool = True
    ) -> Iterator[Fault]:
        """Yield what is wrong with a scene; its picture goes to `folder`."""
        scene = liked(shown, language=language, **LIKINGS[liking])
        self._page.evaluate(_PUT, fragment(scene))
        look = f"{self._size[0]}×{self._size[1]} {language} {liking}"
        found: dict[str, list[str]] = self._page.evaluate(GAUGE)
        if liking == "zoom-2" or name in LONG:
            del found["scrolls"]  # what is longer than the screen is scrolled; that keys can do it axe sees to
        found["arrows"] = self._page.evaluate(_OUT_OF_REACH)
        if with_axe:
            found["axe"] = self._page.evaluate(RUN_AXE)
        for what, where in found.items():
            yield from (Fault(scene=name, look=look, what=f"{what}: {each}") for each in where)
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            self._page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=70)

    def spoil(self, css: str) -> None:
        """Lay a style over all scenes, so that a test sees its faults found."""
        self._page.evaluate(_SPOIL, css)

    def close(self) -> None:
        """Close the page."""
        self._page.close()

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(_HOST)
        faces = {"page/sans.ttf": typefaces.sans(), "page/sans-bold.ttf": typefaces.sans(bold=True)}
        if not name:
            route.fulfill(body=page(TABLE["attract"]), content_type="text/html; charset=utf-8")
        elif name in faces:
            route.fulfill(path=faces[name])
        elif name.endswith(".css"):
            route.fulfill(path=FOLDER / "static" / name.removeprefix("page/"), content_type="text/css")
        else:
            route.fulfill(body="", content_type="text/javascript")


def faults(browser: Browser, folder: Path | None = None, wanted: str = "", **only: tuple[Any, ...]) -> Iterator[Fault]:
    """Yield what is wrong anywhere; `only` narrows sizes, languages or likings down, `wanted` the scenes' names."""
    for size in only.get("sizes", SIZES):
        gallery = Gallery(browser, size)
        for language, liking in itertools.product(only.get("languages", LANGUAGES), only.get("likings", LIKINGS)):
            place = folder / f"{size[0]}x{size[1]}-{language}-{liking}" if folder else None
            for name, shown in TABLE.items():
                if wanted in name:
                    yield from gallery.look(name, shown, language, liking, place)
        gallery.close()
