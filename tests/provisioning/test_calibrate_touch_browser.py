"""The page of the five crosses in a real Chromium: a tap on each cross's middle is a true panel."""

import asyncio
import threading

import pytest
from playwright.sync_api import Browser, expect

from agent.screen.server import ScreenServer, listen
from provisioning.calibration.touch import Crosses
from provisioning.calibration.touch_judge import CROSSES, Panel, touch
from provisioning.onebox.child import free_port

pytestmark = pytest.mark.xdist_group("browser")


class Served:
    """The page on a port of its own, in a thread of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.crosses, self._ready = Crosses(), threading.Event()
        self._server = ScreenServer(self.crosses.app(), self._ready.set)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve([listen(self.port)])))

    def __enter__(self) -> "Served":
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.mark.parametrize("size", [(1080, 1920), (1024, 600)])
def test_taps_on_the_crosses_are_told_where_they_were(chromium: Browser, size: tuple[int, int]) -> None:
    with Served() as served:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=True)
        page = context.new_page()
        page.on("pageerror", lambda fault: pytest.fail(str(fault)))
        page.goto(f"http://127.0.0.1:{served.port}/")
        for number in range(len(CROSSES)):
            expect(page.locator("#count")).to_have_text(f"{number + 1} / {len(CROSSES)}")
            box = page.locator("#cross").bounding_box()
            assert box
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator("#told")).to_have_text("Đã xong")
        context.close()
    panel = Panel(wide_mm=size[0] / 3.6, high_mm=size[1] / 3.6)
    assert all(abs(each.value) < 0.5 for each in touch(panel, served.crosses.touches))
