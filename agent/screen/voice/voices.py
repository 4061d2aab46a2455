"""Where a sentence's sound comes from: recorded if there is a recording, else by Piper, else by espeak-ng.

espeak-ng (GPL-3) and Piper are programs of their own, run as child processes; nothing of them is linked here.
"""

import asyncio
import hashlib
import io
import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from agent.screen.page.state import MOST_VOLUME, Language

SPEAK_S: Final = 10.0
"""How long a program may take to make one sentence."""
_WORDS_A_MINUTE: Final = "145"


class Voice(Protocol):
    """Makes sound of a sentence."""

    async def sound(self, text: str, language: Language) -> bytes | None:
        """Return a WAV file that says `text`, None where this voice can't."""


class Recorded:
    """A pack of recordings: `vi/<name>.wav` under `folder`, each under the name of its sentence (`name_of`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def sound(self, text: str, language: Language) -> bytes | None:
        """Return the recording of this very sentence."""
        path = self._folder / language / f"{name_of(text)}.wav"
        return await asyncio.to_thread(path.read_bytes) if path.is_file() else None


class Piper:
    """Neural speech by the `piper` program with a model of its format (.onnx) for a language."""

    def __init__(self, models: Mapping[Language, Path], program: str = "piper") -> None:
        self._models, self._program = models, program

    async def sound(self, text: str, language: Language) -> bytes | None:
        """Let piper say it."""
        if language not in self._models:
            return None
        return await _made([self._program, "--model", str(self._models[language]), "--output_file", "-"], text)


class Espeak:
    """The voice that is always there."""

    def __init__(self, program: str = "espeak-ng") -> None:
        self._program = program

    async def sound(self, text: str, language: Language) -> bytes | None:
        """Let espeak-ng say it."""
        return await _made([self._program, "-v", language, "-s", _WORDS_A_MINUTE, "--stdin", "--stdout"], text)


class First:
    """The first of several voices that can say a sentence."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = voices

    async def sound(self, text: str, language: Language) -> bytes | None:
        """Ask one after the other."""
        for each in self._voices:
            if (made := await each.sound(text, language)) is not None:
                return made
        return None


def of(pack: Path | None, models: Mapping[Language, Path | None]) -> Voice:
    """Return the best voice that is provisioned, with espeak-ng for what it can't say."""
    there = {language: model for language, model in models.items() if model}
    better: list[Voice] = [*([Recorded(pack)] if pack else []), *([Piper(there)] if there else [])]
    return First([*better, Espeak()])


def name_of(text: str) -> str:
    """Return the name under which a sentence's recording lies: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def at_volume(sound: bytes, volume: int) -> bytes:
    """Return 16-bit WAV at a volume of 1 to MOST_VOLUME, each step 6 dB, the highest as it was made."""
    with wave.open(io.BytesIO(sound)) as opened:
        shape, frames = opened.getparams(), opened.readframes(opened.getnframes())
    quieter = np.frombuffer(frames[: len(frames) // 2 * 2], "<i2") * 0.5 ** (MOST_VOLUME - volume)
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(shape.nchannels)
        written.setsampwidth(shape.sampwidth)
        written.setframerate(shape.framerate)
        written.writeframes(quieter.astype("<i2").tobytes())
    return out.getvalue()


async def _made(command: Sequence[str], text: str) -> bytes | None:
    """Return what a program writes of `text`; None where it is not there, fails, hangs, or writes no sound."""
    pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=none)
    except OSError:
        return None
    try:
        out, _ = await asyncio.wait_for(child.communicate(text.encode()), SPEAK_S)
    except TimeoutError:
        return None
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return out if child.returncode == 0 and out.startswith(b"RIFF") else None
