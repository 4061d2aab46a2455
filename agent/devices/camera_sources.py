"""Where frames come from: picamera2 on a Pi, OpenCV over V4L2 or a film, a folder of pictures. All of it blocks."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from agent.devices.errors import CameraSilent, CameraUnreachable

Pixels = NDArray[np.uint8]
"""Height × width × 3, red first."""

SYSTEM_PACKAGES = Path("/usr/lib/python3/dist-packages")
"""Debian's and Raspberry Pi OS's own Python packages (Debian Python Policy, section 2.5)."""

_PICTURES = (".png", ".jpg", ".jpeg", ".ppm", ".webp")
_V4L2_MANUAL, _V4L2_AUTO = 1, 3  # V4L2_EXPOSURE_MANUAL, V4L2_EXPOSURE_APERTURE_PRIORITY


class Source(Protocol):
    """A camera as its driver has it."""

    def present(self) -> bool:
        """Return whether it is there, without switching it on."""

    def open(self) -> None:
        """Switch it on; raise CameraUnreachable."""

    def read(self, *, full: bool) -> Pixels | None:
        """Return the picture of now, `full` size or as it streams; None where none came. Raise CameraSilent."""

    def lock_exposure(self, locked: bool) -> bool:
        """Hold exposure, gain and white balance as they are, or let them go; return whether the camera obeys."""

    def close(self) -> None:
        """Switch it off."""


def _red_first(frame: Pixels) -> Pixels:
    """Return OpenCV's frame with red first; one without colours, as some cameras give, has the same three times."""
    height, width = frame.shape[:2]
    return np.ascontiguousarray(np.broadcast_to(np.atleast_3d(frame), (height, width, 3))[:, :, ::-1])


class OpenCvSource:
    """A V4L2 camera (`/dev/video0`) or a film; a film begins anew at its end."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._path, self._size = path, size
        self._live = path.is_relative_to("/dev")
        self._capture: Any = None

    def present(self) -> bool:
        """Return whether the node or file exists."""
        return self._path.exists()

    def open(self) -> None:
        """Open it at the largest size it has up to `size`."""
        cv2 = importlib.import_module("cv2")  # 65 MB that a kiosk without such a camera does without
        if not self._path.exists():
            raise CameraUnreachable(f"there is no {self._path}")
        self._capture = cv2.VideoCapture(str(self._path), cv2.CAP_V4L2 if self._live else cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise CameraUnreachable(f"{self._path} does not open as a camera or film")
        if self._live:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self, *, full: bool) -> Pixels | None:
        """Return the next frame; of a camera the one that waited in its buffer is skipped."""
        if self._live:
            self._capture.grab()
        came, frame = self._capture.read()
        if not came and not self._live:
            self._capture.set(importlib.import_module("cv2").CAP_PROP_POS_FRAMES, 0)
            came, frame = self._capture.read()
        return _red_first(self._in_rows(frame)) if came else None

    def _in_rows(self, frame: Pixels) -> Pixels:
        """Return the frame in its rows; a camera's own BGR OpenCV 4.11 hands on as one row. Raise CameraSilent."""
        if not self._live or frame.shape[0] > 1:
            return frame
        cv2 = importlib.import_module("cv2")
        height, width = (int(self._capture.get(each)) for each in (cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_WIDTH))
        if frame.size not in (height * width, 3 * height * width):
            raise CameraSilent(f"its frame of {width} × {height} has {frame.size} bytes, in a form that is not known")
        return frame.reshape(height, width, -1)

    def lock_exposure(self, locked: bool) -> bool:
        """Set V4L2's manual exposure at its present value, white balance and focus likewise."""
        cv2 = importlib.import_module("cv2")
        exposure = self._capture.get(cv2.CAP_PROP_EXPOSURE)
        obeys = bool(self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, _V4L2_MANUAL if locked else _V4L2_AUTO))
        if locked and obeys:
            self._capture.set(cv2.CAP_PROP_EXPOSURE, exposure)
        for automatic in (cv2.CAP_PROP_AUTO_WB, cv2.CAP_PROP_AUTOFOCUS):
            self._capture.set(automatic, 0 if locked else 1)
        return obeys

    def close(self) -> None:
        """Let it go."""
        self._capture.release()


