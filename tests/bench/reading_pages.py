"""Whole pages by every reader: word recall, processor seconds and memory. Alone: ours beside Tesseract on specimens.

Word recall is the share of the true words (as a multiset, NFC, quotes and dashes folded) that the reading has.
"""

import json
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models import specimens
from tests.bench.reading_child import Job, NotHere, Reading, read_apart
from tests.bench.reading_readers import OURS, PAGES, TESSERACT
from tests.bench.reading_table import Must, table

SPECIMENS = (("QUYET_DINH", 11_001), ("CONG_VAN", 11_002), ("KHAI_SINH", 11_003), ("BANG_TOT_NGHIEP", 11_004))
_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_REAL = ("pdf", "scan")
_GROUPS = {"real": "pdf", "scan": "scan", "syn": "synthetic"}
_RECALL_TARGET, _SECONDS_TARGET, _RSS_TARGET_MB = 0.99, 0.6, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A page's picture file, what stands on it, and the set that it belongs to."""

    picture: Path
    lines: tuple[str, ...]
    group: str


def development_pages(folder: Path) -> list[Truth]:
    """Return the pages of `folder`/pages; raise NotHere."""
    if not (folder / "pages").is_dir():
        raise NotHere(f"the development set ({folder}) does not lie beside this checkout")
    return [_truth(listed) for listed in sorted((folder / "pages").glob("*.json"))]


def _truth(listed: Path) -> Truth:
    lines = json.loads(listed.read_text(encoding="utf-8"))["lines"]
    group = _GROUPS[listed.stem.split("_")[0]]
    return Truth(picture=listed.with_suffix(".webp"), lines=tuple(line["text"] for line in lines), group=group)


def fresh_specimens(folder: Path) -> Iterator[Truth]:
    """Yield specimens scanned at an office, written into `folder`."""
    for kind, seed in SPECIMENS:
        scanned = specimens.scan(specimens.make(kind, seed), seed, strength="office")
        picture = folder / f"{kind}.png"
        scanned.pages[0].save(picture, dpi=(300, 300), compress_level=1)
        printed = tuple(line.text for line in scanned.lines[0] if line.role == "print")
        yield Truth(picture=picture, lines=printed, group=kind)


def pages(folder: Path, tessdata: Path | None) -> list[Must]:
    """Print the table of the development pages; return what was asked for."""
    truths = development_pages(folder)
    print(f"Development pages ({len(truths)}); word recall in %, processor seconds a page with all of reading")
    return _compare(truths, list(PAGES), tessdata)


def _compare(truths: Sequence[Truth], readers: Sequence[str], tessdata: Path | None = None) -> list[Must]:
    groups = list(dict.fromkeys(truth.group for truth in truths))
    rows, musts = [], []
    for name in readers:
        try:
            reading = _read(name, truths, tessdata)
        except NotHere as missing:
            print(f"  {name} is not here: {missing}")
            continue
        recalls = [_recall(truths, reading, (group,)) for group in groups]
        rows.append(
            [name, *(f"{recall:.2%}" for recall in (*recalls, _recall(truths, reading, groups))), *_cost(reading)]
        )
        musts += _musts(truths, reading) if name == OURS else []
    print(table(("reader", *groups, "all", "s a page", "RSS MB"), rows))
    return musts


def _read(name: str, truths: Sequence[Truth], tessdata: Path | None) -> Reading:
    files = tuple(truth.picture for truth in truths)
    return read_apart(Job(reader=name, task="pages", files=files, tessdata=tessdata))


def _recall(truths: Sequence[Truth], reading: Reading, groups: Sequence[str]) -> float:
    """Return the share of the true words of some sets that were read."""
    read = true = 0
    for truth, texts in zip(truths, reading.texts, strict=True):
        if truth.group in groups:
            written = _words(truth.lines)
            read, true = read + (written & _words(texts)).total(), true + written.total()
    return read / true


def _words(texts: Sequence[str]) -> Counter[str]:
    return Counter(word for text in texts for word in unicodedata.normalize("NFC", text).translate(_FOLD).split())


def _cost(reading: Reading) -> list[str]:
    return [f"{reading.seconds / len(reading.texts):.2f}", f"{reading.rss_mb:.0f}"]


def _musts(truths: Sequence[Truth], reading: Reading) -> list[Must]:
    recall, seconds = _recall(truths, reading, _REAL), reading.seconds / len(reading.texts)
    return [
        Must(figure="s a page, all of reading", target=f"≤ {_SECONDS_TARGET}", measured=f"{seconds:.2f}",
             holds=seconds <= _SECONDS_TARGET),
        Must(figure="word recall, real pages", target="≥ 99 %", measured=f"{recall:.2%}",
             holds=recall >= _RECALL_TARGET),
        Must(figure="RSS of the reading worker, peak", target=f"≤ {_RSS_TARGET_MB} MB",
             measured=f"{reading.rss_mb:.0f} MB", holds=reading.rss_mb <= _RSS_TARGET_MB),
    ]  # fmt: skip


def main() -> None:
    """Print fresh specimens, ours beside Tesseract's."""
    with tempfile.TemporaryDirectory() as made:
        truths = list(fresh_specimens(Path(made)))
        print("Reading whole pages (fresh specimens, office scans); word recall, processor seconds a page, one thread")
        _compare(truths, (OURS, TESSERACT))


if __name__ == "__main__":
    main()
