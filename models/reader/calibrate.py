"""Make the reader's confidence mean what it says: ``python -m models.reader.calibrate ONNX OUT.json --texts DIR...``.

On fresh lines as an office scanner shows them it finds the temperature at which a line's confidence predicts best
whether the line is exactly right. A line is sure above the confidence after two looks that leaves 99.5 % right of the
development lines and 98.5 % of the fresh ones, whose syllables and codes no one would guess. Both go into the card.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from agent.reading.ctc import agreed
from models.reader.charset import CHARS, HEIGHT_PX, STRIDE_PX
from models.reader.confidence import Judged, coverage_at, log_loss
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.decode import decode
from models.reader.faces import find_faces
from models.reader.onnx_reader import Look, OnnxReader
from models.reader.render import Sample, draw_scans
from models.reader.score import folded, load_lines
from models.reader.text import LineTexts

__all__ = ["judge", "main"]

Read = tuple[Look, Sample]

_FRESH_PRECISION = 0.985
_LINES = 2500
_SEED = 20_261_123
_TEMPERATURES = np.round(np.arange(0.5, 3.01, 0.1), 1)


def judge(read: Sequence[Read], temperature: float, *, twice: bool) -> list[Judged]:
    """Each line as read, with its confidence after one look or after two and whether it is exactly right."""
    return [_judged(look, sample, temperature, twice=twice) for look, sample in read]


def _judged(look: Look, sample: Sample, temperature: float, *, twice: bool) -> Judged:
    line = decode(look.first, temperature)
    confidence = agreed(line, decode(look.second, temperature)) if twice else line.confidence
    return Judged(said=line.text, confidence=confidence, right=folded(line.text) == folded(sample.text))


def _card(onnx: Path, fresh: Sequence[Read], real: Sequence[Read]) -> dict[str, object]:
    temperature = min(map(float, _TEMPERATURES), key=lambda t: log_loss(judge(fresh, t, twice=False)))
    harder = coverage_at(judge(fresh, temperature, twice=True), _FRESH_PRECISION)
    usual = coverage_at(judge(real, temperature, twice=True)) if real else harder
    return {
        "charset": CHARS,
        "height_px": HEIGHT_PX,
        "stride_px": STRIDE_PX,
        "temperature": temperature,
        "sure_above": round(max(harder.threshold, usual.threshold), 4),
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }


def main() -> None:
    """Calibrate as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--evaluation", type=Path)
    options = parser.parse_args()
    exclusion = load_exclusion([options.evaluation] if options.evaluation else [])
    samples = draw_scans(_SEED, LineTexts(load_corpus(options.texts), exclusion), find_faces(), _LINES)
    reader = OnnxReader(options.onnx)
    sets = load_lines(options.evaluation).values() if options.evaluation else []
    fresh, real = ([(reader.look(line.grey), line) for line in lines] for lines in (samples, chain.from_iterable(sets)))
    card = _card(options.onnx, fresh, real)
    options.out.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print({name: value for name, value in card.items() if name != "charset"})


if __name__ == "__main__":
    main()
