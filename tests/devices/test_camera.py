"""Cameras against a film, a folder and a recorded Pi: full stills, a stream with times, and each way of having none."""

import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter

from agent.devices import camera_sources
from agent.devices.camera import STREAM_WIDTH, Camera, FolderCamera, OpenCvCamera, PiCamera, SimulatedCamera, sharpness
from agent.devices.camera_sources import PiSource, Pixels
from agent.devices.errors import CameraError, CameraLost, CameraSilent, CameraUnreachable
from agent.devices.status import DeviceState
from contract.clock import Deadline, SimulatedClock, SystemClock

SIZE = (1280, 960)


def picture(number: int) -> Image.Image:
    page = Image.new("RGB", SIZE, (250, 250, 240))
    page.paste((200, 30, 20), (100 + 40 * number, 100, 400 + 40 * number, 500))
    for row in range(520, 900, 16):
        page.paste((20, 20, 20), (100, row, 1100, row + 6))
    return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pictures"
    place.mkdir()
    for number in range(3):
        picture(number).save(place / f"{number}.png")
    return place


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, SIZE)
    for number in range(5):
        writer.write(np.asarray(picture(number))[:, :, ::-1])
    writer.release()
    return path


async def some(camera: Camera, count: int, per_second: float = 50) -> list[Any]:
    taken = []
    async for frame in camera.frames(per_second):
        taken.append(frame)
        if len(taken) == count:
            return taken
    return taken


async def test_film_gives_full_stills_with_red_first_and_begins_anew_at_its_end(film: Path, soon: Deadline) -> None:
    camera = OpenCvCamera(film)
    frame = await camera.still(soon)
    assert frame.pixels.shape == (960, 1280, 3)
    red, green, blue = frame.pixels[300, 250].tolist()
    assert red > 150 and green < 80 and blue < 80
    assert len(await some(camera, 8)) == 8
    await camera.close()


async def test_stream_is_small_keeps_its_pace_and_stamps_each_frame(folder: Path) -> None:
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    frames = await some(FolderCamera(folder, clock=clock), 4, per_second=5)
    assert {frame.pixels.shape for frame in frames} == {(480, STREAM_WIDTH, 3)}
    assert [frame.at_s for frame in frames] == pytest.approx([0.0, 0.2, 0.4, 0.6])


async def test_camera_is_on_only_between_first_picture_and_close(folder: Path, soon: Deadline) -> None:
    camera = FolderCamera(folder)
    assert not (await camera.status()).on
    await camera.still(soon)
    assert ((await camera.status()).state, (await camera.status()).on) == (DeviceState.BUSY, True)
    await camera.close()
    assert (await camera.status()).state is DeviceState.READY


@pytest.mark.parametrize("path", ["/dev/video-that-is-not-there", "no-film.avi"])
async def test_camera_that_is_not_there_is_named(path: str, soon: Deadline) -> None:
    camera = OpenCvCamera(Path(path))
    with pytest.raises(CameraUnreachable, match=path):
        await camera.still(soon)
    status = await camera.status()
    assert (status.state, status.remedy) == (DeviceState.DOWN, CameraUnreachable.remedy)


async def test_file_that_is_no_film_is_no_camera(tmp_path: Path, soon: Deadline) -> None:
    (tmp_path / "film.avi").write_text("no film")
    with pytest.raises(CameraUnreachable):
        await OpenCvCamera(tmp_path / "film.avi").still(soon)


async def test_no_frame_at_the_beginning_and_none_in_between_are_two_faults(folder: Path, soon: Deadline) -> None:
    camera = FolderCamera(folder)
    stream = camera.frames(50)
    assert (await anext(stream)).pixels.any()
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    for path in kept:
        path.unlink()
    with pytest.raises(CameraLost):
        await anext(stream)
    with pytest.raises(CameraSilent):
        await camera.still(soon)
    for path, data in kept.items():
        path.write_bytes(data)
    assert (await camera.still(soon)).pixels.shape == (960, 1280, 3)


async def test_driver_that_hangs_is_silent_at_the_deadline_and_usable_when_it_is_back(folder: Path) -> None:
    camera, back = FolderCamera(folder), threading.Event()
    camera._thread.submit(back.wait)
    with pytest.raises(CameraSilent, match=r"within 0\.2 s"):
        await camera.still(Deadline.after(SystemClock(), 0.2))
    back.set()
    assert (await camera.still(Deadline.after(SystemClock(), 5))).pixels.any()


