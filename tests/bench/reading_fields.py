"""Fields read exactly right per document kind: `python -m tests.bench.reading_fields [--count 5] [--kinds A,B]`.

Each specimen is made and scanned afresh (office strength) from seeds that nothing was tuned on, read and understood on
one thread. A field counts as right where its value equals the printed one but for case and the width of spaces (NFC);
a field that is not found is wrong. `sure` tells how many facts need no second look, and how many of those are right.
What a QR holds is no print and is left out.
"""

import argparse
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.desk_child import DeskSettings, open_page_reader
from agent.reading.page import find_page
from agent.reading.reader import PageReader
from agent.reading.understand import understand
from agent.reading.values import Understanding
from models.specimens import KINDS, Specimen, make, scan

FIRST_SEED = 10_000
"""Seeds below 1,000 are for tuning."""

_NOT_PRINTED = frozenset({"qr"})
_DPI = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A field that was not read right."""

    kind: str
    seed: int
    name: str
    printed: str
    read: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was right on one specimen."""

    kind_right: bool
    fields: int
    sure: int
    misses: tuple[Miss, ...]

    @property
    def right(self) -> int:
        """How many fields were read exactly."""
        return self.fields - len(self.misses)


def score(reader: PageReader, kind: str, seed: int) -> Score:
    """Make, scan and read one specimen."""
    specimen = scan(make(kind, seed), seed, strength="office")
    understanding = read(reader, specimen)
    facts = {fact.name: fact for fact in understanding.facts}
    printed = {name: value for name, value in specimen.fields.items() if name not in _NOT_PRINTED}
    misses = []
    for name, value in printed.items():
        fact = facts.get(name)
        text, sure = (fact.value, fact.sure) if fact else ("", False)
        if plain(text) != plain(value):
            misses.append(Miss(kind=kind, seed=seed, name=name, printed=value, read=text, sure=sure))
    return Score(
        kind_right=understanding.kind == kind,
        fields=len(printed),
        sure=sum(facts[name].sure for name in printed if name in facts),
        misses=tuple(misses),
    )


def read(reader: PageReader, specimen: Specimen) -> Understanding:
    """Return what is understood of a scanned specimen."""
    readings = [
        reader.read(find_page(np.asarray(page.convert("RGB")), _DPI), number)
        for number, page in enumerate(specimen.pages, 1)
    ]
    return understand([reading.read for reading in readings], [reading.seals for reading in readings])


def plain(text: str) -> str:
    """Return a value for comparison; a dash alone stands for no value."""
    words = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return "" if words in ("-", "–") else words


def row(name: str, scores: Sequence[Score]) -> str:
    """Return one line of the table."""
    fields, right = sum(one.fields for one in scores), sum(one.right for one in scores)
    kinds = sum(one.kind_right for one in scores)
    sure, wrong = sum(one.sure for one in scores), sum(miss.sure for one in scores for miss in one.misses)
    whole = sum(not one.misses for one in scores)
    return (
        f"{name:<18} {len(scores):>5} {kinds:>6} {right:>7}/{fields:<6} {right / fields:7.2%} {whole:>7}"
        f" {sure / fields:7.1%} {wrong:>6}"
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table, a row as soon as its kind is done, then the fields that were wrong."""
    options = _options(arguments)
    reader = open_page_reader(DeskSettings(second_opinion=options.second))
    head = "kind               read  known    fields right           faultless   sure  of these wrong"
    print(f"Fields exactly right, seeds {options.first} …\n{head}")
    scores: list[Score] = []
    for kind in options.kinds.split(","):
        own = [score(reader, kind, seed) for seed in range(options.first, options.first + options.count)]
        print(row(kind, own), flush=True)
        scores += own
    print(row("all", scores))
    for miss in _misses(scores):
        print(f"  {miss.kind} {miss.seed} {miss.name}: {miss.printed!r} read as {miss.read!r}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fields exactly right on fresh specimens.")
    parser.add_argument("--count", type=int, default=5, help="specimens of each kind")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first seed")
    parser.add_argument("--kinds", default=",".join(KINDS), help="codes, separated by commas")
    parser.add_argument("--second", action="store_true", help="with the second reader's opinion, as the kiosk has it")
    return parser.parse_args(list(arguments))


def _misses(scores: Sequence[Score]) -> Iterator[Miss]:
    for one in scores:
        yield from one.misses


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
