"""How much memory reading takes at most: a fresh process reads an A4 page in colour and looks at its own peak."""

import io
import subprocess
import sys

from models.specimens import make

_READ = """
import re, sys
from pathlib import Path
from agent.desk_child import DeskSettings, open_page_reader
from agent.reading.load import sheets
from agent.reading.page import find_page
reader = open_page_reader(DeskSettings())
content = sys.stdin.buffer.read()
pages = [reader.read(find_page(sheet.pixels, sheet.dpi), 1).read for sheet in sheets(content)]
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
others = {"rapidocr_onnxruntime", "asterocr", "matplotlib"} & set(sys.modules)
print(len(pages[0].lines), int(peak[1]) // 1024, sorted(others))
"""


def test_reading_an_a4_page_in_colour_holds_at_most_300_mb_and_no_other_reader() -> None:
    scan = io.BytesIO()
    make("KHAI_SINH", 1).pages[0].convert("RGB").save(scan, "PNG", compress_level=1, dpi=(300, 300))
    said = subprocess.run([sys.executable, "-c", _READ], input=scan.getvalue(), capture_output=True, check=True).stdout
    lines, peak_mb, others = said.decode().split(maxsplit=2)
    assert int(lines) > 20
    assert int(peak_mb) <= 300
    assert others.strip() == "[]"
