"""Measure the finder on development pages: ``python -m models.linefinder.evaluate PAGES [--reader ONNX]``.

PAGES holds pictures (`*.webp`) with `*.json` beside them: `dpi`, and `lines` of `text` and `box` in their pixels.
One thread; with a reader, what it makes of the found lines is compared with the truth.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from agent.reading.finder import LineFinder
from agent.reading.line_reader import LineReader
from models.linefinder.papers import core_of, is_watermark
from models.reader.score import distance, folded
from models.specimens import KINDS, Specimen, Strength, TruthLine, make, scan
from models.specimens.sheet import around

__all__ = ["Page", "Tally", "best_pairs", "load_pages", "main", "overlap", "specimen_pages"]

DPI = 300
_FRESH_SEED = 9_000_000
_JOIN_GAP_X_HEIGHTS = 1.2 / 0.45
Box = tuple[float, float, float, float]
Pixels = npt.NDArray[np.uint8]
Line = tuple[Box, Pixels | None]
"""A found line: its box and, where the finder cuts lines, its crop."""
Finder = Callable[[Pixels], list[Line]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A development page at 300 dpi with the boxes and texts of its lines."""

    name: str
    pixels: Pixels
    boxes: Sequence[Box]
    texts: Sequence[str]


@dataclass(slots=True)
class Tally:
    """Sums over pages of one finder."""

    truths: int = 0
    found: int = 0
    hits: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    pages: int = 0
    seconds: float = 0.0
    words: int = 0
    words_read: int = 0
    chars: int = 0
    wrong: int = 0

    def add(self, page: Page, lines: Sequence[Line], seconds: float, said: Sequence[str]) -> None:
        """Add one page."""
        pairs = best_pairs(page.boxes, [box for box, _ in lines])
        self.hits += [sum(share >= least for *_, share in pairs) for least in (0.5, 0.7)]
        self.truths, self.found = self.truths + len(page.boxes), self.found + len(lines)
        self.pages, self.seconds = self.pages + 1, self.seconds + seconds
        if said:
            self._compare(page, pairs, said)

    def _compare(self, page: Page, pairs: Sequence[tuple[int, int, float]], said: Sequence[str]) -> None:
        words = Counter(folded(" ".join(page.texts)).split())
        self.words += words.total()
        self.words_read += (words & Counter(folded(" ".join(said)).split())).total()
        by_truth = {truth: said[line] for truth, line, share in pairs if share >= 0.3}
        for number, text in enumerate(page.texts):
            self.chars += len(folded(text))
            self.wrong += distance(folded(by_truth.get(number, "")), folded(text))

    def __str__(self) -> str:
        recall, precision = 100 * self.hits / self.truths, 100 * self.hits / max(1, self.found)
        text = (
            f"recall {recall[0]:.1f} / {recall[1]:.1f}  precision {precision[0]:.1f} / {precision[1]:.1f}  "
            f"{self.found} lines for {self.truths}  {self.seconds / self.pages:.3f} CPU s a page"
        )
        if not self.words:
            return text
        return f"{text}  words {100 * self.words_read / self.words:.2f} %  CER {100 * self.wrong / self.chars:.2f} %"


def load_pages(folder: Path) -> list[Page]:
    """Return the pages of a folder, scaled to 300 dpi."""
    return [_load(file) for file in sorted(folder.glob("*.json"))]


def _load(file: Path) -> Page:
    truth = json.loads(file.read_text(encoding="utf-8"))
    pixels = cv2.cvtColor(cv2.imread(str(file.with_suffix(".webp"))), cv2.COLOR_BGR2RGB)
    scale = DPI / truth["dpi"]
    if scale != 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    boxes = [tuple(side * scale for side in line["box"]) for line in truth["lines"]]
    texts = [line["text"] for line in truth["lines"]]
    return Page(name=file.stem, pixels=pixels.astype(np.uint8), boxes=boxes, texts=texts)


