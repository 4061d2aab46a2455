"""Five crosses over HTTP as the panel's browser calls it, and in a real Chromium; offsets in mm of the panel."""

import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import httpx
import pytest
from calibration_kiosk import calibrated
from click.testing import Result

from provisioning.calibration import touch_judge
from provisioning.calibration.touch import Crosses, as_it_hangs, size_mm
from provisioning.calibration.touch_judge import CROSSES, Panel, Touched
from provisioning.onebox.child import free_port

WIDE, HIGH = 1080, 1920
PANEL = Panel(wide_mm=299.0, high_mm=531.0)


def touches(right_mm: float = 0.0, below_mm: float = 0.0, *, mirrored: bool = False) -> list[Touched]:
    """Return what a finger does that aims exactly on a panel which is off by so much."""
    return [
        Touched(
            number=number,
            x=((1 - across if mirrored else across) + right_mm / PANEL.wide_mm) * WIDE,
            y=(down + below_mm / PANEL.high_mm) * HIGH,
            wide=WIDE,
            high=HIGH,
        )
        for number, (across, down) in enumerate(CROSSES.values())
    ]


def test_offsets_are_measured_in_mm() -> None:
    found = {each.name: each for each in touch_judge.touch(PANEL, touches(4.0, -2.0))}
    assert found["middle: off"].value == pytest.approx(20**0.5) and found["middle: off"].passes
    assert found["all: right"].value == pytest.approx(4.0) and not found["all: right"].passes
    assert found["all: below"].value == pytest.approx(-2.0) and found["all: below"].passes
    assert all(each.passes for each in touch_judge.touch(PANEL, touches(1.0, 1.0)))


def test_mirrored_axes_fail_at_every_cross_but_the_middle() -> None:
    wrong = [each for each in touch_judge.touch(PANEL, touches(mirrored=True)) if not each.passes]
    assert [each.name for each in wrong] == [f"{name}: off" for name in CROSSES if name != "middle"]
    assert wrong[0].value == pytest.approx(0.84 * PANEL.wide_mm) and "mirrored" in wrong[0].remedy


def test_a_panels_size_is_read_from_its_edid_and_turned_as_it_hangs(tmp_path: Path) -> None:
    for name, size in (("card0-HDMI-A-1", b""), ("card0-HDMI-A-2", bytes([531 & 0xFF, 299 & 0xFF, 0x21]))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "edid").write_bytes((bytes(66) + size).ljust(128, b"\0") if size else b"")
    assert size_mm(tmp_path) == (531.0, 299.0)
    assert as_it_hangs((531.0, 299.0), touches()[0]) == PANEL
    assert size_mm(tmp_path / "card0-HDMI-A-1") is None


async def test_only_a_touch_at_the_cross_that_is_wanted_counts() -> None:
    crosses = Crosses()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crosses.app()), base_url="http://kiosk") as page:
        assert (await page.get("/")).text.startswith("<!doctype html>")
        first = {"number": 0, "x": 1.0, "y": 2.0, "wide": 100.0, "high": 100.0}
        for _ in range(2):  # the second one is the same finger once more
            assert (await page.post("/touched", json=first)).json()["number"] == 1
        assert (await page.post("/touched", json=first | {"number": 3})).json()["number"] == 1
        assert (await page.post("/touched", json=first | {"number": 1, "wide": 0.0})).json()["number"] == 1
        assert (await page.post("/touched", json={"number": 1})).status_code == 422
        assert (await page.get("/wanted")).json() == {"number": 1, "of": 5, "across": 0.92, "down": 0.08}
    assert len(crosses.touches) == 1 and not crosses.all_touched.is_set()


def tram(place: Path, port: int, *words: str) -> Result:
    return calibrated(place, "touch", f"[screen]\nport = {port}\n", *words)


def beside(finger: Callable[[str], None], port: int) -> threading.Thread:
    """Let the finger do its part as soon as the page is there."""

    def work() -> None:
        url, until_s = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while time.monotonic() < until_s:
            try:
                httpx.get(url)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                finger(url)
                return

    started = threading.Thread(target=work)
    started.start()
    return started


def test_the_record_and_its_picture_say_how_far_off_the_panel_is(tmp_path: Path) -> None:
    def finger(url: str) -> None:
        for each in touches(6.0):
            httpx.post(
                f"{url}/touched",
                json={"number": each.number, "x": each.x, "y": each.y, "wide": each.wide, "high": each.high},
            )

    port = free_port()
    at_work = beside(finger, port)
    said = tram(tmp_path, port, "--wide-mm", "531", "--high-mm", "299")
    at_work.join()
    assert said.exit_code == 1 and "→ Touch: wipe the glass" in said.output, said.output
    (record,) = (tmp_path / "var" / "calibration").glob("*-touch.json")
    figures = {name: value for name, value, *_ in json.loads(record.read_bytes())["figures"]}
    assert figures["middle: off"] == 6.0 and figures["all: right"] == 6.0
    assert cv2.imread(str(record.with_suffix(".png"))) is not None


def test_an_agent_that_still_runs_is_said_to_be_in_the_way(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        said = tram(tmp_path, port, "--wide-mm", "531", "--high-mm", "299")
    assert said.exit_code == 2 and f":{port}" in said.output, said.output
