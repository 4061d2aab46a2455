"""Cut lines: the development sets, and fresh names that no spelling can guess, by every reader."""

import random
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from models.reader.evaluate import draw_capital_names
from models.reader.faces import find_faces
from models.reader.render import Sample, render_scan
from models.reader.score import distance, folded, score
from models.reader.words import syllable
from tests.bench.reading_child import Job, NotHere, Reading, read_apart
from tests.bench.reading_readers import LINES, MODELS, OURS
from tests.bench.reading_table import Must, share, table

_NAMES_SEED = 20_270_101
"""Seen by nobody: `evaluate` draws its names from another."""

_CER_TARGETS = {"scan": 0.10, "pdf": 0.12, "synthetic": 0.20}
_NAMES_TARGET, _MS_TARGET, _SIZE_TARGET_MB = 0.95, 1.5, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFile:
    """A picture of one line, what it says, and the set that it belongs to."""

    file: Path
    text: str
    group: str


def development_lines(folder: Path) -> list[LineFile]:
    """Return the lines of `folder` (`lines.tsv` and `lines/`); raise NotHere."""
    listed = folder / "lines.tsv"
    if not listed.is_file():
        raise NotHere(f"the development set ({folder}) does not lie beside this checkout")
    rows = [line.split("\t") for line in listed.read_text(encoding="utf-8").splitlines()[1:]]
    lines = [LineFile(file=folder / "lines" / row[0], text=row[2], group=row[1]) for row in rows]
    return sorted(lines, key=lambda line: list(_CER_TARGETS).index(line.group))


def lines(folder: Path, tessdata: Path | None) -> list[Must]:
    """Print the table of the development lines; return what was asked for."""
    development = development_lines(folder)
    sets = {line.group: sum(other.group == line.group for other in development) for line in development}
    print(f"Development lines ({', '.join(f'{name} {count}' for name, count in sets.items())}); CER, exact, diacr in %")
    rows, musts = [], []
    for name in LINES:
        try:
            reading = _read(name, development, tessdata)
        except NotHere as missing:
            print(f"  {name} is not here: {missing}")
            continue
        rows.append([name, *_set_cells(development, reading), *_cost_cells(reading)])
        musts += _line_musts(development, reading) if name == OURS else []
    heads = [cell for group in sets for cell in (f"{group} CER", "exact", "diacr")]
    print(table(("reader", *heads, "ms a line", "RSS MB"), rows))
    return musts


def names(count: int, tessdata: Path | None) -> list[Must]:
    """Print the table of fresh names and syllables in capitals; return what was asked for."""
    with tempfile.TemporaryDirectory() as made:
        fresh = _written(_fresh(count), Path(made))
        groups = list(dict.fromkeys(line.group for line in fresh))
        print(
            f"Fresh lines in capitals, {count} of each, {len(list(find_faces()))} faces of this machine; exactly right"
        )
        rows, musts = [], []
        for name in LINES:
            try:
                right = _right(fresh, _read(name, fresh, tessdata))
            except NotHere:
                continue
            rows.append([name, *(share(*right[group]) for group in groups)])
            musts += [_names_must(right["names, office scan"])] if name == OURS else []
    print(table(("reader", *groups), rows))
    return musts


def _fresh(count: int) -> Mapping[str, Sequence[Sample]]:
    scanned, worn = draw_capital_names(count, _NAMES_SEED).values()
    rng = random.Random(_NAMES_SEED)
    texts = [" ".join(syllable(rng) for _ in range(rng.randint(2, 4))).upper() for _ in range(count)]
    drawn = [(text, render_scan(rng, text, find_faces())) for text in texts]
    syllables = [Sample(grey=grey, text=text) for text, grey in drawn if grey is not None]
    return {"names, office scan": scanned, "names, worn": worn, "syllables, office scan": syllables}


def _written(fresh: Mapping[str, Sequence[Sample]], folder: Path) -> list[LineFile]:
    files: list[LineFile] = []
    for group, samples in fresh.items():
        for sample in samples:
            file = folder / f"{len(files):05}.png"
            cv2.imwrite(str(file), sample.grey)
            files.append(LineFile(file=file, text=sample.text, group=group))
    return files


def _read(name: str, files: Sequence[LineFile], tessdata: Path | None) -> Reading:
    pictures = tuple(line.file for line in files)
    return read_apart(Job(reader=name, task="lines", files=pictures, tessdata=tessdata))


def _pairs(files: Sequence[LineFile], reading: Reading) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for line, (said,) in zip(files, reading.texts, strict=True):
        groups.setdefault(line.group, []).append((said, line.text))
    return groups


def _right(files: Sequence[LineFile], reading: Reading) -> dict[str, tuple[int, int]]:
    groups = _pairs(files, reading).items()
    return {group: (sum(folded(said) == folded(true) for said, true in pairs), len(pairs)) for group, pairs in groups}


def _set_cells(files: Sequence[LineFile], reading: Reading) -> list[str]:
    cells = []
    for pairs in _pairs(files, reading).values():
        whole = score(pairs)
        cells += [f"{whole.cer_percent:.2f}", f"{whole.exact_percent:.1f}", f"{_diacritics_percent(pairs):.2f}"]
    return cells


def _diacritics_percent(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the part of the character errors that is gone when accents are taken off both sides."""
    compared = [(folded(said), folded(true)) for said, true in pairs]
    lost = sum(distance(said, true) - distance(_bare(said), _bare(true)) for said, true in compared if said != true)
    return 100 * lost / sum(len(true) for _, true in compared)


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _cost_cells(reading: Reading) -> list[str]:
    return [f"{_ms(reading):.2f}", f"{reading.rss_mb:.0f}"]


def _ms(reading: Reading) -> float:
    return 1000 * reading.seconds / len(reading.texts)


def _line_musts(files: Sequence[LineFile], reading: Reading) -> list[Must]:
    groups, size_mb = _pairs(files, reading), (MODELS / "line_reader.onnx").stat().st_size / 1e6
    rates = {group: score(groups[group]).cer_percent for group in _CER_TARGETS if group in groups}
    return [
        *(
            Must(figure=f"CER {group}", target=f"≤ {_CER_TARGETS[group]:.2f} %", measured=f"{rate:.3f} %",
                 holds=rate <= _CER_TARGETS[group])
            for group, rate in rates.items()
        ),
        Must(figure="ms a line", target=f"≤ {_MS_TARGET}", measured=f"{_ms(reading):.2f}",
             holds=_ms(reading) <= _MS_TARGET),
        Must(figure="line reader's size", target=f"≤ {_SIZE_TARGET_MB:.0f} MB", measured=f"{size_mb:.2f} MB",
             holds=size_mb <= _SIZE_TARGET_MB),
    ]  # fmt: skip


def _names_must(right: tuple[int, int]) -> Must:
    holds = right[0] >= _NAMES_TARGET * right[1]
    return Must(figure="names in capitals, exact", target="≥ 95 %", measured=share(*right), holds=holds)
