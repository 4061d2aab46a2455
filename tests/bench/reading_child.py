"""One reader in a process of its own: what it reads, in how much processor time, and the most memory it held.

Processor time counts reading alone, not loading nor decoding the picture; of a reader that is a command (Tesseract) it
counts the command, which loads its model once for all lines and once a page. Memory is VmHWM of that same process:
`ru_maxrss` would count what the parent held when it started the child.
"""

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import psutil

from tests.bench import reading_readers

_COMMANDS = (reading_readers.TESSERACT, reading_readers.TESSERACT_BEST)
_NOT_HERE = 3
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}


class NotHere(Exception):
    """A peer, a model or a data set is missing; the text says which."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Read these files of lines or of pages with one reader."""

    reader: str
    task: Literal["lines", "pages"]
    files: tuple[Path, ...]
    tessdata: Path | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of each file (of a line one text), the processor seconds in all, and the peak of memory in MB."""

    texts: tuple[tuple[str, ...], ...]
    seconds: float
    rss_mb: float


def read_apart(job: Job) -> Reading:
    """Return what a fresh process reads; raise NotHere if the reader is not installed."""
    if job.reader == reading_readers.TESSERACT_BEST and job.tessdata is None:
        raise NotHere("Debian has no package of it: --tessdata DIR names a folder with its vie.traineddata")
    command = [sys.executable, "-m", "tests.bench.reading_child"]
    environment = {**os.environ, **_ONE_THREAD}
    child = subprocess.run(
        command, input=msgspec.json.encode(job, enc_hook=str), stdout=subprocess.PIPE, check=False, env=environment
    )
    if child.returncode == _NOT_HERE:
        raise NotHere(child.stdout.decode())
    child.check_returncode()
    return msgspec.json.decode(child.stdout, type=Reading)


def measure(job: Job) -> Reading:
    """Read in this process."""
    import cv2

    cv2.setNumThreads(1)
    work = _lines if job.task == "lines" else _pages
    if job.reader in _COMMANDS:
        with _CommandMemory() as memory:
            parts = list(work(job, _commands_s))
        rss_mb = memory.peak_mb
    else:
        parts = list(work(job, _all_s))
        rss_mb = _peak_mb(os.getpid())
    texts = tuple(text for texts, _ in parts for text in texts)
    return Reading(texts=texts, seconds=sum(seconds for _, seconds in parts), rss_mb=rss_mb)


_Part = tuple[list[tuple[str, ...]], float]


def _lines(job: Job, cost: Callable[[], float]) -> Iterator[_Part]:
    reader = reading_readers.LINES[job.reader](job.tessdata)
    batch = len(job.files) if job.reader in _COMMANDS else 1
    for first in range(0, len(job.files), batch):
        crops = [reading_readers.grey_picture(file) for file in job.files[first : first + batch]]
        began = cost()
        read = reader.read(crops)
        yield [(text,) for text, _ in read], cost() - began


def _pages(job: Job, cost: Callable[[], float]) -> Iterator[_Part]:
    from agent.reading.load import sheets

    reader = reading_readers.PAGES[job.reader](job.tessdata)
    for file in job.files:
        (sheet,) = sheets(file.read_bytes())
        began = cost()
        read = reader.read_page(sheet.pixels, sheet.dpi)
        yield [tuple(read)], cost() - began


def _commands_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _all_s() -> float:
    return time.process_time() + _commands_s()


def _peak_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields.get("VmHWM", "0 kB").split()[0]) / 1024


class _CommandMemory:
    """Watches the commands that this process runs; VmHWM never falls, so fifty looks a second are enough."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._over = threading.Event()

    def __enter__(self) -> "_CommandMemory":
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            for child in psutil.Process().children():
                with contextlib.suppress(OSError):
                    self.peak_mb = max(self.peak_mb, _peak_mb(child.pid))


def main() -> None:
    """Answer one job from standard input on standard output."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job, dec_hook=lambda kind, text: kind(text))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            reading = measure(job)
    except ModuleNotFoundError as missing:
        sys.stdout.write(str(missing))
        sys.exit(_NOT_HERE)
    sys.stdout.buffer.write(msgspec.json.encode(reading))


if __name__ == "__main__":
    main()
