"""How much memory reading takes at most: of a page in colour, in a process of its own, as the kiosk's desk reads it."""

import io
import multiprocessing
import re
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from agent.desk_child import DeskSettings, Done, ReadCall, ReadSheet, serve
from models.specimens import make, scan

_READER_MB = 300
_READER_AND_ENCODER_MB = 460
"""The agent may have 600; the kiosk itself takes 130."""

_READ = """
import re, sys
from pathlib import Path
from agent.reading import opened
from agent.reading.load import sheets
from agent.reading.page import find_page
reader = opened.page_reader()
content = sys.stdin.buffer.read()
pages = [reader.read(find_page(sheet.pixels, sheet.dpi), 1).read for sheet in sheets(content)]
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
others = {"rapidocr_onnxruntime", "asterocr", "matplotlib"} & set(sys.modules)
print(len(pages[0].lines), int(peak[1]) // 1024, sorted(others))
"""


@pytest.fixture(scope="module")
def colour_scan() -> bytes:
    """A certificate with a red border and seal, worn by an office scanner: more than JPEG can hold in the budget."""
    out = io.BytesIO()
    page = scan(make("KHAI_SINH", 1), 1, strength="office").pages[0]
    page.convert("RGB").save(out, "PNG", compress_level=1, dpi=(300, 300))
    return out.getvalue()


def test_reading_an_a4_page_in_colour_holds_at_most_300_mb_and_no_other_reader(colour_scan: bytes) -> None:
    said = subprocess.run([sys.executable, "-c", _READ], input=colour_scan, capture_output=True, check=True).stdout
    lines, peak_mb, others = said.decode().split(maxsplit=2)
    assert int(lines) > 20
    assert int(peak_mb) <= _READER_MB
    assert others.strip() == "[]"


def test_compressing_adds_nothing_to_the_reader_and_both_leave_room_for_the_kiosk(colour_scan: bytes) -> None:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    desk = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, DeskSettings()), daemon=True)
    desk.start()
    assert isinstance(ours.recv(), Done)
    assert desk.pid is not None
    with _Watch(desk.pid) as watch:
        ours.send(ReadCall(content=colour_scan, first=1))
        sheet = _received(ours)
    reader_mb = _peak_mb(desk.pid)
    desk.kill()
    assert sheet.image.filter == "/JPXDecode"
    assert reader_mb <= _READER_MB
    assert 0 < watch.child_mb < watch.together_mb <= _READER_AND_ENCODER_MB


def _received(connection: Connection) -> ReadSheet:
    told = [connection.recv()]
    while not isinstance(told[-1], Done):
        told.append(connection.recv())
    (sheet,) = [each for each in told if isinstance(each, ReadSheet)]
    return sheet


def _peak_mb(process: int) -> int:
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    assert peak is not None
    return int(peak[1]) // 1024


class _Watch:
    """Looks a hundred times a second at a process and its children."""

    def __init__(self, process: int) -> None:
        self._process = psutil.Process(process)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.child_mb = self.together_mb = 0

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            children_mb = sum(map(_rss_mb, self._process.children()))
            self.child_mb = max(self.child_mb, children_mb)
            self.together_mb = max(self.together_mb, children_mb + _rss_mb(self._process))


def _rss_mb(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss >> 20
    except psutil.NoSuchProcess:
        return 0
