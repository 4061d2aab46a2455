"""The loudspeaker and the socket for a headset, through which the screen is read aloud (EN 301 549, 5.1.3)."""

import asyncio
import io
import wave
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agent.devices.errors import LoudspeakerUnreachable
from agent.devices.status import DeviceState, DeviceStatus
from agent.whole_file import write_whole
from contract.clock import Clock, SystemClock

ANSWER_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudspeakerStatus(DeviceStatus):
    """Whether a headset is plugged in; None where the socket can't tell."""

    headset: bool | None = None


class Loudspeaker(ABC):
    """Plays one sound at a time."""

    @abstractmethod
    async def play(self, sound: bytes) -> None:
        """Play a WAV file to its end; cancelled, it is silent at once. Raise LoudspeakerUnreachable."""

    @abstractmethod
    async def headset(self) -> bool | None:
        """Return whether a headset is plugged in, None where that can't be known."""

    @abstractmethod
    async def status(self) -> LoudspeakerStatus:
        """Return READY where there is something to play on."""


class AlsaLoudspeaker(Loudspeaker):
    """`aplay` on an ALSA device; `jack` is the control of `card` that tells of a headset (`amixer -c N contents`)."""

    def __init__(self, device: str = "default", *, card: str = "0", jack: str = "") -> None:
        self._device, self._card, self._jack = device, card, jack

    async def play(self, sound: bytes) -> None:
        """Let aplay play it."""
        code, words = await _run(["aplay", "-q", "-D", self._device, "-"], sound)
        if code:
            raise LoudspeakerUnreachable(words or f"aplay ended with {code}")

    async def headset(self) -> bool | None:
        """Ask the jack's control."""
        if not self._jack:
            return None
        try:
            control = f"iface=CARD,name='{self._jack}'"
            code, words = await asyncio.wait_for(_run(["amixer", "-c", self._card, "cget", control]), ANSWER_S)
        except (LoudspeakerUnreachable, TimeoutError):
            return None
        return None if code else "values=on" in words.rpartition(":")[2]

    async def status(self) -> LoudspeakerStatus:
        """Look whether ALSA knows the device."""
        try:
            code, words = await asyncio.wait_for(_run(["aplay", "-L"]), ANSWER_S)
        except (LoudspeakerUnreachable, TimeoutError) as fault:
            return _down(str(fault))
        if code or not _is_listed(self._device, words):
            return _down(f"ALSA has no device {self._device}")
        return LoudspeakerStatus(state=DeviceState.READY, detail=self._device, headset=await self.headset())


class SimulatedLoudspeaker(Loudspeaker):
    """Writes what it plays to numbered WAV files of a folder, and takes as long as they last."""

    def __init__(self, folder: Path, *, clock: Clock | None = None) -> None:
        self.plugged = False
        self._folder, self._clock, self._number = folder, clock or SystemClock(), 0

    @property
    def heard(self) -> list[Path]:
        """What was begun, oldest first."""
        return sorted(self._folder.glob("*.wav"))

    async def play(self, sound: bytes) -> None:
        """Write it, and wait."""
        self._number += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{self._number:06d}.wav", sound)
        await self._clock.sleep(seconds(sound))

    async def headset(self) -> bool | None:
        """Return what the test has plugged in."""
        return self.plugged

    async def status(self) -> LoudspeakerStatus:
        """Return READY."""
        return LoudspeakerStatus(state=DeviceState.READY, detail="simulated", headset=self.plugged)


def seconds(sound: bytes) -> float:
    """Return how long a WAV file plays."""
    with wave.open(io.BytesIO(sound)) as opened:
        return float(opened.getnframes() / opened.getframerate())


async def _run(command: list[str], given: bytes = b"") -> tuple[int, str]:
    """Return a program's exit code and words; it ends with us. Raise LoudspeakerUnreachable where it is not there."""
    pipe = asyncio.subprocess.PIPE
    try:
        child = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT
        )
    except FileNotFoundError:
        raise LoudspeakerUnreachable(f"the program {command[0]} is not installed") from None
    try:
        out, _ = await child.communicate(given)
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return child.returncode or 0, out.decode(errors="replace").strip()


def _is_listed(device: str, listing: str) -> bool:
    names = {line.strip() for line in listing.splitlines() if line and not line[0].isspace()}
    return device in names or device.startswith(("hw:", "plughw:"))


def _down(detail: str) -> LoudspeakerStatus:
    return LoudspeakerStatus.down(LoudspeakerUnreachable(detail))