def specimen_pages(each: int, strength: Strength) -> list[Page]:
    """Return first pages of `each` fresh specimens of every kind, scanned; seeds that training never draws."""
    orders = [(kind, _FRESH_SEED + number) for kind in KINDS for number in range(each)]
    return [_specimen_page(scan(make(kind, seed), seed, strength=strength), f"{kind} {seed}") for kind, seed in orders]


def _specimen_page(specimen: Specimen, name: str) -> Page:
    lines = joined([line for line in specimen.lines[0] if not is_watermark(line)])
    pixels = np.asarray(specimen.pages[0], np.uint8)
    return Page(name=name, pixels=pixels, boxes=[line.box for line in lines], texts=[line.text for line in lines])


def joined(lines: Sequence[TruthLine]) -> list[TruthLine]:
    """Return the lines with the pieces of one row made one: to a finder, a label and its value are a line."""
    rows: list[TruthLine] = []
    for line in sorted(lines, key=lambda line: line.box[0]):
        at = next((at for at, row in enumerate(rows) if _continues(row, line)), None)
        if at is None:
            rows.append(line)
        else:
            rows[at] = TruthLine(text=f"{rows[at].text} {line.text}", box=around([rows[at].box, line.box]))
    return rows


def _continues(left: TruthLine, right: TruthLine) -> bool:
    (_, top, x1, baseline), (x0, other_top, _, other) = core_of(left), core_of(right)
    small, tall = sorted((baseline - top, other - other_top))
    return -small < x0 - x1 < _JOIN_GAP_X_HEIGHTS * small and abs(baseline - other) < 0.4 * small and tall < 1.8 * small


def overlap(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - common)


def best_pairs(truths: Sequence[Box], found: Sequence[Box]) -> list[tuple[int, int, float]]:
    """Return (truth, found, overlap) one to one, the best overlaps first."""
    shares = [(overlap(a, b), i, j) for i, a in enumerate(truths) for j, b in enumerate(found)]
    pairs: list[tuple[int, int, float]] = []
    free_truths, free_found = set(range(len(truths))), set(range(len(found)))
    for share, i, j in sorted(shares, reverse=True):
        if share > 0 and i in free_truths and j in free_found:
            free_truths.remove(i)
            free_found.remove(j)
            pairs.append((i, j, share))
    return pairs


def _ours(file: Path) -> Finder:
    finder = LineFinder(file)
    return lambda pixels: [(line.box, line.crop) for line in finder.find(pixels)]


def _measure(find: Finder, pages: Sequence[Page], reader: LineReader | None, *, verbose: bool) -> Tally:
    tally = Tally()
    for page in pages:
        began = time.process_time()
        lines = find(page.pixels)
        seconds = time.process_time() - began
        crops = [crop for _, crop in lines if crop is not None]
        said = [text for text, _ in reader.read(crops)] if reader and crops else []
        tally.add(page, lines, seconds, said)
        if verbose:
            one = Tally()
            one.add(page, lines, seconds, said)
            print(f"  {page.name:22} {one}")
    return tally


def main() -> None:
    """Measure as the command line says and print a line for each finder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path, nargs="?", help="folder of development pages")
    parser.add_argument("--finder", type=Path, default=Path("models/line_finder.onnx"))
    parser.add_argument("--reader", type=Path, help="models/line_reader.onnx: read the lines too (its .json beside it)")
    parser.add_argument("--specimens", type=int, default=0, help="so many fresh specimens of every kind instead")
    parser.add_argument("--strength", choices=("clean", "office", "poor"), default="office", help="of their scan")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    pages = specimen_pages(options.specimens, options.strength) if options.specimens else load_pages(options.pages)
    reader = LineReader(options.reader, options.reader.with_suffix(".json")) if options.reader else None
    print(f"{'ours':22} {_measure(_ours(options.finder), pages, reader, verbose=True)}")


if __name__ == "__main__":
    main()