class FolderSource:
    """Pictures in a folder, in the order of their names, over and over."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._shown = folder, 0

    def present(self) -> bool:
        """Return whether the folder exists."""
        return self._folder.is_dir()

    def open(self) -> None:
        """Begin with the first picture."""
        if not self._folder.is_dir():
            raise CameraUnreachable(f"there is no folder {self._folder}")
        self._shown = 0

    def read(self, *, full: bool) -> Pixels | None:
        """Return the next picture."""
        pictures = sorted(path for path in self._folder.glob("*") if path.suffix.lower() in _PICTURES)
        if not pictures:
            return None
        path = pictures[self._shown % len(pictures)]
        self._shown += 1
        try:
            with Image.open(path) as picture:
                return np.asarray(picture.convert("RGB"))
        except (UnidentifiedImageError, OSError):
            return None

    def lock_exposure(self, locked: bool) -> bool:
        """Pictures have no exposure to hold."""
        return False

    def close(self) -> None:
        """Nothing is open."""


class _PiCamera2(Protocol):
    """What of picamera2.Picamera2 is used (0.3.38)."""

    def create_video_configuration(self, **streams: Any) -> Any: ...
    def create_still_configuration(self, **streams: Any) -> Any: ...
    def configure(self, configuration: Any) -> Any: ...
    def start(self) -> Any: ...
    def capture_array(self, name: str) -> Pixels: ...
    def capture_metadata(self) -> Mapping[str, Any]: ...
    def switch_mode_and_capture_array(self, configuration: Any, name: str) -> Pixels: ...
    def set_controls(self, controls: Mapping[str, Any]) -> Any: ...
    def close(self) -> Any: ...


def _picamera2() -> ModuleType:
    """Return Raspberry Pi OS's package, which a slot's environment does not hold; raise ImportError.

    It is looked for last, so that no other package of the system takes the place of a locked one.
    """
    if (SYSTEM_PACKAGES / "picamera2").is_dir() and str(SYSTEM_PACKAGES) not in sys.path:
        sys.path.append(str(SYSTEM_PACKAGES))
    return importlib.import_module("picamera2")


class PiSource:
    """A camera on a Pi's ribbon cable; picamera2 is there on a Pi only and imported when it is opened."""

    _RED_FIRST = "BGR888"  # libcamera names the bytes of a little-endian word

    def __init__(self, number: int, stream_size: tuple[int, int]) -> None:
        self._number, self._stream_size = number, stream_size
        self._camera: _PiCamera2 | None = None

    def present(self) -> bool:
        """Return whether libcamera lists it."""
        try:
            library = _picamera2()
        except ImportError:
            return False
        return self._number < len(library.Picamera2.global_camera_info())

    def open(self) -> None:
        """Start its stream."""
        try:
            self._camera = self._make()
        except (ImportError, IndexError, RuntimeError) as fault:
            raise CameraUnreachable(f"camera {self._number} of this Pi: {fault}") from fault
        stream = {"size": self._stream_size, "format": self._RED_FIRST}
        self._camera.configure(self._camera.create_video_configuration(main=stream))
        self._camera.start()

    def read(self, *, full: bool) -> Pixels | None:
        """Return the frame of now; a full one switches the sensor's mode and back."""
        if self._camera is None:
            return None
        if not full:
            return self._camera.capture_array("main")
        still = self._camera.create_still_configuration(main={"format": self._RED_FIRST})
        return self._camera.switch_mode_and_capture_array(still, "main")

    def lock_exposure(self, locked: bool) -> bool:
        """Hold what the automatics have found."""
        if self._camera is None:
            return False
        controls: dict[str, Any] = {"AeEnable": not locked, "AwbEnable": not locked}
        if locked:
            found = self._camera.capture_metadata()
            controls |= {name: found[name] for name in ("ExposureTime", "AnalogueGain", "ColourGains")}
        self._camera.set_controls(controls)
        return True

    def close(self) -> None:
        """Switch it off."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None

    def _make(self) -> _PiCamera2:
        camera: _PiCamera2 = _picamera2().Picamera2(self._number)
        return camera
