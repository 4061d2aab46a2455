"""How well an exported reader reads: ``python -m models.reader.evaluate models/line_reader.onnx --texts DIR...``.

Prints character errors and exact lines of the development sets (when the folder is there), of fresh random names in
capitals, what share of the development lines may be called sure at 99.5 % right, and milliseconds a line on one thread.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.reader.calibrate import judge
from models.reader.confidence import SURE_PRECISION, coverage_at, precision_above
from models.reader.corpus import Corpus, Exclusion, Pool
from models.reader.decode import decode
from models.reader.faces import find_faces
from models.reader.onnx_reader import OnnxReader
from models.reader.render import Sample, render_line, render_scan
from models.reader.score import load_lines, score
from models.reader.text import LineTexts
from models.reader.words import personal_name

__all__ = ["Card", "draw_capital_names", "main", "read_card"]

_NAMES = 1000
_NAMES_SEED = 20_261_122


def draw_capital_names(count: int = _NAMES, seed: int = _NAMES_SEED) -> dict[str, list[Sample]]:
    """Fresh names in capitals, half of their syllables random: from an office scanner, and worn as in training."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    pool = Pool(paragraphs=("Lưu hồ sơ và trả kết quả cho người yêu cầu chứng thực.",), weight=1)
    around = LineTexts(Corpus(pools=(pool,), places=(), syllables=("bản", "sao")), Exclusion.of(()))
    faces = find_faces()
    names = [personal_name(rng).upper() for _ in range(count)]
    scanned = [(name, render_scan(rng, name, faces)) for name in names]
    worn = [(name, render_line(rng, name, faces, around)) for name in names]
    return {
        "names in capitals, scanned": [Sample(grey=grey, text=name) for name, grey in scanned if grey is not None],
        "names in capitals, worn": [Sample(grey=grey, text=name) for name, grey in worn if grey is not None],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What calibration wrote beside the net."""

    temperature: float
    sure_above: float


def read_card(file: Path) -> Card:
    """The card in a JSON file."""
    card = json.loads(file.read_text(encoding="utf-8"))
    return Card(temperature=card["temperature"], sure_above=card["sure_above"])


def _milliseconds(reader: OnnxReader, samples: Sequence[Sample]) -> float:
    """Processor time: median over the lines of the fastest of five readings, so that other work hardly counts."""
    return 1000 * float(np.median([min(_seconds(reader, sample) for _ in range(5)) for sample in samples]))


def _seconds(reader: OnnxReader, sample: Sample) -> float:
    began = time.thread_time()
    decode(reader.logits(sample.grey))
    return time.thread_time() - began


def _print_sets(reader: OnnxReader, sets: dict[str, Sequence[Sample]], card: Card) -> None:
    for name, samples in sets.items():
        read = [(reader.look(sample.grey), sample) for sample in samples]
        once, twice = (judge(read, card.temperature, twice=twice) for twice in (False, True))
        print(f"{name}: {score((line.said, sample.text) for line, sample in zip(once, samples, strict=True))}")
        print(f"  one look, {SURE_PRECISION:.1%} right: {coverage_at(once)}")
        print(f"  two looks, {SURE_PRECISION:.1%} right: {coverage_at(twice)}")
        print(f"  two looks, card's threshold: {precision_above(twice, card.sure_above)}")


def main() -> None:
    """Print the figures of one exported reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--evaluation", type=Path, default=Path("../shared/eval/ocr"))
    options = parser.parse_args()
    reader = OnnxReader(options.onnx)
    sets = load_lines(options.evaluation) if options.evaluation.exists() else {}
    real = [sample for name in ("pdf", "scan") for sample in sets.get(name, ())]
    sets |= {"pdf + scan": real} if real else {}
    _print_sets(reader, sets | draw_capital_names(), read_card(options.onnx.with_suffix(".json")))
    if real:
        print(f"ms a line, one thread: {_milliseconds(reader, real):.2f}; kB: {options.onnx.stat().st_size / 1000:.0f}")


if __name__ == "__main__":
    main()
