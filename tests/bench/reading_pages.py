"""Word recall, seconds and memory of reading whole pages: `python tests/bench/reading_pages.py FOLDER [own|aster]`.

FOLDER holds pictures, and beside each a JSON with `lines`, each with its true `text`. Word recall is the share of the
true words (as a multiset, NFC, quotes and dashes folded) that the reading has. One thread; loading is not counted.
"""

import json
import resource
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agent.desk_child import DeskSettings, ReaderChoice, open_page_reader
from agent.reading.load import sheets
from agent.reading.page import find_page
from agent.reading.reader import PageReader

_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page: how many of its true words were read, and in how many seconds (page finding included)."""

    name: str
    read: int
    true: int
    seconds: float


def words(texts: list[str]) -> Counter[str]:
    """Return the words of some lines."""
    return Counter(word for text in texts for word in unicodedata.normalize("NFC", text).translate(_FOLD).split())


def score(reader: PageReader, picture: Path) -> Score:
    """Read one page and count."""
    (sheet,) = sheets(picture.read_bytes())
    began = time.process_time()
    lines = reader.read(find_page(sheet.pixels, sheet.dpi), 1).read.lines
    seconds = time.process_time() - began
    truth = words(
        [line["text"] for line in json.loads(picture.with_suffix(".json").read_text(encoding="utf-8"))["lines"]]
    )
    said = words([line.text for line in lines])
    return Score(name=picture.name, read=(truth & said).total(), true=truth.total(), seconds=seconds)


def main(folder: str, choice: str = "own") -> None:
    """Print one row a page and the totals."""
    reader = open_page_reader(DeskSettings(reader=ReaderChoice(choice), second_opinion=False))
    pictures = [path for path in sorted(Path(folder).iterdir()) if path.with_suffix(".json") != path]
    scores = [score(reader, picture) for picture in pictures]
    for page in scores:
        print(f"{page.name:<28} word recall {page.read / page.true:7.2%}  {page.seconds:5.2f} s CPU")
    recall = sum(page.read for page in scores) / sum(page.true for page in scores)
    seconds = sum(page.seconds for page in scores) / len(scores)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'all':<28} word recall {recall:7.2%}  {seconds:5.2f} s CPU a page  peak RSS {peak_mb:.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
