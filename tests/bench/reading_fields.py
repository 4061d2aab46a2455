"""Fields read exactly right per document kind: `python -m tests.bench.reading_fields [--count 5] [--kinds A,B]`.

Each specimen is made and scanned afresh (office strength) from seeds that nothing was tuned on, read and understood on
one thread. A field counts as right where its value equals the printed one but for case and the width of spaces (NFC);
one that is not found is missing, any other is wrong. `sure` tells how many facts need no second look, and how many of
those are not right. What a QR holds is no print and is left out.
"""

import argparse
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.reading import opened
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
    """A printed field that was not read right; `read` is empty where it was not found."""

    kind: str
    seed: int
    name: str
    printed: str
    read: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was read of one specimen."""

    known: bool
    printed: int
    sure: int
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """What was read of all specimens of a kind; `printed` = `right` + `wrong` + `missing` fields.

    `known` specimens were given their kind, `faultless` ones have every field right; of the `sure` facts `sure_misses`
    are not right. `misses` names each field that is not right.
    """

    kind: str
    specimens: int
    known: int
    faultless: int
    printed: int
    right: int
    wrong: int
    missing: int
    sure: int
    sure_misses: int
    misses: tuple[Miss, ...]


def figures(
    count: int, first: int = FIRST_SEED, kinds: Sequence[str] = KINDS, reader: PageReader | None = None
) -> Iterator[KindFigures]:
    """Yield the figures of each kind on `count` specimens with the seeds from `first`, each as soon as it is known."""
    reader = reader or opened.page_reader()
    for kind in kinds:
        yield summed(kind, [score(reader, kind, seed) for seed in range(first, first + count)])


def score(reader: PageReader, kind: str, seed: int) -> Score:
    """Make, scan and read one specimen."""
    specimen = scan(make(kind, seed), seed, strength="office")
    understanding = read(reader, specimen)
    printed = {name: value for name, value in specimen.fields.items() if name not in _NOT_PRINTED}
    return Score(
        known=understanding.kind == kind,
        printed=len(printed),
        sure=sum(fact.sure for fact in understanding.facts if fact.name in printed),
        misses=tuple(_misses(understanding, printed, kind, seed)),
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


def summed(name: str, scores: Sequence[Score]) -> KindFigures:
    """Return the figures of several specimens."""
    misses = tuple(miss for one in scores for miss in one.misses)
    printed, missing = sum(one.printed for one in scores), sum(not miss.read for miss in misses)
    return KindFigures(
        kind=name,
        specimens=len(scores),
        known=sum(one.known for one in scores),
        faultless=sum(not one.misses for one in scores),
        printed=printed,
        right=printed - len(misses),
        wrong=len(misses) - missing,
        missing=missing,
        sure=sum(one.sure for one in scores),
        sure_misses=sum(miss.sure for miss in misses),
        misses=misses,
    )


def together(rows: Sequence[KindFigures]) -> KindFigures:
    """Return the figures of all kinds as one row."""
    numbers = ("specimens", "known", "faultless", "printed", "right", "wrong", "missing", "sure", "sure_misses")
    sums = {name: sum(getattr(row, name) for row in rows) for name in numbers}
    return KindFigures(kind="all", misses=tuple(miss for row in rows for miss in row.misses), **sums)


def row(own: KindFigures) -> str:
    """Return one line of the table."""
    return (
        f"{own.kind:<18} {own.specimens:>5} {own.known:>6} {own.right:>7}/{own.printed:<6}"
        f" {own.right / own.printed:7.2%} {own.wrong:>6} {own.missing:>8} {own.faultless:>7}"
        f" {own.sure / own.printed:7.1%} {own.sure_misses:>6}"
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Print a row and the fields that were not right as soon as a kind is done, then the sum."""
    options = _options(arguments)
    head = (
        "kind               read  known    fields right           wrong  missing faultless   sure  of these not right"
    )
    print(f"Fields exactly right, seeds {options.first} …\n{head}")
    rows: list[KindFigures] = []
    for own in figures(options.count, options.first, options.kinds.split(",")):
        print(row(own), *map(_missed, own.misses), sep="\n", flush=True)
        rows.append(own)
    print(row(together(rows)))


def _missed(miss: Miss) -> str:
    return f"  {miss.kind} {miss.seed} {miss.name}: {miss.printed!r} read as {miss.read!r}{' SURE' * miss.sure}"


def _misses(understanding: Understanding, printed: dict[str, str], kind: str, seed: int) -> Iterator[Miss]:
    facts = {fact.name: fact for fact in understanding.facts}
    for name, value in printed.items():
        fact = facts.get(name)
        text, sure = (fact.value, fact.sure) if fact else ("", False)
        if plain(text) != plain(value):
            yield Miss(kind=kind, seed=seed, name=name, printed=value, read=text, sure=sure)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fields exactly right on fresh specimens.")
    parser.add_argument("--count", type=int, default=5, help="specimens of each kind")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first seed")
    parser.add_argument("--kinds", default=",".join(KINDS), help="codes, separated by commas")
    return parser.parse_args(list(arguments))


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
