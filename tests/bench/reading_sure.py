"""What may be called sure: how many of the real lines, and how many of these are exactly right.

Once with the threshold that is committed beside the net (chosen on these same lines, so not blind), and once blind:
the papers are parted in two halves, the threshold of one half judges the other, both ways round.
"""

from collections.abc import Sequence
from pathlib import Path

from agent.reading import opened
from agent.reading.line_reader import LineReader
from agent.reading.line_view import fit_height
from models.reader.calibrate import judge
from models.reader.confidence import SURE_PRECISION, Judged, coverage_at
from models.reader.evaluate import draw_capital_names, read_card
from models.reader.onnx_reader import OnnxReader
from models.reader.render import Sample
from models.reader.score import folded
from tests.bench.reading_lines import LineFile, development_lines
from tests.bench.reading_readers import MODELS, grey_picture
from tests.bench.reading_table import Must, share, table

_SEED = 20_270_102
_COVERAGE_TARGET = 0.70


def sure(folder: Path, count: int) -> list[Must]:
    """Print coverage and precision; return what was asked for."""
    real = [line for line in development_lines(folder) if line.group in ("pdf", "scan")]
    samples = {"real lines": [_sample(line) for line in real], **draw_capital_names(count, _SEED)}
    reader = opened.line_reader()
    called = {name: _called_sure(reader, drawn) for name, drawn in samples.items()}
    rows = [_row(f"{name}, committed threshold", len(samples[name]), right) for name, right in called.items()]
    blind = [line.right for line in _blind(real, _judged(samples["real lines"]))]
    small = opened.line_reader("line-reader-small")
    rows.append(_row("real lines, small net", len(real), _called_sure(small, samples["real lines"])))
    rows.insert(1, _row("real lines, threshold of the other half of the papers", len(real), blind))
    print("Lines called sure (two looks agree, both above a threshold); 99.5 % of them must be right")
    print(table(("", "lines", "called sure", "of these exactly right", "wrong"), rows))
    return [_must(len(real), called["real lines"])]


def _sample(line: LineFile) -> Sample:
    return Sample(grey=grey_picture(line.file), text=line.text)


def _called_sure(reader: LineReader, samples: Sequence[Sample]) -> list[bool]:
    """Return of each line that the kiosk would call sure whether it is exactly right."""
    crops = [sample.grey for sample in samples]
    looks = reader.look(crops)
    told = zip(samples, looks, reader.sure(crops, looks), strict=True)
    return [folded(look.text) == folded(sample.text) for sample, look, sure in told if sure]


def _judged(samples: Sequence[Sample]) -> list[Judged]:
    reader, card = OnnxReader(MODELS / "line_reader.onnx"), read_card(MODELS / "line_reader.json")
    return judge([(reader.look(fit_height(one.grey)), one) for one in samples], card.temperature, twice=True)


def _above(judged: Sequence[Judged], threshold: float) -> list[Judged]:
    return [line for line in judged if line.confidence >= threshold]


def _blind(real: Sequence[LineFile], judged: Sequence[Judged]) -> list[Judged]:
    """Return the lines called sure by the threshold that the other half of the papers asks for."""
    papers = sorted({_paper(line) for line in real})
    halves = [
        [one for line, one in zip(real, judged, strict=True) if papers.index(_paper(line)) % 2 == half]
        for half in (0, 1)
    ]
    return [line for mine, other in (halves, halves[::-1]) for line in _above(mine, coverage_at(other).threshold)]


def _paper(line: LineFile) -> str:
    return line.file.stem.rsplit("_", 1)[0]


def _row(name: str, lines: int, right: Sequence[bool]) -> list[str]:
    wrong = len(right) - sum(right)
    return [name, str(lines), share(len(right), lines), share(sum(right), len(right)), str(wrong)]


def _must(lines: int, right: Sequence[bool]) -> Must:
    enough = sum(right) >= SURE_PRECISION * len(right) and len(right) >= _COVERAGE_TARGET * lines
    measured = f"{share(sum(right), len(right))} right at {len(right) / lines:.1%}"
    return Must(figure='"sure" of real lines', target="≥ 99.5 % right at ≥ 70 %", measured=measured, holds=enough)
