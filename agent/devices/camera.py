"""A camera: one still at full size, or a slow stream of small frames with the time of each."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from agent.devices.camera_sources import FolderSource, OpenCvSource, PiSource, Pixels, Source
from agent.devices.errors import CameraError, CameraLost, CameraSilent, CameraUnreachable
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Clock, Deadline, SystemClock

T = TypeVar("T")

STREAM_WIDTH = 640
"""Pixels across a streamed frame."""

FRAME_S = 3.0
"""A camera whose next frame takes longer is silent."""

_FOCUS_WIDTH = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture (height × width × 3 bytes, red first) and the monotonic second at which it was taken."""

    pixels: Pixels
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraStatus(DeviceStatus):
    """State; whether it is switched on, and whether exposure is held."""

    on: bool = False
    exposure_locked: bool = False


class Camera(ABC):
    """Takes pictures; it is on from the first picture to `close` and never else. Methods raise a CameraError."""

    @abstractmethod
    async def still(self, deadline: Deadline) -> Frame:
        """Return one frame at full size; raise CameraSilent where none comes before the deadline."""

    @abstractmethod
    def frames(self, per_second: float) -> AsyncIterator[Frame]:
        """Yield frames STREAM_WIDTH wide, at most this many a second, until the reader stops; raise CameraLost."""

    @abstractmethod
    async def lock_exposure(self, locked: bool) -> bool:
        """Hold exposure, gain and white balance as they are, or let them go; return whether the camera obeys."""

    @abstractmethod
    async def close(self) -> None:
        """Switch it off; the next picture switches it on again."""

    @abstractmethod
    async def status(self) -> CameraStatus:
        """Return what telemetry, doctor and dashboard all show, without switching the camera on."""

    async def self_test(self, deadline: Deadline) -> CameraStatus:
        """Take a still at full size and say how large and how sharp it is; switch the camera off where it was off."""
        before = await self.status()
        try:
            pixels = (await self.still(deadline)).pixels
            if not before.on:
                await self.close()
        except CameraError as fault:
            return CameraStatus.down(fault)
        height, width = pixels.shape[:2]
        return CameraStatus(state=DeviceState.READY, detail=f"{width} × {height}, sharpness {sharpness(pixels):.0f}")


def sharpness(pixels: Pixels) -> float:
    """Return the focus measure: the variance of the Laplacian of the grey picture, scaled to a width of 640.

    It compares pictures of one scene: the sharper one has more (Pech-Pacheco et al., ICPR 2000).
    """
    grey = np.asarray(_scaled(pixels, _FOCUS_WIDTH).convert("L"), dtype=np.float32)
    centre = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float(np.var(around - 4 * centre))


class _DrivenCamera(Camera):
    """A camera whose driver blocks, in a thread of its own."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="camera")
        self._on = self._locked = False

    async def still(self, deadline: Deadline) -> Frame:
        """Return one frame at full size."""
        return await self._take(deadline.remaining_s, full=True)

    async def frames(self, per_second: float) -> AsyncIterator[Frame]:
        """Yield frames until the reader stops."""
        while True:
            began_s = self._clock.monotonic()
            frame = await self._take(FRAME_S, full=False)
            yield Frame(pixels=np.asarray(_scaled(frame.pixels, STREAM_WIDTH)), at_s=frame.at_s)
            await self._clock.sleep(max(0.0, began_s + 1 / per_second - self._clock.monotonic()))

    async def lock_exposure(self, locked: bool) -> bool:
        """Hold or let go exposure, gain and white balance."""
        await self._switch_on(FRAME_S)
        obeys = await self._do(lambda: self._source.lock_exposure(locked), FRAME_S)
        self._locked = locked and obeys
        return obeys

    async def close(self) -> None:
        """Switch it off."""
        if self._on:
            self._on = self._locked = False
            await self._do(self._source.close, FRAME_S)

    async def status(self) -> CameraStatus:
        """Return BUSY while it is on, DOWN where it is not there."""
        if self._on:
            return CameraStatus(state=DeviceState.BUSY, detail="on", on=True, exposure_locked=self._locked)
        if await asyncio.to_thread(self._source.present):
            return CameraStatus(state=DeviceState.READY, detail="there, switched off")
        fault = CameraUnreachable()
        return CameraStatus.down(fault)

    async def _take(self, within_s: float, *, full: bool) -> Frame:
        was_on = self._on
        await self._switch_on(within_s)
        pixels = await self._do(lambda: self._source.read(full=full), within_s)
        if pixels is None:
            await self.close()
            raise CameraLost("no further frame came") if was_on else CameraSilent("it opened, and no frame came")
        return Frame(pixels=pixels, at_s=self._clock.monotonic())

    async def _switch_on(self, within_s: float) -> None:
        if not self._on:
            await self._do(self._source.open, within_s)
            self._on = True

    async def _do(self, work: Callable[[], T], within_s: float) -> T:
        """Return what the driver gives; one that hangs keeps its thread, and every call says so until it is back."""
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.wait_for(asyncio.shield(done), within_s)
        except TimeoutError:
            raise CameraSilent(f"its driver did not answer within {within_s:.1f} s") from None


class PiCamera(_DrivenCamera):
    """A camera on the ribbon cable of a Raspberry Pi."""

    def __init__(self, number: int = 0, *, clock: Clock | None = None) -> None:
        super().__init__(PiSource(number, (STREAM_WIDTH, STREAM_WIDTH * 3 // 4)), clock or SystemClock())


class OpenCvCamera(_DrivenCamera):
    """A V4L2 camera at `/dev/video0`, or a film as its stand-in."""

    def __init__(self, path: Path, *, width: int = 4096, height: int = 3072, clock: Clock | None = None) -> None:
        super().__init__(OpenCvSource(path, (width, height)), clock or SystemClock())


class FolderCamera(_DrivenCamera):
    """A stand-in: the pictures of a folder, over and over."""

    def __init__(self, folder: Path, *, clock: Clock | None = None) -> None:
        super().__init__(FolderSource(folder), clock or SystemClock())


class SimulatedCamera(Camera):
    """A camera whose pictures and next fault are chosen by the test."""

    def __init__(self, pictures: Sequence[Pixels], clock: Clock) -> None:
        self.pictures, self.locked = list(pictures), False
        self._clock, self._shown = clock, 0
        self.fault: CameraError | None = None

    async def still(self, deadline: Deadline) -> Frame:
        """Return the next picture, or raise the chosen fault."""
        if self.fault:
            raise self.fault
        pixels = self.pictures[self._shown % len(self.pictures)]
        self._shown += 1
        return Frame(pixels=pixels, at_s=self._clock.monotonic())

    async def frames(self, per_second: float) -> AsyncIterator[Frame]:
        """Yield the pictures over and over."""
        while True:
            yield await self.still(Deadline.after(self._clock, FRAME_S))
            await self._clock.sleep(1 / per_second)

    async def lock_exposure(self, locked: bool) -> bool:
        """Obey."""
        self.locked = locked
        return True

    async def close(self) -> None:
        """Begin anew."""
        self._shown = 0

    async def status(self) -> CameraStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return CameraStatus.down(self.fault)
        return CameraStatus(state=DeviceState.READY, detail="simulated", exposure_locked=self.locked)


def _scaled(pixels: Pixels, width: int) -> Image.Image:
    picture = Image.fromarray(pixels)
    if picture.width <= width:
        return picture
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.BILINEAR)
