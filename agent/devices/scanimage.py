"""`scanimage` in a process of its own, so that a hung driver can be ended; its exit codes as faults."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from agent.devices.errors import (
    NoOriginal,
    ScannerBusy,
    ScannerCoverOpen,
    ScannerError,
    ScannerFailed,
    ScannerJammed,
    ScannerSilent,
    ScannerUnreachable,
)

PROBE_S = 5.0
"""How long a scanner may take to answer without scanning."""

_FAULTS: dict[int, type[ScannerError]] = {
    1: ScannerUnreachable,
    3: ScannerBusy,
    6: ScannerJammed,
    7: NoOriginal,
    8: ScannerCoverOpen,
    9: ScannerFailed,
}
"""The exit codes of `scanimage` are SANE status codes (SANE standard 1.06, 4.2.7); 1 is its own: no such device."""


class Scanimage:
    """One SANE device; `config_dir` holds SANE's own configuration, None takes the machine's."""

    def __init__(self, device: str, config_dir: Path | None) -> None:
        self._device = device
        self._env = {**os.environ, **({"SANE_CONFIG_DIR": str(config_dir)} if config_dir else {})}

    async def run(self, arguments: list[str], timeout_s: float) -> bytes:
        """Return what scanimage wrote; raise what its exit code stands for."""
        child = await self._start(arguments)
        try:
            out, words = await asyncio.wait_for(child.communicate(), timeout_s)
        except TimeoutError:
            raise ScannerSilent(f"{self._device} gave no picture within {timeout_s:.0f} s") from None
        finally:
            await _end(child)
        if child.returncode:
            fault = _FAULTS.get(child.returncode, ScannerFailed)
            raise fault(_last_words(words) or f"scanimage ended with {child.returncode}")
        return out

    async def _start(self, arguments: list[str]) -> asyncio.subprocess.Process:
        pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            return await asyncio.create_subprocess_exec(
                "scanimage", "-d", self._device, *arguments, stdin=none, stdout=pipe, stderr=pipe, env=self._env
            )
        except FileNotFoundError:
            raise ScannerUnreachable("scanimage is not installed") from None


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _last_words(words: bytes) -> str:
    return (words.decode(errors="replace").strip().splitlines() or [""])[-1]
