"""Texts to train on: folders of files become pools of paragraphs; what an evaluation line says is kept out."""

import csv
import json
import lzma
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.reader.charset import fold, legible

__all__ = ["SHINGLE_WORDS", "Corpus", "Exclusion", "Pool", "load_corpus", "load_exclusion"]

SHINGLE_WORDS = 6
_WORD = re.compile(r"\w+")
_PLACE = re.compile(r"^(Phường|Xã|Đặc khu|Tỉnh|Thành phố|Quận|Huyện|Thị trấn) \S")
_ZEROS = re.compile(r"0{5,}|(\d)\1{6,}")
_SYLLABLE = re.compile(r"[^\W\d_]{1,7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The paragraphs of one folder and how often it is drawn from."""

    paragraphs: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything read from the folders: pools of paragraphs, names of places, syllables seen in the wild."""

    pools: tuple[Pool, ...]
    places: tuple[str, ...]
    syllables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Runs of six words that occur in evaluation lines, and those lines that are shorter."""

    shingles: frozenset[str]
    short_lines: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Exclusion":
        """The exclusion of these evaluation lines."""
        words = [_WORD.findall(fold(line).lower()) for line in lines]
        return cls(
            shingles=frozenset(run for line in words for run in _runs(line)),
            short_lines=frozenset(" ".join(line) for line in words if 2 < len(line) < SHINGLE_WORDS),
        )

    def covers(self, text: str) -> bool:
        """Whether a text shares six words in a row with an evaluation line, or is a short one itself."""
        words = _WORD.findall(text.lower())
        return " ".join(words) in self.short_lines or any(run in self.shingles for run in _runs(words))


def _runs(words: list[str]) -> Iterator[str]:
    return (" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))


def load_exclusion(folders: Iterable[Path]) -> Exclusion:
    """The exclusion of every evaluation line under these folders: ``text`` of each TSV row and of each JSON object."""
    files = [file for folder in folders for file in sorted(folder.rglob("*"))]
    return Exclusion.of(line for file in files for line in _evaluation_lines(file))


def _evaluation_lines(file: Path) -> Iterator[str]:
    if file.suffix == ".tsv":
        with file.open(encoding="utf-8") as rows:
            yield from (row["text"] for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
    elif file.suffix == ".json":
        yield from _strings(json.loads(file.read_text(encoding="utf-8")), key="text")


def load_corpus(folders: Iterable[Path]) -> Corpus:
    """All texts (.txt, .txt.xz, .csv, .json, .jsonl) under the folders; a folder's weight is the root of its size."""
    pools = tuple(pool for folder in folders if (pool := _pool(folder)).paragraphs)
    if not pools:
        raise FileNotFoundError(
            "no text to train on: name folders that hold .txt, .txt.xz, .csv, .json or .jsonl files"
        )
    paragraphs = [paragraph for pool in pools for paragraph in pool.paragraphs]
    places = {paragraph for paragraph in paragraphs if len(paragraph) < 40 and _PLACE.match(paragraph)}
    syllables = {word.lower() for paragraph in paragraphs for word in _SYLLABLE.findall(paragraph)}
    return Corpus(pools=pools, places=tuple(sorted(places)), syllables=tuple(sorted(syllables)))


def _pool(folder: Path) -> Pool:
    lines = (fold(line) for file in sorted(folder.rglob("*")) for text in _texts(file) for line in text.splitlines())
    kept = tuple(dict.fromkeys(line for line in lines if len(line) > 1 and legible(line) and not _ZEROS.search(line)))
    return Pool(paragraphs=kept, weight=math.sqrt(sum(map(len, kept))))


def _texts(file: Path) -> Iterator[str]:
    if file.name.startswith("LICENSE"):
        return
    if file.name.endswith(".txt.xz"):
        yield lzma.decompress(file.read_bytes()).decode()
    elif file.suffix == ".txt":
        yield file.read_text(encoding="utf-8")
    elif file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as rows:
            yield from (cell for row in csv.reader(rows) for cell in row)
    elif file.suffix == ".json":
        yield from _strings(json.loads(file.read_text(encoding="utf-8")))
    elif file.suffix == ".jsonl":
        for line in file.read_text(encoding="utf-8").splitlines():
            yield from _strings(json.loads(line))


def _strings(value: Any, key: str | None = None) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if key is None or name == key or not isinstance(item, str):
                yield from _strings(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, key)
    elif isinstance(value, str):
        yield value
