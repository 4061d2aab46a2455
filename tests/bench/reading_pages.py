"""Word recall, seconds and memory of reading pages, beside Tesseract: `python -m tests.bench.reading_pages [DIR]`.

DIR holds pictures, and beside each a JSON with `lines`, each with its true `text`; without it, fresh specimens as an
office scanner gives them are read. Word recall is the share of the true words (as a multiset, NFC, quotes and dashes
folded) that the reading has. Processor seconds of one thread, loading not counted for us and counted for Tesseract.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image

from agent.desk_child import DeskSettings, open_page_reader
from agent.reading.load import sheets
from agent.reading.page import find_page
from agent.reading.reader import PageReader
from models import specimens

SPECIMENS = (("QUYET_DINH", 11_001), ("CONG_VAN", 11_002), ("KHAI_SINH", 11_003), ("BANG_TOT_NGHIEP", 11_004))
_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A page's picture file and what stands on it."""

    picture: Path
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page: how many of its true words were read, in how many processor seconds."""

    read: int
    true: int
    seconds: float


def pages_of(folder: Path) -> Iterator[Truth]:
    """Yield the pictures of a folder that have a JSON of lines beside them."""
    for listed in sorted(folder.glob("*.json")):
        picture = next(path for path in folder.glob(f"{listed.stem}.*") if path != listed)
        lines = json.loads(listed.read_text(encoding="utf-8"))["lines"]
        yield Truth(picture=picture, lines=tuple(line["text"] for line in lines))


def fresh_specimens(folder: Path) -> Iterator[Truth]:
    """Yield specimens scanned at an office, written into `folder`."""
    for kind, seed in SPECIMENS:
        scanned = specimens.scan(specimens.make(kind, seed), seed, strength="office")
        picture = folder / f"{kind}.png"
        scanned.pages[0].save(picture, dpi=(300, 300))
        yield Truth(picture=picture, lines=tuple(line.text for line in scanned.lines[0] if line.role == "print"))


def words(texts: Sequence[str]) -> Counter[str]:
    """Return the words of some lines."""
    return Counter(word for text in texts for word in unicodedata.normalize("NFC", text).translate(_FOLD).split())


def ours(reader: PageReader, page: Truth) -> Score:
    """Read one page, page finding included, and count."""
    (sheet,) = sheets(page.picture.read_bytes())
    began = time.process_time()
    lines = reader.read(find_page(sheet.pixels, sheet.dpi), 1).read.lines
    return _score(page, [line.text for line in lines], time.process_time() - began)


def tesseracts(page: Truth) -> tuple[Score, float]:
    """Let Tesseract `vie` read one page on one thread; return the score and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        png, said = Path(folder) / "page.png", Path(folder) / "said"
        Image.open(page.picture).convert("RGB").save(png)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["tesseract", png, said, "-l", "vie"]
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        peak_mb = _peak_mb(child)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return _score(page, said.with_suffix(".txt").read_text(encoding="utf-8").splitlines(), seconds), peak_mb


def _peak_mb(child: subprocess.Popen[bytes]) -> float:
    """Return the most memory that a child held, watching it until it ends."""
    watched, peak_mb = psutil.Process(child.pid), 0.0
    while child.poll() is None:
        with suppress(psutil.Error):
            peak_mb = max(peak_mb, watched.memory_info().rss / 1e6)
        time.sleep(0.01)
    return peak_mb


def _score(page: Truth, said: Sequence[str], seconds: float) -> Score:
    truth = words(page.lines)
    return Score(read=(truth & words(said)).total(), true=truth.total(), seconds=seconds)


def main(folder: str = "") -> None:
    """Print one row a page and the totals, ours beside Tesseract's."""
    reader = open_page_reader(DeskSettings(second_opinion=False))
    with tempfile.TemporaryDirectory() as made:
        pages = list(pages_of(Path(folder)) if folder else fresh_specimens(Path(made)))
        mine = [ours(reader, page) for page in pages]
        peer, peer_mb = zip(*(tesseracts(page) for page in pages), strict=True)
    print(f"Reading whole pages ({folder or 'fresh specimens, office scans'}); one thread")
    print(f"  {'':<24} {'ours':>18} {'tesseract vie':>20}")
    for page, our, their in zip(pages, mine, peer, strict=True):
        print(f"  {page.picture.stem:<24} {_cell(our)} {_cell(their)}")
    print(f"  {'all':<24} {_cell(_sum(mine))} {_cell(_sum(peer))}   recall, processor seconds a page")
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"  {'peak RSS':<24} {own_mb:15.0f} MB {max(peer_mb):17.0f} MB")


def _sum(scores: Sequence[Score]) -> Score:
    seconds = sum(page.seconds for page in scores) / len(scores)
    return Score(read=sum(page.read for page in scores), true=sum(page.true for page in scores), seconds=seconds)


def _cell(score: Score) -> str:
    return f"{score.read / score.true:9.2%} {score.seconds:6.2f} s"


if __name__ == "__main__":
    main(*sys.argv[1:])