async def test_driver_that_hangs_while_it_is_switched_off_is_told_by_the_self_test(
    folder: Path, soon: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera, back = FolderCamera(folder), threading.Event()
    monkeypatch.setattr("agent.devices.camera.FRAME_S", 0.05)
    monkeypatch.setattr(camera._source, "close", back.wait)
    try:
        status = await camera.self_test(soon)
    finally:
        back.set()
    assert status.state is DeviceState.DOWN and "did not answer within" in status.detail


def test_focus_measure_is_higher_for_the_sharper_picture_of_a_scene() -> None:
    sharp = picture(0)
    blurred = [np.asarray(sharp.filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 2, 4, 8)]
    measured = [sharpness(pixels) for pixels in blurred]
    assert measured == sorted(measured, reverse=True) and measured[0] > 10 * measured[2]


async def test_stand_ins_say_that_they_cannot_hold_exposure(folder: Path) -> None:
    camera = FolderCamera(folder)
    assert await camera.lock_exposure(True) is False
    assert not (await camera.status()).exposure_locked


class RecordedPi:
    """Answers as picamera2 does and notes what it was told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def create_video_configuration(self, **streams: Any) -> Any:
        return ("video", streams)

    def create_still_configuration(self, **streams: Any) -> Any:
        return ("still", streams)

    def configure(self, configuration: Any) -> None:
        self.told.append(configuration)

    def start(self) -> None:
        self.told.append("start")

    def capture_array(self, name: str) -> Pixels:
        return np.zeros((480, 640, 3), np.uint8)

    def capture_metadata(self) -> Mapping[str, Any]:
        return {"ExposureTime": 9_000, "AnalogueGain": 1.5, "ColourGains": (1.8, 1.4), "Lux": 300.0}

    def switch_mode_and_capture_array(self, configuration: Any, name: str) -> Pixels:
        self.told.append(configuration)
        return np.zeros((3072, 4096, 3), np.uint8)

    def set_controls(self, controls: Mapping[str, Any]) -> None:
        self.told.append(dict(controls))

    def close(self) -> None:
        self.told.append("closed")


async def test_pi_camera_switches_mode_for_a_still_and_holds_what_the_automatics_found(soon: Deadline) -> None:
    recorded, camera = RecordedPi(), PiCamera()
    assert isinstance(camera._source, PiSource)
    camera._source._make = lambda: recorded  # type: ignore[method-assign]
    assert (await camera.still(soon)).pixels.shape == (3072, 4096, 3)
    assert await camera.lock_exposure(True)
    assert recorded.told[-1] == {
        "AeEnable": False, "AwbEnable": False, "ExposureTime": 9_000, "AnalogueGain": 1.5, "ColourGains": (1.8, 1.4),
    }  # fmt: skip
    assert (await camera.status()).exposure_locked
    await camera.close()
    assert recorded.told[-1] == "closed"


async def test_pi_camera_finds_the_systems_own_picamera2_after_every_locked_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "picamera2").mkdir()
    (tmp_path / "picamera2/__init__.py").write_text(
        "import numpy\nclass Picamera2:\n    global_camera_info = staticmethod(lambda: [numpy.__version__])\n"
    )
    (tmp_path / "numpy.py").write_text("raise ImportError('the system has its own')")
    monkeypatch.setattr(camera_sources, "SYSTEM_PACKAGES", tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "picamera2", None)
    monkeypatch.delitem(sys.modules, "picamera2")
    assert PiSource(0, (640, 480)).present()
    assert not PiSource(1, (640, 480)).present()


async def test_pi_camera_elsewhere_says_that_its_software_is_missing(soon: Deadline) -> None:
    with pytest.raises(CameraUnreachable, match="picamera2"):
        await PiCamera().still(soon)
    assert (await PiCamera().status()).state is DeviceState.DOWN


async def test_simulated_camera_raises_the_chosen_fault_until_it_is_cleared(soon: Deadline) -> None:
    camera = SimulatedCamera([np.asarray(picture(0))], SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    camera.fault = CameraLost()
    with pytest.raises(CameraError):
        await some(camera, 1)
    camera.fault = None
    assert len(await some(camera, 2)) == 2


class OpenCvDouble:
    """Gives one frame, of a camera that says it has 3 × 2 pixels."""

    def __init__(self, frame: Pixels) -> None:
        self._frame = frame

    def grab(self) -> bool:
        return True

    def read(self) -> tuple[bool, Pixels]:
        return True, self._frame

    def get(self, name: int) -> float:
        return {cv2.CAP_PROP_FRAME_WIDTH: 3.0, cv2.CAP_PROP_FRAME_HEIGHT: 2.0}[name]


@pytest.mark.parametrize("shape", [(2, 3), (1, 6)], ids=["in rows", "one row"])
def test_camera_without_colours_gives_grey_in_three(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]) -> None:
    grey = np.arange(6, dtype=np.uint8)
    source = camera_sources.OpenCvSource(Path("/dev/video0"), (640, 480))
    monkeypatch.setattr(source, "_capture", OpenCvDouble(grey.reshape(shape)))
    pixels = source.read(full=True)
    assert pixels is not None and pixels.shape == (2, 3, 3)
    assert all(np.array_equal(pixels[:, :, channel], grey.reshape(2, 3)) for channel in range(3))


def test_camera_whose_own_bgr_comes_as_one_row_gives_rows_with_red_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As OpenCV 4.11 reads V4L2's BGR3, which the kernel's simulated camera has."""
    blue_first = np.arange(18, dtype=np.uint8)
    source = camera_sources.OpenCvSource(Path("/dev/video0"), (640, 480))
    monkeypatch.setattr(source, "_capture", OpenCvDouble(blue_first.reshape(1, 18)))
    pixels = source.read(full=True)
    assert pixels is not None and pixels.shape == (2, 3, 3)
    assert pixels[0, 0].tolist() == [2, 1, 0] and pixels[1, 2].tolist() == [17, 16, 15]


async def test_frame_of_an_unknown_form_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, soon: Deadline
) -> None:
    camera = OpenCvCamera(tmp_path)
    monkeypatch.setattr(camera._source, "_live", True)
    monkeypatch.setattr(camera._source, "open", lambda: None)
    monkeypatch.setattr(camera._source, "_capture", OpenCvDouble(np.zeros((1, 7), np.uint8)))
    status = await camera.self_test(soon)
    assert status.state is DeviceState.DOWN and "7 bytes" in status.detail
