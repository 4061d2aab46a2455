"""`scanimage` in a process of its own, so that a hung driver can be ended; its exit codes as faults."""

import asyncio
import os
import re
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

CLOSING_S = 3.0
"""How long scanimage may take to end after it has told a fault: drivers are known to hang when a scan is cancelled."""

_FAULTS: dict[int, type[ScannerError]] = {
    1: ScannerUnreachable,
    3: ScannerBusy,
    6: ScannerJammed,
    7: NoOriginal,
    8: ScannerCoverOpen,
    9: ScannerFailed,
}
"""The exit codes of `scanimage` are SANE status codes (SANE standard 1.06, 4.2.7); 1 is its own: no such device."""

_FAILED = 9

_STATUSES = {
    b"Device busy": 3,
    b"Document feeder jammed": 6,
    b"Document feeder out of documents": 7,
    b"Scanner cover is open": 8,
}
"""The words of `sane_strstatus` for them; any other is a scanner that failed."""

_FAULT_TOLD = re.compile(rb"^scanimage: sane_(?:start|read): (.*)$", re.MULTILINE)


class Scanimage:
    """One SANE device; `config_dir` holds SANE's own configuration, None takes the machine's."""

    def __init__(self, device: str, config_dir: Path | None) -> None:
        self._device = device
        self._env = {**os.environ, **({"SANE_CONFIG_DIR": str(config_dir)} if config_dir else {})}

    async def run(self, arguments: list[str], timeout_s: float) -> bytes:
        """Return what scanimage wrote; raise what its exit code stands for, or its words where it hangs after them."""
        child = await self._start(arguments)
        out, words = bytearray(), bytearray()
        try:
            async with asyncio.timeout(timeout_s) as limit:
                await asyncio.gather(_take(child.stdout, out), _take_words(child.stderr, words, limit))
                code = await child.wait()
        except TimeoutError:
            code = _code_told(words)
            if not code:
                raise ScannerSilent(f"{self._device} gave no picture within {timeout_s:.0f} s") from None
        finally:
            await _end(child)
        if code:
            raise _FAULTS.get(code, ScannerFailed)(_last_words(words) or f"scanimage ended with {code}")
        return bytes(out)

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


async def _take(stream: asyncio.StreamReader | None, into: bytearray) -> None:
    while stream and (chunk := await stream.read(1 << 16)):
        into += chunk


async def _take_words(stream: asyncio.StreamReader | None, into: bytearray, limit: asyncio.Timeout) -> None:
    """Take in what scanimage says; a fault that it tells is its end, soon."""
    closing = False
    while stream and (chunk := await stream.read(1 << 16)):
        into += chunk
        if not closing and (closing := _FAULT_TOLD.search(into) is not None):
            soon = asyncio.get_running_loop().time() + CLOSING_S
            limit.reschedule(min(soon, limit.when() or soon))


def _code_told(words: bytearray) -> int:
    told = _FAULT_TOLD.search(words)
    return _STATUSES.get(bytes(told[1]).strip(), _FAILED) if told else 0


def _last_words(words: bytearray) -> str:
    return (words.decode(errors="replace").strip().splitlines() or [""])[-1]
