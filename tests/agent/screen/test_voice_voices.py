"""Where the sound comes from; espeak-ng is the real program, Piper's place is held by one that writes what it got."""

import io
import itertools
import stat
import wave
from pathlib import Path

import numpy as np
import pytest

from agent.devices.loudspeaker import seconds
from agent.screen.page.state import MOST_VOLUME
from agent.screen.voice.voices import Espeak, First, Piper, Recorded, at_volume, name_of, of


def tone(peak: int = 16_000, seconds_: float = 0.2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(22_050)
        moments = np.arange(int(22_050 * seconds_))
        written.writeframes((peak * np.sin(moments / 8)).astype("<i2").tobytes())
    return out.getvalue()


def loudness(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as opened:
        return float(np.abs(np.frombuffer(opened.readframes(10**7), "<i2").astype(float)).mean())


@pytest.mark.parametrize(("text", "language"), [("Đặt giấy lên mặt kính", "vi"), ("Lay the paper on the glass", "en")])
async def test_espeak_says_both_languages(text: str, language: str) -> None:
    sound = await Espeak().sound(text, language)  # type: ignore[arg-type]
    assert sound is not None
    heard = at_volume(sound, MOST_VOLUME)
    assert 0.5 < seconds(heard) < 5 and loudness(heard) > 100


async def test_a_program_that_is_not_there_or_fails_is_no_voice() -> None:
    assert await Espeak("no-such-program").sound("a", "vi") is None
    assert await Espeak("/bin/false").sound("a", "vi") is None
    assert await Espeak("/bin/cat").sound("no sound", "vi") is None


async def test_a_recording_comes_before_piper_and_piper_before_espeak(tmp_path: Path) -> None:
    piper = tmp_path / "piper"
    (tmp_path / "piper.wav").write_bytes(tone())
    piper.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat > {tmp_path}/said\ncat {tmp_path}/piper.wav\n')
    piper.chmod(piper.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "pack/vi").mkdir(parents=True)
    (tmp_path / f"pack/vi/{name_of('Xin chờ')}.wav").write_bytes(tone(seconds_=0.4))
    model = tmp_path / "vi.onnx"
    voice = First([Recorded(tmp_path / "pack"), Piper({"vi": model}, str(piper)), Espeak()])
    assert await voice.sound("Xin chờ", "vi") == tone(seconds_=0.4)
    assert await voice.sound("Xin lấy giấy", "vi") == tone()
    assert (tmp_path / "said").read_text() == "Xin lấy giấy"
    assert (tmp_path / "asked").read_text().split() == ["--model", str(model), "--output_file", "-"]
    english = await voice.sound("Please wait", "en")
    assert english is not None and english not in (tone(), tone(seconds_=0.4))


async def test_a_kiosk_without_a_pack_speaks_all_the_same() -> None:
    assert await of(None, {"vi": None, "en": None}).sound("Một", "vi")


def test_each_step_of_the_volume_halves_the_amplitude() -> None:
    loud = [loudness(at_volume(tone(), volume)) for volume in range(1, MOST_VOLUME + 1)]
    assert loud[-1] == pytest.approx(loudness(tone()), rel=0.01)
    assert [b / a for a, b in itertools.pairwise(loud)] == pytest.approx([2] * (MOST_VOLUME - 1), rel=0.01)
